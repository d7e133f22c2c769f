import Stories
import Foundation
import Testing

private func plain(_ text: String) -> String {
  text.replacing("\u{202F}", with: "_").replacing("\u{2212}", with: "-")
}

@Suite struct WordingTests {
  @Test(
    arguments: [
      (0, "0"), (8, "8"), (-3, "-3"), (999, "999"), (1_000, "1_000"), (29_523, "29_523"),
      (1_234_567, "1_234_567"), (0.25, "0.25"), (1.0 / 3, "0.333"), (-0.08333, "-0.0833"),
      (12.345, "12.3"), (1234.5, "1_235"), (0.99996, "1.00"), (999.7, "1_000"), (9.996, "10.0"),
      (0.0001234, "0.000123"), (0.0000421, "4.2 × 10⁻⁵"), (0.0000996, "1.0 × 10⁻⁴"),
      (3e15, "3.0 × 10¹⁵"), (-0.0, "0"),
    ] as [(Double, String)])
  func writesNumbers(_ value: Double, _ expected: String) {
    #expect(plain(Wording.number(value)) == expected)
  }

  @Test(
    arguments: [
      (65, "65"), (164_565, "164_565"), (2_251_500, "2.25\u{A0}million"),
      (999_600, "1.00\u{A0}million"),
      (426_122_000, "426\u{A0}million"), (23_370_701_200, "23.4\u{A0}billion"),
      (4e12, "4.00\u{A0}trillion"),
    ] as [(Double, String)])
  func writesMagnitudes(_ value: Double, _ expected: String) {
    #expect(plain(Wording.magnitude(value)) == expected)
  }

  @Test(
    arguments: [
      (0, "0_%"), (1, "100_%"), (0.5, "50_%"), (0.29, "29_%"), (0.995, "99.5_%"),
      (0.9994, "99.94_%"),
      (0.99996, "99.996_%"), (0.004, "0.4_%"), (0.0057, "0.6_%"), (0.9951, "99.5_%"),
      (0.985, "99_%"),
      (0.125, "13_%"), (1e-12, "below 0.000001_%"),
    ] as [(Double, String)])
  func writesShares(_ value: Double, _ expected: String) {
    #expect(plain(Wording.percent(value)) == expected)
  }

  @Test(arguments: [
    (0, "none"), (1, "one"), (13, "thirteen"), (20, "twenty"), (21, "twenty-one"),
    (100, "one hundred"), (105, "one hundred and five"), (1_000, "one thousand"),
    (1_001, "one thousand and one"), (1_024, "one thousand and twenty-four"),
    (29_523, "twenty-nine thousand five hundred and twenty-three"),
    (999_999, "nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
  ])
  func writesWords(_ value: Int, _ expected: String) {
    #expect(Wording.words(value) == expected)
  }

  /// Law: the words are those of ICU, which spells without "and".
  @Test func agreesWithAnotherSpeller() throws {
    let speller = NumberFormatter()
    speller.locale = Locale(identifier: "en_US")
    speller.numberStyle = .spellOut
    for value in stride(from: 1, to: 1_000_000, by: 4_993) {
      let expected = try #require(speller.string(from: NSNumber(value: value)))
      #expect(Wording.words(value)?.replacing(" and ", with: " ") == expected)
    }
    #expect(Wording.words(1_000_000) == nil)
    #expect(Wording.words(-1) == nil)
  }

  /// Law: rounding agrees with Foundation's decimal arithmetic on the digits that are printed.
  @Test func roundsAsDecimalsAreRounded() throws {
    var generator = SeededGenerator()
    for _ in 0..<2_000 {
      let value = Double.random(in: 0..<1_000, using: &generator)
      for places in 0...4 {
        var exact = try #require(Decimal(string: value.description))
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, places, .plain)
        let text = Wording.fixed(value, decimals: places).replacing("\u{202F}", with: "")
        #expect(Decimal(string: text) == rounded, "\(value) to \(places)")
        #expect(text.split(separator: ".").dropFirst().first?.count ?? 0 == places)
      }
    }
  }

  @Test func writesIntervalsSharesAndP() {
    #expect(plain(Wording.interval(0.79, 0.93, isShare: true)) == "79_% to 93_%")
    #expect(plain(Wording.interval(0.123, 0.154, isShare: false)) == "0.12 to 0.15")
    #expect(plain(Wording.interval(-1, 1, isShare: false)) == "-1.0 to 1.0")
    #expect(Wording.p(0.0004) == "p < 0.001")
    #expect(Wording.p(0.0132) == "p = 0.013")
    #expect(Wording.p(1) == "p = 1")
    #expect(Wording.words(share: 0.5, of: "network") == "half of the networks")
    #expect(Wording.words(share: 0, of: "network") == "no network")
    #expect(Wording.words(1, of: "neuron") == "one neuron")
    #expect(Wording.words(3, of: "copy") == "three copies")
    #expect(Wording.words(2, of: "loss") == "two losses")
    #expect(Wording.list([]) == "" && Wording.list(["a"]) == "a")
  }
}
