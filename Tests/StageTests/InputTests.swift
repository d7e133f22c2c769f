import Foundation
import Testing

/// The files that each stage reads, but for the first, which reads none.
private let inputs: [(stage: Stage, file: String)] = [
  (.record, "main/checkpoints/001500.safetensors"),
  (.analyze, "main/training.json"),
  (.analyze, "main/population.safetensors"),
  (.analyze, "lottery/population.safetensors"),
  (.analyze, "width-2/training.json"),
  (.analyze, "main/checkpoints/000000.safetensors"),
  (.analyze, "activations.safetensors"),
  (.render, "findings.json"),
  (.render, "findings.safetensors"),
  (.assemble, "findings.json"),
  (.assemble, "figures.json"),
  (.assemble, "main/training.json"),
]

@Suite("what the stages read")
struct InputTests {
  @Test(
    "a missing file is named, with what makes it",
    arguments: inputs.filter {
      !$0.file.contains("checkpoints") && !$0.file.hasSuffix("gs.safetensors")
    })
  func missing(stage: Stage, file: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete("artifacts/xor/\(file)")
    try workshop.expectRefusal(
      of: stage, status: 74,
      saying: ["\(stage.rawValue) xor: error: artifacts/xor/\(file): is missing", "make xor"])
  }

  @Test(
    "without anything, each stage names the file that it wants first",
    arguments: Stage.allCases.dropFirst())
  func nothing(stage: Stage) throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    try workshop.expectRefusal(of: stage, status: 74, saying: ["artifacts/xor/", "make xor"])
  }

  @Test("a missing array is named")
  func missingArrays() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete("artifacts/xor/findings.safetensors")
    try workshop.expectRefusal(of: .render, status: 65, saying: ["has no array '"])
  }

  @Test("a folder in the place of a file is refused", arguments: inputs)
  func folder(stage: Stage, file: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete("artifacts/xor/\(file)")
    try workshop.write(Data(), to: "artifacts/xor/\(file)/inside")
    try workshop.expectRefusal(
      of: stage, status: 74, saying: ["artifacts/xor/\(file): is a folder, not a file"])
  }

  @Test("a damaged file is refused", arguments: inputs, Damage.allCases)
  func damaged(input: (stage: Stage, file: String), damage: Damage) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let path = "artifacts/xor/\(input.file)"
    let whole = try workshop.read(path)
    let isJSON = path.hasSuffix(".json")
    let damaged = damage.applied(to: whole, isJSON: isJSON)
    // These two say nothing of the case that they are of.
    let saysCase = !input.file.hasPrefix("fi") || !isJSON
    try #require(damaged != whole || (damage == .foreignCase && !saysCase))
    guard damaged != whole else { return }
    try workshop.write(damaged, to: path)
    let version = ["of version", "make regenerate"]
    try workshop.expectRefusal(
      of: input.stage, status: 65,
      saying: ["error: " + path] + (damage == .version ? version : ["make xor"]))
  }

  @Test("a file of another variant is refused")
  func otherVariant() throws {
    for file in ["population.safetensors", "training.json"] {
      let workshop = try Workshop.furnished()
      defer { workshop.remove() }
      // Both are of two neurons and a thousand seeds: their shapes are the same.
      let other = try workshop.read("artifacts/xor/no-penalty/\(file)")
      try workshop.write(other, to: "artifacts/xor/width-2/\(file)")
      try workshop.expectRefusal(
        of: .analyze, status: 65, saying: ["artifacts/xor/width-2/\(file)", "make xor"])
    }
  }

  @Test("a pipe, a link to nowhere and a link in a circle are refused, and nothing waits")
  func oddFiles() throws {
    let path = "artifacts/xor/findings.json"
    for command in ["mkfifo \(path)", "ln -s nowhere \(path)", "ln -s findings.json \(path)"] {
      let workshop = try Workshop.furnished()
      defer { workshop.remove() }
      try workshop.delete(path)
      #expect(try workshop.shell(command).status == 0)
      let outcome = try workshop.run(.render, "xor")
      #expect(outcome.status == 74 && outcome.complaints.count == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains(path))
    }
  }
}

/// What can happen to a file.
enum Damage: String, CaseIterable, CustomTestStringConvertible {
  case empty, half, lastByte, oneBit, text, array, foreignCase, foreignFormat, version

  var testDescription: String { rawValue }

  func applied(to data: Data, isJSON: Bool) -> Data {
    switch self {
    case .empty: return Data()
    case .half: return data.prefix(data.count / 2)
    // The last byte of JSON is a line feed, which nobody misses.
    case .lastByte: return data.dropLast(isJSON ? 2 : 1)
    case .oneBit:
      var data = data
      data[isJSON ? 0 : data.count - 5] ^= 1
      return data
    case .text: return Data("This is no artifact.\n".utf8)
    case .array: return Data("[]\n".utf8)
    case .foreignCase:
      return data.replacing(
        isJSON ? #""case": "xor""# : #""case":"xor""#,
        with: isJSON ? #""case": "abc""# : #""case":"abc""#)
    case .foreignFormat: return data.replacing("casebook.", with: "notebook.")
    case .version:
      return data.replacing(
        isJSON ? #""version": 1"# : #""version":"1""#,
        with: isJSON ? #""version": 7"# : #""version":"7""#)
    }
  }
}

extension Data {
  /// The bytes with the first occurrence of a text replaced by another.
  fileprivate func replacing(_ text: String, with other: String) -> Data {
    guard let range = range(of: Data(text.utf8)) else { return self }
    var copy = self
    copy.replaceSubrange(range, with: Data(other.utf8))
    return copy
  }
}
