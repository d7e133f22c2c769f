import Artifacts
import Experiments
import Investigations
import Networks

/// What came of a shard: a small file, which says all that must be the same where it is collected.
public struct ShardFile: Codable, Hashable, Sendable, JSONArtifact {
  public static let format = "casebook.shard"
  public static let version = 1

  public var `case`: String
  public var shard: String
  /// What the program was made from, in a word.
  public var sources: String
  /// The schedule and the parameters' shapes, in words.
  public var trained: String
  /// The names of what may come of a network.
  public var outcomes: [String]
  public var firstSeed: Int
  /// How many networks came to each of the outcomes.
  public var counts: [Int]
  /// For each seed, which of the outcomes it came to.
  public var found: [Int]
}

extension ShardFile {
  init(_ name: String, _ sweep: Sweep, _ shard: Shard, sources: String, found: [Int]) {
    let network = shard.setting.variant.network
    let shapes = network.parameters.map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
    self.case = name
    self.shard = shard.name
    self.sources = sources
    trained = "\(shard.setting.variant.schedule); \(shapes)"
    outcomes = sweep.outcomes.map(\.name)
    firstSeed = shard.seeds.lowerBound
    counts = outcomes.indices.map { outcome in found.count { $0 == outcome } }
    self.found = found
  }

  /// Checks that the counts are those of the networks.
  ///
  /// - Throws: `InvalidShard` saying what does not fit.
  public func validate() throws {
    guard found.allSatisfy(outcomes.indices.contains) else {
      throw InvalidShard(description: "has a network that came to none of the outcomes")
    }
    guard counts == outcomes.indices.map({ outcome in found.count { $0 == outcome } }) else {
      throw InvalidShard(description: "has counts that are not those of its networks")
    }
  }

  /// Reads the file of a shard and checks that it is that shard's.
  ///
  /// - Parameters:
  ///   - shard: One of the sweep's.
  ///   - sweep: What is collected.
  ///   - name: The case.
  ///   - sources: What the program was made from, in a word.
  ///   - folder: Where the files lie.
  /// - Returns: What it holds.
  /// - Throws: `StageError`: `.unreadable` if it is missing, `.malformed` saying what is wrong with it.
  static func read(
    _ shard: Shard, of sweep: Sweep, case name: String, sources: String, in folder: String
  ) throws -> ShardFile {
    let path = "\(folder)/\(shard.name).json"
    let maker = "make sweep CASE=\(name)"
    if InputFile.isMissing(path) {
      throw StageError(.unreadable, "is missing", at: path, remedy: "make it with \(maker)")
    }
    // What is there is not made again, so what is wrong has to go first.
    let remedy = "rm '\(path)' && \(maker)"
    let file: ShardFile = try JSONFile.read(path, madeBy: remedy)
    let expected = ShardFile(name, sweep, shard, sources: sources, found: file.found)
    func require<Value: Equatable>(
      _ place: KeyPath<ShardFile, Value>, _ what: String, show: (Value) -> String
    ) throws {
      let (own, other) = (expected[keyPath: place], file[keyPath: place])
      guard own != other else { return }
      throw StageError(
        .malformed, "at \"\(what)\": is of \(show(other)), not of \(show(own))", at: path,
        remedy: "make it again with \(remedy)")
    }
    try require(\.case, "case") { "the case \($0.quoted)" }
    try require(\.shard, "shard") { "the shard \($0.quoted)" }
    try require(\.sources, "sources") { "the sources \($0.quoted)" }
    try require(\.trained, "trained") { "networks trained by \($0.quoted)" }
    try require(\.outcomes, "outcomes") { "the outcomes \($0.joined(separator: ", ").quoted)" }
    try require(\.firstSeed, "firstSeed") { "seeds from \($0)" }
    guard file.found.count == shard.seeds.count else {
      throw StageError(
        .malformed,
        "at \"found\": has \(file.found.count) networks, and the shard has \(shard.seeds.count)",
        at: path, remedy: "make it again with \(remedy)")
    }
    return file
  }
}

/// A shard's file that contradicts itself.
public struct InvalidShard: Error, Hashable, CustomStringConvertible {
  public let description: String
}
