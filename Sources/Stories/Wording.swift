/// Numbers as prose, tables and captions show them.
///
/// The same everywhere and in every locale: a minus sign that is one (U+2212), thousands set apart by a
/// thin space that does not break (U+202F), which also stands before the per cent sign.
///
/// ```swift
/// Wording.number(29_523)      // 29 523
/// Wording.number(-0.08333)    // −0.0833
/// Wording.percent(0.9994)     // 99.94 %
/// Wording.words(21)           // twenty-one
/// Wording.p(0.0004)           // p < 0.001
/// ```
public enum Wording {
  static let thinSpace = "\u{202F}"
  static let minus = "\u{2212}"

  /// A number with as many digits as a reader needs: all of a whole one, else three that count.
  public static func number(_ value: Double) -> String {
    let magnitude = abs(value)
    if value == value.rounded(), magnitude < 1e15 { return fixed(value, decimals: 0) }
    if magnitude >= 1e15 || magnitude < 1e-4 { return scientific(value) }
    if magnitude >= 999.5 { return fixed(value, decimals: 0) }
    // An exact 0.25 stays 0.25.
    return significant(value, digits: min(3, DecimalDigits(value).digits.count))
  }

  /// A number with so many decimals.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    let rounded = DecimalDigits(value).rounded(toPlaces: decimals)
    let whole = rounded.whole.isEmpty ? "0" : rounded.whole
    let text = grouped(whole) + (decimals > 0 ? "." + rounded.fraction : "")
    return rounded.isZero || value >= 0 ? text : minus + text
  }

  /// A number with so many digits that count.
  public static func significant(_ value: Double, digits: Int) -> String {
    guard value != 0 else { return "0" }
    var decimals = digits - DecimalDigits(value).exponent
    // 9.996 has four digits before rounding and would have four after.
    decimals = digits - DecimalDigits(value).rounded(toPlaces: decimals).leadingExponent
    return fixed(value, decimals: max(decimals, 0))
  }

  /// A number as a product with a power of ten, `4.2 × 10⁻⁵`.
  public static func scientific(_ value: Double) -> String {
    guard value != 0 else { return "0" }
    var decimal = DecimalDigits(value)
    let power = decimal.exponent - 1
    decimal.exponent = 1
    let rounded = decimal.rounded(toPlaces: 1)
    // 9.96 becomes 10.0, that is 1.0 of the next power.
    let carried = rounded.whole.count > 1
    let mantissa = carried ? "1.0" : rounded.whole + "." + rounded.fraction
    let raised = String(power + (carried ? 1 : 0)).map { raisedDigits[$0] ?? String($0) }.joined()
    return (value < 0 ? minus : "") + mantissa + " × 10" + raised
  }

  private static let raisedDigits: [Character: String] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷",
    "8": "⁸", "9": "⁹",
  ]

  /// A large number as a reader says it, `426 million`.
  public static func magnitude(_ value: Double) -> String {
    let names = [(1e12, "trillion"), (1e9, "billion"), (1e6, "million")]
    guard let (size, name) = names.first(where: { abs(value) >= 0.9995 * $0.0 }) else {
      return number(value)
    }
    return significant(value / size, digits: 3) + "\u{A0}" + name
  }

  /// A share from 0 to 1 in per cent; never 0 % or 100 % unless it is exactly that.
  public static func percent(_ share: Double, decimals: Int? = nil) -> String {
    let value = DecimalDigits(share).timesHundred * (share < 0 ? -1 : 1)
    if let decimals { return fixed(value, decimals: decimals) + thinSpace + "%" }
    if share == 0 || share == 1 { return fixed(value, decimals: 0) + thinSpace + "%" }
    // Near either end the digits that tell it from there.
    let distance = min(abs(share), abs(1 - share))
    var decimals = min(max(-1 - DecimalDigits(distance).exponent, 0), 6)
    while decimals < 6, ["0", "100"].contains(fixed(value, decimals: decimals)) { decimals += 1 }
    if distance < 5e-9 {
      return (share < 0.5 ? "below 0.000001" : "above 99.999999") + thinSpace + "%"
    }
    return fixed(value, decimals: decimals) + thinSpace + "%"
  }

  /// An interval, `79 % to 93 %` of a share or `0.12 to 0.15` of anything else.
  public static func interval(_ lower: Double, _ upper: Double, isShare: Bool) -> String {
    if isShare { return percent(lower) + " to " + percent(upper) }
    // The digits that tell the ends apart.
    let width = upper - lower
    guard width > 0, width.isFinite, abs(upper) >= 1e-4, abs(upper) < 1e15 else {
      return number(lower) + " to " + number(upper)
    }
    let leading = DecimalDigits(width)
    let isTight = leading.digits.first.map { $0 < 3 } ?? false
    let decimals = min(max((isTight ? 2 : 1) - leading.exponent, 0), 9)
    return fixed(lower, decimals: decimals) + " to " + fixed(upper, decimals: decimals)
  }

  /// A p value, `p = 0.013` or `p < 0.001`.
  public static func p(_ value: Double) -> String {
    if value < 0.001 { return "p < 0.001" }
    return "p = " + (value >= 0.9995 ? "1" : significant(value, digits: 2))
  }

  private static func grouped(_ digits: String) -> String {
    guard digits.count > 3 else { return digits }
    var result = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place) % 3 == 0 { result += thinSpace }
      result.append(digit)
    }
    return result
  }
}
