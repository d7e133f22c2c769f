extension Statistics {
  /// The 95 % percentile bootstrap interval of the mean; nil where all values are the same.
  ///
  /// Efron 1979 (DOI 10.1214/aos/1176344552).
  ///
  /// - Parameters:
  ///   - values: What was measured, one value a seed.
  ///   - resamples: How many samples are drawn from them, with replacement.
  ///   - generator: Where the draws come from.
  /// - Returns: The interval, or nil.
  public static func bootstrap(
    _ values: [Double], resamples: Int = 2_000, using generator: inout some RandomNumberGenerator
  ) -> Interval? {
    guard let first = values.first, values.contains(where: { $0 != first }) else { return nil }
    let means = (0..<resamples).map { _ in
      var sum = 0.0
      for _ in values { sum += values[draw(below: values.count, using: &generator)] }
      return sum / Double(values.count)
    }.sorted()
    return Interval(
      lower: quantile(0.025, ofSorted: means), upper: quantile(0.975, ofSorted: means))
  }

  /// A uniform whole number below a bound, by Lemire's multiplication (arXiv 1805.10941), written
  /// out because the standard library does not promise that its own stays the same.
  static func draw(below bound: Int, using generator: inout some RandomNumberGenerator) -> Int {
    let bound = UInt64(bound)
    var product = generator.next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = generator.next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }
}

/// Steele, Lea and Flood's generator (DOI 10.1145/2660193.2660195): 64 bits of state, any seed.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
