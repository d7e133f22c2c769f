/// A JSON document (RFC 8259); numbers keep the digits they were written with.
package enum JSON: Hashable, Sendable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  /// A whole number from 0 to `Int.max` that is written in digits alone.
  var index: Int? {
    guard case .number(let digits) = self, digits.utf8.allSatisfy({ 48...57 ~= $0 }) else {
      return nil
    }
    return Int(digits)
  }

  /// The document over several lines: keys sorted, an array of plain values filled up to 100
  /// columns.
  package var pretty: String {
    var text = ""
    append(to: &text, indentation: "")
    return text + "\n"
  }

  private func append(to text: inout String, indentation: String) {
    let inner = indentation + "  "
    switch self {
    case .null: text += "null"
    case .bool(let bool): text += bool ? "true" : "false"
    case .number(let digits): text += digits
    case .string(let string): text += string.asJSON
    case .array(let elements):
      if elements.allSatisfy(\.isPlain) {
        text += Self.filled(elements, after: text, indentation: inner)
      } else {
        text += "["
        for (index, element) in elements.enumerated() {
          text += (index == 0 ? "\n" : ",\n") + inner
          element.append(to: &text, indentation: inner)
        }
        text += "\n\(indentation)]"
      }
    case .object(let members) where members.isEmpty: text += "{}"
    case .object(let members):
      text += "{"
      let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      for (index, member) in sorted.enumerated() {
        text += (index == 0 ? "\n" : ",\n") + inner + member.key.asJSON + ": "
        member.value.append(to: &text, indentation: inner)
      }
      text += "\n\(indentation)}"
    }
  }

  private var isPlain: Bool {
    switch self {
    case .array, .object: false
    default: true
    }
  }

  private static func filled(
    _ elements: [JSON], after text: String, indentation: String
  ) -> String {
    let words = elements.map { element in
      var word = ""
      element.append(to: &word, indentation: "")
      return word
    }
    let column = text.utf8.reversed().prefix { $0 != 10 }.count
    let width = column + words.reduce(0) { $0 + $1.utf8.count + 2 } + 1
    if width <= 100 { return "[" + words.joined(separator: ", ") + "]" }
    var lines: [String] = []
    var line = indentation
    for (index, word) in words.enumerated() {
      let piece = word + (index + 1 < words.count ? "," : "")
      if line.utf8.count > indentation.utf8.count, line.utf8.count + 1 + piece.utf8.count > 100 {
        lines.append(line)
        line = indentation
      }
      line += (line.utf8.count > indentation.utf8.count ? " " : "") + piece
    }
    return "[\n" + (lines + [line]).joined(separator: "\n") + "\n" + indentation.dropLast(2) + "]"
  }
}

extension String {
  /// The text as JSON, escaped as Rust's serde_json does, which the safetensors library uses.
  var asJSON: String {
    "\"" + unicodeScalars.map { $0.escaped(asASCII: false) }.joined() + "\""
  }
}

extension Unicode.Scalar {
  /// The scalar itself, or its escape where JSON demands one (or, `asASCII`, always).
  func escaped(asASCII: Bool) -> String {
    switch self {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\u{8}": "\\b"
    case "\u{C}": "\\f"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case _ where value < 0x20 || asASCII:
      "\\u" + String(repeating: "0", count: max(0, 4 - String(value, radix: 16).count))
        + String(value, radix: 16)
    default: String(self)
    }
  }
}
