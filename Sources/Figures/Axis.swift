/// An axis of numbers: its name, unit, scale and, if they are not to follow from the data, its
/// ends.
///
/// ```swift
/// Axis("training step", scale: .logarithmic)
/// Axis("accuracy", unit: "share of 1,024 inputs", range: 0...1)
/// ```
public struct Axis: Hashable, Sendable {
  /// How numbers are spread over an axis.
  public enum Scale: Hashable, Sendable {
    /// Equal steps are equally long.
    case linear
    /// Equal ratios are equally long; every number must be positive.
    case logarithmic
  }

  public var name: String
  public var unit: String?
  public var scale: Scale
  /// The ends; those of the data if nil.
  public var range: ClosedRange<Double>?
  /// The places and names of the ticks; round numbers if nil.
  public var ticks: [Tick]?

  public init(
    _ name: String, unit: String? = nil, scale: Scale = .linear,
    range: ClosedRange<Double>? = nil, ticks: [Tick]? = nil
  ) {
    self.name = name
    self.unit = unit
    self.scale = scale
    self.range = range
    self.ticks = ticks
  }

  /// The name with its unit in parentheses.
  public var title: String { unit.map { "\(name) (\($0))" } ?? name }

  func check(_ values: [Double], in part: String) throws {
    guard !name.isEmpty else { throw FigureError(part, "an axis has no name") }
    try requireFinite(values, "the axis \"\(name)\"", in: part)
    try requireFinite((ticks ?? []).map(\.value), "a tick of the axis \"\(name)\"", in: part)
    let ends = range.map { [$0.lowerBound, $0.upperBound] } ?? []
    try requireFinite(ends, "an end of the axis \"\(name)\"", in: part)
    if scale == .logarithmic, let least = (values + ends).min(), least <= 0 {
      throw FigureError(
        part, "the logarithmic axis \"\(name)\" cannot show \(NumberLabel.short(least))")
    }
    if let range, range.lowerBound == range.upperBound {
      throw FigureError(part, "the axis \"\(name)\" has a range of one number")
    }
  }
}

/// A marked place on an axis.
public struct Tick: Hashable, Sendable {
  public var value: Double
  public var label: String

  public init(_ value: Double, _ label: String) {
    self.value = value
    self.label = label
  }
}

/// An axis with its ends and ticks settled.
struct SettledAxis {
  let axis: Axis
  let lower: Double
  let upper: Double
  let ticks: [Tick]

  /// How far the ends lie beyond the data.
  enum Margin {
    /// The ends are those of the data.
    case none
    /// The ends are the next ticks.
    case ticks
    /// The ends are a share of the data's range away.
    case share(Double)
  }

  /// Settles an axis with about so many ticks, or with ticks at a step if one is given.
  init(
    _ axis: Axis, holding data: ClosedRange<Double>?, margin: Margin, tickCount: Int,
    step: Double? = nil
  ) {
    self.axis = axis
    var step = step
    var (lower, upper) = (data?.lowerBound ?? 0, data?.upperBound ?? 1)
    if upper - lower < 1e-200 {
      let half = axis.scale == .logarithmic ? lower * 0.5 : max(abs(lower) * 0.1, 0.5)
      (lower, upper) = (lower - half, upper + half)
    }
    if axis.range == nil {
      switch (margin, axis.scale) {
      case (.none, _): break
      case (.ticks, .linear):
        let round = step ?? Ticks.step(span: upper - lower, count: tickCount)
        lower = (lower / round + 1e-9).rounded(.down) * round
        upper = (upper / round - 1e-9).rounded(.up) * round
        step = round
      case (.share(let share), .linear):
        (lower, upper) = (lower - share * (upper - lower), upper + share * (upper - lower))
      case (_, .logarithmic):
        let room = power(upper / lower, 0.04)
        (lower, upper) = (lower / room, upper * room)
      }
    } else if let range = axis.range {
      (lower, upper) = (range.lowerBound, range.upperBound)
    }
    self.lower = lower
    self.upper = upper
    switch axis.scale {
    case .linear:
      let step = step ?? Ticks.step(span: upper - lower, count: tickCount)
      ticks = axis.ticks ?? Ticks.linear(from: lower, to: upper, step: step)
    case .logarithmic:
      ticks = axis.ticks ?? Ticks.logarithmic(from: lower, to: upper, count: tickCount)
    }
  }

  /// The place of a number, 0 at the lower end, 1 at the upper.
  func place(_ value: Double) -> Double {
    switch axis.scale {
    case .linear: (value - lower) / (upper - lower)
    case .logarithmic: log2(max(value, lower / 1e6) / lower) / log2(upper / lower)
    }
  }
}
