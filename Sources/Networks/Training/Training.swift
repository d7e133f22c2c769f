import Tensors

/// What a network is trained on.
public struct TrainingData: Sendable {
  enum Source: Sendable {
    case table(Examples, rows: @Sendable (_ seed: Int) -> [Int], batch: Int?)
    case maker(
      inputs: [String], batch: Int,
      @Sendable (_ generator: inout Generator, _ example: inout [[Float]]) -> Void)
  }

  let source: Source
  /// Whether all networks see the batches of seed 0, as benchmarks do.
  public var isShared = false
  /// Whether each seed's answers are dealt out anew among the questions, for a twin that can learn nothing.
  public var shufflesTargets = false

  /// All of some rows at every step.
  public static func whole(
    _ examples: Examples, rows: (@Sendable (_ seed: Int) -> [Int])? = nil
  ) -> TrainingData {
    let count = examples.count
    return TrainingData(
      source: .table(examples, rows: rows ?? { _ in Array(0..<count) }, batch: nil))
  }

  /// A batch at each step, drawn with replacement from some rows.
  public static func drawn(
    from examples: Examples, batch: Int, rows: (@Sendable (_ seed: Int) -> [Int])? = nil
  ) -> TrainingData {
    let count = examples.count
    return TrainingData(
      source: .table(examples, rows: rows ?? { _ in Array(0..<count) }, batch: batch))
  }

  /// A batch at each step, of examples that are made up as they are needed.
  ///
  /// - Parameters:
  ///   - inputs: The names of the inputs, in the order in which `make` fills them.
  ///   - batch: The number of examples of a step.
  ///   - make: Writes one example: an array of numbers an input, already of the right length.
  /// - Returns: Data with as many fresh examples at every step, drawn by each seed for itself.
  public static func made(
    inputs: [String], batch: Int,
    _ make: @escaping @Sendable (_ generator: inout Generator, _ example: inout [[Float]]) -> Void
  ) -> TrainingData {
    TrainingData(source: .maker(inputs: inputs, batch: batch, make))
  }

  /// Whether every step has the same examples.
  var isStill: Bool {
    if case .table(_, _, nil) = source { true } else { false }
  }

  /// The number of examples of a step.
  func batch(seed: Int) -> Int {
    switch source {
    case .table(_, let rows, let batch): batch ?? rows(seed).count
    case .maker(_, let batch, _): batch
    }
  }
}

/// What training is measured by: examples, and which of them a seed does not train on.
public struct Evaluation: Sendable {
  public let examples: Examples
  /// The rows that count for a seed: those held out, or all.
  let heldOut: (@Sendable (_ seed: Int) -> [Int])?

  /// Measures on all examples, or on those that a seed holds out.
  public init(_ examples: Examples, heldOut: (@Sendable (_ seed: Int) -> [Int])? = nil) {
    self.examples = examples
    self.heldOut = heldOut
  }

  public var holdsOut: Bool { heldOut != nil }

  /// The rows that decide whether a seed has solved the task.
  public func rows(seed: Int) -> [Int] { heldOut?(seed) ?? Array(0..<examples.count) }
}

/// What came of training one seed.
public struct SeedOutcome: Sendable, Hashable {
  public var seed: Int
  /// The training loss, with the penalty, at each measured step.
  public var losses: [Float]
  /// The share of answers that are right at each measured step, on what counts (held out, or all).
  public var accuracies: [Float]
  /// The first measured step from which on every answer was right.
  public var solvedAt: Int?
  /// The step at which training became non-finite and the seed was frozen.
  public var frozenAt: Int?
}

/// What came of training a population.
public struct TrainingOutcome: Sendable {
  /// The steps at which losses and accuracies were measured.
  public var measuredSteps: [Int]
  public var seeds: [SeedOutcome]
  /// The weights after each stored step, keyed by it.
  public var snapshots: [Int: Weights]
  /// Floating-point operations of one step for one network, optimizer apart.
  public var operationsPerStep: Int
}
