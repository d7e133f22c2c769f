import Foundation
import Tensors
import Testing

@testable import Figures

/// One plot of each kind, with everything that it can show.
private let plots: KeyValuePairs<String, any Plot> = [
  "line-chart": LineChart(
    series: [
      LineSeries(
        "trained", x: [1, 10, 100, 1000], y: [0.5, 0.55, 0.9, 1],
        band: Band(lower: [0.4, 0.45, 0.8, 0.95], upper: [0.6, 0.65, 1, 1])),
      LineSeries(
        "shuffled", x: [1, 10, 100, 1000], y: [0.5, 0.52, 0.48, 0.5], colour: .control,
        style: .dashed, hasPoints: true),
    ], x: Axis("step", scale: .logarithmic), y: Axis("right", unit: "share", range: 0...1),
    references: [.horizontal("guessing", at: 0.25)]),
  "bar-chart": BarChart(
    categories: ["zero", "mean", "resample"], categoryTitle: "ablation",
    series: [
      BarSeries(
        "the pair", values: [0.5, 0.45, 0.4],
        intervals: Band(lower: [0.4, 0.4, 0.3], upper: [0.6, 0.5, 0.5])),
      BarSeries("others", values: [0.02, 0.05, 0.01], isControl: true),
    ], axis: Axis("lost", unit: "share")),
  "level-bars": BarChart(
    categories: ["first", "second"], series: [BarSeries("", values: [-3, 5])],
    axis: Axis("weight"), direction: .right, valueDecimals: 1),
  "heatmap": Heatmap(
    values: [[-1, 0.5, nil], [0.25, 1, -0.5]], rows: ["a", "b"], columns: ["1", "2", "3"],
    rowTitle: "input", columnTitle: "neuron", colourLabel: "weight", cellText: .decimals(1)),
  "scatter": Scatter(
    groups: [
      PointGroup("A", [Point(1, 1), Point(1.2, 0.8)], labels: ["p", ""]),
      PointGroup("B", [Point(-1, 0.5), Point(-0.8, 0.4)]),
    ], x: Axis("first direction"), y: Axis("second direction"), isEqual: true, showsOrigin: true,
    guides: [
      .polygon([Point(1, 1), Point(-1, 0.5), Point(0, -1)], isFilled: true),
      .arrow(to: Point(0.5, -0.5), label: "read"), .line(through: Point(1, 0.2), isDashed: true),
    ]),
  "histogram": Histogram(
    groups: [
      Sample("trained", [0, 0.1, 0.25, 0.3, 0.3, 0.9]),
      Sample("untrained", [0.6, 0.7, 0.7, 0.8], isControl: true),
    ], x: Axis("loss"), countTitle: "networks", binCount: 8),
  "strip": Strip(
    groups: [
      Sample("pair", [0.8, 0.85, 0.9, 1]), Sample("others", [0, 0.1, 0.15], isControl: true),
    ], x: Axis("selectivity", range: 0...1), dotMeaning: "a neuron"),
  "network": NetworkDiagram(
    columns: [
      .init("inputs", units: [.init("x"), .init("y")]),
      .init("hidden", units: [.init("n1", value: 0.5), .init("n2", isDead: true)]),
      .init("output", units: [.init("z")]),
    ], weights: [[[1, 0], [-0.5, 0.1]], [[0.75], [0]]]),
  "grid": Grid(
    columns: 2,
    panels: [0.5, 1].map { value in
      Panel(
        "up to \(value)",
        Heatmap(
          values: [[value, -value]], rows: ["r"], columns: ["c", "d"], rowTitle: "row",
          columnTitle: "column", colourLabel: "weight"))
    }),
]

extension Picture {
  /// The picture at an eighth of its size, each pixel the mean of 64: where a letter's edge lies within a
  /// pixel does not matter any more.
  fileprivate func small() -> Picture {
    let side = 8
    let (columns, rows) = (width / side, height / side)
    var bytes: [UInt8] = []
    for row in 0..<rows {
      for column in 0..<columns {
        var sums = [0, 0, 0]
        for y in row * side..<(row + 1) * side {
          for x in column * side..<(column + 1) * side {
            let pixel = self[x, y]
            sums[0] += Int(pixel.red)
            sums[1] += Int(pixel.green)
            sums[2] += Int(pixel.blue)
          }
        }
        bytes += sums.map { UInt8($0 / (side * side)) }
      }
    }
    return Picture(width: columns, height: rows, bytes: bytes)
  }
}

/// Every plot beside what it once looked like, when somebody had looked at it.
///
/// Run with `STORE_PICTURES=yes` in the environment, the tests store what is drawn now; look at it then.
@Suite("Plots look as they did")
struct StoredPictureTests {
  /// The largest difference of a channel, in 255, that another version of a library may make in the mean of 64
  /// pixels.
  static let tolerance = 6

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Pictures")

  private static func stored(_ name: String) throws -> Picture {
    try Picture(png: Array(Data(contentsOf: folder.appending(path: "\(name).png"))))
  }

  @Test(arguments: plots.map(\.key)) func looksAsItDid(_ name: String) throws {
    let plot = try #require(plots.first { $0.key == name }?.value)
    let drawn = try picture(of: plot).small()
    if ProcessInfo.processInfo.environment["STORE_PICTURES"] == "yes" {
      try Data(drawn.png(text: [])).write(to: Self.folder.appending(path: "\(name).png"))
    }
    let difference = try #require(drawn.largestDifference(from: Self.stored(name)))
    #expect(difference <= Self.tolerance)
  }

  /// What a reader would see is seen by the comparison, too.
  @Test func noticesWhatAReaderWould() throws {
    guard var bars = plots.first(where: { $0.key == "bar-chart" })?.value as? BarChart else {
      throw FigureError("test", "there is no bar chart")
    }
    let stored = try Self.stored("bar-chart")
    func difference() throws -> Int? {
      try picture(of: bars).small().largestDifference(from: stored)
    }
    bars.series[0].values[2] = 0.42
    #expect(try difference() ?? 255 > Self.tolerance)
    bars.series[0].values[2] = 0.4
    bars.categories[0] = "nil"
    #expect(try difference() ?? 255 > Self.tolerance)
    bars.categories[0] = "zero"
    bars.series[1].isControl = false
    #expect(try difference() ?? 255 > Self.tolerance)
  }
}
