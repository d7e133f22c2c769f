import Foundation
import Testing

/// The stage `sweep` on its command line.
@Suite("The stage sweep")
struct SweepTests {
  @Test("names its shards alone, one a line, as many for each setting")
  func names() throws {
    let place = try Workshop.empty()
    defer { place.remove() }
    let outcome = try place.shell("$STAGES/sweep xor --shards")
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    let names = outcome.output.split(separator: "\n")
    #expect(names.contains("penalty-01-width-16-seeds-500-999") && Set(names).count == names.count)
    #expect(names.allSatisfy { $0.wholeMatch(of: /[a-z0-9-]+-seeds-\d+-\d+/) != nil })
  }

  @Test("trains a shard on any number of threads to the same file, and to no other")
  func shard() throws {
    let place = try Workshop.empty()
    defer { place.remove() }
    let shard = "penalty-1-width-2-seeds-0-499"
    for threads in [1, 2] {
      let outcome = try place.shell(
        "$STAGES/sweep xor --shard \(shard) --output deep/\(threads).json --threads \(threads)")
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output.hasPrefix("sweep xor: \(shard), 500 networks"))
      #expect(outcome.output.split(separator: "\n").count == 1)
    }
    #expect(try place.read("deep/1.json") == place.read("deep/2.json"))
    #expect(Set(try place.contents().keys) == ["deep", "deep/1.json", "deep/2.json"])
  }

  @Test(
    "refuses what it cannot do, and writes nothing",
    arguments: [
      ("xor", 64, "--shards, --shard and --collect"),
      ("xor --shards --collect .", 64, "--shards, --shard and --collect"),
      ("xor --shard penalty-1-width-2-seeds-0-499", 64, "--output"),
      ("xor --shard ../../evil --output x", 64, "no such shard"),
      ("xor --shard penalty-1-width-2-seeds-0-9999 --output x", 64, "no such shard"),
      ("elman --shards", 64, "the case elman declares no sweep; parity, xor do"),
      ("../xor --shards", 64, "no case of that name"),
      (
        "xor --collect nowhere", 74,
        "seeds-0-499.json: is missing; make it with make sweep CASE=xor"
      ),
    ])
  func refusals(arguments: String, status: Int32, words: String) throws {
    let place = try Workshop.empty()
    defer { place.remove() }
    let outcome = try place.shell("$STAGES/sweep \(arguments)")
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errors.contains(words), "\(outcome.errors)")
    #expect(try place.contents().isEmpty)
  }

  @Test("refuses a shard that is torn, naming file, place and remedy")
  func torn() throws {
    let place = try Workshop.empty()
    defer { place.remove() }
    let first = try place.shell("$STAGES/sweep xor --shards").output.split(separator: "\n")[0]
    try place.write(Data("{\n\"case\": \"xor\",\n\"cou".utf8), to: "shards/\(first).json")
    let outcome = try place.shell("$STAGES/sweep xor --collect shards")
    #expect(outcome.status == 65 && outcome.complaints.count == 1)
    #expect(outcome.errors.contains("shards/\(first).json:3: "), "\(outcome.errors)")
    #expect(outcome.errors.contains("make sweep CASE=xor"))
  }
}
