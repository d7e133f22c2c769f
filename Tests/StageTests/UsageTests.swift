import Foundation
import Testing

@Suite("the command line")
struct UsageTests {
  @Test("a stage says in one line what it did, beginning with its name and the case")
  func oneLine() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    for stage in Stage.allCases.dropFirst() {
      let outcome = try workshop.run(stage, "xor")
      #expect(outcome.status == 0)
      #expect(outcome.complaints.isEmpty, "\(outcome.errors)")
      let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(lines.count == 2 && lines[0].hasPrefix("\(stage.rawValue) xor") && lines[1].isEmpty)
    }
  }

  @Test("what a gallery lacks of the assignment is named all at once, a line each with its remedy")
  func lacking() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let outcome = try workshop.run(.assemble, "gallery", "--check")
    #expect(outcome.status == 65 && outcome.output.isEmpty)
    for part in [
      "artifacts/xor: there is no notebook artifacts/xor/case-study.ipynb; run make notebooks CASE=xor",
      "artifacts/parity/findings.json: is missing; ",
      "artifacts/README.md: says nothing of 'Form a mechanistic hypothesis'; run make",
      "artifacts/README.md: says nothing of 'Clarity of thinking'; run make",
      "artifacts/README.md: does not lead to xor/README.md; run make",
    ] {
      #expect(
        outcome.complaints.contains { $0.hasPrefix("assemble gallery: error: \(part)") },
        "\(outcome.errors)")
    }
    let last = try #require(outcome.complaints.last)
    #expect(last.contains("artifacts: lacks \(outcome.complaints.count - 1) things; "))
  }

  @Test("a stage that runs again makes the same bytes, and nothing else")
  func again() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let before = try workshop.contents()
    for stage in Stage.allCases.dropFirst() {
      #expect(try workshop.run(stage, "xor", "--threads", "3").status == 0)
    }
    #expect(try workshop.contents() == before)
  }

  @Test("an unknown case is refused with the list of those there are", arguments: Stage.allCases)
  func unknownCase(stage: Stage) throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    let hostile = [
      ("../xor", "'../xor'"), ("/etc", "'/etc'"), ("xor/../xor", "'xor/../xor'"),
      ("xor\n", "'xor\\n'"), ("\u{1B}[2J\u{7}", "'\\u001b[2J\\u0007'"),
      ("$(touch x)", "'$(touch x)'"),
      (String(repeating: "x", count: 100_000), "'\(String(repeating: "x", count: 80))…'"),
    ]
    let harmless = ["perplexity", "XOR", "", "xor/", "😀", ".keys"].map { ($0, "'\($0)'") }
    for (name, shown) in hostile + harmless {
      let outcome = try workshop.run(stage, name)
      #expect(outcome.status == 64 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("there is no case \(shown); there are"), "\(outcome.errors)")
      #expect(outcome.errors.contains("xor"))
    }
    #expect(try workshop.contents().isEmpty)
  }

  @Test(
    "wrong usage is refused",
    arguments: Stage.allCases,
    [
      ["xor", "--threads", "0"], ["xor", "--threads", "-1"], ["xor", "--threads", "many"],
      ["xor", "--threads"], ["xor", "--threads", "99999999999999999999"], ["xor", "--speed"],
      ["xor", "extra"], [],
    ])
  func wrongUsage(stage: Stage, arguments: [String]) throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    let quoted = arguments.map { "'\($0)'" }.joined(separator: " ")
    let outcome = try workshop.shell("\"$STAGES/\(stage.rawValue)\" \(quoted)")
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.errors.lowercased().contains("usage: "))
    #expect(try workshop.contents().isEmpty)
  }

  @Test("help is no error", arguments: Stage.allCases)
  func help(stage: Stage) throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    let outcome = try workshop.run(stage, "--help")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    for word in ["USAGE", "--artifacts", "--threads"] { #expect(outcome.output.contains(word)) }
  }
}
