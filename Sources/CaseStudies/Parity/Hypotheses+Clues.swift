import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTraining(evidence, &notebook)
    let population = try evidence.population()
    noteTemplates(population, &notebook)
    try noteCensus(evidence, &notebook)
    noteChoices(&notebook)
    try noteAblations(evidence, population, &notebook)
    try noteSpecimen(evidence, &notebook)
    try noteEmergence(evidence, &notebook)
    try noteThreeBits(evidence, &notebook)
  }

  /// How often, and how fast, each variant solves its task.
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
      notebook.note("steps-\(name)", Double(training.steps), unit: "steps", n: 1, from: file)
      notebook.noteMean(
        "held-out-\(name)", of: training.finalAccuracy, unit: "share of inputs",
        seeds: Self.all(variant), from: file)
    }
    let task = ["main/network.json"]
    let sizes = [
      ("bits", Self.bitCount), ("deciding", Self.decidingBits().count),
      ("ignored", Self.bitCount - Self.decidingBits().count),
      ("patterns", Templates.patternCount), ("inputs", probes.examples.count),
      ("held-out-inputs", variants[0].evaluation.rows(seed: 0).count),
      ("neurons", perceptron.hidden.shape.count), ("weights", perceptron.network.parameterCount),
    ]
    for (name, size) in sizes { notebook.note(name, Double(size), n: 1, from: task) }
    let order = Self.decidingBits().map { Double($0 + 1) }
    notebook.note("deciding-bits", Finding(.numbers(order), n: order.count, from: task))
  }

  /// What the survivors of the population have in common.
  private func noteTemplates(_ population: Population, _ notebook: inout Notebook) {
    let (weights, from) = (population.final, [population.path])
    let seeds = Self.all(population.variant)
    let found = (0..<weights.count).map { Templates(in: weights, network: $0) }
    let alive = (0..<weights.count).map { Templates.alive(in: weights, network: $0) }
    notebook.noteShare(
      "eight-neurons", alive.count { $0.count == Templates.expected }, of: alive.count,
      unit: "share of networks", seeds: seeds, from: from)
    notebook.noteShare(
      "eight-templates", found.count { $0 != nil }, of: found.count, unit: "share of networks",
      seeds: seeds, from: from)
    let sound = found.compactMap(\.self)
    notebook.noteShare(
      "on-a-face", sound.count { $0.pivot != nil }, of: sound.count, unit: "share of networks",
      seeds: seeds, from: from)
    var faces = [Double](repeating: 0, count: Templates.expected)
    for pivot in sound.compactMap(\.pivot) {
      faces[2 * pivot.place + (pivot.sign > 0 ? 1 : 0)] += 1
    }
    notebook.note(
      "faces", Finding(.numbers(faces), unit: "networks", n: sound.count, seeds: seeds, from: from))
    notebook.note(
      "faces-used", Double(faces.count { $0 > 0 }), unit: "faces", n: sound.count, seeds: seeds,
      from: from)

    var (mismatches, biases, strays, products, against) = (
      [Double](), [Double](), [Double](), [Double](), 0
    )
    for (network, templates) in found.enumerated() {
      for template in templates?.all ?? [] {
        var product = 0.0
        for neuron in template.neurons {
          let own = Templates.decidingWeights(of: neuron, in: weights, network: network)
          let sizes = own.map { Double($0.magnitude) }
          let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 1)
          mismatches.append((most - least) / most)
          biases.append(Double(weights[perceptron.b1][network, neuron].magnitude) / most)
          let stray =
            (0..<Self.bitCount).filter { !Self.decidingBits().contains($0) }
            .map { Double(weights[perceptron.w1][network, $0, neuron].magnitude) }.max() ?? 0
          strays.append(stray / most)
          let vote = Double(weights[perceptron.w2][network, neuron, 0])
          product += 2 * Statistics.mean(sizes) * vote.magnitude
          if vote * Double(Templates.parity(template.pattern)) < 0 { against += 1 }
        }
        products.append(product)
      }
    }
    func noteQuantile(_ name: String, _ values: [Double], _ unit: String) {
      notebook.note(
        name, Statistics.quantile(0.95, of: values), unit: unit, n: values.count, seeds: seeds,
        from: from)
    }
    noteQuantile("weight-mismatch", mismatches, "share of the weight")
    noteQuantile("largest-bias", biases, "share of the weight")
    noteQuantile("stray-weight", strays, "share of the weight")
    notebook.noteMean(
      "vote-of-a-neighbour", of: products, unit: "output", seeds: seeds, from: from)
    notebook.noteShare(
      "votes-against", against, of: mismatches.count, unit: "share of neurons", seeds: seeds,
      from: from)

    // Those without eight templates: is every neuron a template all the same?
    let others = found.indices.filter { found[$0] == nil }
    let blends = others.filter { Self.hasTemplatesAlone(weights, $0) }
    notebook.noteShare(
      "blends", blends.count, of: others.count, unit: "share of networks", seeds: seeds, from: from)
  }

  /// How many neurons are alive in the networks of each variant.
  private func noteCensus(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    for variant in variants where variant.name != "shuffled-labels" {
      let population = try evidence.population(variant.name)
      let weights = population.final
      let counts = (0..<weights.count).map { Templates.alive(in: weights, network: $0).count }
      notebook.keep("alive-\(variant.name)", Tensor(counts.map(Float.init)))
      notebook.note(
        "alive-median-\(variant.name)", Statistics.median(counts.map(Double.init)),
        unit: "neurons", n: counts.count, seeds: Self.all(variant), from: [population.path])
      guard variant.name != "three-bits", variant.name != "main" else { continue }
      notebook.noteShare(
        "eight-templates-\(variant.name)",
        (0..<weights.count).count { Templates(in: weights, network: $0) != nil },
        of: weights.count, unit: "share of networks", seeds: Self.all(variant),
        from: [population.path])
    }
    // The same seeds, trained for the usual time and for longer.
    let longer = try evidence.population("longer")
    let usual = try evidence.population().final.networks(0..<longer.variant.seedCount)
    for (name, weights, path) in [
      ("eight-neurons-longer", longer.final, longer.path),
      ("eight-neurons-usual", usual, "main/population.safetensors"),
    ] {
      notebook.noteShare(
        name,
        (0..<weights.count).count {
          Templates.alive(in: weights, network: $0).count == Templates.expected
        }, of: weights.count, unit: "share of networks", seeds: Self.all(longer.variant),
        from: [path])
    }
  }

  /// Which choices of one template from each pair of opposites could do the task at all.
  private func noteChoices(_ notebook: inout Notebook) {
    let choices = Formula.choices
    let working = choices.filter { Formula.error(of: $0) < 1e-9 }
    let faces = working.filter { choice in
      (0..<4).contains { place in
        Set(choice.map { Templates.sign(at: place, in: $0) }).count == 1
      }
    }
    let from = ["the formula"]
    notebook.note(
      "choices", Double(choices.count), unit: "choices", n: choices.count, from: from)
    notebook.note(
      "choices-that-work", Double(working.count), unit: "choices", n: choices.count, from: from)
    notebook.note(
      "choices-that-are-faces", Double(faces.count), unit: "choices", n: working.count, from: from)
  }

  static func all(_ variant: Variant) -> String { "all 0-\(variant.seedCount - 1)" }

  static func explore(_ variant: Variant) -> String {
    "explore 0-\(variant.exploreSeeds.upperBound - 1)"
  }

  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
