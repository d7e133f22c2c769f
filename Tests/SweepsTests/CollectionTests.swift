import Artifacts
import Figures
import Findings
import Foundation
import Experiments
import Investigations
import Networks
import Testing

@testable import Sweeps

@Suite("A collected sweep")
struct CollectionTests {
  /// Two settings of 23 seeds, ten a shard.
  private func small() throws -> Sweep {
    try sweep(of: "xor").cut(
      to: ["penalty-1-width-3", "penalty-01-width-16"], seeds: 23, perShard: 10)
  }

  @Test("says what counting the networks one by one says")
  func counts() throws {
    let (sweep, scratch) = (try small(), try Scratch())
    defer { scratch.remove() }
    let files = try scratch.fill(sweep)
    #expect(
      try collect(sweep, in: scratch.folder, from: scratch.shards, sources: "these") == 46)
    let made: FindingsFile = try JSONFile.read("\(scratch.folder.path)/sweep.json", madeBy: "test")
    #expect(made.case == "xor" && made.predictions.isEmpty)
    for setting in sweep.settings {
      let name = setting.variant.name
      let weights = try setting.variant.network.train(
        on: setting.variant.data, evaluation: setting.variant.evaluation,
        schedule: setting.variant.schedule, seeds: Array(0..<23),
        stored: [setting.variant.schedule.steps]
      ).snapshots[setting.variant.schedule.steps]
      let direct = try sweep.outcomes(of: try #require(weights), in: setting)
      #expect(files.filter { $0.shard.hasPrefix(name) }.flatMap(\.found) == direct)
      for (place, outcome) in sweep.outcomes.enumerated() {
        let count = direct.count { $0 == place }
        let finding = try #require(made.findings["\(name)-\(outcome.name)"])
        #expect(finding.value == .number(Double(count) / 23) && finding.n == 23)
        #expect(finding.interval == Statistics.wilson(count, of: 23))
      }
    }
    let bytes = try Data(contentsOf: URL(filePath: "\(scratch.folder.path)/sweep.png"))
    #expect(try Picture(png: Array(bytes)).width == 1440)
    for words in ["Case\0xor", "Finding\0", "Source\0sweep.json CRC-32 "] {
      #expect(bytes.range(of: Data(words.utf8)) != nil, "\(words)")
    }
  }

  struct Damage: CustomTestStringConvertible {
    let testDescription: String
    var kind = StageError.Kind.malformed
    let says: String
    let change: @Sendable (String) -> String?
  }

  private static func replacing(_ old: String, _ new: String, _ says: String) -> Damage {
    Damage(testDescription: "\(old) → \(new)", says: says) {
      $0.replacingOccurrences(of: old, with: new)
    }
  }

  static let damages = [
    Damage(
      testDescription: "missing", kind: .unreadable, says: "is missing; make it with make sweep"
    ) {
      _ in nil
    },
    Damage(testDescription: "cut in half", says: ":") { String($0.prefix($0.count / 2)) },
    Damage(testDescription: "empty", says: ":1") { _ in "" },
    replacing("casebook.shard", "casebook.findings", "is of the format"),
    replacing("\"version\": 1", "\"version\": 2", "reads version 1"),
    replacing(
      "\"xor\"", "\"parity\"", "at \"case\": is of the case 'parity', not of the case 'xor'"),
    replacing("width-3-seeds-10", "width-4-seeds-10", "at \"shard\""),
    replacing("\"these\"", "\"others\"", "at \"sources\": is of the sources 'others'"),
    replacing("learningRate: 0.02", "learningRate: 0.03", "at \"trained\""),
    replacing("agreeing", "arguing", "at \"outcomes\""),
    replacing("\"firstSeed\": 10", "\"firstSeed\": 0", "at \"firstSeed\""),
  ]

  @Test("refuses a shard that is damaged, another's or missing", arguments: damages)
  func refused(damage: Damage) throws {
    let (sweep, scratch) = (try small(), try Scratch())
    defer { scratch.remove() }
    _ = try scratch.fill(sweep)
    let path = "\(scratch.shards)/penalty-1-width-3-seeds-10-19.json"
    let before = try String(contentsOfFile: path, encoding: .utf8)
    if let after = damage.change(before) {
      #expect(after != before)
      try after.write(toFile: path, atomically: true, encoding: .utf8)
    } else {
      try FileManager.default.removeItem(atPath: path)
    }
    let error = #expect(throws: StageError.self) {
      try collect(sweep, in: scratch.folder, from: scratch.shards, sources: "these")
    }
    #expect(error?.kind == damage.kind)
    let words = "\(error.map { "\($0)" } ?? "")"
    #expect(words.contains(path) && words.contains(damage.says), "\(words)")
    #expect(words.contains("make sweep CASE=xor") || words.contains("make regenerate"), "\(words)")
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.folder.path)/sweep.json"))
  }

  @Test("refuses a shard whose networks are too few, too many, unknown or miscounted")
  func contradictions() throws {
    let (sweep, scratch) = (try small(), try Scratch())
    defer { scratch.remove() }
    let file = try scratch.fill(sweep)[1]
    let path = "\(scratch.shards)/\(file.shard).json"
    func refusal(_ change: (inout ShardFile) -> Void) throws -> String {
      var other = file
      change(&other)
      // Written by hand, since the writer refuses what contradicts itself.
      var text = String(decoding: try JSONEncoder().encode(other), as: UTF8.self)
      text = text.replacingOccurrences(
        of: "{", with: "{\"format\":\"casebook.shard\",\"version\":1,")
      try text.write(toFile: path, atomically: true, encoding: .utf8)
      let error = #expect(throws: StageError.self) {
        try collect(sweep, in: scratch.folder, from: scratch.shards, sources: "these")
      }
      #expect(error?.kind == .malformed)
      return "\(error.map { "\($0)" } ?? "")"
    }
    let last = try #require(file.found.last)
    #expect(
      try refusal {
        $0.found.removeLast()
        $0.counts[last] -= 1
      }.contains("has 9 networks, and the shard has 10"))
    #expect(
      try refusal {
        $0.found.append(last)
        $0.counts[last] += 1
      }.contains("has 11 networks"))
    #expect(try refusal { $0.found[0] = 6 }.contains("came to none of the outcomes"))
    #expect(try refusal { $0.counts[0] += 1 }.contains("has counts that are not those"))
    #expect(try refusal { $0.counts = [] }.contains("has counts that are not those"))
  }
}
