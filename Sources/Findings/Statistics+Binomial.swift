extension Statistics {
  /// The probability that at least `passed` of n pass, if each passes with probability `share`.
  ///
  /// ```swift
  /// Statistics.binomialUpperTail(9, of: 10, share: 0.5)  // 11 / 1024
  /// ```
  public static func binomialUpperTail(_ passed: Int, of n: Int, share: Double) -> Double {
    tail(of: n, share: share, passed...max(n, passed))
  }

  /// The probability that at most `passed` of n pass, if each passes with probability `share`.
  public static func binomialLowerTail(_ passed: Int, of n: Int, share: Double) -> Double {
    tail(of: n, share: share, min(0, passed)...passed)
  }

  /// The 95 % Wilson score interval of a share.
  ///
  /// ```swift
  /// Statistics.wilson(81, of: 263)  // 0.2553 to 0.3662
  /// ```
  ///
  /// Wilson 1927 (DOI 10.1080/01621459.1927.10502953).
  public static func wilson(_ passed: Int, of n: Int) -> Interval {
    precondition(n > 0 && (0...n).contains(passed), "\(passed) of \(n)")
    let z = 1.959963984540054
    let share = Double(passed) / Double(n)
    let count = Double(n)
    let centre = share + z * z / (2 * count)
    let spread = z * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
    let scale = 1 + z * z / count
    return Interval(
      lower: passed == 0 ? 0 : max(0, (centre - spread) / scale),
      upper: passed == n ? 1 : min(1, (centre + spread) / scale))
  }

  /// Sums the terms of the binomial distribution from its largest outwards, each from its neighbour
  /// by the ratio of the two, and divides by the sum of all: no power or factorial, no overflow.
  private static func tail(of n: Int, share: Double, _ wanted: ClosedRange<Int>) -> Double {
    precondition(n >= 0 && share >= 0 && share <= 1, "\(n) trials of probability \(share)")
    if share == 0 { return wanted.contains(0) ? 1 : 0 }
    if share == 1 { return wanted.contains(n) ? 1 : 0 }
    let odds = share / (1 - share)
    let mode = min(n, Int(share * Double(n + 1)))
    var terms = [Double](repeating: 0, count: n + 1)
    terms[mode] = 1
    for k in stride(from: mode, to: n, by: 1) {
      terms[k + 1] = terms[k] * (Double(n - k) / Double(k + 1) * odds)
    }
    for k in stride(from: mode, to: 0, by: -1) {
      terms[k - 1] = terms[k] * (Double(k) / Double(n - k + 1) / odds)
    }
    // From the small terms at either end towards the middle, so that none is lost beside a large
    // one.
    func sum(_ range: ClosedRange<Int>) -> Double {
      let range = range.clamped(to: 0...n)
      let left = range.lowerBound < mode ? range.lowerBound...min(mode - 1, range.upperBound) : nil
      let right = range.upperBound >= mode ? max(mode, range.lowerBound)...range.upperBound : nil
      return (left.map { terms[$0].reduce(0, +) } ?? 0)
        + (right.map { terms[$0].reversed().reduce(0, +) } ?? 0)
    }
    guard wanted.overlaps(0...n) else { return 0 }
    guard wanted.clamped(to: 0...n) != 0...n else { return 1 }
    return min(1, sum(wanted) / sum(0...n))
  }
}
