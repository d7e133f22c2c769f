import Artifacts
import Experiments
import Investigations
import Networks

/// Some seeds of one setting of a sweep: what one run of the stage trains.
public struct Shard: Sendable {
  /// A slug, as in `width-16-seeds-500-999`; with `.json` it names the shard's file.
  public let name: String
  public let setting: Sweep.Setting
  public let seeds: Range<Int>

  init(_ setting: Sweep.Setting, _ seeds: Range<Int>) {
    name = "\(setting.variant.name)-seeds-\(seeds.lowerBound)-\(seeds.upperBound - 1)"
    (self.setting, self.seeds) = (setting, seeds)
  }
}

extension Sweep {
  /// The shards, setting by setting: each seed of each setting is in exactly one.
  ///
  /// - Parameter name: The case, for the message.
  /// - Returns: The shards.
  /// - Throws: `StageError.Kind.impossible` if the sweep is declared such that it cannot be cut or named.
  public func shards(of name: String) throws -> [Shard] {
    func refuse(_ what: String) -> StageError {
      StageError(.impossible, what, at: "\(name), its sweep", remedy: "mend Hypotheses+Sweep.swift")
    }
    guard seedsPerShard > 0 else { throw refuse("a shard has \(seedsPerShard) seeds") }
    guard !settings.isEmpty else { throw refuse("has no settings") }
    for outcome in outcomes where !Slug.isValid(outcome.name) {
      throw refuse("\(outcome.name.quoted) cannot name an outcome")
    }
    for variant in settings.map(\.variant) {
      guard variant.seedCount > 0 else { throw refuse("'\(variant.name)' has no seeds") }
      guard case .fresh = variant.start else {
        throw refuse("'\(variant.name)' starts from another variant, which no shard has")
      }
    }
    let shards = settings.flatMap { setting in
      stride(from: 0, to: setting.variant.seedCount, by: seedsPerShard).map { first in
        Shard(setting, first..<min(first + seedsPerShard, setting.variant.seedCount))
      }
    }
    if let shard = shards.first(where: { !Slug.isValid($0.name) }) {
      throw refuse("\(shard.name.quoted) cannot name a shard")
    }
    guard Set(shards.map(\.name)).count == shards.count else {
      throw refuse("two settings have the same name")
    }
    return shards
  }

  /// Trains the networks of a shard.
  ///
  /// - Returns: Their weights at the end, and which of them became non-finite on the way.
  /// - Throws: `NetworkError` if data do not fit the network.
  func trained(
    _ shard: Shard, threads: Int, progress: @escaping @Sendable (Double, Float) -> Void
  ) throws -> (weights: Weights, isFrozen: [Bool]) {
    let variant = shard.setting.variant
    let last = variant.schedule.steps
    let outcome = try variant.network.train(
      on: variant.data, evaluation: nil, schedule: variant.schedule, seeds: Array(shard.seeds),
      measured: [last], stored: [last], threads: threads, progress: progress)
    return (
      outcome.snapshots[last] ?? variant.network.initialWeights(seeds: []),
      outcome.seeds.map { $0.frozenAt != nil }
    )
  }

  /// Trains a shard and tells its networks apart.
  ///
  /// - Parameters:
  ///   - shard: One of this sweep's.
  ///   - name: The case.
  ///   - sources: What the program was made from, in a word; only shards of the same are collected.
  ///   - threads: How many threads compute; the result does not depend on it.
  ///   - progress: Called now and then with the share that is done, and a loss.
  /// - Returns: What the shard's file holds.
  /// - Throws: `NetworkError` if data do not fit the network.
  public func run(
    _ shard: Shard, of name: String, sources: String, threads: Int,
    progress: @escaping @Sendable (_ share: Double, _ loss: Float) -> Void = { _, _ in }
  ) throws -> ShardFile {
    let (weights, isFrozen) = try trained(shard, threads: threads, progress: progress)
    let found = try outcomes(of: weights, in: shard.setting, threads: threads)
    let unsolved = outcomes.count - 1
    return ShardFile(
      name, self, shard, sources: sources,
      found: zip(found, isFrozen).map { $1 ? unsolved : $0 })
  }
}
