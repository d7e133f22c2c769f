/// Numbers as figures show them: a real minus sign, commas between thousands, no locale.
///
/// ```swift
/// NumberLabel.fixed(-1234.5, decimals: 2)  // "−1,234.50"
/// NumberLabel.short(0.00001234)            // "1.23×10⁻⁵"
/// ```
public enum NumberLabel {
  /// The number with exactly that many decimals, at most 15.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : value < 0 ? "\u{2212}∞" : "∞" }
    let decimals = min(max(decimals, 0), 15)
    let scaled = (abs(value) * power(ofTen: decimals)).rounded()
    guard scaled < 9e15 else { return scientific(value) }
    let digits = Int64(scaled)
    let unit = Int64(power(ofTen: decimals))
    let sign = value < 0 && digits != 0 ? "\u{2212}" : ""
    guard decimals > 0 else { return sign + grouped(digits) }
    let fraction = String(digits % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return sign + grouped(digits / unit) + "." + zeros + fraction
  }

  /// The number with at most three significant digits.
  public static func short(_ value: Double) -> String {
    guard value != 0, value.isFinite else { return fixed(value, decimals: 0) }
    let exponent = decimalExponent(value)
    guard exponent >= -3, exponent < 6 else { return scientific(value) }
    return trimmed(fixed(value, decimals: max(2 - exponent, 0)))
  }

  /// Ten to a whole power, with superscript digits.
  static func powerOfTen(_ exponent: Int) -> String { "10" + superscript(exponent) }

  /// The largest whole number whose power of ten is no larger than the value's magnitude.
  static func decimalExponent(_ value: Double) -> Int {
    var exponent = Int(log10(abs(value)).rounded(.down))
    if power(ofTen: exponent + 1) <= abs(value) { exponent += 1 }
    if power(ofTen: exponent) > abs(value) { exponent -= 1 }
    return exponent
  }

  private static func scientific(_ value: Double) -> String {
    let exponent = decimalExponent(value)
    guard exponent > -300 else { return "0" }
    let mantissa = value / power(ofTen: exponent)
    return trimmed(fixed(mantissa, decimals: 2)) + "×10" + superscript(exponent)
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }

  private static func grouped(_ whole: Int64) -> String {
    var rest = Array(String(whole))
    var groups: [String] = []
    while rest.count > 3 {
      groups.insert(String(rest.suffix(3)), at: 0)
      rest.removeLast(3)
    }
    return ([String(rest)] + groups).joined(separator: ",")
  }

  private static func superscript(_ whole: Int) -> String {
    let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
    let text = String(abs(whole)).compactMap(\.wholeNumberValue).map { digits[$0] }
    return (whole < 0 ? "⁻" : "") + String(text)
  }
}
