extension StringProtocol {
  /// The text without white space at either end.
  var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }

  /// The text with its first letter as a capital.
  var capitalisedFirst: String {
    prefix(1).uppercased() + dropFirst()
  }
}

extension Unicode.Scalar {
  /// Whether it is a digit or number in any script, such as `2`, `²`, `½` or `٢`.
  var isNumeral: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// Whether CommonMark lets a backslash stand before it.
  var isMarkup: Bool {
    switch value {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }
}

/// The number that a heading begins with, `3.` or `2.1`, and the space after it.
func headingNumber(_ heading: String) -> String {
  let space = heading.prefix { $0 == " " }
  let rest = heading.dropFirst(space.count)
  let number = rest.prefix { "0123456789.)".contains($0) }
  let end = rest.dropFirst(number.count)
  let isNumber = number.first?.isNumber ?? false && number.contains { ".)".contains($0) }
  guard isNumber, end.first == " " else { return "" }
  return space + number + " "
}
