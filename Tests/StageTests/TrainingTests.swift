import Artifacts
import Experiments
import Findings
import Foundation
import Investigations
import Networks
import Testing

@Suite("training, recording and analyzing a tiny case")
struct TrainingTests {
  @Test("one thread and three make the same bytes")
  func threads() throws {
    let contents = try [1, 3].map { threads in
      let place = try TemporaryGallery()
      defer { place.remove() }
      let tiny = try Tiny(seedCount: 60, broken: [7])
      try train(tiny, in: place.folder, threads: threads) { _, _, _ in }
      try record(tiny, in: place.folder, threads: threads)
      _ = try analyze(tiny, in: place.folder, threads: threads)
      return try place.contents()
    }
    #expect(contents[0] == contents[1])
    #expect(contents[0].keys.contains("tiny/findings.json"))
    #expect(contents[0].keys.contains("tiny/broken/population.safetensors"))
  }

  @Test("a network whose training explodes is recorded, and no other is touched")
  func oneDies() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let (seedCount, broken) = (37, [0, 20])
    let tiny = try Tiny(seedCount: seedCount, broken: broken)
    try train(tiny, in: place.folder, threads: 2) { _, _, _ in }
    let evidence = Evidence(tiny, in: place.folder, threads: 2)
    let training = try evidence.training("broken")
    for seed in 0..<seedCount {
      #expect((training.frozenAt[seed] != nil) == broken.contains(seed))
      if broken.contains(seed) { #expect(training.solvedAt[seed] == nil) }
    }
    #expect(training.frozenAt[0].map { $0 <= 1 } == true)
    // The second variant begins as the first, so all others must end as they do there.
    let others = (0..<seedCount).filter { !broken.contains($0) }
    let whole = try evidence.population().final.networks(others)
    #expect(try evidence.population("broken").final.networks(others) == whole)
    let curve = training.loss.median + training.loss.upper + training.loss.mean
    #expect(curve.allSatisfy { $0.isFinite && $0 < 100 })
  }

  @Test("a specimen is chosen among those that live, though the first died")
  func specimen() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let tiny = try Tiny(seedCount: 60)
    try train(tiny, in: place.folder, threads: 2) { _, _, _ in }
    let training = try Evidence(tiny, in: place.folder, threads: 1).training()
    let seed = try #require(training.specimen?.seed)
    #expect(seed < 6 && training.solvedAt[seed] != nil)
    #expect((0..<seed).allSatisfy { training.solvedAt[$0] == nil })
  }

  @Test("where every network explodes the case cannot be done, and earlier files stay")
  func allDie() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    try train(try Tiny(seedCount: 20), in: place.folder, threads: 1) { _, _, _ in }
    let before = try place.contents()
    let exploding = try Tiny(seedCount: 20, rate: 1e30)
    let error = try #require(throws: StageError.self) {
      try train(exploding, in: place.folder, threads: 1) { _, _, _ in }
    }
    #expect(error.kind == .impossible && error.exitCode == 70)
    #expect(error.description.contains("non-finite in all 20 seeds"))
    #expect(error.description.contains("variant main"))
    #expect(try place.contents() == before)
  }

  @Test("where every network of a later variant explodes, that variant is named")
  func laterVariantDies() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let tiny = try Tiny(seedCount: 20, broken: Array(0..<20))
    let error = try #require(throws: StageError.self) {
      try train(tiny, in: place.folder, threads: 1) { _, _, _ in }
    }
    #expect(error.kind == .impossible && error.description.contains("variant broken"))
  }

  @Test("a population that could never be held is refused, and nothing is written")
  func tooSmall() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let tiny = try Tiny(seedCount: 12)
    try train(tiny, in: place.folder, threads: 1) { _, _, _ in }
    try record(tiny, in: place.folder, threads: 1)
    let before = try place.contents()
    let error = try #require(throws: PopulationTooSmall.self) {
      _ = try analyze(tiny, in: place.folder, threads: 1)
    }
    // All of fourteen pass by chance with probability 0.8^14 = 0.044.
    #expect(error.n == 7 && error.leastN == 14 && error.hypothesis == "silent")
    #expect(try place.contents() == before)
  }

  @Test("a variant without seeds is named")
  func noSeeds() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let error = try #require(throws: StageError.self) {
      try train(try Tiny(seedCount: 0), in: place.folder, threads: 1) { _, _, _ in }
    }
    #expect(error.kind == .impossible && error.description.contains("'main' has no seeds"))
    #expect(try place.contents().isEmpty)
  }

  @Test("progress goes from nothing to all")
  func progress() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let shares = Shares()
    try train(try Tiny(seedCount: 20, broken: [1]), in: place.folder, threads: 2) { _, share, _ in
      shares.add(share)
    }
    let all = shares.all
    #expect(all.allSatisfy { 0...1.000001 ~= $0 } && (all.max() ?? 0) > 0.9)
  }

  @Test("weights of another network are refused, with the parameter that does not fit")
  func otherNetwork() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    try train(try Tiny(seedCount: 20), in: place.folder, threads: 1) { _, _, _ in }
    let larger = Evidence(try Tiny(seedCount: 30), in: place.folder, threads: 1)
    let error = try #require(throws: StageError.self) { _ = try larger.population() }
    #expect(error.kind == .malformed && error.description.contains("20 networks, not 30"))
    #expect(throws: StageError.self) { _ = try larger.training() }
  }
}

/// Numbers from many threads.
private final class Shares: @unchecked Sendable {
  private let lock = NSLock()
  private var shares: [Double] = []

  func add(_ share: Double) { lock.withLock { shares.append(share) } }

  var all: [Double] { lock.withLock { shares } }
}
