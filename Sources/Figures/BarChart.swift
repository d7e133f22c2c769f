/// Numbers of categories as bars from zero, with interval whiskers and a control beside each.
///
/// ```swift
/// BarChart(
///   categories: ["neuron 1", "neuron 2"], categoryTitle: "neuron set to zero",
///   series: [
///     BarSeries("this neuron", values: [0.41, 0.39], intervals: band),
///     BarSeries("random direction of equal norm", values: [0.02, 0.03], isControl: true),
///   ], axis: Axis("accuracy lost", unit: "share of inputs"))
/// ```
public struct BarChart: Plot {
  /// Which way the bars grow.
  public enum Direction: Hashable, Sendable {
    /// Upwards.
    case up
    /// To the right, which leaves room for long names.
    case right
  }

  public var categories: [String]
  /// What the categories are.
  public var categoryTitle: String
  public var series: [BarSeries]
  /// The axis of the numbers.
  public var axis: Axis
  public var direction: Direction
  /// Lines across the bars at a number, whichever way the bars grow.
  public var references: [ReferenceLine]
  /// How many decimals the number at each bar has; no numbers if nil.
  public var valueDecimals: Int?
  /// Whether the bars of a category stand on each other, as parts of a whole, without whiskers and numbers.
  public var isStacked: Bool
  var hidesLegend = false

  public init(
    categories: [String], categoryTitle: String = "", series: [BarSeries], axis: Axis,
    direction: Direction = .up, references: [ReferenceLine] = [], valueDecimals: Int? = nil,
    isStacked: Bool = false
  ) {
    self.categories = categories
    self.categoryTitle = categoryTitle
    self.series = series
    self.axis = axis
    self.direction = direction
    self.references = references
    self.valueDecimals = valueDecimals
    self.isStacked = isStacked
  }

  public func check() throws {
    let part = "bar chart"
    guard !categories.isEmpty, !series.isEmpty else {
      throw FigureError(part, "there are no bars to show")
    }
    for bars in series {
      let name = "series \"\(bars.name)\""
      try requireCount(
        bars.values.count, "numbers in \(name)", equals: categories.count, "categories", in: part)
      try requireFinite(bars.values, name, in: part)
      try bars.intervals?.check(count: bars.values.count, name, in: part)
      if let colours = bars.colours {
        try requireCount(colours.count, "colours", equals: categories.count, "bars", in: part)
      }
    }
    if series.count > 1, series.contains(where: \.name.isEmpty) {
      throw FigureError(part, "one of several series has no name")
    }
    if isStacked, axis.scale != .linear || series.contains(where: { $0.values.contains { $0 < 0 } })
    {
      throw FigureError(part, "only parts from zero, on a linear axis, can be stacked")
    }
    try axis.check(spread + references.map(\.value), in: part)
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    let legend = Legend(entries: legendEntries).height(forWidth: width, on: canvas)
    switch direction {
    case .up:
      return max(min(width * 0.48, 330), 170) + legend
    case .right:
      let row = max(22, 15 * Double(isStacked ? 1 : series.count) + 9)
      return row * Double(categories.count) + 62 + legend
    }
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let legend = Legend(entries: legendEntries)
    legend.draw(on: canvas, in: frame)
    let rest = frame.inset(top: legend.height(forWidth: frame.width, on: canvas))
    switch direction {
    case .up: drawUp(on: canvas, in: rest)
    case .right: drawRight(on: canvas, in: rest)
    }
  }

  func colour(_ index: Int) -> Colour {
    if let colour = series[index].colour { return colour }
    return .category(series[..<index].filter { !$0.isControl && $0.colour == nil }.count)
  }

  var legendEntries: [LegendEntry] {
    guard !hidesLegend, series.count > 1 || series.contains(where: \.isControl) else { return [] }
    return allEntries
  }

  private var allEntries: [LegendEntry] {
    series.indices.map { index in
      LegendEntry(
        name: series[index].name,
        symbol: series[index].isControl ? .control : .box(colour(index)), colour: colour(index))
    }
  }

  /// All numbers that the axis has to hold.
  private var spread: [Double] {
    isStacked
      ? categories.indices.map { category in series.reduce(0) { $0 + $1.values[category] } }
      : series.flatMap(\.spread)
  }

  /// The range of the numbers: zero always belongs to it, but on a logarithmic axis.
  var valueRange: ClosedRange<Double>? {
    let zero: [Double] = axis.scale == .linear ? [0] : []
    guard let data = range(of: spread + references.map(\.value) + zero) else {
      return nil
    }
    // Room for the numbers at the ends of upright bars.
    guard direction == .up, valueDecimals != nil, axis.scale == .linear else { return data }
    let room = 0.07 * (data.upperBound - data.lowerBound)
    let lower = data.lowerBound < 0 ? data.lowerBound - room : data.lowerBound
    let upper = data.upperBound > 0 ? data.upperBound + room : data.upperBound
    return lower...upper
  }
}

/// One number for each category.
public struct BarSeries: Hashable, Sendable {
  public var name: String
  public var values: [Double]
  /// The ends of the whiskers; no whisker where both are the number itself.
  public var intervals: Band?
  /// Whether these are the control: grey and hatched.
  public var isControl: Bool
  /// The next of the categories' colours if nil.
  public var colour: Colour?
  /// A colour for each bar, where some stand out.
  public var colours: [Colour]?

  public init(
    _ name: String, values: [Double], intervals: Band? = nil, isControl: Bool = false,
    colour: Colour? = nil, colours: [Colour]? = nil
  ) {
    self.name = name
    self.values = values
    self.intervals = intervals
    self.isControl = isControl
    self.colour = colour
    self.colours = colours
  }

  var spread: [Double] { values + (intervals.map { $0.lower + $0.upper } ?? []) }
}

extension BarChart: SharingPlot {
  var own: Shared {
    var shared = Shared()
    shared.y = valueRange
    shared.legend = series.contains(where: \.name.isEmpty) ? [] : allEntries
    return shared
  }

  func sharing(_ shared: Shared) -> BarChart {
    var copy = self
    copy.hidesLegend = true
    if axis.range == nil, let range = shared.y {
      let settled = SettledAxis(axis, holding: range, margin: .ticks, tickCount: 6)
      copy.axis.range = settled.lower...settled.upper
    }
    return copy
  }
}
