// The few functions that pictures need, from +, ×, ÷ and rounding alone: the C library's differ
// between
// processors, and a figure should not.

/// The logarithm to base 2 of a positive number.
func log2(_ x: Double) -> Double {
  guard x > 0, x.isFinite else { return x > 0 ? x : .nan }
  var exponent = Double(x.exponent)
  var significand = x.significand
  if significand > 1.4142135623730951 {
    significand /= 2
    exponent += 1
  }
  // ln(m) = 2·artanh((m − 1) / (m + 1)), and |s| < 0.172.
  let s = (significand - 1) / (significand + 1)
  let square = s * s
  var sum = 0.0
  for term in stride(from: 21, through: 1, by: -2) { sum = sum * square + 1 / Double(term) }
  return exponent + 2 * s * sum * 1.4426950408889634
}

/// The logarithm to base 10 of a positive number.
func log10(_ x: Double) -> Double {
  let nearest = (log2(x) * 0.30102999566398120).rounded()
  if abs(nearest) < 300, power(ofTen: Int(nearest)) == x { return nearest }
  return log2(x) * 0.30102999566398120
}

/// Two to any power.
func exp2(_ x: Double) -> Double {
  guard x > -1000 else { return 0 }
  guard x < 1000 else { return .infinity }
  let whole = x.rounded()
  let rest = (x - whole) * 0.6931471805599453
  var sum = 1.0
  for term in stride(from: 18, through: 1, by: -1) { sum = 1 + sum * rest / Double(term) }
  return Double(sign: .plus, exponent: Int(whole), significand: sum)
}

/// A positive number to any power.
func power(_ base: Double, _ exponent: Double) -> Double {
  base > 0 ? exp2(exponent * log2(base)) : 0
}

/// Ten to a whole power.
func power(ofTen exponent: Int) -> Double {
  var result = 1.0
  for _ in 0..<abs(exponent) { result *= 10 }
  return exponent < 0 ? 1 / result : result
}

/// The cube root of a number that is not negative.
func cubeRoot(_ x: Double) -> Double { power(x, 1.0 / 3) }
