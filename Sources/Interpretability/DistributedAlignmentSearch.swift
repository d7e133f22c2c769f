import Networks
import Tensors

extension Interchange {
  /// How the search goes if nothing else is said.
  public static let searchSchedule = Schedule(
    optimizer: .adam(), learningRate: 0.03, steps: 300, warmUp: 10, decay: .cosine(to: 0.05))

  /// Distributed alignment search: for each network the subspace whose interchange gives the answers that a hypothesis
  /// predicts, found by gradient descent through all that comes after it.
  ///
  /// The weights of the networks stand still; of each, only the rows of P are trained, made orthonormal by Gram and
  /// Schmidt at every step, so that the cross-entropy of the predicted answers falls. Judge what is found by `accuracies`,
  /// on other interchanges than these.
  ///
  /// A search always finds something. Its placebos are `randomSubspaces`, the interchanges of a hypothesis that is
  /// `shuffled`, and untrained weights.
  ///
  /// ```swift
  /// let found = try plane.alignedSubspaces(of: weights, on: some, seeds: seeds)
  /// let share = try plane.accuracies(of: weights, on: others, subspaces: found)
  /// ```
  ///
  /// Geiger et al. 2024, "Finding alignments between interpretable causal variables and distributed neural
  /// representations", arXiv 2303.02536.
  ///
  /// - Parameters:
  ///   - weights: The networks.
  ///   - interchanges: What is exchanged in training, and what should be answered.
  ///   - seeds: One a network: each fixes where its search begins and which interchanges it sees.
  ///   - schedule: How many steps, and how fast.
  ///   - batch: The number of interchanges of a step.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Returns: Orthonormal rows for each network.
  /// - Shape: `[networks, dimensions, width]`
  /// - Throws: `NetworkError` if weights, games or seeds do not fit, or if the whole state is exchanged.
  public func alignedSubspaces(
    of weights: Weights, on interchanges: Interchanges, seeds: [Int],
    schedule: Schedule = Interchange.searchSchedule, batch: Int = 128, threads: Int = 1
  ) throws -> Tensor {
    guard let dimensions else {
      throw NetworkError("the whole state of '\(site.name)' is exchanged: nothing is to be found")
    }
    let graph = try graph(sources: interchanges.sourceGames.count)
    guard seeds.count == weights.count else {
      throw NetworkError("\(weights.count) networks are searched with \(seeds.count) seeds")
    }
    let states = try states(of: weights, interchanges, threads: threads)
    let beginnings = try seeds.enumerated().flatMap { network, seed in
      var generator = Generator(seed: seed, stream: .analysis)
      return try Self.evenSubspace(
        of: states.slice(network), dimensions: dimensions, using: &generator)
    }
    let start = try graph.weights(
      weights, states: states,
      subspaces: Tensor(beginnings, shape: [seeds.count, dimensions, width]))
    let outcome = try graph.network.train(
      on: .drawn(from: graph.examples(interchanges), batch: batch), evaluation: nil,
      schedule: schedule, seeds: seeds, start: start, adjusting: graph.subspace.map { [$0] },
      measured: [], stored: [schedule.steps], threads: threads)
    guard let subspace = graph.subspace, let found = outcome.snapshots[schedule.steps] else {
      throw NetworkError("the search of '\(site.name)' ended without a step")
    }
    return try orthonormalized(found[subspace])
  }

  /// Random rows in which loud and quiet components of the states weigh alike.
  ///
  /// A search that begins in loud directions, which may say nothing, is soon caught there: what they put in drowns all else,
  /// so that the quickest way down is to lose the quiet ones.
  private static func evenSubspace(
    of states: Tensor, dimensions: Int, using generator: inout Generator
  ) throws -> [Float] {
    let components = try PrincipalComponents(of: states)
    let loudest = components.variances.first ?? 0
    // A little of what does not vary, so that rows are always independent.
    let scales = components.variances.map { variance in
      variance > 1e-6 * loudest ? (loudest / variance).squareRoot() : 1e-3
    }
    return (0..<dimensions).flatMap { _ in
      var row = [Double](repeating: 0, count: states.shape[1])
      for (direction, scale) in zip(components.directions, scales) {
        let draw = scale * Double(generator.normal())
        row = zip(row, direction).map { $0 + draw * $1 }
      }
      return row.map { Float($0 / length(row)) }
    }
  }
}
