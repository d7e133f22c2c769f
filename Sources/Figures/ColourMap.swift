/// How a number becomes a colour, perceptually even and safe for colour-blind readers.
///
/// ```swift
/// ColourMap.diverging.colour(at: 0.5)  // nearly white: zero
/// ```
public enum ColourMap: Hashable, Sendable {
  /// Blue below zero, nearly white at zero, orange-red above: for signed numbers.
  case diverging
  /// Nearly white to deep indigo by way of teal: for amounts.
  case sequential

  /// The colour at a place from 0, the lower end, to 1, the upper end.
  public func colour(at place: Double) -> Colour {
    let place = min(max(place, 0), 1)
    switch self {
    case .diverging:
      let signed = 2 * place - 1
      let amount = abs(signed)
      let hue = signed < 0 ? (a: -0.24, b: -0.97) : (a: 0.80, b: 0.60)
      // Even steps of lightness; the chroma grows fast first, so that small values show.
      let chroma = (signed < 0 ? 0.140 : 0.166) * amount * (1.75 - 0.75 * amount)
      return OKLab(0.975 - 0.49 * amount, hue.a * chroma, hue.b * chroma).colour
    case .sequential:
      return sequential(place)
    }
  }

  /// Even steps of lightness, hue and chroma through four stations.
  private func sequential(_ place: Double) -> Colour {
    let stations: [(a: Double, b: Double)] = [
      (-0.004, 0.006), (-0.055, 0.022), (-0.075, -0.040), (-0.020, -0.110), (0.034, -0.115),
    ]
    let scaled = place * Double(stations.count - 1)
    let index = min(Int(scaled), stations.count - 2)
    let rest = scaled - Double(index)
    // Catmull-Rom through the stations, the ends repeated.
    func smooth(_ channel: KeyPath<(a: Double, b: Double), Double>) -> Double {
      let before = stations[max(index - 1, 0)][keyPath: channel]
      let from = stations[index][keyPath: channel]
      let to = stations[index + 1][keyPath: channel]
      let after = stations[min(index + 2, stations.count - 1)][keyPath: channel]
      let linear = (to - before) / 2
      let square = before - 2.5 * from + 2 * to - after / 2
      let cube = 1.5 * (from - to) + (after - before) / 2
      return from + rest * (linear + rest * (square + rest * cube))
    }
    return OKLab(0.975 - 0.665 * place, smooth(\.a), smooth(\.b)).colour
  }
}

/// A colour map over a range of numbers.
///
/// A diverging scale is centred on zero, whatever it is given.
public struct ColourScale: Hashable, Sendable {
  public let map: ColourMap
  public let lower: Double
  public let upper: Double

  /// Blue at `-limit`, white at zero, orange-red at `limit`.
  public static func diverging(limit: Double) -> ColourScale {
    ColourScale(map: .diverging, lower: -abs(limit), upper: abs(limit))
  }

  /// White at the lower number, indigo at the upper.
  public static func sequential(from lower: Double, to upper: Double) -> ColourScale {
    ColourScale(map: .sequential, lower: lower, upper: upper)
  }

  /// The scale that just holds the numbers, centred on zero if diverging.
  init(_ map: ColourMap, holding values: [Double]) {
    let lower = values.min() ?? 0
    let upper = values.max() ?? 1
    switch map {
    case .diverging:
      let limit = max(abs(lower), abs(upper))
      self = .diverging(limit: limit > 0 ? limit : 1)
    case .sequential:
      let start = lower >= 0 && lower < 0.5 * upper ? 0 : lower
      self = .sequential(from: start, to: upper > start ? upper : start + 1)
    }
  }

  private init(map: ColourMap, lower: Double, upper: Double) {
    self.map = map
    self.lower = lower
    self.upper = upper
  }

  func check(in part: String) throws {
    try requireFinite([lower, upper], "an end of the colours' range", in: part)
    guard lower < upper else {
      throw FigureError(part, "the colours' range from \(lower) to \(upper) is empty")
    }
  }

  /// The colour of a number; beyond the ends, that of the end.
  public func colour(_ value: Double) -> Colour {
    map.colour(at: (value - lower) / (upper - lower))
  }
}
