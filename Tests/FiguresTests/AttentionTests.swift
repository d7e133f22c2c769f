import Tensors
import Testing

@testable import Figures

@Suite("Maps of attention")
struct AttentionTests {
  private let scale = ColourScale.sequential(from: 0, to: 1)
  /// Where the colour bar begins, which has every colour too.
  private let bar = 2 * 186

  private func matrix(_ rows: [[Float]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0 }, shape: [rows.count, rows.first?.count ?? 0])
  }

  private func message(_ body: () throws -> Heatmap) -> String {
    do {
      let plot = try body()
      try plot.check()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test("Colours go from zero to one whatever the numbers are, queries down, keys across")
  func colours() throws {
    let picture = try picture(of: Heatmap.attention(matrix([[0.5, 0.4], [0.3, 0.6]])))
    let cells = [0.5, 0.4, 0.3, 0.6].map { Patch(scale.colour($0), in: picture, to: bar) }
    for cell in cells { #expect(cell.count > 3000) }
    #expect(cells[0].columns.upperBound < cells[1].columns.lowerBound)
    #expect(cells[0].rows == cells[1].rows)
    #expect(cells[0].rows.upperBound < cells[2].rows.lowerBound)
    #expect(cells[2].columns == cells[0].columns)
  }

  @Test("A masked cell is empty and has not the colour of zero")
  func masked() throws {
    let pattern = try matrix([[1, 0], [0.5, 0.5]])
    let open = try picture(of: Heatmap.attention(pattern))
    let causal = try picture(of: Heatmap.attention(pattern, isCausal: true))
    #expect(Patch(scale.colour(0), in: open, to: bar).count > 3000)
    let missing = Patch(Colour(0xF6F7F8), in: causal, to: bar)
    let query = Patch(scale.colour(1), in: causal, to: bar)
    #expect(missing.count > 1000)
    #expect(missing.columns.upperBound > query.columns.upperBound)
    #expect(try Heatmap.attention(pattern, isCausal: true).values == [[1, nil], [0.5, 0.5]])
    #expect(try Heatmap.scores(pattern, isCausal: true).values == [[1, nil], [0.5, 0.5]])
  }

  @Test("An outline goes around the cell it names and no other")
  func outlines() throws {
    let pattern = try matrix([[0.25, 0.75], [0.25, 0.75]])
    let plot = try Heatmap.attention(pattern, outlined: [Heatmap.Cell(0, 1)])
    let picture = try picture(of: plot)
    let outline = Patch(.vermilion, in: picture)
    let left = Patch(scale.colour(0.25), in: picture, to: bar)
    let right = Patch(scale.colour(0.75), in: picture, to: bar)
    #expect(outline.columns.lowerBound > left.columns.upperBound)
    #expect(abs(outline.columns.upperBound - right.columns.upperBound) <= 2)
    #expect(abs(outline.rows.lowerBound - left.rows.lowerBound) <= 2)
    #expect(abs(outline.rows.count - left.rows.count / 2) <= 4)
  }

  @Test("Scores are centred on zero, so that the larger side has the end of the scale")
  func scores() throws {
    let plot = try Heatmap.scores(matrix([[-4, 1], [0, 2]]))
    let picture = try picture(of: plot)
    let scale = ColourScale.diverging(limit: 4)
    for value in [-4, 1, 0, 2] as [Double] {
      #expect(Patch(scale.colour(value), in: picture, to: bar).count > 3000)
    }
  }

  @Test("Heads share one bar; the first names the queries, the first of the last row the keys")
  func heads() throws {
    let panels = try (0..<5).map { head in
      Panel("head \(head)", try Heatmap.attention(matrix([[1, 0], [0.5, 0.5]]), isCausal: true))
    }
    let grid = Grid(columns: 2, panels: panels)
    let maps = grid.namingOnce.compactMap { $0.plot as? Heatmap }
    #expect(maps.map(\.hidesRowTitle) == [false, true, true, true, true])
    #expect(maps.map(\.hidesColumnTitle) == [true, true, true, true, false])
    #expect(maps.map(\.rowTitle.isEmpty) == [false, false, true, true, true])
    #expect(maps.map(\.columnTitle.isEmpty) == [true, true, true, true, false])
    let picture = try picture(of: grid, width: 720)
    // No cell has this colour; a level bar has it in few columns, right of its middle.
    let bar = Patch(scale.colour(0.75), in: picture)
    #expect(bar.count > 20 && bar.columns.count < 20)

    var other = panels
    other[1] = Panel("", try Heatmap.attention(matrix([[1]])))
    let named = Grid(columns: 2, panels: other).namingOnce.compactMap { $0.plot as? Heatmap }
    #expect(named.allSatisfy { !$0.hidesRowTitle && !$0.hidesColumnTitle })
  }

  @Test("Maps beside one another have cells of one size, whatever their bars say")
  func neighbours() throws {
    let pattern = try matrix([[0.25, 0.75], [0.25, 0.75]])
    let scores = try Heatmap.scores(pattern, colourLabel: "a score with a long name")
    let panels = [Panel("", try Heatmap.attention(pattern)), Panel("", scores)]
    let picture = try picture(of: Grid(columns: 2, panels: panels), width: 560)
    let one = Patch(scale.colour(0.25), in: picture, to: 560)
    let other = Patch(ColourScale.diverging(limit: 0.75).colour(0.25), in: picture, from: 560)
    #expect(one.rows == other.rows)
  }

  @Test("What is no attention is refused in one line")
  func errors() throws {
    let start = "attention map: "
    #expect(
      message { try .attention(matrix([[0.5, 0.5], [0, 1.5]])) }
        == start + "query 1 gives key 1 1.5, not from 0 to 1")
    #expect(
      message { try .attention(matrix([[0.5, 0.5], [0, 1]]), isCausal: true) }
        == start + "query 0 attends to key 1, which a causal mask hides")
    #expect(
      message { try .attention(matrix([[.nan]])) } == start + "query 0 is not a number at index 0")
    #expect(
      message { try .attention(Tensor([1])) } == start + "a matrix is needed, not shape [1]")
    #expect(
      message { try .scores(Tensor([1])) } == "map of scores: a matrix is needed, not shape [1]")
    #expect(
      message { try .attention(matrix([[1, 0]]), tokens: ["7"]) }
        == "heatmap: 1 column labels for 2 columns")
    #expect(
      message { try .attention(matrix([[1]]), outlined: [Heatmap.Cell(0, 1)]) }
        == "heatmap: no cell has row 0 and column 1 to be outlined")
    #expect(
      message { try .attention(Tensor(repeating: 0, shape: [0, 0])) }
        == "heatmap: there are no numbers to show")
  }

  @Test("One cell is a map, and so is one that is masked")
  func small() throws {
    #expect(try picture(of: Heatmap.attention(matrix([[1]]), tokens: ["A"])).width == 840)
    let masked = Heatmap(
      values: [[nil]], rows: ["a"], columns: ["b"], rowTitle: "", columnTitle: "",
      colourLabel: "weight")
    #expect(Patch(Colour(0xF6F7F8), in: try picture(of: masked)).count > 500)
  }
}
