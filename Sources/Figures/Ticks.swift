/// Round numbers for axes.
///
/// ```swift
/// Ticks.linear(from: 0, to: 1, step: 0.5).map(\.label)  // ["0", "0.5", "1.0"]
/// ```
enum Ticks {
  /// The 1, 2 or 5 times a power of ten that divides a span into about so many parts.
  static func step(span: Double, count: Int) -> Double {
    let (factor, exponent) = roundStep(span / Double(max(count, 1)))
    return factor * power(ofTen: exponent)
  }

  /// Multiples of a round step from one number to another, both included.
  static func linear(from lower: Double, to upper: Double, step: Double) -> [Tick] {
    let (factor, exponent) = roundStep(step)
    let first = Int((lower / step - 1e-9).rounded(.up))
    let last = Int((upper / step + 1e-9).rounded(.down))
    guard first <= last, last - first < 100 else { return [] }
    let isShort = exponent >= -4 && max(abs(lower), abs(upper)) < 1e7
    return (first...last).map { index in
      // Divided, not multiplied, where the step is below 1: 3 / 10 is 0.3, 3 × 0.1 is not.
      let value =
        exponent < 0
        ? Double(index) * factor / power(ofTen: -exponent) : Double(index) * step
      let label =
        isShort ? NumberLabel.fixed(value, decimals: max(-exponent, 0)) : NumberLabel.short(value)
      return Tick(value, index == 0 ? "0" : label)
    }
  }

  /// Powers of ten, with their double and fivefold where there are few.
  static func logarithmic(from lower: Double, to upper: Double, count: Int) -> [Tick] {
    let first = Int((log10(lower) - 1e-9).rounded(.down))
    let last = Int((log10(upper) + 1e-9).rounded(.up))
    let decades = log10(upper) - log10(lower)
    let factors: [Double] = decades < 1 ? [1, 2, 3, 5, 7] : decades < 2.2 ? [1, 2, 5] : [1]
    let every = max(1, Int((decades / Double(max(count, 1))).rounded(.up)))
    var ticks: [(value: Double, exponent: Int, factor: Double)] = []
    for exponent in first...last where exponent % every == 0 {
      for factor in factors {
        let value = factor * power(ofTen: exponent)
        if value >= lower * (1 - 1e-9), value <= upper * (1 + 1e-9) {
          ticks.append((value, exponent, factor))
        }
      }
    }
    let isPlain = ticks.allSatisfy { $0.value > 0.0009 && $0.value < 2e5 } || factors.count > 1
    return ticks.map {
      Tick($0.value, isPlain ? NumberLabel.short($0.value) : NumberLabel.powerOfTen($0.exponent))
    }
  }

  private static func roundStep(_ rough: Double) -> (factor: Double, exponent: Int) {
    guard rough > 0, rough.isFinite else { return (1, 0) }
    let exponent = NumberLabel.decimalExponent(rough)
    let significand = rough / power(ofTen: exponent)
    if significand < 1.4142 { return (1, exponent) }
    if significand < 3.1623 { return (2, exponent) }
    if significand < 7.0711 { return (5, exponent) }
    return (1, exponent + 1)
  }
}
