import Findings
import Testing

@testable import Artifacts

private struct Sample: JSONArtifact, Equatable {
  static let format = "casebook.sample"
  static let version = 2

  var name = "a"
  var numbers: [Double] = []
  var floats: [Float] = []
}

@Suite struct JSONFileTests {
  @Test func roundTrip() throws {
    let scratch = try Scratch()
    let sample = Sample(
      name: "é/\"\n", numbers: [0.1, 1.0 / 3, 1e300, -0.0, 12], floats: [0.1, 1.0 / 3])
    try JSONFile.write(sample, to: scratch("x.json"))
    let back: Sample = try JSONFile.read(scratch("x.json"), madeBy: "make a")
    #expect(back == sample && back.numbers[3].sign == .minus)
    #expect(
      try contents(scratch("x.json")) == """
        {
          "floats": [0.1, 0.33333334],
          "format": "casebook.sample",
          "name": "é/\\"\\n",
          "numbers": [0.1, 0.3333333333333333, 1e+300, -0, 12],
          "version": 2
        }

        """)
  }

  @Test func notFiniteNamesTheEntry() throws {
    let scratch = try Scratch()
    let error = #expect(throws: StageError.self) {
      try JSONFile.write(Sample(numbers: [1, .nan]), to: scratch("x.json"))
    }
    #expect(error?.kind == .impossible)
    #expect(error?.what == "'numbers.1' is no finite number: nan")
    let finding = Finding(.number(.infinity), n: 3, from: ["a"])
    let other = #expect(throws: StageError.self) {
      try JSONFile.write(FindingsFile(findings: ["accuracy": finding]), to: scratch("x.json"))
    }
    #expect(other?.what == "finding 'accuracy' has, as its value, no finite number: inf")
    #expect(try scratch.names == [])
  }

  @Test(arguments: [
    ("{", ":1", "ends too early"),
    ("{\n\"a\":1,\n\"a\":2}", ":3", "has the name 'a' twice"),
    ("[]", "", "does not say what it is: it has no \"format\""),
    (
      #"{"format":"casebook.other","version":2}"#, "",
      "is of the format 'casebook.other', not 'casebook.sample'"
    ),
    (#"{"format":"casebook.sample"}"#, "", "has no \"version\""),
    (#"{"format":"casebook.sample","version":2,"name":"a","numbers":[]}"#, "", "has no 'floats'"),
    (
      #"{"format":"casebook.sample","version":2,"name":1,"numbers":[],"floats":[]}"#, "",
      "has at 'name' something else than String"
    ),
    (
      #"{"format":"casebook.sample","version":2,"name":"a","numbers":[1,null],"floats":[]}"#, "",
      "has nothing at 'numbers.1'"
    ),
  ])
  func malformed(text: String, line: String, what: String) throws {
    let error = #expect(throws: StageError.self) {
      let _: Sample = try JSONFile.artifact(from: Array(text.utf8), of: "x.json", madeBy: "make a")
    }
    #expect(error?.description == "x.json\(line): \(what); make it again with make a")
    #expect(error?.kind == .malformed)
  }

  @Test func anotherVersionSaysHowToGetThisOne() {
    let error = #expect(throws: StageError.self) {
      let _: Sample = try JSONFile.artifact(
        from: Array(#"{"format":"casebook.sample","version":3}"#.utf8), of: "x.json",
        madeBy: "make a")
    }
    #expect(
      error?.description
        == "x.json: is of version 3, and this program reads version 2; run make regenerate")
  }

  @Test func everyTruncationOfFindingsIsRefused() throws {
    let findings = FindingsFile(
      findings: ["a": Finding(.numbers([1, 2.5]), unit: "bits", n: 3, from: ["x"])])
    let text = Array(try JSONFile.text(of: findings, for: "x").utf8)
    let back: FindingsFile = try JSONFile.artifact(from: text, of: "x", madeBy: "y")
    #expect(back == findings)
    for length in 0..<text.count - 1 {
      #expect(throws: StageError.self) {
        let _: FindingsFile = try JSONFile.artifact(
          from: Array(text[..<length]), of: "x", madeBy: "y")
      }
    }
    var dice = Dice(state: 5)
    for _ in 0..<2_000 {
      var mutant = text
      for _ in 0...dice.roll(3) { mutant[dice.roll(mutant.count)] = UInt8(dice.roll(256)) }
      let _: FindingsFile? = try? JSONFile.artifact(from: mutant, of: "x", madeBy: "y")
    }
  }

  @Test func figuresAreChecked() throws {
    let fine = FiguresFile.Entry(
      name: "loss-curve", title: "t", caption: "c", alt: "a", width: 800, height: 600, from: ["x"])
    try FiguresFile([fine]).validate()
    #expect(FiguresFile([fine]).figure("loss-curve") == fine)
    func message(_ change: (inout FiguresFile.Entry) -> Void) -> String? {
      var entry = fine
      change(&entry)
      return #expect(throws: InvalidFigure.self) { try FiguresFile([entry]).validate() }?
        .description
    }
    #expect(message { $0.name = "../x" } == "figure '../x' is not named by a slug")
    #expect(message { $0.alt = "" } == "figure 'loss-curve' has no alt text")
    #expect(message { $0.width = 0 } == "figure 'loss-curve' has the size 0 × 600")
    #expect(message { $0.from = [] } == "figure 'loss-curve' does not say what it was drawn from")
    #expect(throws: InvalidFigure(description: "figure 'loss-curve' is there twice")) {
      try FiguresFile([fine, fine]).validate()
    }
  }
}
