import Testing

@testable import Figures

@Suite("Figures that cannot be drawn")
struct FigureErrorTests {
  private func message(_ plot: any Plot, title: String = "A finding") -> String {
    let figure = Figure(slug: "weights", title: title, plot: plot, caption: "", alt: "alt")
    do {
      _ = try figure.png()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  private func heatmap(_ values: [[Double?]], _ rows: [String], _ columns: [String]) -> Heatmap {
    Heatmap(
      values: values, rows: rows, columns: columns, rowTitle: "", columnTitle: "",
      colourLabel: "weight")
  }

  @Test func heatmaps() {
    #expect(
      message(heatmap([[1, .nan]], ["a"], ["b", "c"]))
        == "figure weights: heatmap: row 0 is not a number at index 1")
    #expect(
      message(heatmap([[1, 2]], ["a", "z"], ["b", "c"]))
        == "figure weights: heatmap: 2 row labels for 1 rows")
    #expect(
      message(heatmap([[1, 2], [1]], ["a", "z"], ["b", "c"]))
        == "figure weights: heatmap: row 1 has 1 numbers, row 0 has 2")
    #expect(message(heatmap([], [], [])) == "figure weights: heatmap: there are no numbers to show")
  }

  @Test func lines() {
    func chart(_ x: [Double], _ y: [Double], _ band: Band? = nil) -> LineChart {
      LineChart(
        series: [LineSeries("loss", x: x, y: y, band: band)],
        x: Axis("step", scale: .logarithmic), y: Axis("loss"))
    }
    let start = "figure weights: line chart: "
    #expect(message(chart([1, 2], [1])) == start + "2 x for 1 y in series \"loss\"")
    #expect(message(chart([], [])) == start + "series \"loss\" is empty")
    #expect(message(chart([1], [.infinity])) == start + "series \"loss\" is infinite at index 1")
    #expect(
      message(chart([0, 1], [1, 1])) == start + "the logarithmic axis \"step\" cannot show 0")
    #expect(
      message(chart([1], [1], Band(lower: [2], upper: [1])))
        == start + "the interval of series \"loss\" ends below its start at index 0")
  }

  @Test func otherPlots() {
    let x = Axis("x")
    let nan = Double.nan
    let plots: [any Plot] = [
      BarChart(categories: ["a"], series: [BarSeries("s", values: [nan])], axis: x),
      BarChart(categories: ["a", "b"], series: [BarSeries("s", values: [1])], axis: x),
      BarChart(categories: [], series: [], axis: x),
      Histogram(groups: [Sample("g", [1, nan])], x: x, countTitle: "n"),
      Histogram(groups: [], x: x, countTitle: "n"),
      Strip(groups: [Sample("g", [])], x: x),
      Strip(groups: [Sample("g", [1, -.infinity])], x: x),
      Scatter(groups: [PointGroup("g", [])], x: x, y: x),
      Scatter(groups: [PointGroup("g", [Point(nan, 0)])], x: x, y: x),
      Scatter(groups: [PointGroup("g", [Point(0, 0)], labels: [])], x: x, y: x),
      NetworkDiagram(columns: [], weights: []),
      NetworkDiagram(
        columns: [.init("a", units: [.init("x")]), .init("b", units: [.init("y")])],
        weights: [[[nan]]]),
      NetworkDiagram(
        columns: [.init("a", units: [.init("x")]), .init("b", units: [.init("y")])],
        weights: [[[1, 2]]]),
      Grid(columns: 2, panels: []),
      Grid(columns: 1, panels: [Panel("p", Strip(groups: [], x: x))]),
      LineChart(
        series: [LineSeries("a", x: [0, 1], y: [0, 1])], x: Axis(""), y: x),
    ]
    for plot in plots {
      let message = message(plot)
      #expect(message.hasPrefix("figure weights: "))
      #expect(!message.contains("\n"))
    }
  }

  @Test("A character that Inter lacks is an error, not another font's")
  func characters() {
    #expect(
      message(sampleLines, title: "x₁ ⊕ x₂")
        == "figure weights: text: the font Inter lacks a character of \"x₁ ⊕ x₂\"")
    #expect(message(sampleLines, title: "") == "figure weights: figure: the title is empty")
  }

  @Test("Numbers without any spread are drawn")
  func flatData() {
    let same = [Double](repeating: 5, count: 3)
    let x = Axis("x")
    let plots: [any Plot] = [
      LineChart(series: [LineSeries("a", x: [1], y: [5])], x: x, y: x),
      LineChart(
        series: [LineSeries("a", x: same, y: same)], x: Axis("x", scale: .logarithmic),
        y: Axis("y", scale: .logarithmic)),
      BarChart(categories: ["a"], series: [BarSeries("", values: [0])], axis: x),
      Histogram(groups: [Sample("", same)], x: x, countTitle: "n"),
      Strip(groups: [Sample("", same)], x: x),
      Scatter(groups: [PointGroup("", [Point(1, 1)])], x: x, y: x, isEqual: true),
      heatmap([[0, nil]], ["a"], ["b", "c"]),
      NetworkDiagram(
        columns: [.init("a", units: [.init("x")]), .init("b", units: [.init("y")])],
        weights: [[[0]]]),
    ]
    for plot in plots { #expect(message(plot) == "no error") }
  }
}
