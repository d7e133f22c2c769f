import Artifacts
import Experiments
import Foundation
import HypothesisList
import Investigations
import Networks
import Testing

@testable import Sweeps

/// The sweep that a case declares.
func sweep(of name: String) throws -> Sweep {
  let type = try #require(investigations.first { $0.key == name }?.value)
  return try #require(type as? any Sweeping.Type, "\(name) declares no sweep").init().sweep()
}

extension Sweep {
  func setting(_ name: String) throws -> Setting {
    try #require(settings.first { $0.variant.name == name })
  }

  /// A few of the settings, with other numbers of seeds.
  func cut(to names: [String], seeds: Int, perShard: Int) throws -> Sweep {
    var copy = self
    copy.settings = try names.map { name in
      var setting = try setting(name)
      let old = setting.variant
      setting.variant = Variant(
        old.name, old.network, data: old.data, evaluation: old.evaluation, schedule: old.schedule,
        seedCount: seeds)
      return setting
    }
    copy.seedsPerShard = perShard
    return copy
  }
}

/// A folder of its own, with a case's folder and one for shards.
struct Scratch {
  let root = FileManager.default.temporaryDirectory.appending(path: "casebook-\(UUID().uuidString)")
  let folder: CaseFolder
  var shards: String { root.appending(path: "shards").path }

  init(_ name: String = "xor") throws {
    folder = try Gallery(root.appending(path: "artifacts").path).case(name)
  }

  func remove() { try? FileManager.default.removeItem(at: root) }

  /// Runs all shards of a sweep, and returns what came of them.
  func fill(_ sweep: Sweep) throws -> [ShardFile] {
    try sweep.shards(of: folder.name).map { shard in
      let file = try sweep.run(shard, of: folder.name, sources: "these", threads: 2)
      try JSONFile.write(file, to: "\(shards)/\(shard.name).json")
      return file
    }
  }
}
