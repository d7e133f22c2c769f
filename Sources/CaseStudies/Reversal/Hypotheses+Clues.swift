import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTraining(evidence, &notebook)
    let population = try evidence.population()
    try noteRouting(population, evidence.threads, &notebook)
    try noteCopying(population, &notebook)
    try noteInterventions(population, evidence.threads, &notebook)
    try noteSpecimen(evidence, &notebook)
    try noteEmergence(evidence, &notebook)
    try noteHardest(evidence, &notebook)
    try noteCrew(evidence, &notebook)
    try noteUnasked(evidence, &notebook)
  }

  /// How often, and how fast, each variant solves its task, and how large everything is.
  private func noteTraining(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    for variant in variants {
      let (name, training) = (variant.name, try evidence.training(variant.name))
      let file = ["\(name)/training.json"]
      notebook.noteShare(
        "solved-\(name)", training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: Self.all(variant), from: file)
      let steps = training.solvedAt.compactMap { $0.map(Double.init) }
      if !steps.isEmpty {
        notebook.note(
          "steps-to-solve-\(name)", Statistics.median(steps), unit: "steps", n: steps.count,
          seeds: Self.all(variant), from: file)
      }
    }
    var sequences = 1.0
    for _ in 0..<Self.length { sequences *= Double(Self.vocabulary) }
    let sizes =
      [
        ("places", Double(Self.length)), ("tokens", Double(Self.vocabulary)),
        ("sequences", sequences), ("held-out-sequences", Double(Self.heldOut)),
        ("dimensions", Double(reader.model.configuration.dModel)),
        ("weights", Double(reader.network.parameterCount)),
        ("pairs-of-places", Double(Self.length * Self.length)),
        ("pairs-in-training", Double(Self.length)),
        ("crew-heads", Double(crew.model.configuration.headCount)),
        ("crew-dimensions", Double(crew.model.configuration.dModel)),
        ("longer-places", Double(2 * Self.length)), ("asked-places", Double(Self.asked.count)),
        ("renumberings", Double(Self.renumberings.count)),
        ("trial-sequences", Double(Self.trialSequences)),
      ] + Self.narrowWidths.map { ("width-\($0)-dimensions", Double($0)) }
    for (name, size) in sizes { notebook.note(name, size, n: 1, from: ["main/network.json"]) }
  }

  /// Where the heads of the population look, and what they look by.
  private func noteRouting(
    _ population: Population, _ threads: Int, _ notebook: inout Notebook
  ) throws {
    let (variant, from) = (population.variant, [population.path])
    let explore = variant.exploreSeeds
    let weights = population.final.networks(explore)
    let target = AttentionTarget.positions(Self.backwards)
    let patterns = try attentionPatterns(
      of: reader.model, in: reader.network, weights, on: probes.examples, threads: threads)
    let scores = try headScores(
      target, of: reader.model, in: reader.network, weights, on: probes.examples,
      threads: threads)
    notebook.noteMean(
      "attention-on-route", of: scores.scalars.map(Double.init), unit: "attention",
      seeds: Self.explore(variant), from: from)
    notebook.note(
      "attention-if-even", try uniformHeadScore(target, of: reader.model, on: probes.examples),
      unit: "attention", n: probes.examples.count, from: from)
    // What is not on the route: next to it, or further off.
    var (near, far) = ([Double](), [Double]())
    for network in explore.indices {
      for query in 0..<Self.length {
        for key in 0..<Self.length where key != Self.backwards[query] {
          let leak = Double(patterns[network, 0, 0, query, key])
          if abs(key - Self.backwards[query]) == 1 { near.append(leak) } else { far.append(leak) }
        }
      }
    }
    for (name, leaks) in [("leak-near", near), ("leak-far", far)] {
      notebook.noteMean(
        name, of: leaks, unit: "attention", seeds: Self.explore(variant), from: from)
    }
    // The routes that the positions' vectors alone ask for, in all networks and before training.
    for (name, weights) in [("route", population.final), ("route-untrained", population.initial)] {
      let circuit = try reader.model.qkCircuit(
        layer: 0, weights, queries: .positions, keys: .positions)
      let agreement = rowAgreement(circuit) { Self.backwards[$0] }.scalars
      notebook.noteShare(
        name, agreement.count { $0 == 1 }, of: agreement.count, unit: "share of networks",
        seeds: Self.all(variant), from: from)
      notebook.noteMean(
        "\(name)-rows", of: agreement.map(Double.init), unit: "share of places",
        seeds: Self.all(variant), from: from)
    }
    // How far scores differ by the places, by the keys' tokens, and by tokens alone.
    func spread(_ queries: Reads, _ keys: Reads) throws -> [Double] {
      try Self.spreads(
        reader.model.qkCircuit(layer: 0, weights, queries: queries, keys: keys))
    }
    let places = try spread(.positions, .positions)
    for (name, own) in [
      ("place-token-scores", try spread(.positions, .tokens)),
      ("token-scores", try spread(.tokens, .tokens)),
    ] {
      notebook.noteMean(
        name, of: zip(own, places).map { $0 / $1 }, unit: "share of the places' spread",
        seeds: Self.explore(variant), from: from)
    }
  }

  /// The standard deviation of each network's circuit.
  private static func spreads(_ circuits: Tensor) -> [Double] {
    (0..<circuits.shape[0]).map {
      Statistics.standardDeviation(circuits.slice($0).scalars.map(Double.init))
    }
  }

  /// How well the heads copy.
  private func noteCopying(_ population: Population, _ notebook: inout Notebook) throws {
    let seeds = Self.all(population.variant)
    for (name, weights) in [("", population.final), ("-untrained", population.initial)] {
      let circuits = try reader.model.ovCircuit(layer: 0, weights)
      notebook.noteMean(
        "copied\(name)", of: copiedShares(of: circuits).scalars.map(Double.init),
        unit: "share of tokens", seeds: seeds, from: [population.path])
      notebook.noteMean(
        "copying-score\(name)", of: try copyingScores(of: circuits).scalars.map(Double.init),
        unit: "copying score", seeds: seeds, from: [population.path])
    }
  }

  /// What interventions cost or change in the explore seeds, and what each part adds to the right answer.
  private func noteInterventions(
    _ population: Population, _ threads: Int, _ notebook: inout Notebook
  ) throws {
    let (variant, from) = (population.variant, [population.path])
    let seeds = Self.explore(variant)
    let weights = population.final.networks(variant.exploreSeeds)
    let bench = Workbench(
      reader, weights, on: probes.examples.rows(0..<Self.trialSequences), threads: threads)
    func note(_ name: String, _ shares: [Double]) {
      notebook.noteMean(
        "right-\(name)", of: shares, unit: "share of tokens", seeds: seeds, from: from)
    }
    for ablation in Ablation.allCases {
      let head = Intervention(at: bench.heads.z, ablation.action(seed: 1))
      note("\(ablation)-head", try bench.share([head]))
      note("\(ablation)-bypass", try bench.share(try bench.bypassCut(by: ablation)))
    }
    note("exact", try bench.share([bench.heads.imposing(.positions(Self.backwards))]))
    note("even", try bench.share([bench.heads.imposingUniform(isCausal: false)]))
    note("off-by-one", try bench.share([bench.heads.imposing(.positions(Self.shifted))]))
    note("positions-route", try bench.share(bench.routingByPositions()))
    note("tokens-route", try bench.share(bench.routingByTokens()))
    let placeless = try bench.patches(
      [bench.heads.v], with: [Intervention(at: bench.model.posEmbed, .zero)])
    note("placeless-values", try bench.share(placeless))
    let everywhere = try Self.renumberings.map { order in
      try bench.share(
        [bench.model.permutingPositions(by: order, weights)],
        of: bench.taken(in: Workbench.everywhere(order)))
    }
    note(
      "renumbered-everywhere",
      weights.indices.map { network in everywhere.map { $0[network] }.min() ?? 0 })

    // After the trial: where renumbered networks go wrong, if they do.
    let lost = try Workbench(
      reader, population.final, on: bench.examples, threads: threads
    ).lostByRenumbering(Self.renumberings)
    for (name, shares) in [("themselves", lost.themselves), ("others", lost.others)] {
      notebook.noteMean(
        "renumbered-lost-\(name)", of: shares, unit: "share of tokens", seeds: Self.all(variant),
        from: from)
    }

    // Every pair of places: eight rotations, every pair of tokens each.
    let rotations = try (0..<Self.length).map { steps in
      try Workbench(reader, weights, on: Self.everyPair(rotatedBy: steps), threads: threads)
        .share([bench.heads.imposing(.rotated(by: steps))])
    }
    let worst = weights.indices.map { network in rotations.map { $0[network] }.min() ?? 0 }
    notebook.noteShare(
      "any-pair-of-places", worst.count { $0 == 1 }, of: worst.count, unit: "share of networks",
      seeds: seeds, from: from)

    let answers = bench.examples["target"] ?? Tensor([])
    let others = randomAnswers(
      besides: answers, of: Self.vocabulary, using: &notebook.generator)
    let parts = try LogitAttribution(
      of: answers, against: others, in: reader.model, reader.network, weights,
      on: bench.examples, threads: threads)
    for (name, part) in [
      ("head", LogitAttribution.Part.head(Head(layer: 0))), ("tokens", .tokens),
      ("positions", .positions),
    ] {
      notebook.noteMean(
        "adds-\(name)", of: parts.mean(of: part), unit: "logits, right against wrong",
        seeds: seeds, from: from)
    }
  }

  /// Backwards, but one place off.
  static let shifted = backwards.map { ($0 + 1) % length }

  static func all(_ variant: Variant) -> String { "all 0-\(variant.seedCount - 1)" }

  static func explore(_ variant: Variant) -> String {
    "explore 0-\(variant.exploreSeeds.upperBound - 1)"
  }

  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows.first?.count ?? 0])
  }
}

extension Weights {
  /// The networks by number.
  var indices: Range<Int> { 0..<count }
}
