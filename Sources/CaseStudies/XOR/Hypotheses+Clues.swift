import Artifacts
import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors
import XORTask

extension XOR {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTraining(evidence, &notebook)
    let population = try evidence.population()
    notePairs(population, &notebook)
    try noteBeginnings(evidence, population, &notebook)
    try noteTwins(evidence, &notebook)
    try noteAblations(evidence, population, &notebook)
    try noteSpecimen(evidence, &notebook)
    try noteStuckNetworks(evidence, &notebook)
  }

  /// How often each width, and each pair of the lottery, solves the task.
  private func noteTraining(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let names = ["main": "width-16"]
    for variant in variants where variant.name != "shuffled-labels" {
      let training = try evidence.training(variant.name)
      notebook.noteShare(
        "solved-\(names[variant.name] ?? variant.name)", training.solvedAt.count { $0 != nil },
        of: training.seedCount, unit: "share of networks", seeds: all(variant),
        from: ["\(variant.name)/training.json"])
    }
    let training = try evidence.training()
    let steps = training.solvedAt.compactMap { $0.map(Double.init) }
    notebook.note(
      "steps-to-solve", Statistics.median(steps), unit: "steps", n: steps.count,
      seeds: all(variants[0]), from: ["main/training.json"])
    notebook.note(
      "steps", Double(training.steps), unit: "steps", n: 1, from: ["main/training.json"])
    for kind in ["size-matched", "large-pair"] {
      let draws = try Self.controlDraws.map { try evidence.training("\(kind)-\($0)") }
      notebook.noteShare(
        "solved-\(kind)", draws.reduce(0) { $0 + $1.solvedAt.count { $0 != nil } },
        of: draws.reduce(0) { $0 + $1.seedCount }, unit: "share of networks",
        from: Self.controlDraws.map { "\(kind)-\($0)/training.json" })
    }
  }

  /// How many neurons survive, and which of the two algorithms they make.
  private func notePairs(_ population: Population, _ notebook: inout Notebook) {
    let (weights, from) = (population.final, [population.path])
    let seeds = all(population.variant)
    let alive = (0..<weights.count).map { Pair.alive(in: weights, network: $0) }
    notebook.noteShare(
      "two-alive", alive.count { $0.count == 2 }, of: alive.count, unit: "share of networks",
      seeds: seeds, from: from)
    let width = perceptron.hidden.shape.count
    notebook.note("neurons", Double(width), unit: "neurons", n: 1, from: from)
    let pairs = (0..<weights.count).map { Pair(in: weights, network: $0) }
    notebook.noteShare(
      "pair-found", pairs.count { $0 != nil }, of: pairs.count, unit: "share of networks",
      seeds: seeds, from: from)
    for algorithm in [Pair.Algorithm.differing, .agreeing] {
      notebook.noteShare(
        "\(algorithm)-corners", pairs.count { $0?.algorithm == algorithm }, of: pairs.count,
        unit: "share of networks", seeds: seeds, from: from)
    }
    var (mismatch, sizes, dead, firing) = ([Double](), [Double](), Float(0), 0)
    for (network, pair) in pairs.enumerated() {
      let units = pair?.units ?? []
      for unit in units {
        let two = (0..<2).map { Double(weights[perceptron.w1][network, $0, unit].magnitude) }
        mismatch.append((two[0] - two[1]).magnitude / max(two[0], two[1]))
        sizes += two
      }
      let moves = Lottery.sizes(weights, network: network)
      for unit in 0..<width where !units.contains(unit) {
        dead = max(dead, moves[unit])
        // With no weights in, a neuron holds its bias.
        if weights[perceptron.b1][network, unit] > 0.05 { firing += 1 }
      }
    }
    notebook.note(
      "weight-mismatch", Statistics.quantile(0.95, of: mismatch), unit: "share of the weight",
      n: mismatch.count, seeds: seeds, from: from)
    notebook.note(
      "size-spread",
      ((sizes.max() ?? 0) - (sizes.min() ?? 0)) / Statistics.mean(sizes), unit: "share of the size",
      n: sizes.count, seeds: seeds, from: from)
    notebook.note(
      "largest-dead", Double(dead), unit: "weight in times weight out", n: weights.count,
      seeds: seeds, from: from)
    notebook.note(
      "dead-but-firing", Double(firing) / Double(weights.count), unit: "neurons", n: weights.count,
      seeds: seeds, from: from)
    let counts = population.steps.map { step in
      let weights = population.weights(at: step)
      return Statistics.mean(
        (0..<weights.count).map { Double(Pair.alive(in: weights, network: $0).count) })
    }
    notebook.note(
      "alive-over-training",
      Finding(.numbers(counts), unit: "neurons", n: weights.count, seeds: seeds, from: from))
    notebook.note(
      "stored-steps",
      Finding(
        .numbers(population.steps.map(Double.init)), unit: "steps", n: counts.count, from: from))
  }

  /// What each ablation costs, of the pair and of others, on the explore seeds.
  private func noteAblations(
    _ evidence: Evidence, _ population: Population, _ notebook: inout Notebook
  ) throws {
    let explore = population.variant.exploreSeeds
    let weights = population.final.networks(explore)
    let pairs = (0..<weights.count).map { Pair(in: weights, network: $0)?.units ?? [0, 1] }
    let width = perceptron.hidden.shape.count
    let others = randomUnits(besides: pairs, of: width, count: 2, using: &notebook.generator)
    let rest = pairs.map { pair in (0..<width).filter { !pair.contains($0) } }
    let targets: [(String, [[Int]])] = [
      ("one", pairs.map { [$0[0]] }), ("both", pairs), ("other", others.map { [$0[0]] }),
      ("others", others), ("rest", rest),
    ]
    for ablation in Ablation.allCases {
      let scores = try ablating(
        targets.map(\.1), of: perceptron.hidden, in: population.network, weights,
        on: probes.examples, by: ablation, threads: evidence.threads)
      for (target, scores) in zip(targets, scores) {
        notebook.noteMean(
          "lost-\(ablation)-\(target.0)", of: scores.map { Double(1 - $0.accuracy) },
          unit: "share of corners", seeds: "explore 0-\(explore.upperBound - 1)",
          from: [population.path])
      }
    }
  }

  /// What is inside the specimen.
  private func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    let name = "seed \(seed)"
    let from = ["activations.safetensors"]
    let activations = try evidence.activations()
    let hidden = try activations.tensor("hidden")
    let outputs = try activations.tensor("outputs")
    let alive = Pair.alive(in: weights, network: 0)
    notebook.note(
      "specimen-size", Double(weights[perceptron.w1][0, 0, alive[0]].magnitude), n: 1, seeds: name,
      from: ["main/checkpoints"])
    notebook.note(
      "specimen-outputs",
      Finding(.numbers(outputs.scalars.map(Double.init)), n: 4, seeds: name, from: from))
    notebook.note(
      "specimen-algorithm",
      Finding(
        .text(Pair(in: weights, network: 0)?.algorithm.rawValue ?? "none"), n: 1, seeds: name,
        from: ["main/checkpoints"]))
    let tables = Self.corners.indices.map { corner in
      selectivity(of: hidden) { $0 == corner }
    }
    let placebo = Self.corners.indices.map { corner in
      shuffledSelectivity(of: hidden, to: { $0 == corner }, using: &notebook.generator)
    }
    notebook.keep("selectivity", try Self.table(tables))
    notebook.keep("selectivity-shuffled", try Self.table(placebo))
    notebook.note(
      "winner-selectivity",
      Statistics.mean(alive.map { unit in tables.map { $0[unit] }.max() ?? 0 }),
      n: alive.count, seeds: name, from: from)
    let subsets = try SubsetAblation(
      of: [Array(0..<hidden.shape[1])], at: perceptron.hidden, in: perceptron.network, weights,
      on: probes.examples, by: .zero, threads: evidence.threads)
    let sufficient = subsets.minimalSufficientSets(network: 0)
    notebook.note(
      "subsets", Double(subsets.scores.count), unit: "subsets", n: subsets.scores.count,
      seeds: name, from: ["main/population.safetensors"])
    notebook.note(
      "minimal-sets", Double(sufficient.count), unit: "sets", n: subsets.scores.count, seeds: name,
      from: ["main/population.safetensors"])
    notebook.note(
      "minimal-set-is-pair",
      Finding(
        .text(sufficient == [alive] ? "yes" : "no"), n: subsets.scores.count, seeds: name,
        from: ["main/population.safetensors"]))
    let shapley = subsets.shapleyValues(network: 0)
    notebook.note(
      "shapley-of-pair", alive.reduce(0) { $0 + shapley[$1] } / shapley.reduce(0, +),
      unit: "share of the credit", n: subsets.scores.count, seeds: name,
      from: ["main/population.safetensors"])
    let start = try evidence.population().initial.network(seed)
    let untrained = try SubsetAblation(
      of: [Array(0..<hidden.shape[1])], at: perceptron.hidden, in: perceptron.network, start,
      on: probes.examples, by: .zero, threads: evidence.threads)
    notebook.note(
      "shapley-untrained",
      Finding(
        .numbers(untrained.shapleyValues(network: 0)), unit: "accuracy",
        n: untrained.scores.count, seeds: name, from: ["main/population.safetensors"]))
    notebook.note(
      "bias-alone", Double(subsets.scores[0][0].accuracy), unit: "share of corners", n: 4,
      seeds: name, from: ["main/population.safetensors"])
    notebook.note(
      "shapley",
      Finding(
        .numbers(shapley), unit: "accuracy", n: subsets.scores.count, seeds: name,
        from: ["main/population.safetensors"]))
    let attribution = readOutAttribution(of: hidden, through: weights[perceptron.w2].scalars)
    notebook.keep("attribution", attribution)
    try noteEmergence(evidence, name, &notebook)
  }

  /// When the pair comes to be, over the specimen's checkpoints.
  private func noteEmergence(
    _ evidence: Evidence, _ name: String, _ notebook: inout Notebook
  ) throws {
    let emergence = Emergence(over: try evidence.checkpoints()) {
      Lottery.sizes($0, network: 0)
    }
    notebook.keep("emergence-sizes", try Self.table(emergence.values.map { $0.map(Double.init) }))
    notebook.keep("emergence-steps", Tensor(emergence.steps.map(Float.init)))
    let settled = emergence.settled { sizes in
      sizes.count { $0 > Pair.aliveShare * (sizes.max() ?? 0) } == 2
    }
    let training = try evidence.training()
    if let seed = training.specimen?.seed, let solved = training.solvedAt[seed] {
      notebook.note(
        "specimen-solved-at", Double(solved), unit: "steps", n: training.measuredSteps.count,
        seeds: name, from: ["main/training.json"])
    }
    notebook.note(
      "two-left-after", Double(settled ?? -1), unit: "steps", n: emergence.steps.count, seeds: name,
      from: ["main/checkpoints"])
  }

  /// At which losses narrow networks stop, and which corners they then cannot tell apart.
  private func noteStuckNetworks(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population("no-penalty")
    let network = population.network
    let scores = try network.scores(
      population.final, on: probes.examples, threads: evidence.threads)[0]
    let losses = scores.map { Double($0.loss) }
    let stuck = scores.filter { $0.accuracy < 1 }.map { Double($0.loss) }
    // Mean squared error where the corners that look alike get their mean answer: 1 − Σ share · mean².
    let values = ["half": 0.5, "two-thirds": 2.0 / 3, "one": 1.0]
    let near = 0.01
    for (name, value) in values.sorted(by: { $0.key < $1.key }) {
      notebook.noteShare(
        "stuck-\(name)", stuck.count { ($0 - value).magnitude < near }, of: stuck.count,
        unit: "share of networks", seeds: all(population.variant), from: [population.path])
    }
    notebook.noteShare(
      "stuck-explained",
      stuck.count { loss in values.values.contains { (loss - $0).magnitude < near } },
      of: stuck.count, unit: "share of networks", seeds: all(population.variant),
      from: [population.path])
    let output = try network.run(population.final, on: probes.examples)[network.output]
    let failed = scores.indices.filter { scores[$0].accuracy < 1 }
    notebook.noteShare(
      "stuck-alike",
      failed.count { seed in
        let answers = Self.corners.indices.map { output[seed, $0, 0] }
        let alike = answers.map { own in answers.count { ($0 - own).magnitude < 0.05 } }.max() ?? 0
        return (losses[seed] - [1, 1, 0.5, 2.0 / 3, 1][alike]).magnitude < near
      }, of: failed.count, unit: "share of networks", seeds: all(population.variant),
      from: [population.path])
    notebook.keep("stuck-losses", Tensor(losses.map(Float.init)))
  }

  private func all(_ variant: Variant) -> String { "all 0-\(variant.seedCount - 1)" }

  private static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
