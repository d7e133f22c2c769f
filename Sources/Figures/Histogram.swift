/// How the numbers of a population are spread, as counts in bins of round width.
///
/// ```swift
/// Histogram(
///   groups: [Sample("trained", losses), Sample("untrained", placebo, isControl: true)],
///   x: Axis("final loss", unit: "squared error"), countTitle: "networks")
/// ```
public struct Histogram: Plot {
  public var groups: [Sample]
  public var x: Axis
  /// What is counted.
  public var countTitle: String
  /// About how many bins there are; chosen by the size of the sample if nil.
  public var binCount: Int?
  public var references: [ReferenceLine]
  var hidesLegend = false
  var sharedRange: ClosedRange<Double>?
  var sharedMost: Double?

  public init(
    groups: [Sample], x: Axis, countTitle: String, binCount: Int? = nil,
    references: [ReferenceLine] = []
  ) {
    self.groups = groups
    self.x = x
    self.countTitle = countTitle
    self.binCount = binCount
    self.references = references
  }

  public func check() throws {
    try Sample.check(groups, x, references.values(.vertical), in: "histogram")
    guard x.scale == .linear else {
      throw FigureError("histogram", "bins need a linear axis; show the logarithms instead")
    }
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    max(min(width * 0.42, 300), 150)
      + Legend(entries: legendEntries).height(forWidth: width, on: canvas)
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let legend = Legend(entries: legendEntries)
    legend.draw(on: canvas, in: frame)
    let edges = self.edges
    let counts = groups.map { Self.counts(of: $0.values, in: edges) }
    let most = sharedMost ?? counts.flatMap { $0 }.max() ?? 1
    var axis = x
    axis.range = edges[0]...edges[edges.count - 1]
    let axes = Axes(
      x: axis, holding: nil, xMargin: .none, y: Axis(countTitle), holding: 0...most,
      yMargin: .ticks, in: frame.inset(top: legend.height(forWidth: frame.width, on: canvas)),
      on: canvas)
    axes.draw(on: canvas)
    for (index, group) in groups.enumerated().reversed() {
      let colour = self.colour(index)
      for (bin, count) in counts[index].enumerated() where count > 0 {
        let left = snapped(axes.position(x: edges[bin]))
        let right = snapped(axes.position(x: edges[bin + 1]))
        let top = snapped(axes.position(y: count))
        let gap = right - left > 4 ? 0.5 : 0
        let box = Rectangle(
          x: left + gap, y: top, width: right - left - 2 * gap, height: axes.area.maxY - top)
        if group.isControl {
          canvas.controlBar(box)
        } else {
          canvas.fill(box, groups.count > 1 ? colour.opacity(0.72) : colour)
        }
      }
    }
    canvas.rule(y: axes.area.maxY, from: axes.area.x, to: axes.area.maxX, Stroke(.muted))
    axes.draw(references, on: canvas)
  }

  /// The ends of the bins: round numbers.
  var edges: [Double] {
    let all = groups.flatMap(\.values)
    let data = x.range ?? sharedRange ?? range(of: all + references.values(.vertical)) ?? 0...1
    let spread = data.upperBound - data.lowerBound
    let largest = groups.map(\.values.count).max() ?? 1
    let count = binCount ?? min(max(Int((2 * cubeRoot(Double(largest))).rounded()), 8), 40)
    let step = Ticks.step(span: spread > 0 ? spread : 1, count: count)
    let first = (data.lowerBound / step + 1e-9).rounded(.down)
    var last = (data.upperBound / step - 1e-9).rounded(.up)
    if last <= first { last = first + 1 }
    return stride(from: first, through: last, by: 1).map { $0 * step }
  }

  /// How many numbers lie in each bin; a bin holds its lower end, the last its upper too.
  static func counts(of values: [Double], in edges: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: edges.count - 1)
    let (first, step) = (edges[0], edges[1] - edges[0])
    for value in values
    where value >= first - step * 1e-9 && value <= edges[edges.count - 1] + step * 1e-9 {
      let bin = Int(((value - first) / step + 1e-9).rounded(.down))
      counts[min(max(bin, 0), counts.count - 1)] += 1
    }
    return counts
  }

  private func colour(_ index: Int) -> Colour { Sample.colour(index, of: groups) }

  private var legendEntries: [LegendEntry] {
    hidesLegend || groups.count < 2 ? [] : Sample.entries(groups)
  }
}

extension Histogram: SharingPlot {
  var own: Shared {
    var shared = Shared()
    shared.x = range(of: groups.flatMap(\.values) + references.values(.vertical))
    shared.legend = groups.count < 2 ? [] : Sample.entries(groups)
    return shared
  }

  func sharing(_ shared: Shared) -> Histogram {
    var copy = self
    copy.hidesLegend = true
    copy.sharedRange = shared.x
    return copy
  }
}

/// The numbers of one group of a population.
public struct Sample: Hashable, Sendable {
  public var name: String
  public var values: [Double]
  /// Whether this is the control: grey.
  public var isControl: Bool
  /// The next of the categories' colours if nil.
  public var colour: Colour?

  public init(
    _ name: String, _ values: [Double], isControl: Bool = false, colour: Colour? = nil
  ) {
    self.name = name
    self.values = values
    self.isControl = isControl
    self.colour = colour
  }

  static func colour(_ index: Int, of groups: [Sample]) -> Colour {
    let group = groups[index]
    if group.isControl { return group.colour ?? .control }
    return group.colour
      ?? .category(groups[..<index].filter { !$0.isControl && $0.colour == nil }.count)
  }

  static func entries(_ groups: [Sample]) -> [LegendEntry] {
    groups.indices.map { index in
      let colour = Self.colour(index, of: groups)
      return LegendEntry(
        name: groups[index].name, symbol: groups[index].isControl ? .control : .box(colour),
        colour: colour)
    }
  }

  static func check(
    _ groups: [Sample], _ axis: Axis, _ references: [Double], in part: String
  ) throws {
    guard !groups.isEmpty else { throw FigureError(part, "there is no group to show") }
    for group in groups {
      guard !group.values.isEmpty else {
        throw FigureError(part, "the group \"\(group.name)\" is empty")
      }
      try requireFinite(group.values, "the group \"\(group.name)\"", in: part)
    }
    if groups.count > 1, groups.contains(where: \.name.isEmpty) {
      throw FigureError(part, "one of several groups has no name")
    }
    try axis.check(groups.flatMap(\.values) + references, in: part)
  }
}
