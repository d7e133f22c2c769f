/// Where and why bytes are not a JSON document that this program takes.
package struct JSONError: Error, Hashable {
  package let what: String

  /// The offset of the byte at which it was noticed.
  package let offset: Int
}

extension JSON {
  /// What a parser takes before it gives up, so that a hostile file cannot exhaust memory or the
  /// stack.
  struct Limits {
    var depth = 64
    var values = 1_000_000
    var textBytes = 1 << 20
  }

  /// Parses a whole document with the usual limits.
  ///
  /// - Throws: `JSONError`.
  package init(document bytes: [UInt8]) throws { try self.init(parsing: bytes) }

  /// Parses a whole document, strictly: no name twice in an object, nothing after the end.
  ///
  /// - Throws: `JSONError`.
  init(parsing bytes: some Sequence<UInt8>, limits: Limits = Limits()) throws {
    let bytes = Array(bytes)
    if let offset = bytes.firstInvalidUTF8 {
      throw JSONError(what: "is not UTF-8", offset: offset)
    }
    var parser = Parser(bytes: bytes, limits: limits)
    self = try parser.document()
  }
}

private struct Parser {
  let bytes: [UInt8]
  let limits: JSON.Limits
  var place = 0
  var values = 0

  init(bytes: [UInt8], limits: JSON.Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func document() throws -> JSON {
    let value = try value(depth: 0)
    skipSpace()
    guard place == bytes.count else { throw error("goes on after its end") }
    return value
  }

  private mutating func value(depth: Int) throws -> JSON {
    values += 1
    guard depth <= limits.depth else { throw error("is nested deeper than \(limits.depth)") }
    guard values <= limits.values else { throw error("has more than \(limits.values) values") }
    skipSpace()
    switch peek {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    case 0 where place >= bytes.count: throw error("ends too early")
    default: throw error("has no value where one belongs")
    }
  }

  private mutating func object(depth: Int) throws -> JSON {
    place += 1
    var members: [String: JSON] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    repeat {
      skipSpace()
      let start = place
      guard peek == UInt8(ascii: "\"") else {
        throw error(place < bytes.count ? "has no name where one belongs" : "ends too early")
      }
      let name = try string()
      skipSpace()
      guard take(":") else { throw error("has no colon after the name \(name.quoted)") }
      guard members[name] == nil else {
        throw JSONError(what: "has the name \(name.quoted) twice", offset: start)
      }
      members[name] = try value(depth: depth + 1)
      skipSpace()
    } while take(",")
    guard take("}") else { throw error(place < bytes.count ? "lacks a comma" : "ends too early") }
    return .object(members)
  }

  private mutating func array(depth: Int) throws -> JSON {
    place += 1
    var elements: [JSON] = []
    skipSpace()
    if take("]") { return .array(elements) }
    repeat {
      elements.append(try value(depth: depth + 1))
      skipSpace()
    } while take(",")
    guard take("]") else { throw error(place < bytes.count ? "lacks a comma" : "ends too early") }
    return .array(elements)
  }

  private mutating func word(_ word: String, _ value: JSON) throws -> JSON {
    guard bytes[place...].starts(with: word.utf8) else {
      throw error("has no value where one belongs")
    }
    place += word.utf8.count
    return value
  }

  private mutating func number() throws -> JSON {
    let start = place
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") { try digits() }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<place], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      throw JSONError(what: "has a number too large to hold", offset: start)
    }
    return .number(text)
  }

  private mutating func digits() throws {
    guard 48...57 ~= peek else { throw error("has no digit where one belongs") }
    while 48...57 ~= peek { place += 1 }
  }

  private mutating func string() throws -> String {
    place += 1
    var content: [UInt8] = []
    while place < bytes.count {
      let byte = bytes[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"): content += try escape().utf8
      case 0..<32:
        throw JSONError(what: "has a control character within a text", offset: place - 1)
      default: content.append(byte)
      }
      guard content.count <= limits.textBytes else {
        throw error("has a text of more than \(limits.textBytes) bytes")
      }
    }
    throw error("ends within a text")
  }

  private mutating func escape() throws -> String {
    let letter = peek
    place += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try hexadecimal()
      guard 0xD800...0xDBFF ~= first, take("\\"), take("u") else { return try scalar(first) }
      let second = try hexadecimal()
      guard 0xDC00...0xDFFF ~= second else { throw error("has half a surrogate pair") }
      return try scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    default: throw error("has an unknown escape within a text")
    }
  }

  private func scalar(_ value: UInt32) throws -> String {
    guard let scalar = Unicode.Scalar(value) else { throw error("has half a surrogate pair") }
    return String(scalar)
  }

  private mutating func hexadecimal() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(peek)).hexDigitValue else {
        throw error("has an escape without four digits")
      }
      value = value << 4 | UInt32(digit)
      place += 1
    }
    return value
  }

  /// The byte at the place, 0 at the end.
  private var peek: UInt8 { place < bytes.count ? bytes[place] : 0 }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  private mutating func skipSpace() {
    while place < bytes.count, [9, 10, 13, 32].contains(bytes[place]) { place += 1 }
  }

  private func error(_ what: String) -> JSONError {
    JSONError(what: what, offset: min(place, bytes.count))
  }
}

extension [UInt8] {
  /// The offset at which the bytes stop being UTF-8, or nil.
  fileprivate var firstInvalidUTF8: Int? {
    guard String(validating: self, as: UTF8.self) == nil else { return nil }
    let repaired = String(decoding: self, as: UTF8.self).utf8
    return zip(self, repaired).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? count
  }
}
