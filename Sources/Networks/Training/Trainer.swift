import Synchronization
import Tensors

extension Network {
  /// Trains a network for each seed, all with the same graph.
  ///
  /// Networks are trained in groups, side by side in the lanes of a vector; a seed's bits do not depend on the
  /// group, on how many seeds there are, or on threads.
  ///
  /// - Parameters:
  ///   - data: The examples of each step.
  ///   - evaluation: The examples on which accuracy is measured; without them no seed counts as having solved the task.
  ///   - schedule: The number of steps, the optimizer and its learning rate.
  ///   - seeds: Each fixes initial weights and the order of examples.
  ///   - start: Weights to start from instead of fresh ones, a row a seed.
  ///   - adjusted: The parameters that are trained, all if none are given; the others stay as they start.
  ///   - measured: Steps at which loss and accuracy are measured; at most forty, ever further apart, if none are given.
  ///   - stored: Steps after which the weights are kept; 0 is before the first.
  ///   - threads: How many threads compute; the result does not depend on it.
  ///   - progress: Called now and then with the share that is done, and the loss of one of the networks.
  /// - Returns: Each seed's losses and accuracies, and the weights of the stored steps.
  /// - Throws: `NetworkError` if data, evaluation or weights do not fit.
  public func train(
    on data: TrainingData, evaluation: Evaluation?, schedule: Schedule, seeds: [Int],
    start: Weights? = nil, adjusting adjusted: [Parameter]? = nil, measured: [Int]? = nil,
    stored: Set<Int>, threads: Int = 1,
    progress: @escaping @Sendable (_ share: Double, _ loss: Float) -> Void = { _, _ in }
  ) throws -> TrainingOutcome {
    let start = start ?? initialWeights(seeds: seeds)
    try check(start)
    guard start.count == seeds.count else {
      throw NetworkError("\(seeds.count) seeds are given weights of \(start.count) networks")
    }
    try check(data, seeds: data.isShared ? [0] : seeds)
    if let evaluation {
      try check(evaluation.examples, forTraining: true)
      for seed in seeds {
        try check(rows: evaluation.rows(seed: seed), of: evaluation.examples, seed)
      }
    }
    let measured = measured ?? schedule.milestones(40)
    let adjusted = adjusted ?? parameters
    if let stranger = adjusted.first(where: { !parameters.contains($0) }) {
      throw NetworkError("the network has no parameter '\(stranger.name)' to train")
    }
    let batch = (data.isShared ? 0 : seeds.first).map(data.batch) ?? 0
    let objective = pruned(
      tabulated([objective], examples: batch, sharesTokens: data.isShared))[0]
    let gradients = gradient(of: objective, by: adjusted.map(\.expression))
    // What is counted below has scans where the run has recurrences.
    let lean = withMatrixRecurrences([objective])[0]
    let leanGradients =
      lean == objective ? gradients : gradient(of: lean, by: adjusted.map(\.expression))
    let shared = SharedValues([lean] + leanGradients, inputsAreShared: data.isShared)
    let groups = laneGroups(
      of: seeds.count, weights: parameterCount, fillsVectors: fillsVectors)
    let done = Atomic<Int>(0)
    let total = groups.count * schedule.steps
    let report: @Sendable (Int, Float) -> Void = { steps, loss in
      let now = done.wrappingAdd(steps, ordering: .relaxed).newValue
      progress(Double(now) / Double(max(total, 1)), loss)
    }
    let work = TrainingWork(
      network: self, adjusted: adjusted.map(\.expression), shared: shared,
      fusedRoots: fused(shared.roots, rare: 1), data: data, batch: batch, evaluation: evaluation,
      schedule: schedule, measured: measured, stored: stored, report: report)
    let operations = graphOperationCount([objective] + gradients, examples: batch)
    let crews = Crew.dealt(
      groups, threads: threads, areAlone: !data.isShared || data.isStill,
      sharesExamples: operations >= threadedOperations)
    @Sendable func train(_ crew: Crew) -> [GroupOutcome] {
      work.train(
        crew.groups.map {
          let networks = groups[$0].networks
          return GroupWork(
            seeds: Array(seeds[networks]), start: start.networks(networks),
            width: groups[$0].width, threads: crew.threads)
        })
    }
    // What is left when each thread has had as many groups as the others is shared by all threads.
    let even = crews.prefix { $0.threads == 1 }
    let left = crews[even.endIndex...]
    var outcomes = try parallelMap(even.count, threads: threads) { train(crews[$0]) }
    outcomes += try parallelMap(left.count, threads: left.count) {
      train(crews[left.startIndex + $0])
    }
    let parts = zip(crews.flatMap(\.groups), outcomes.joined()).sorted { $0.0 < $1.0 }.map(\.1)
    var snapshots: [Int: Weights] = [:]
    for step in stored {
      let pieces = parts.compactMap { $0.snapshots[step] }
      guard !pieces.isEmpty else { continue }
      var tensors: [String: Tensor] = [:]
      for parameter in parameters {
        let scalars = pieces.flatMap { $0[parameter].scalars }
        tensors[parameter.name] = try Tensor(
          scalars, shape: parameter.shape.prepending(seeds.count))
      }
      snapshots[step] = try Weights(tensors)
    }
    return TrainingOutcome(
      measuredSteps: measured, seeds: parts.flatMap(\.seeds), snapshots: snapshots,
      operationsPerStep: operations)
  }
}
