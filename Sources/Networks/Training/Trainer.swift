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
    // What is counted below is the graph as it was written, whatever is run.
    let lean = withMatrixRecurrences([objective])[0]
    let leanGradients =
      lean == objective ? gradients : gradient(of: lean, by: adjusted.map(\.expression))
    let shared = SharedValues([lean] + leanGradients, inputsAreShared: data.isShared)
    let fusedRoots = fused(shared.roots)
    let groups = laneGroups(
      of: seeds.count, weights: parameterCount, fillsVectors: fillsVectors)
    @Sendable func stepValues(keepsAll: Bool) -> StepValues {
      StepValues(
        shared, of: self, on: data, batch: batch, steps: schedule.steps + 1, keepsAll: keepsAll)
    }
    let keepsAll = StepValues.canKeep(shared, batch: batch, steps: schedule.steps + 1)
    let common = keepsAll ? stepValues(keepsAll: true) : nil
    let done = Atomic<Int>(0)
    let total = groups.count * schedule.steps
    let report: @Sendable (Int, Float) -> Void = { steps, loss in
      let now = done.wrappingAdd(steps, ordering: .relaxed).newValue
      progress(Double(now) / Double(max(total, 1)), loss)
    }
    @Sendable func train(_ index: Int, threads: Int) -> GroupOutcome {
      let networks = groups[index].networks
      let work = GroupWork(
        network: self, adjusted: adjusted.map(\.expression), roots: shared.roots,
        fusedRoots: fusedRoots, given: shared.leaves,
        values: common ?? stepValues(keepsAll: false), data: data, evaluation: evaluation,
        schedule: schedule,
        seeds: Array(seeds[networks]), start: start.networks(networks),
        measured: measured, stored: stored,
        threads: threads, report: report)
      return switch groups[index].width {
      case 1: GroupTrainer<Float>(work).run()
      case 4: GroupTrainer<SIMD4<Float>>(work).run()
      case 8: GroupTrainer<SIMD8<Float>>(work).run()
      default: GroupTrainer<SIMD16<Float>>(work).run()
      }
    }
    // What is left when each thread has had as many groups as the others is shared by all threads.
    let left = groups.count % max(threads, 1)
    let even = groups.count - left
    var parts = try parallelMap(even, threads: threads) { train($0, threads: 1) }
    parts += try parallelMap(left, threads: left) { train(even + $0, threads: threads / left) }
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
      operationsPerStep: graphOperationCount([objective] + gradients, examples: batch))
  }
}

/// One group's share of a training run.
struct GroupWork: Sendable {
  let network: Network
  let adjusted: [Expression]
  /// The loss, and its gradient by each of the parameters that are trained.
  let roots: [Expression]
  /// The same with fewer passes over memory.
  let fusedRoots: [Expression]
  /// The leaves of the roots that all networks are given alike, and their numbers at each step.
  let given: [Expression]
  let values: StepValues
  let data: TrainingData
  let evaluation: Evaluation?
  let schedule: Schedule
  let seeds: [Int]
  let start: Weights
  let measured: [Int]
  let stored: Set<Int>
  /// How many threads share the examples of each step.
  let threads: Int
  let report: @Sendable (Int, Float) -> Void
}

/// What came of one group.
struct GroupOutcome: Sendable {
  var seeds: [SeedOutcome]
  var snapshots: [Int: Weights]
}

/// Trains the networks of one group, side by side in lanes.
final class GroupTrainer<L: Lane> {
  private let work: GroupWork
  private let executor: Executor<L>
  /// What the optimizer needs of the executor's roots, of which the first is the loss.
  private let gradients: [Expression]
  /// What each network sees for itself; nil if all see the same.
  private var feeder: BatchFeeder<L>?
  private var noise: NoiseFeeder<L>
  private let evaluator: Evaluator<L>?
  private var optimizer: OptimizerState<L>
  private var alive = L.one
  private var outcomes: [SeedOutcome]

  init(_ work: GroupWork) {
    self.work = work
    let network = work.network
    let batch = work.data.batch(seed: work.data.isShared ? 0 : work.seeds[0])
    let roots = L.width > 1 ? work.fusedRoots : work.roots
    let executor = Executor<L>(
      roots, examples: batch, keepsAll: false, threads: work.threads, given: work.given)
    self.executor = executor
    gradients = Array(roots.dropFirst())
    if !work.data.isShared {
      feeder = BatchFeeder(work.network, work.data, seeds: work.seeds, executor, batch: batch)
    }
    noise = NoiseFeeder(work.roots, executor, seeds: work.seeds)
    evaluator = work.evaluation.map { Evaluator(work, $0) }
    let places = zip(work.adjusted, executor.roots.dropFirst()).compactMap { parameter, slope in
      executor.place(of: parameter).map {
        OptimizerState.Place(weight: $0, slope: slope, count: parameter.shape.count)
      }
    }
    optimizer = OptimizerState(work.schedule, places)
    outcomes = work.seeds.map {
      SeedOutcome(seed: $0, losses: [], accuracies: [], solvedAt: nil, frozenAt: nil)
    }
    for parameter in network.parameters {
      executor.load(
        work.start[parameter], at: parameter, group: 0..<work.seeds.count, byNetwork: true)
    }
  }

  func run() -> GroupOutcome {
    var snapshots: [Int: Weights] = [:]
    let (isMeasured, isStored) = (table(work.measured), table(work.stored))
    let objective = executor.roots[0]
    give(0)
    feeder?.fill()
    noise.fill()
    executor.run()
    let (isGivenAnew, isFed) = (!work.values.isStill, feeder?.isStill == false)
    let isNoisy = !noise.leaves.isEmpty
    let inputs = isFed ? feeder?.inputs ?? [] : isGivenAnew ? work.given : []
    let changed = work.adjusted + inputs + noise.leaves
    let pass = executor.pass(after: changed)
    let passToGradients = executor.pass(after: changed, for: gradients)
    let every = max(work.schedule.steps / 50, 1)
    for step in 0...work.schedule.steps {
      let isReported = (step + 1) % every == 0
      let needsLoss = isReported || isMeasured[step]
      if step > 0, step < work.schedule.steps || isMeasured[step] {
        if isGivenAnew { give(step) }
        if isFed { feeder?.fill() }
        if isNoisy { noise.fill() }
        if needsLoss { pass() } else { passToGradients() }
      }
      if isMeasured[step] { measure(objective[0]) }
      if isStored[step] { snapshots[step] = weights() }
      guard step < work.schedule.steps else { break }
      if needsLoss { freeze(objective[0].nonFiniteMark, step) }
      freeze(optimizer.step(step, alive: alive), step)
      if isReported { work.report(every, objective[0][0]) }
    }
    settle()
    return GroupOutcome(seeds: outcomes, snapshots: snapshots)
  }

  /// Whether each step is one of some.
  private func table(_ some: some Sequence<Int>) -> [Bool] {
    var table = [Bool](repeating: false, count: work.schedule.steps + 1)
    for step in some where table.indices.contains(step) { table[step] = true }
    return table
  }

  /// Gives the networks what all have alike.
  private func give(_ step: Int) {
    let numbers = work.values.numbers(at: step)
    for (given, offset) in zip(executor.given, work.values.offsets) { given.take(numbers + offset) }
  }

  /// Marks the networks whose mark is not zero as frozen at this step.
  private func freeze(_ mark: L, _ step: Int) {
    if mark.bits.areZero { return }
    for lane in 0..<L.width where mark[lane] != 0 && alive[lane] == 1 {
      alive[lane] = 0
      if lane < outcomes.count { outcomes[lane].frozenAt = step }
    }
  }

  private func measure(_ loss: L) {
    let parameters = work.network.parameters.map(\.expression)
    let accuracies = evaluator?.accuracies(parameters: parameters, of: executor)
    for lane in outcomes.indices {
      outcomes[lane].losses.append(loss[lane])
      if let accuracies { outcomes[lane].accuracies.append(accuracies[lane]) }
    }
  }

  /// Finds from which measured step on each network was right.
  private func settle() {
    for lane in outcomes.indices where outcomes[lane].frozenAt == nil {
      let wrong = outcomes[lane].accuracies.lastIndex { $0 < 1 }
      let first = wrong.map { $0 + 1 } ?? 0
      if first < outcomes[lane].accuracies.count {
        outcomes[lane].solvedAt = work.measured[first]
      }
    }
  }

  private func weights() -> Weights {
    var tensors: [String: Tensor] = [:]
    for parameter in work.network.parameters {
      var tensor = Tensor(repeating: 0, shape: parameter.shape.prepending(work.seeds.count))
      tensor.withUnsafeMutableScalars { scalars in
        guard let base = scalars.baseAddress else { return }
        executor.store(parameter, group: 0..<work.seeds.count, into: base)
      }
      tensors[parameter.name] = tensor
    }
    return Weights(unchecked: tensors, count: work.seeds.count)
  }
}
