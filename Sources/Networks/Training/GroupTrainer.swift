import Tensors

/// What the groups of a training run have in common.
struct TrainingWork: Sendable {
  let network: Network
  let adjusted: [Expression]
  /// The loss and its gradient by each of the parameters that are trained, with a leaf for each value that all networks
  /// are given alike; and the same with fewer passes over memory.
  let shared: SharedValues
  let fusedRoots: [Expression]
  let data: TrainingData
  /// How many examples a step has.
  let batch: Int
  let evaluation: Evaluation?
  let schedule: Schedule
  let measured: [Int]
  let stored: Set<Int>
  let report: @Sendable (Int, Float) -> Void

  /// Trains some groups: side by side, so many steps of each in turn, if all read the values of each step; else one after
  /// the other, in the same memory.
  func train(_ groups: [GroupWork]) -> [GroupOutcome] {
    let values = StepValues(shared, of: network, on: data, batch: batch, readers: groups.count)
    if values.isStill {
      var trainees: [Int: Trainee] = [:]
      return groups.map { group in
        let known = trainees[group.width]
        known?.restart(group)
        let trainee = known ?? self.trainee(for: group)
        trainees[group.width] = trainee
        trainee.train(0..<schedule.steps + 1, values)
        return trainee.outcome()
      }
    }
    let trainees = groups.map(trainee(for:))
    var first = 0
    while first <= schedule.steps {
      let left = schedule.steps - first + 1
      let steps = first..<first + min(left, values.stepsAtOnce)
      values.make(steps)
      for trainee in trainees { trainee.train(steps, values) }
      first = steps.upperBound
    }
    return trainees.map { $0.outcome() }
  }

  private func trainee(for group: GroupWork) -> Trainee {
    switch group.width {
    case 1: Trainee(GroupTrainer<Float>(self, group))
    case 4: Trainee(GroupTrainer<SIMD4<Float>>(self, group))
    case 8: Trainee(GroupTrainer<SIMD8<Float>>(self, group))
    default: Trainee(GroupTrainer<SIMD16<Float>>(self, group))
    }
  }
}

/// One group's share of a training run.
struct GroupWork: Sendable {
  let seeds: [Int]
  let start: Weights
  /// How many networks a lane holds.
  let width: Int
  /// How many threads share the examples of each step.
  let threads: Int
}

/// What came of one group.
struct GroupOutcome: Sendable {
  var seeds: [SeedOutcome]
  var snapshots: [Int: Weights]
}

/// A group that is trained some steps at a time, whatever its lanes.
///
/// Functions that are compiled for the lanes, as a protocol's would not be.
private struct Trainee {
  let train: (_ steps: Range<Int>, _ values: StepValues) -> Void
  let outcome: () -> GroupOutcome
  /// Begins with another group of the same kind.
  let restart: (GroupWork) -> Void

  @inline(__always)
  init(_ trainer: GroupTrainer<some Lane>) {
    restart = { trainer.restart($0) }
    train = { trainer.train($0, $1) }
    outcome = { trainer.outcome() }
  }
}

/// Trains the networks of one group, side by side in lanes.
private final class GroupTrainer<L: Lane> {
  private let work: TrainingWork
  private var group: GroupWork
  private let executor: Executor<L>
  /// What the optimizer needs of the executor's roots, of which the first is the loss.
  private let gradients: [Expression]
  /// What each network sees for itself; nil if all see the same.
  private var feeder: BatchFeeder<L>?
  private var noise: NoiseFeeder<L>
  private let evaluator: Evaluator<L>?
  private let optimizer: OptimizerState<L>
  private var alive = L.one
  private var outcomes: [SeedOutcome] = []
  private var snapshots: [Int: Weights] = [:]
  /// Which steps are measured, and after which the weights are kept.
  private let isMeasured: [Bool]
  private let isStored: [Bool]
  /// Whether each step has inputs of its own.
  private let isFed: Bool
  private let pass: () -> Void
  private let passToGradients: () -> Void

  init(_ work: TrainingWork, _ group: GroupWork) {
    (self.work, self.group) = (work, group)
    executor = Executor<L>(
      work.fusedRoots, examples: work.batch, keepsAll: false, threads: group.threads,
      given: work.shared.leaves)
    gradients = Array(work.fusedRoots.dropFirst())
    (feeder, noise) = Self.feeders(work, group, executor)
    isFed = feeder?.isStill == false
    evaluator = work.evaluation.map { Evaluator(work.network, $0, threads: group.threads) }
    let places = zip(work.adjusted, executor.roots.dropFirst()).compactMap {
      [executor] parameter, slope in
      executor.place(of: parameter).map {
        OptimizerState.Place(weight: $0, slope: slope, count: parameter.shape.count)
      }
    }
    optimizer = OptimizerState(work.schedule, places)
    func table(_ some: some Sequence<Int>) -> [Bool] {
      var table = [Bool](repeating: false, count: work.schedule.steps + 1)
      for step in some where table.indices.contains(step) { table[step] = true }
      return table
    }
    (isMeasured, isStored) = (table(work.measured), table(work.stored))
    let inputs = isFed ? feeder?.inputs ?? [] : work.shared.leaves
    let changed = work.adjusted + inputs + noise.leaves
    pass = executor.pass(after: changed)
    passToGradients = executor.pass(after: changed, for: gradients)
    begin()
  }

  /// Begins with another group of as many lanes and threads.
  func restart(_ group: GroupWork) {
    self.group = group
    (feeder, noise) = Self.feeders(work, group, executor)
    optimizer.restart()
    begin()
  }

  private static func feeders(
    _ work: TrainingWork, _ group: GroupWork, _ executor: Executor<L>
  ) -> (BatchFeeder<L>?, NoiseFeeder<L>) {
    let feeder =
      work.data.isShared
      ? nil
      : BatchFeeder(work.network, work.data, seeds: group.seeds, executor, batch: work.batch)
    return (feeder, NoiseFeeder(work.shared.roots, executor, seeds: group.seeds))
  }

  private func begin() {
    alive = L.one
    snapshots = [:]
    outcomes = group.seeds.map {
      SeedOutcome(seed: $0, losses: [], accuracies: [], solvedAt: nil, frozenAt: nil)
    }
    evaluator?.take(group.seeds)
    for parameter in work.network.parameters {
      executor.load(
        group.start[parameter], at: parameter, group: 0..<group.seeds.count, byNetwork: true)
    }
  }

  func train(_ steps: Range<Int>, _ values: StepValues) {
    let objective = executor.roots[0]
    let isNoisy = !noise.leaves.isEmpty
    let every = max(work.schedule.steps / 50, 1)
    for step in steps {
      let isReported = (step + 1) % every == 0
      let needsLoss = isReported || isMeasured[step]
      if step == 0 {
        give(0, values)
        feeder?.fill()
        noise.fill()
        executor.run()
      } else if step < work.schedule.steps || isMeasured[step] {
        if !values.isStill { give(step, values) }
        if isFed { feeder?.fill() }
        if isNoisy { noise.fill() }
        if needsLoss { pass() } else { passToGradients() }
      }
      if isMeasured[step] { measure(objective[0]) }
      if isStored[step] { snapshots[step] = weights() }
      guard step < work.schedule.steps else { return }
      if needsLoss { freeze(objective[0].nonFiniteMark, step) }
      freeze(optimizer.step(step, alive: alive), step)
      if isReported { work.report(every, objective[0][0]) }
    }
  }

  func outcome() -> GroupOutcome {
    settle()
    return GroupOutcome(seeds: outcomes, snapshots: snapshots)
  }

  /// Gives the networks what all have alike.
  private func give(_ step: Int, _ values: StepValues) {
    let numbers = values.numbers(at: step)
    for (given, offset) in zip(executor.given, values.offsets) { given.take(numbers + offset) }
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
      var tensor = Tensor(repeating: 0, shape: parameter.shape.prepending(group.seeds.count))
      tensor.withUnsafeMutableScalars { scalars in
        guard let base = scalars.baseAddress else { return }
        executor.store(parameter, group: 0..<group.seeds.count, into: base)
      }
      tensors[parameter.name] = tensor
    }
    return Weights(unchecked: tensors, count: group.seeds.count)
  }
}
