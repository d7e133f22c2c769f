import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// How a case is investigated: what is observed, and which predictions are put on trial.
public protocol Investigation: Experiment {
  /// Notes everything that the story tells, besides verdicts.
  ///
  /// - Throws: `StageError` if what training left is missing or malformed.
  func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws

  /// Puts the hypotheses on trial, on networks that nothing else has looked at.
  ///
  /// Each hypothesis is a constant of the case, written down with its threshold before this measures it.
  ///
  /// - Throws: `StageError` if what training left is missing or malformed.
  func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)]

  /// What is claimed to be understood: where the component is, what it computes, and where that must show.
  ///
  /// From this comes the evidence that every case has, and `StandardTest`'s predictions on its ledger.
  ///
  /// - Returns: Nil of a case that does not claim to have understood anything yet; it has a ledger, but no file.
  /// - Throws: `NetworkError` if what it names does not fit together.
  func explanation() throws -> Explanation?
}

extension Investigation {
  public func explanation() throws -> Explanation? { nil }
}

/// The networks that verdicts may use: the trial seeds of each variant, and no others.
public struct Trial: Sendable {
  private let evidence: Evidence

  init(_ evidence: Evidence) { self.evidence = evidence }

  public var threads: Int { evidence.threads }

  /// The trial seeds of a variant, after training.
  ///
  /// - Throws: `StageError` if the population is missing or malformed.
  public func networks(_ variant: String = "main") throws -> Weights {
    let population = try evidence.population(variant)
    return population.final.networks(population.variant.trialSeeds)
  }

  /// The trial seeds of a variant, before training: its untrained twins.
  ///
  /// - Throws: `StageError` if the population is missing or malformed.
  public func untrained(_ variant: String = "main") throws -> Weights {
    let population = try evidence.population(variant)
    return population.initial.networks(population.variant.trialSeeds)
  }

  /// The trial seeds of a variant, by number.
  ///
  /// - Throws: `NetworkError` if there is no such variant.
  public func seeds(_ variant: String = "main") throws -> Range<Int> {
    try evidence.experiment.variant(variant).trialSeeds
  }

  /// The predictions that every explanation has to face, on the trial seeds of `main`.
  func standard(_ explanation: Explanation) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let examination = try Examination(
      explanation, of: try evidence.experiment.variant("main").network, try networks(),
      threads: threads)
    let isAll = try examination.isRestEmpty()
    return try StandardTest.allCases.filter { try $0.applies(to: examination) }.map { test in
      (
        test.hypothesis(explanation, isAll: isAll),
        try test.outcome(examination, untrained: try untrained())
      )
    }
  }

  /// The trial seeds of a variant as a ledger names them: `trial 10-99`.
  ///
  /// - Throws: `NetworkError` if there is no such variant.
  public func seedsInWords(_ variant: String = "main") throws -> String {
    let seeds = try seeds(variant)
    return "trial \(seeds.lowerBound)-\(seeds.upperBound - 1)"
  }
}

/// What an investigation writes down: findings by name, and arrays too long for them.
public struct Notebook: Sendable {
  public private(set) var findings: [String: Finding] = [:]
  public private(set) var tensors: [String: Tensor] = [:]
  /// For bootstrap intervals.
  public var generator = Generator(seed: 0, stream: .analysis)

  init() {}

  /// Writes a finding down.
  public mutating func note(_ name: String, _ finding: Finding) {
    precondition(findings[name] == nil, "The finding '\(name)' is noted twice")
    findings[name] = finding
  }

  /// Writes a number down.
  ///
  /// - Parameters:
  ///   - name: What the story calls it by; no other finding of the case has it.
  ///   - value: The number; it is noted without an interval.
  ///   - unit: What the number is measured in: `sets`, `share of networks`.
  ///   - n: How many things it was computed over.
  ///   - seeds: The seeds in words: `trial 100-999`, `seed 3`.
  ///   - from: The files or tensors that it was computed from.
  public mutating func note(
    _ name: String, _ value: Double, unit: String? = nil, n: Int, seeds: String? = nil,
    from: [String]
  ) {
    note(name, Finding(.number(value), unit: unit, n: n, seeds: seeds, from: from))
  }

  /// Writes the share of successes down, with its Wilson interval.
  public mutating func noteShare(
    _ name: String, _ passed: Int, of n: Int, unit: String? = nil, seeds: String? = nil,
    from: [String]
  ) {
    note(name, .share(passed, of: n, unit: unit, seeds: seeds, from: from))
  }

  /// Writes a mean down, with its bootstrap interval.
  public mutating func noteMean(
    _ name: String, of values: [Double], unit: String? = nil, seeds: String? = nil,
    from: [String]
  ) {
    note(
      name,
      .mean(of: values, unit: unit, seeds: seeds, from: from, using: &generator))
  }

  /// Keeps an array for the figures.
  public mutating func keep(_ name: String, _ tensor: Tensor) {
    precondition(tensors[name] == nil, "The array '\(name)' is kept twice")
    tensors[name] = tensor
  }
}
