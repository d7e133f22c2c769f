import Testing

@testable import Artifacts

private func parsed(_ text: String) throws -> JSON { try JSON(parsing: text.utf8) }

@Suite struct JSONTests {
  @Test func everyKindOfValue() throws {
    #expect(
      try parsed(
        #" {"a":[1,-2.5e+3,0],"b":{"c":null},"d":[true,false],"é":"\u00e9\ud83d\ude00\n\/"} "#)
        == .object([
          "a": .array([.number("1"), .number("-2.5e+3"), .number("0")]),
          "b": .object(["c": .null]), "d": .array([.bool(true), .bool(false)]),
          "é": .string("é😀\n/"),
        ]))
  }

  /// From RFC 8259 and the cases of JSONTestSuite (https://github.com/nst/JSONTestSuite).
  @Test(arguments: [
    "", " ", "[", "]", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01",
    "-", "+1", "1.", ".5", "1e", "1e+", "-01", "0x1", "NaN", "Infinity", "1e999", "tru", "nul",
    "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"",
    "\"\t\"", "\"\n\"", "[1]x", "{} {}", "'a'", "\u{FEFF}1", "{\"a\":1,\"a\":2}", "/**/1", "[1}",
    "{\"a\":1,\"\\u0061\":2}", "\0", "[\0]", "{\"e\u{301}\":1,\"é\":2}", "-a", "\"\\",
  ])
  func refused(text: String) {
    #expect(throws: JSONError.self) { try parsed(text) }
  }

  @Test func notUTF8() {
    for bytes: [UInt8] in [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    ] {
      let error = #expect(throws: JSONError.self) { try JSON(parsing: bytes) }
      #expect(error?.what == "is not UTF-8" && error?.offset == 1)
    }
  }

  @Test func depthAndCountHaveLimits() throws {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONError(what: "is nested deeper than 64", offset: 65)) { try parsed(deep) }
    #expect(throws: JSONError(what: "has more than 10 values", offset: 19)) {
      try JSON(parsing: "[\(String(repeating: "1,", count: 20))1]".utf8, limits: .init(values: 10))
    }
    #expect(throws: JSONError(what: "has a text of more than 1048576 bytes", offset: 1_048_578)) {
      try parsed("\"\(String(repeating: "a", count: 2_000_000))\"")
    }
    #expect(
      try parsed(String(repeating: "[", count: 64) + String(repeating: "]", count: 64)) != .null)
  }

  @Test func pretty() throws {
    let text = """
      {
        "empty": {},
        "long": [
          1000000000000000001, 1000000000000000002, 1000000000000000003, 1000000000000000004,
          1000000000000000005
        ],
        "none": [],
        "rows": [
          [1, 2],
          [3, 4]
        ],
        "text": "a/b\\n\\"é\\" \\u0001"
      }

      """
    #expect(try parsed(text).pretty == text)
  }

  @Test func indicesAreDigitsAlone() throws {
    #expect(try parsed("9223372036854775807").index == Int.max)
    for text in ["-0", "1.0", "1e2", "9223372036854775808", "\"1\"", "null"] {
      #expect(try parsed(text).index == nil)
    }
  }
}
