import Foundation
import Testing

@testable import Findings

private func encoded(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

private func decoded<Value: Decodable>(_ text: String) throws -> Value {
  try JSONDecoder().decode(Value.self, from: Data(text.utf8))
}

@Suite struct FindingsFileTests {
  @Test func everyFieldIsPresent() throws {
    let finding = Finding(.number(0.1), n: 3, from: ["a.safetensors"])
    #expect(
      try encoded(finding)
        == #"{"from":["a.safetensors"],"interval":null,"n":3,"seeds":null,"unit":null,"value":0.1}"#
    )
    let prediction = try judged(
      [
        (
          Hypothesis(
            name: "a", claim: "b", rival: "c", intervention: nil, control: nil, predicted: "d",
            .atLeast(1)),
          Outcome(effects: [Double](repeating: 1, count: 14))
        )
      ], seeds: "trial 10-23", from: ["a.safetensors"])[0]
    let keys = try JSONSerialization.jsonObject(with: Data(encoded(prediction).utf8))
    #expect((keys as? [String: Any])?.count == 23)
    #expect(try encoded(prediction).contains(#""effectInterval":null"#))
    #expect(try encoded(prediction).contains(#""grade":"correlational only""#))
    #expect(try decoded(encoded(prediction)) == prediction)
  }

  @Test func valuesAreBare() throws {
    let values: [Finding.Value] = [
      .number(1), .numbers([0.1, 1e-30, -3]), .text("unit 3 / \"x\""),
    ]
    for value in values { #expect(try decoded(encoded([value])) == [value]) }
    #expect(try encoded([Finding.Value.numbers([])]) == "[[]]")
    #expect(throws: DecodingError.self) { let _: [Finding.Value] = try decoded("[true]") }
    #expect(throws: DecodingError.self) { let _: [Finding.Value] = try decoded("[null]") }
  }

  @Test func missingFieldsAreRefused() throws {
    let text = #"{"from":["a"],"n":3,"seeds":null,"unit":null,"value":0.1}"#
    #expect(throws: DecodingError.self) { let _: Finding = try decoded(text) }
  }

  @Test func numbersRoundTrip() throws {
    let extremes = [Double.leastNonzeroMagnitude, .greatestFiniteMagnitude, -0.0]
    for number in extremes + [0.1, 1.0 / 3, 123456789.125] {
      let finding = Finding(.number(number), n: 1, from: ["a"])
      let back: Finding = try decoded(encoded(finding))
      guard case .number(let read) = back.value else { throw InvalidFinding("not a number") }
      #expect(read.bitPattern == number.bitPattern)
    }
  }

  @Test func validationNamesTheFinding() {
    func message(_ finding: Finding) -> String? {
      #expect(throws: InvalidFinding.self) {
        try FindingsFile(findings: ["fine": Finding(.text("x"), n: 1, from: ["a"]), "bad": finding])
          .validate()
      }?.description
    }
    #expect(
      message(Finding(.number(.nan), n: 1, from: ["a"]))
        == "finding 'bad' has, as its value, no finite number: nan")
    #expect(
      message(Finding(.numbers([1, .infinity]), n: 1, from: ["a"]))
        == "finding 'bad' has, as its value, no finite number: inf")
    #expect(
      message(Finding(.number(1), n: 1, interval: Interval(lower: 0, upper: .nan), from: ["a"]))
        == "finding 'bad' has, as its interval, no finite number: nan")
    #expect(
      message(Finding(.number(1), n: 1, interval: Interval(lower: 2, upper: 1), from: ["a"]))
        == "finding 'bad' has an interval that ends before it begins")
    #expect(
      message(Finding(.number(1), n: 1, from: []))
        == "finding 'bad' does not say what it was computed from")
    #expect(
      message(Finding(.number(1), n: -1, from: ["a"])) == "finding 'bad' has a negative n: -1")
    #expect(
      message(Finding(.numbers([Double](repeating: 0, count: 1_001)), n: 1, from: ["a"]))
        == "finding 'bad' has 1001 numbers; more than 1000 belong in findings.safetensors")
    #expect(
      message(.share(0, of: 0, from: ["a"]))
        == "finding 'bad' has, as its value, no finite number: nan")
  }

  @Test func helpers() {
    let share = Finding.share(81, of: 263, unit: "networks", from: ["a"])
    #expect(share.value == .number(81.0 / 263) && share.n == 263)
    #expect(share.interval == Statistics.wilson(81, of: 263))
    var generator = SplitMix64(seed: 1)
    let mean = Finding.mean(of: [1, 2, 3], from: ["a"], using: &generator)
    #expect(mean.value == .number(2) && mean.n == 3 && mean.interval != nil)
  }
}
