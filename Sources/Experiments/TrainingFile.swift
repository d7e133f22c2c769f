import Artifacts
import Findings
import Networks

/// How the training of a variant went: what `training.json` holds.
public struct TrainingFile: Codable, Hashable, Sendable, JSONArtifact {
  public static let format = "casebook.training"
  public static let version = 1

  /// A quantity at each measured step, over all seeds.
  public struct Curve: Codable, Hashable, Sendable {
    public var median: [Double]
    /// The 10 % and 90 % quantiles.
    public var lower: [Double]
    public var upper: [Double]
    public var mean: [Double]
  }

  /// The network that the story is about.
  public struct Specimen: Codable, Hashable, Sendable {
    public var seed: Int
    /// Whether it has solved the task; if no explore seed has, it is the best of them.
    public var solved: Bool
    public var losses: [Double]
    public var accuracies: [Double]
  }

  public var `case`: String
  public var variant: String
  public var seedCount: Int
  /// How many seeds, from 0 on, are for exploring; the others are for the trial.
  public var exploreCount: Int
  public var parameterCount: Int
  public var steps: Int
  /// Floating-point operations of one step of one network, without the optimizer's.
  public var operationsPerStep: Int
  /// Whether accuracy counts held-out inputs alone.
  public var holdsOut: Bool
  public var measuredSteps: [Int]
  public var loss: Curve
  public var accuracy: Curve
  /// One entry a seed; null if it never was right on all that counts, from some step to the end.
  public var solvedAt: [Int?]
  /// One entry a seed; null unless training became non-finite there.
  public var frozenAt: [Int?]
  public var finalLoss: [Double]
  public var finalAccuracy: [Double]
  public var specimen: Specimen?
}

extension TrainingFile {
  /// Checks that counts are counts, and that every list has an entry for each of its things.
  ///
  /// - Throws: `InvalidTraining` naming what does not fit.
  public func validate() throws {
    for (name, count) in [
      ("parameterCount", parameterCount), ("steps", steps),
      ("operationsPerStep", operationsPerStep),
    ] where count < 0 {
      throw InvalidTraining(description: "has a negative \(name): \(count)")
    }
    guard seedCount > 0, 0...seedCount ~= exploreCount else {
      throw InvalidTraining(description: "has \(seedCount) seeds, \(exploreCount) to explore")
    }
    let seeds = [solvedAt.count, frozenAt.count, finalLoss.count, finalAccuracy.count]
    let measured =
      [loss, accuracy].flatMap { curve in
        [curve.median, curve.lower, curve.upper, curve.mean].map(\.count)
      } + (specimen.map { [$0.losses.count, $0.accuracies.count] } ?? [])
    guard seeds.allSatisfy({ $0 == seedCount }) else {
      throw InvalidTraining(description: "has \(seedCount) seeds, and lists of \(seeds)")
    }
    guard measured.allSatisfy({ $0 == measuredSteps.count }) else {
      throw InvalidTraining(
        description: "is measured at \(measuredSteps.count) steps, and has curves of \(measured)")
    }
    if let specimen, !(0..<seedCount ~= specimen.seed) {
      throw InvalidTraining(description: "has the specimen \(specimen.seed) of \(seedCount) seeds")
    }
  }
}

/// A training that may not be published.
public struct InvalidTraining: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension TrainingFile {
  init(case name: String, _ variant: Variant, _ outcome: TrainingOutcome) {
    self.case = name
    self.variant = variant.name
    seedCount = variant.seedCount
    exploreCount = variant.exploreSeeds.count
    parameterCount = variant.network.parameterCount
    steps = variant.schedule.steps
    operationsPerStep = outcome.operationsPerStep
    holdsOut = variant.evaluation.holdsOut
    measuredSteps = outcome.measuredSteps
    // A frozen seed has no loss to speak of.
    let sound = outcome.seeds.filter { $0.frozenAt == nil }
    loss = Curve(sound.map(\.losses), steps: measuredSteps.count)
    accuracy = Curve(sound.map(\.accuracies), steps: measuredSteps.count)
    solvedAt = outcome.seeds.map(\.solvedAt)
    frozenAt = outcome.seeds.map(\.frozenAt)
    finalLoss = outcome.seeds.map { Self.finite($0.losses.last) }
    finalAccuracy = outcome.seeds.map { Self.finite($0.accuracies.last) }
  }

  /// The explore seed that the story is about: the first that solved the task, else the best.
  func chosenSpecimen() -> Int {
    let explore = 0..<exploreCount
    return explore.first { solvedAt[$0] != nil }
      ?? explore.max { (finalAccuracy[$0], -finalLoss[$0]) < (finalAccuracy[$1], -finalLoss[$1]) }
      ?? 0
  }

  /// The number, or the largest there is where it is none: a frozen seed is worse than any other.
  static func finite(_ value: Float?) -> Double {
    value.map { $0.isFinite ? Double($0) : Double(Float.greatestFiniteMagnitude) } ?? 0
  }
}

extension TrainingFile.Curve {
  init(_ curves: [[Float]], steps: Int) {
    let columns = (0..<steps).map { step in
      curves.map { Double($0[step]) }.filter(\.isFinite)
    }
    let known = columns.map { $0.isEmpty ? [0] : $0 }
    median = known.map(Statistics.median)
    lower = known.map { Statistics.quantile(0.1, of: $0) }
    upper = known.map { Statistics.quantile(0.9, of: $0) }
    mean = known.map(Statistics.mean)
  }
}
