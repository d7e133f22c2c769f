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
