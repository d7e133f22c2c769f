/// The statistics behind findings and verdicts, by sums, products and square roots alone, so that
/// every processor gives the same bits.
public enum Statistics {
  /// The sum of the values over their number; NaN of none.
  public static func mean(_ values: some Collection<Double>) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The value in the middle; NaN of none.
  public static func median(_ values: some Collection<Double>) -> Double {
    quantile(0.5, of: values)
  }

  /// The value below which a share of all values lies, interpolated between neighbours; NaN of
  /// none.
  ///
  /// ```swift
  /// Statistics.quantile(0.25, of: [4, 1, 3, 2])  // 1.75
  /// ```
  ///
  /// Hyndman and Fan's type 7, as NumPy's default (DOI 10.2307/2684934).
  public static func quantile(_ share: Double, of values: some Collection<Double>) -> Double {
    guard !values.isEmpty else { return .nan }
    return quantile(share, ofSorted: values.sorted())
  }

  /// The square root of the mean squared distance from the mean, with n - 1; NaN of fewer than two.
  public static func standardDeviation(_ values: some Collection<Double>) -> Double {
    guard values.count > 1 else { return .nan }
    let mean = mean(values)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(values.count - 1)).squareRoot()
  }

  static func quantile(_ share: Double, ofSorted sorted: [Double]) -> Double {
    precondition(share >= 0 && share <= 1, "A quantile of \(share)")
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
