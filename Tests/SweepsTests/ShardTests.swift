import Artifacts
import Experiments
import Investigations
import Networks
import Testing

@testable import Sweeps

@Suite("Shards")
struct ShardTests {
  @Test(
    "hold each seed of each setting once",
    arguments: [(1, 1), (7, 3), (10, 3), (10, 10), (10, 11), (1001, 500), (10_000, 999)])
  func partition(seeds: Int, perShard: Int) throws {
    let names = ["no-penalty-width-2", "penalty-1-width-3"]
    let sweep = try sweep(of: "xor").cut(to: names, seeds: seeds, perShard: perShard)
    let shards = try sweep.shards(of: "xor")
    for name in names {
      let own = shards.filter { $0.setting.variant.name == name }
      #expect(own.flatMap { Array($0.seeds) } == Array(0..<seeds))
      #expect(own.allSatisfy { $0.seeds.count <= perShard && !$0.seeds.isEmpty })
    }
    #expect(shards.count == 2 * ((seeds + perShard - 1) / perShard))
    #expect(Set(shards.map(\.name)).count == shards.count)
  }

  @Test("have names that lead nowhere else", arguments: ["xor", "parity"])
  func names(name: String) throws {
    let sweep = try sweep(of: name)
    let shards = try sweep.shards(of: name)
    #expect(shards.allSatisfy { Slug.isValid($0.name) })
    for hostile in ["../../evil", "a/b", "", "A", "x;touch evil", "penalty 1"] {
      var copy = try sweep.cut(to: [sweep.settings[0].variant.name], seeds: 3, perShard: 2)
      let old = copy.settings[0].variant
      copy.settings[0].variant = .init(
        hostile, old.network, data: old.data, evaluation: old.evaluation, schedule: old.schedule,
        seedCount: 3)
      let error = #expect(throws: StageError.self) { try copy.shards(of: name) }
      #expect(error?.kind == .impossible)
    }
  }

  @Test("that cannot be cut are refused")
  func refused() throws {
    let sound = try sweep(of: "xor")
    let name = sound.settings[0].variant.name
    let wrong = [
      try sound.cut(to: [name], seeds: 3, perShard: 0),
      try sound.cut(to: [], seeds: 3, perShard: 2),
      try sound.cut(to: [name], seeds: 0, perShard: 2),
      try sound.cut(to: [name, name], seeds: 3, perShard: 2),
    ]
    for sweep in wrong {
      #expect(throws: StageError.self) { try sweep.shards(of: "xor") }
    }
  }

  @Test("seeds beyond the population have the same bits alone, in a shard and on threads")
  func sameBits() throws {
    let sweep = try sweep(of: "xor").cut(
      to: ["penalty-1-width-3"], seeds: 10_000, perShard: 100)
    let setting = sweep.settings[0]
    let shard = Shard(setting, 9_900..<10_000)
    #expect(try sweep.shards(of: "xor").contains { $0.name == shard.name })
    let together = try sweep.trained(shard, threads: 2) { _, _ in }.weights
    for seed in [9_900, 9_917, 9_999] {
      let alone = try sweep.trained(Shard(setting, seed..<seed + 1), threads: 1) { _, _ in }.weights
      #expect(alone == together.network(seed - 9_900))
    }
    #expect(together.network(0) != together.network(1))
  }
}
