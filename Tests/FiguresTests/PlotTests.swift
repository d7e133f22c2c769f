import Tensors
import Testing

@testable import Figures

/// Where the pixels of one colour lie, give or take two in 255.
struct Patch {
  var count = 0
  var columns: ClosedRange<Int> = 0...0
  var rows: ClosedRange<Int> = 0...0

  init(_ colour: Colour, in picture: Picture, from left: Int = 0, to right: Int? = nil) {
    func isNear(_ byte: UInt8, _ value: Double) -> Bool { abs(Double(byte) - value * 255) <= 2 }
    func isWanted(_ column: Int, _ row: Int) -> Bool {
      let pixel = picture[column, row]
      return isNear(pixel.red, colour.red) && isNear(pixel.green, colour.green)
        && isNear(pixel.blue, colour.blue)
    }
    for row in 0..<picture.height {
      for column in left..<(right ?? picture.width) where isWanted(column, row) {
        columns = count == 0 ? column...column : union(columns, column)
        rows = count == 0 ? row...row : union(rows, row)
        count += 1
      }
    }
  }

  private func union(_ range: ClosedRange<Int>, _ value: Int) -> ClosedRange<Int> {
    min(range.lowerBound, value)...max(range.upperBound, value)
  }
}

func picture(of plot: any Plot, width: Double = 420) throws -> Picture {
  try Figure(slug: "test", title: "A finding", plot: plot, caption: "", alt: "alt", width: width)
    .canvas().picture()
}

@Suite("What the pixels of a plot say")
struct PlotTests {
  @Test("Parts stand on each other, each as high as its share, and cannot be negative")
  func stack() throws {
    func chart(_ values: [Double]) -> BarChart {
      BarChart(
        categories: ["one"],
        series: zip(values, [Colour.blue, .vermilion, .green]).map {
          BarSeries($1 == .blue ? "first" : "next", values: [$0], colour: $1)
        }, axis: Axis("share", range: 0...1), isStacked: true)
    }
    // Right of the legend, where only the bar is.
    let picture = try picture(of: chart([0.5, 0.25, 0]))
    let left = picture.width * 55 / 100
    let (first, next) = (
      Patch(.blue, in: picture, from: left), Patch(.vermilion, in: picture, from: left)
    )
    #expect(first.columns == next.columns && first.count > 1000)
    #expect(abs(Double(next.count) / Double(first.count) - 0.5) < 0.05)
    #expect(next.rows.upperBound < first.rows.lowerBound)
    #expect(Patch(.green, in: picture, from: left).count == 0)
    #expect(throws: FigureError.self) { try chart([0.5, -0.1, 0]).check() }
  }

  @Test("A heatmap's cells have the colours that its scale gives, rows downwards")
  func heatmap() throws {
    let plot = Heatmap(
      values: [[-1, 0.5], [0.25, 1]], rows: ["a", "b"], columns: ["1", "2"], rowTitle: "row",
      columnTitle: "column", colourLabel: "weight")
    let picture = try picture(of: plot)
    // The colour bar has every colour too; the cells lie left of it.
    let bar = 2 * 200
    let scale = ColourScale.diverging(limit: 1)
    let cells = [-1, 0.5, 0.25, 1].map { Patch(scale.colour($0), in: picture, to: bar) }
    for cell in cells { #expect(cell.count > 3000) }
    #expect(cells[0].columns.upperBound < cells[1].columns.lowerBound)
    #expect(cells[0].rows.upperBound < cells[2].rows.lowerBound)
    #expect(cells[2].rows == cells[3].rows)
    for value in [-0.5, 0, 0.5] {
      #expect(Patch(scale.colour(value), in: picture, from: bar).count > 20)
    }
  }

  @Test("Bars are as high as their numbers")
  func bars() throws {
    let colours: [Colour] = [.blue, .green, .purple, .amber]
    let plot = BarChart(
      categories: ["a", "b", "c", "d"],
      series: [BarSeries("", values: [1, 2, 4, -1], colours: colours)], axis: Axis("loss"))
    let picture = try picture(of: plot)
    let bars = colours.map { Patch($0, in: picture) }
    let heights = bars.map { Double($0.rows.count) }
    #expect(abs(heights[1] / heights[0] - 2) < 0.05)
    #expect(abs(heights[2] / heights[0] - 4) < 0.1)
    #expect(abs(heights[3] / heights[0] - 1) < 0.05)
    #expect(bars[3].rows.lowerBound >= bars[0].rows.upperBound)
    #expect(Set(bars.map(\.columns.count)).count == 1)
  }

  @Test("Bars that grow to the right are as long as their numbers")
  func levelBars() throws {
    let colours: [Colour] = [.blue, .green]
    let plot = BarChart(
      categories: ["a", "b"], series: [BarSeries("", values: [3, 1], colours: colours)],
      axis: Axis("networks"), direction: .right, valueDecimals: 0)
    let picture = try picture(of: plot)
    let lengths = colours.map { Double(Patch($0, in: picture).columns.count) }
    #expect(abs(lengths[0] / lengths[1] - 3) < 0.1)
  }

  @Test("A level line lies where the axis says")
  func lines() throws {
    let levels = [0.0, 0.25, 1.0]
    let plot = LineChart(
      series: levels.map { LineSeries("", x: [0, 1], y: [$0, $0], colour: colour(of: $0)) },
      x: Axis("step"), y: Axis("share", range: 0...1))
    let picture = try picture(of: plot)
    let middles = levels.map { level in
      let rows = Patch(colour(of: level), in: picture).rows
      return Double(rows.lowerBound + rows.upperBound) / 2
    }
    #expect(abs((middles[0] - middles[1]) / (middles[0] - middles[2]) - 0.25) < 0.01)
  }

  private func colour(of level: Double) -> Colour {
    level == 0 ? .blue : level == 1 ? .green : .vermilion
  }

  @Test("A histogram counts each number once")
  func histogram() {
    let counts = Histogram.counts(of: [0, 0.1, 0.25, 0.5, 0.99, 1], in: [0, 0.25, 0.5, 0.75, 1])
    #expect(counts == [2, 1, 1, 2])
    let plot = Histogram(
      groups: [Sample("a", (0..<1000).map { Double($0) / 999 })], x: Axis("x"), countTitle: "n",
      binCount: 10)
    #expect(plot.edges.count == 11)
    #expect(Histogram.counts(of: plot.groups[0].values, in: plot.edges).reduce(0, +) == 1000)
  }

  @Test("Steps are equally long on both axes of a scatter that asks for it")
  func equalAspect() throws {
    let plot = Scatter(
      groups: [
        PointGroup("a", [Point(0, 0)], colour: .blue, marker: .circle),
        PointGroup("b", [Point(3, 0)], colour: .vermilion, marker: .circle),
        PointGroup("c", [Point(0, 3)], colour: .green, marker: .circle),
      ], x: Axis("x"), y: Axis("y"), isEqual: true)
    var bare = plot
    bare.hidesLegend = true
    let picture = try picture(of: bare)
    let patches = [Colour.blue, .vermilion, .green].map { Patch($0, in: picture) }
    let right = patches[1].columns.lowerBound - patches[0].columns.lowerBound
    let up = patches[0].rows.lowerBound - patches[2].rows.lowerBound
    #expect(abs(right - up) <= 2 && right > 100)
  }

  @Test("A network's strongest edges have the ends of the colour scale, dead units none of it")
  func network() throws {
    let plot = NetworkDiagram(
      columns: [
        .init("in", units: [.init("x"), .init("y", isDead: true)]),
        .init("out", units: [.init("z")]),
      ], weights: [[[1], [-1]]])
    var bare = plot
    bare.hidesColourBar = true
    let picture = try picture(of: bare)
    let scale = ColourScale.diverging(limit: 1)
    #expect(Patch(scale.colour(1), in: picture).count > 1000)
    #expect(Patch(scale.colour(-1), in: picture).count == 0)
  }

  @Test("Panels of the same kind share the scale of their colours")
  func grid() throws {
    func panel(_ value: Double) -> Panel {
      Panel(
        "\(value)",
        Heatmap(
          values: [[value]], rows: ["r"], columns: ["c"], rowTitle: "", columnTitle: "",
          colourLabel: "weight"))
    }
    let picture = try picture(of: Grid(columns: 2, panels: [panel(0.5), panel(1)]), width: 720)
    let scale = ColourScale.diverging(limit: 1)
    let half = Patch(scale.colour(0.5), in: picture, to: 720)
    #expect(half.count > 1000)
    #expect(Patch(scale.colour(1), in: picture, from: 720).count > 1000)
  }

  @Test("A heatmap takes a matrix and nothing else")
  func tensors() throws {
    let matrix = try Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])
    let names = ["a", "b", "c"]
    let plot = try Heatmap(
      matrix, rows: ["0", "1"], columns: names, rowTitle: "", columnTitle: "", colourLabel: "w")
    #expect(plot.values == [[1, 2, 3], [4, 5, 6]])
    #expect(throws: FigureError("heatmap", "a matrix is needed, not shape [3]")) {
      try Heatmap(
        Tensor([1, 2, 3]), rows: [], columns: names, rowTitle: "", columnTitle: "", colourLabel: "w"
      )
    }
  }
}

@Suite("Text")
struct TextTests {
  @Test("Long text is broken at the width given, and is higher for it")
  func wrapping() throws {
    let canvas = try Canvas(width: 10, height: 10)
    let sentence = "The loss stands still for a hundred steps and then falls at once"
    let free = canvas.size(of: sentence, .title)
    let broken = canvas.size(of: sentence, .title, width: 200)
    #expect(free.width > 400)
    #expect(broken.width <= 200)
    #expect(broken.height > 2.5 * free.height)
  }

  @Test("Text is drawn on the side of its point that the anchor says")
  func anchors() throws {
    let columns = try [Anchor.left, .right].map { anchor in
      let canvas = try Canvas(width: 200, height: 40)
      canvas.text("HHHH", at: Point(100, 20), anchor, .label.coloured(Colour(0x000000)))
      return Patch(Colour(0x000000), in: try canvas.picture()).columns
    }
    #expect(columns[0].lowerBound >= 200)
    #expect(columns[1].upperBound <= 200)
  }

  @Test("Turned text is as high as it would be wide")
  func turned() throws {
    let canvas = try Canvas(width: 200, height: 200)
    let style = TextStyle.label.coloured(Colour(0x000000))
    canvas.text("HHHHHHHH", at: Point(100, 100), .centre, style, isTurned: true)
    let patch = Patch(Colour(0x000000), in: try canvas.picture())
    #expect(patch.rows.count > 4 * patch.columns.count)
    #expect(patch.rows.contains(200) && patch.columns.contains(200))
  }
}
