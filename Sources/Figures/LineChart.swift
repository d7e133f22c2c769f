/// Numbers against numbers as lines, each named at its end, with a band of spread if it has one.
///
/// ```swift
/// LineChart(
///   series: [LineSeries("held out", x: steps, y: median, band: Band(lower: q1, upper: q3))],
///   x: Axis("training step", scale: .logarithmic), y: Axis("loss", unit: "squared error"))
/// ```
public struct LineChart: Plot {
  public var series: [LineSeries]
  public var x: Axis
  public var y: Axis
  public var references: [ReferenceLine]
  var hidesLegend = false

  public init(series: [LineSeries], x: Axis, y: Axis, references: [ReferenceLine] = []) {
    self.series = series
    self.x = x
    self.y = y
    self.references = references
  }

  public func check() throws {
    let part = "line chart"
    guard !series.isEmpty else { throw FigureError(part, "there is no series to show") }
    for line in series {
      let name = line.name.isEmpty ? "a series without a name" : "series \"\(line.name)\""
      guard !line.x.isEmpty else { throw FigureError(part, "\(name) is empty") }
      try requireCount(line.x.count, "x", equals: line.y.count, "y in \(name)", in: part)
      try requireFinite(line.x + line.y, name, in: part)
      if let band = line.band {
        try band.check(count: line.y.count, name, in: part)
      }
    }
    try x.check(series.flatMap(\.x) + references.values(.vertical), in: part)
    try y.check(series.flatMap(\.spread) + references.values(.horizontal), in: part)
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    max(min(width * 0.52, 360), 150)
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let named = hidesLegend ? [] : series.filter { !$0.name.isEmpty }
    let style = TextStyle(size: 12, weight: .semibold)
    let widths = named.map { canvas.size(of: $0.name, style, width: Self.labelWidth).width }
    let right = widths.max().map { $0 + 12 } ?? 0
    let shared = own
    let axes = Axes(
      x: x, holding: shared.x, xMargin: .none, y: y, holding: shared.y, yMargin: .ticks,
      in: frame, right: right, on: canvas)
    axes.draw(on: canvas)
    canvas.clipped(to: axes.area.inset(left: -3, top: -3, right: -3, bottom: -2)) {
      for line in series { drawBand(of: line, axes, canvas) }
      for line in series { draw(line, axes, canvas) }
    }
    axes.draw(references, on: canvas)
    drawNames(of: named, style, axes, canvas)
  }

  private static let labelWidth = 140.0

  private func colour(of line: LineSeries) -> Colour {
    if let colour = line.colour { return colour }
    if line.style == .faint { return .control }
    let named = series.filter { $0.colour == nil && $0.style != .faint }.map(\.name)
    return .category(named.firstIndex(of: line.name) ?? 0)
  }

  private func stroke(of line: LineSeries) -> Stroke {
    switch line.style {
    case .solid: Stroke(colour(of: line), width: 2.2)
    case .dashed: Stroke(colour(of: line), width: 2, dashes: [6, 4])
    case .faint: Stroke(colour(of: line).opacity(0.28), width: 1)
    }
  }

  private func drawBand(of line: LineSeries, _ axes: Axes, _ canvas: Canvas) {
    guard let band = line.band else { return }
    let lower = zip(line.x, band.lower).map { axes.position(Point($0, $1)) }
    let upper = zip(line.x, band.upper).map { axes.position(Point($0, $1)) }
    canvas.fill(lower + upper.reversed(), colour(of: line).opacity(0.16))
  }

  private func draw(_ line: LineSeries, _ axes: Axes, _ canvas: Canvas) {
    let points = zip(line.x, line.y).map { axes.position(Point($0, $1)) }
    canvas.line(points, stroke(of: line))
    guard line.hasPoints || points.count == 1 else { return }
    for point in points { canvas.mark(.circle, at: point, radius: 3.2, colour(of: line)) }
  }

  /// Puts each name beside the end of its line, pushed apart where they would touch.
  private func drawNames(
    of named: [LineSeries], _ style: TextStyle, _ axes: Axes, _ canvas: Canvas
  ) {
    var labels = named.compactMap { line -> (line: LineSeries, end: Double, height: Double)? in
      guard let last = line.y.last else { return nil }
      let height = canvas.size(of: line.name, style, width: Self.labelWidth).height
      return (line, min(max(axes.position(y: last), axes.area.y), axes.area.maxY), height)
    }
    labels.sort { $0.end < $1.end }
    let middles = spread(
      labels.map(\.end), heights: labels.map { $0.height + 2 }, from: axes.area.y - 6,
      to: axes.area.maxY + 6)
    for (label, middle) in zip(labels, middles) {
      let lastX = label.line.x.last.map { axes.position(x: $0) } ?? axes.area.maxX
      let colour = self.colour(of: label.line)
      if abs(middle - label.end) > 5 {
        canvas.line(
          [
            Point(min(lastX, axes.area.maxX) + 2, label.end), Point(axes.area.maxX + 8, middle),
          ], Stroke(colour.opacity(0.5), width: 0.75))
      }
      canvas.text(
        label.line.name, at: Point(axes.area.maxX + 10, middle), .left,
        style.coloured(colour.asText), width: Self.labelWidth)
    }
  }
}

/// Middles for boxes, each as near to where it would be as the others allow, in the same order.
func spread(_ wanted: [Double], heights: [Double], from top: Double, to bottom: Double) -> [Double]
{
  var middles = wanted
  for index in middles.indices {
    let least =
      index == 0
      ? top + heights[0] / 2 : middles[index - 1] + (heights[index - 1] + heights[index]) / 2
    middles[index] = max(middles[index], least)
  }
  for index in middles.indices.reversed() {
    let most =
      index == middles.count - 1
      ? bottom - heights[index] / 2
      : middles[index + 1] - (heights[index + 1] + heights[index]) / 2
    middles[index] = min(middles[index], most)
  }
  return middles
}

/// One line of a line chart.
public struct LineSeries: Hashable, Sendable {
  /// How a line is drawn.
  public enum Style: Hashable, Sendable {
    case solid
    case dashed
    /// Thin and pale: one of many, without a name.
    case faint
  }

  public var name: String
  public var x: [Double]
  public var y: [Double]
  public var band: Band?
  /// The next of the categories' colours if nil.
  public var colour: Colour?
  public var style: Style
  /// Whether each number is marked by a dot.
  public var hasPoints: Bool

  public init(
    _ name: String, x: [Double], y: [Double], band: Band? = nil, colour: Colour? = nil,
    style: Style = .solid, hasPoints: Bool = false
  ) {
    self.name = name
    self.x = x
    self.y = y
    self.band = band
    self.colour = colour
    self.style = style
    self.hasPoints = hasPoints
  }

  var spread: [Double] { y + (band.map { $0.lower + $0.upper } ?? []) }
}

/// Lower and upper ends of intervals, one for each number they belong to.
public struct Band: Hashable, Sendable {
  public var lower: [Double]
  public var upper: [Double]

  public init(lower: [Double], upper: [Double]) {
    self.lower = lower
    self.upper = upper
  }

  func check(count: Int, _ name: String, in part: String) throws {
    try requireCount(lower.count, "lower ends", equals: count, "numbers in \(name)", in: part)
    try requireCount(upper.count, "upper ends", equals: count, "numbers in \(name)", in: part)
    try requireFinite(lower + upper, "the interval of \(name)", in: part)
    for (index, ends) in zip(lower, upper).enumerated() where ends.0 > ends.1 {
      throw FigureError(part, "the interval of \(name) ends below its start at index \(index)")
    }
  }
}

extension LineChart: SharingPlot {
  var own: Shared {
    var shared = Shared()
    shared.x = union(range(of: series.flatMap(\.x)), range(of: references.values(.vertical)))
    shared.y = union(range(of: series.flatMap(\.spread)), range(of: references.values(.horizontal)))
    shared.legend = series.filter { !$0.name.isEmpty }.map {
      LegendEntry(name: $0.name, symbol: .line(stroke(of: $0)), colour: colour(of: $0))
    }
    return shared
  }

  func sharing(_ shared: Shared) -> LineChart {
    var copy = self
    copy.hidesLegend = true
    if x.range == nil { copy.x.range = shared.x }
    if y.range == nil, let range = shared.y {
      let settled = SettledAxis(y, holding: range, margin: .ticks, tickCount: 6)
      copy.y.range = settled.lower...settled.upper
    }
    return copy
  }
}
