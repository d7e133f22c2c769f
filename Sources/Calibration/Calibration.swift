import Artifacts
import Findings
import Interpretability
import Investigations
import Networks
import Tensors

/// How often each test of the evidence says "held" when it should, and when it should not.
///
/// A trial is a fresh population and one prediction: on networks with the mechanism written into them, on untrained
/// ones, on networks with the mechanism and an explanation that is wrong in one point, and, where it is hardest to say, on
/// populations of which four in five networks have the mechanism, which is just not the more than four in five that
/// are claimed.
public struct Calibration: Sendable {
  /// What the networks of a trial are, and what is said of them.
  public enum Kind: String, CaseIterable, Sendable {
    case known
    case untrained
    case falsely = "false"
    case borderline

    /// Whether a claim is so far from true that hardly a trial may call it held.
    var isPlainlyFalse: Bool { self == .untrained || self == .falsely }
  }

  /// The number of trials of each kind, and of the trial seeds of each.
  public static let trialCount = 200
  public static let seedCount = 30
  /// The share of borderline networks that have the mechanism: what a claim says is exceeded.
  public static let borderlineShare: Float = 0.8
  /// The largest share of false verdicts, at the upper end of its interval, that a test may have.
  public static let limit = 0.05

  /// How many of the trials of a kind a test called held.
  public struct Count: Sendable, Hashable {
    public let test: StandardTest
    public let kind: Kind
    public var held: Int
    public var failed: Int
    public let trials: Int
  }

  public let counts: [Count]

  /// Runs all trials.
  ///
  /// - Parameters:
  ///   - seed: Where their draws begin.
  ///   - trials: How many of each kind.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if an explanation does not fit its networks.
  public init(seed: Int = 0, trials: Int = trialCount, threads: Int = 1) throws {
    let networks = try KnownNetworks()
    let verdicts = try parallelMap(Kind.allCases.count * trials, threads: threads) { index in
      try Self.verdicts(
        networks, Kind.allCases[index / trials], seed: seed * trials + index % trials)
    }
    counts = StandardTest.allCases.flatMap { test in
      Kind.allCases.enumerated().map { place, kind in
        let own = verdicts[place * trials..<(place + 1) * trials].compactMap { $0[test] }
        return Count(
          test: test, kind: kind, held: own.count { $0 == .held },
          failed: own.count { $0 == .failed }, trials: trials)
      }
    }
  }

  /// What every test says in one trial.
  private static func verdicts(_ networks: KnownNetworks, _ kind: Kind, seed: Int) throws
    -> [StandardTest: Verdict]
  {
    var generator = Generator(seed: seed, stream: .analysis)
    let bits = Array(generator.permutation(of: KnownNetworks.bitCount).prefix(2))
    let seeds = (0..<seedCount).map { seed * seedCount + $0 }
    let untrained = networks.network.initialWeights(seeds: seeds)
    let written = try networks.written(seedCount, bits: bits, using: &generator)
    let weights =
      switch kind {
      case .known, .falsely: written
      case .untrained: untrained
      case .borderline:
        try Weights.stacking(
          (0..<seedCount).map { seed in
            (generator.uniform() < borderlineShare ? written : untrained).network(seed)
          })
      }
    // Untrained networks are compared with others that are as untrained.
    let others =
      kind == .untrained || kind == .borderline
      ? networks.network.initialWeights(seeds: seeds.map { $0 + 1_000_000 }) : untrained
    var verdicts: [StandardTest: Verdict] = [:]
    for test in StandardTest.allCases {
      let falsehoods = test.falsehoods
      let explanation = try networks.explanation(
        bits: bits, kind == .falsely ? falsehoods[seed % falsehoods.count] : nil, seed: seed)
      let examination = try Examination(explanation, of: networks.network, weights)
      verdicts[test] = try judged(
        [(test.hypothesis(explanation), test.outcome(examination, untrained: others))],
        seeds: "\(seedCount) fresh", from: ["calibration"])[0].verdict
    }
    return verdicts
  }

  /// The tests that call too much held that is not so.
  public var unreliable: [Count] {
    counts.filter {
      $0.kind.isPlainlyFalse && Statistics.wilson($0.held, of: $0.trials).upper > Self.limit
    }
  }

  /// What was counted, as findings.
  ///
  /// - Throws: `NetworkError` never: the networks are constant.
  public func findings() throws -> FindingsFile {
    let named = try KnownNetworks().explanation(bits: [0, 1])
    var findings: [String: Finding] = [:]
    for count in counts {
      findings["\(count.test.rawValue)-\(count.kind.rawValue)"] = .share(
        count.held, of: count.trials, unit: "share of trials called held",
        seeds: "\(count.trials) populations of \(Self.seedCount)",
        from: ["Sources/Calibration/KnownNetworks.swift"])
    }
    for test in StandardTest.allCases {
      let hypothesis = test.hypothesis(named)
      for (part, words) in [("claim", hypothesis.claim), ("predicted", hypothesis.predicted)] {
        findings["\(test.rawValue)-\(part)"] = Finding(
          .text(words), n: 1, from: ["Sources/Investigations/StandardTrial.swift"])
      }
    }
    findings["seeds"] = Finding(
      .number(Double(Self.seedCount)), unit: "networks", n: 1,
      from: ["Sources/Calibration/Calibration.swift"])
    findings["designed-error"] = Finding(
      .number(Self.designedError), unit: "share of trials called held", n: Self.seedCount,
      from: ["Sources/Findings/Judgement.swift"])
    return FindingsFile(case: "calibration", findings: findings)
  }

  /// The probability that a claim is called held of which the claimed share of networks, and no more, is true.
  static var designedError: Double {
    (0...seedCount).map {
      Statistics.binomialUpperTail($0, of: seedCount, share: Double(borderlineShare))
    }.first { $0 <= 0.05 } ?? 0
  }
}

/// Calibrates the tests and writes what was found to `calibration/findings.json`.
///
/// - Returns: What was counted.
/// - Throws: `StageError` if a test calls too much held that is not so, or the file cannot be written.
public func calibrate(in folder: CaseFolder, seed: Int, threads: Int) throws -> Calibration {
  let calibration = try Calibration(seed: seed, threads: threads)
  try JSONFile.write(calibration.findings(), to: folder.findings)
  if let worst = calibration.unreliable.first {
    throw StageError(
      .impossible,
      "says that '\(worst.test.rawValue)' called \(worst.held) of \(worst.trials) \(worst.kind.rawValue) claims held",
      at: folder.findings, remedy: "repair the test in Sources/Investigations, or drop it")
  }
  return calibration
}
