import Artifacts
import Findings
import Networks
import Synchronization
import Tensors

/// Trains all variants of a case and writes what came of them.
///
/// - Parameters:
///   - experiment: The case; its first variant is `main`.
///   - folder: The case's artifacts; variants that the case no longer has are removed from it.
///   - threads: How many threads compute; the result does not depend on it.
///   - progress: Called now and then with what is done in words, the share of all that is done, and a loss.
/// - Throws: `StageError` if a file cannot be written or every seed of a variant became non-finite;
///   `NetworkError` if data or weights do not fit a network.
public func train(
  _ experiment: some Experiment, in folder: CaseFolder, threads: Int,
  progress: @escaping @Sendable (_ doing: String, _ share: Double, _ loss: Float) -> Void
) throws {
  let variants = experiment.variants
  guard variants.first?.name == "main" else {
    throw StageError(
      .impossible, "the first variant is not named 'main'", at: folder.name,
      remedy: "name it so in Task.swift")
  }
  if let empty = variants.first(where: { $0.seedCount < 1 }) {
    throw StageError(
      .impossible, "variant '\(empty.name)' has no seeds", at: folder.name,
      remedy: "give it at least one in Task.swift")
  }
  let work = variants.map { Double($0.schedule.steps * $0.seedCount * $0.network.parameterCount) }
  let total = work.reduce(0, +)
  let done = Mutex(work.map { _ in 0.0 })
  var populations: [String: [Int: Weights]] = [:]
  var first = 0
  while first < variants.count {
    let together = first..<first + neighbours(of: variants[first...])
    let starts = try together.map { try start(of: variants[$0], populations) }
    let outcomes = try parallelMap(together.count, threads: threads) { place in
      let index = together.lowerBound + place
      let variant = variants[index]
      return try variant.network.train(
        on: variant.data, evaluation: variant.evaluation, schedule: variant.schedule,
        seeds: Array(0..<variant.seedCount), start: starts[place],
        stored: Set(variant.storedSteps), threads: together.count == 1 ? threads : 1
      ) { share, loss in
        let sum = done.withLock { done in
          done[index] = share * work[index]
          return done.reduce(0, +)
        }
        progress(variant.name, sum / total, loss)
      }
    }
    for (index, outcome) in zip(together, outcomes) {
      let variant = variants[index]
      populations[variant.name] = outcome.snapshots
      if outcome.seeds.allSatisfy({ $0.frozenAt != nil }) {
        throw StageError(
          .impossible, "training became non-finite in all \(variant.seedCount) seeds",
          at: "\(folder.name), variant \(variant.name)",
          remedy: "lower its learning rate or its initial weights")
      }
      try write(variant, outcome, to: folder.variant(variant.name), threads: threads)
    }
    first = together.upperBound
  }
  try folder.removeVariants(except: variants.map(\.name))
}

/// How many of the next variants train at the same time: one, or several that each keep one thread busy.
private func neighbours(of variants: ArraySlice<Variant>) -> Int {
  let small = variants.prefix { variant in
    guard case .fresh = variant.start else { return false }
    return variant.seedCount <= SIMD16<Float>.scalarCount
  }
  return max(small.count, 1)
}

/// The weights that a variant starts from, where they are not drawn.
private func start(of variant: Variant, _ populations: [String: [Int: Weights]]) throws -> Weights?
{
  guard case .from(let origin, let make) = variant.start else { return nil }
  guard let snapshots = populations[origin], let first = snapshots.keys.min(),
    let last = snapshots.keys.max(), let initial = snapshots[first], let final = snapshots[last]
  else {
    throw NetworkError(
      "variant '\(variant.name)' starts from '\(origin)', which does not stand before it")
  }
  return try make(initial, final)
}

private func write(
  _ variant: Variant, _ outcome: TrainingOutcome, to folder: VariantFolder, threads: Int
) throws {
  let name = folder.folder.name
  var training = TrainingFile(case: name, variant, outcome)
  if variant.name == "main" {
    training.specimen = try writeSpecimen(
      variant, training, outcome, to: folder, threads: threads)
  } else {
    try folder.removeCheckpoints(except: [])
  }
  try PopulationFile(
    case: name, variant: variant.name, seedCount: variant.seedCount, outcome.snapshots
  ).write(to: folder.population)
  try JSONFile.write(
    NetworkFile(variant.network, case: name, variant: variant.name), to: folder.network)
  try JSONFile.write(training, to: folder.training)
}

/// Trains the specimen once more, alone, and keeps it over training: its bits are those it had among the others.
private func writeSpecimen(
  _ variant: Variant, _ training: TrainingFile, _ population: TrainingOutcome,
  to folder: VariantFolder, threads: Int
) throws -> TrainingFile.Specimen {
  let seed = training.chosenSpecimen()
  let steps = variant.schedule.milestones(30)
  let outcome = try variant.network.train(
    on: variant.data, evaluation: variant.evaluation, schedule: variant.schedule, seeds: [seed],
    stored: Set(steps), threads: threads)
  let last = variant.schedule.steps
  guard outcome.snapshots[last] == population.snapshots[last]?.network(seed) else {
    throw StageError(
      .impossible, "seed \(seed) trained alone has other bits than among all",
      at: "\(folder.folder.name), variant \(variant.name)",
      remedy: "report this: it must not happen")
  }
  for step in steps {
    guard let weights = outcome.snapshots[step] else { continue }
    let provenance = Provenance(
      case: folder.folder.name, variant: variant.name, seed: "\(seed)", step: "\(step)")
    try TensorFile(provenance, weights.tensors.mapValues { $0.slice(0) })
      .write(to: folder.checkpoint(at: step))
  }
  try folder.removeCheckpoints(except: steps)
  let outcomeOfSeed = population.seeds[seed]
  return TrainingFile.Specimen(
    seed: seed, solved: outcomeOfSeed.solvedAt != nil,
    losses: outcomeOfSeed.losses.map(TrainingFile.finite),
    accuracies: outcomeOfSeed.accuracies.map(TrainingFile.finite))
}
