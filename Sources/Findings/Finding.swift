/// One measured fact: a value with its unit, its sample size and where it comes from.
///
/// ```swift
/// Finding(.number(0.25), unit: "share of inputs", n: 90, seeds: "trial 10-99",
///   from: ["main/population.safetensors"])
/// ```
public struct Finding: Hashable, Sendable {
  /// What was found: one number, a few of them (at most `numbersLimit`), or words.
  public enum Value: Hashable, Sendable {
    case number(Double)
    case numbers([Double])
    case text(String)
  }

  /// The most numbers that a finding holds; longer arrays belong in `findings.safetensors`.
  public static let numbersLimit = 1_000

  public var value: Value
  public var unit: String?

  /// How many things the value was computed over: seeds, inputs or subsets.
  public var n: Int

  /// The 95 % interval of the value, where there is one.
  public var interval: Interval?

  /// The seeds in words: `trial 100-999`, `explore 0-99`, `seed 3`.
  public var seeds: String?

  /// The tensors or files that the value was computed from; never empty.
  public var from: [String]

  public init(
    _ value: Value, unit: String? = nil, n: Int, interval: Interval? = nil, seeds: String? = nil,
    from: [String]
  ) {
    self.value = value
    self.unit = unit
    self.n = n
    self.interval = interval
    self.seeds = seeds
    self.from = from
  }
}

extension Finding {
  /// A share, with its Wilson interval.
  ///
  /// ```swift
  /// Finding.share(81, of: 263, unit: "networks", from: files).interval  // 0.2553 to 0.3662
  /// ```
  public static func share(
    _ passed: Int, of n: Int, unit: String? = nil, seeds: String? = nil, from: [String]
  ) -> Finding {
    Finding(
      .number(n == 0 ? .nan : Double(passed) / Double(n)), unit: unit, n: n,
      interval: n == 0 ? nil : Statistics.wilson(passed, of: n), seeds: seeds, from: from)
  }

  /// A mean, with its bootstrap interval; no interval where all values are the same.
  public static func mean(
    of values: [Double], unit: String? = nil, seeds: String? = nil, from: [String],
    using generator: inout some RandomNumberGenerator
  ) -> Finding {
    Finding(
      .number(Statistics.mean(values)), unit: unit, n: values.count,
      interval: Statistics.bootstrap(values, using: &generator), seeds: seeds, from: from)
  }
}

/// A range from one number to another, both included.
public struct Interval: Hashable, Sendable, Codable {
  public var lower: Double
  public var upper: Double

  public init(lower: Double, upper: Double) {
    self.lower = lower
    self.upper = upper
  }
}
