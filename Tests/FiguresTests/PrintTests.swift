import Foundation
import Testing

@testable import Figures

@Suite("Figures for print")
struct PrintTests {
  private static let figure = Figure(
    slug: "loss", title: "The loss falls", subtitle: "Seed 0", plot: sampleLines,
    caption: "It falls.", alt: "A falling line", provenance: [("Case", "xor")])

  @Test("A page of PDF has its fonts inside, and the same bytes on any day and thread")
  func page() async throws {
    let first = try Self.figure.pdf()
    let text = String(decoding: first, as: Unicode.ASCII.self)
    #expect(text.hasPrefix("%PDF-1.") && text.hasSuffix("%%EOF\n"))
    #expect(text.contains("20000101000000Z)") && text.contains("/FontFile3"))
    #expect(text.contains("(The loss falls)") && text.contains("(A falling line)"))
    #expect(text.contains("(Case: xor)"))
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<4 { group.addTask { try Self.figure.pdf() } }
      for try await bytes in group { #expect(bytes == first) }
    }
  }

  @Test("What cannot be drawn is refused by the figure's name")
  func refused() {
    var figure = Self.figure
    figure.title = "x₁ ⊕ x₂"
    let error = #expect(throws: FigureError.self) { try figure.pdf() }
    #expect(error?.figure == "loss")
  }

  @Test("A table says all that is drawn, in values that other programs read")
  func values() {
    let line = LineChart(
      series: [LineSeries("a, \"b\"", x: [0, 1.5], y: [0.1, -2])], x: Axis("step"),
      y: Axis("loss", unit: "nats"))
    #expect(
      line.table.csv()
        == "series,step,loss (nats)\n\"a, \"\"b\"\"\",0,0.1\n\"a, \"\"b\"\"\",1.5,-2\n")
    let map = Heatmap(
      values: [[1, nil], [3, 4]], rows: ["7", "7"], columns: ["x", "y"], rowTitle: "query",
      columnTitle: "key", colourLabel: "attention")
    #expect(
      map.table.csv()
        == "query,key,attention\n1: 7,x,1\n1: 7,y,\n2: 7,x,3\n2: 7,y,4\n")
    let bars = BarChart(
      categories: ["all"], series: [BarSeries("s", values: [0.5])], axis: Axis("share"))
    #expect(
      Grid(columns: 2, panels: [Panel("left", map), Panel("right", bars)]).table.csv()
        .hasSuffix("left,2: 7,y,4,,,\nright,,,,all,s,0.5\n"))
    #expect(DataTable.number(.nan) == "" && DataTable.number(1e300) == "1e+300")
  }

  @Test("Every kind of plot gives as many rows as it draws numbers")
  func counts() {
    let points = Scatter(
      groups: [PointGroup("a", [Point(0, 1), Point(2, 3)], kind: "k", labels: ["", "l"])],
      x: Axis("x"), y: Axis("y"))
    #expect(points.table.csv() == "group,kind,label,x,y\na,k,,0,1\na,k,l,2,3\n")
    let sample = Sample("a", [1, 2, 3])
    let histogram = Histogram(groups: [sample], x: Axis("x"), countTitle: "n")
    #expect(histogram.table.rows.count == 3)
    let strip = Strip(groups: [sample], x: Axis("x"), dotMeaning: "d")
    #expect(strip.table == histogram.table)
    let network = NetworkDiagram(
      columns: [.init("in", units: [.init("x"), .init("y")]), .init("out", units: [.init("z")])],
      weights: [[[1], [-1]]])
    #expect(network.table.rows == [["in", "x", "out", "z", "1"], ["in", "y", "out", "z", "-1"]])
  }
}
