extension Statistics {
  /// The p-values corrected for their number by Holm's step-down procedure, in the order given.
  ///
  /// The k-th smallest of m is multiplied by m - k + 1; none becomes smaller than a smaller one's,
  /// none larger than 1.
  ///
  /// ```swift
  /// Statistics.holm([0.01, 0.04, 0.03, 0.005])  // [0.03, 0.06, 0.06, 0.02]
  /// ```
  ///
  /// Holm 1979 (https://www.jstor.org/stable/4615733).
  public static func holm(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var corrected = values
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, values[index] * Double(values.count - rank)))
      corrected[index] = largest
    }
    return corrected
  }
}
