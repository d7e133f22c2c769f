import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors

import NAMETask

// MARK: The locator

extension NAME {
  /// A neuron is alive if it can move the output at least this much of what the strongest can.
  static let aliveShare: Float = 0.05

  /// How much each neuron of a network can move the output: Σ |w in| · |w out|.
  func strengths(_ weights: Weights, network: Int) -> [Float] {
    let (w1, w2) = (weights[model.w1], weights[model.w2])
    return (0..<w1.shape[2]).map { unit in
      let size = (0..<w1.shape[1]).reduce(Float(0)) { $0 + w1[network, $1, unit].magnitude }
      return size * w2[network, unit, 0].magnitude
    }
  }

  /// The neurons of a network that are alive, the strongest first.
  func living(_ weights: Weights, network: Int) -> [Int] {
    let strengths = strengths(weights, network: network)
    let least = Self.aliveShare * (strengths.max() ?? 0)
    return strengths.indices.filter { strengths[$0] > least }
      .sorted { (strengths[$1], $0) < (strengths[$0], $1) }
  }

  /// The locator: the neuron that the story is about, found in the weights of any network.
  ///
  /// Neurons stand in another order in every network, so a story needs a rule that finds its own. Here it is the
  /// strongest of those that count.
  ///
  /// - Returns: Nil where there is none; such a network does not pass a trial.
  func counter(_ weights: Weights, network: Int) -> Int? {
    counters(weights, network: network).first
  }

  /// The neurons that all signs excite in the same direction, and that push the output the same way; the strongest first.
  func counters(_ weights: Weights, network: Int) -> [Int] {
    let (w1, w2) = (weights[model.w1], weights[model.w2])
    return living(weights, network: network).filter { unit in
      let signs = (0..<w1.shape[1]).map { w1[network, $0, unit] > 0 }
      let readOut = w2[network, unit, 0] > 0
      return signs.allSatisfy { $0 == readOut }
    }
  }
}

// MARK: The observations

extension NAME {
  /// Everything that figures and prose tell, besides verdicts.
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTraining(evidence, &notebook)
    try notePopulation(evidence, &notebook)
    try noteSpecimen(evidence, &notebook)
  }

  private func noteTraining(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    for (name, variant) in [("solved", "main"), ("solved-shuffled", "shuffled-labels")] {
      let training = try evidence.training(variant)
      notebook.noteShare(
        name, training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: "all 0-\(training.seedCount - 1)",
        from: ["\(variant)/training.json"])
    }
    let steps = try evidence.training().solvedAt.compactMap { $0.map(Double.init) }
    notebook.note(
      "steps-to-solve", steps.isEmpty ? 0 : Statistics.median(steps), unit: "steps",
      n: steps.count, from: ["main/training.json"])
  }

  /// What the networks have in common.
  private func notePopulation(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let (weights, from) = (population.final, [population.path])
    let seeds = "all 0-\(weights.count - 1)"
    notebook.note(
      "signs", Double(Self.voterCount), unit: "signs", n: 1, from: ["main/network.json"])
    notebook.note(
      "neurons", Double(model.hidden.shape[0]), unit: "neurons", n: 1, from: ["main/network.json"])
    let alive = (0..<weights.count).map { living(weights, network: $0).count }
    notebook.noteMean(
      "alive", of: alive.map(Double.init), unit: "neurons", seeds: seeds, from: from)
    notebook.noteShare(
      "two-alive", alive.count { $0 == 2 }, of: alive.count, unit: "share of networks",
      seeds: seeds, from: from)
    let untrained = population.initial
    for (name, weights) in [("counter-found", weights), ("counter-untrained", untrained)] {
      notebook.noteShare(
        name, (0..<weights.count).count { counter(weights, network: $0) != nil },
        of: weights.count, unit: "share of networks", seeds: seeds, from: from)
    }
  }

  /// What is inside the one network that the figures show.
  private func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    let (name, from) = ("seed \(seed)", ["main/population.safetensors"])
    let alive = living(weights, network: 0)
    let found = counter(weights, network: 0)
    let unit = found ?? alive[0]
    func note(_ text: String, _ value: String) {
      notebook.note(text, Finding(.text(value), n: 1, seeds: name, from: from))
    }
    note("specimen-has-counter", found == nil ? "no" : "yes")
    note("side", weights[model.w2][0, unit, 0] > 0 ? "plus" : "minus")
    notebook.note("specimen-counter", Double(unit), n: 1, seeds: name, from: from)
    notebook.note(
      "specimen-alive", Double(alive.count), unit: "neurons", n: 1, seeds: name, from: from)
    notebook.keep("strengths", Tensor(strengths(weights, network: 0)))

    // How far the answer moves when one sign alone is flipped; a sign that is not listened to would be a control.
    let flips = try flippingEachInput(
      "x", of: model.network, weights, on: probes.examples, watching: model.output)
    notebook.note(
      "flips",
      Finding(
        .numbers(flips.scalars.map(Double.init)), unit: "output", n: probes.examples.count,
        seeds: name, from: from))

    // What the specimen's sites held on every question was recorded.
    let activations = try evidence.activations()
    let hidden = try activations.tensor("hidden")
    let recorded = ["activations.safetensors"]
    let isPlus = { Self.answers[$0] > 0 }
    let placebo = shuffledSelectivity(of: hidden, to: isPlus, using: &notebook.generator)
    for (name, values) in [
      ("selectivity", selectivity(of: hidden, to: isPlus)), ("selectivity-shuffled", placebo),
    ] {
      notebook.note(
        name, values[unit].magnitude, n: hidden.shape[0], seeds: "seed \(seed)", from: recorded)
    }
    let readOut = weights[model.w2].scalars
    notebook.keep("contributions", readOutAttribution(of: hidden, through: readOut))

    let count = probes.examples.count
    let scores = try ablatingEachUnit(
      of: model.hidden, in: model.network, weights, on: probes.examples, by: .zero)
    let clean = try model.network.scores(weights, on: probes.examples)[0][0].accuracy
    let lost = scores.map { Double(clean - $0[0].accuracy) }
    let others = lost.enumerated().filter { $0.offset != unit }.map(\.element)
    notebook.note(
      "lost", Finding(.numbers(lost), unit: "share of answers", n: count, seeds: name, from: from))
    notebook.note(
      "lost-counter", lost[unit], unit: "share of answers", n: count, seeds: name, from: from)
    notebook.note(
      "lost-other", others.max() ?? 0, unit: "share of answers", n: count, seeds: name, from: from)
  }
}

// MARK: The trial

extension NAME: Investigation {
  /// The predictions: each with a rival that would be right if it fails, a threshold and a control.
  ///
  /// Write them down before you measure; choose thresholds on the explore seeds (`exploreSeeds` of a variant).
  /// A trial has one effect a network; the verdict is computed from how many pass.
  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let weights = try trial.networks()
    let counters = (0..<weights.count).map { counter(weights, network: $0) }
    let present = counters.map { $0 != nil }
    let units = counters.map { [$0 ?? 0] }
    let width = model.hidden.shape[0]
    var generator = Generator(seed: 1, stream: .analysis)
    let others = randomUnits(besides: units, of: width, count: 1, using: &generator)

    /// The share of answers that are right with some units of each network cut.
    func accuracies(_ weights: Weights, cutting units: [[Int]]? = nil) throws -> [Double] {
      let cuts = units.map { [Intervention(at: model.hidden, .unitsByNetwork($0), .zero)] }
      return try model.network.scores(
        weights, on: probes.examples, under: [cuts ?? []], threads: trial.threads)[0]
        .map { Double($0.accuracy) }
    }
    func complement(_ units: [[Int]]) -> [[Int]] {
      units.map { units in (0..<width).filter { !units.contains($0) } }
    }
    let clean = try accuracies(weights)
    func lost(_ units: [[Int]]) throws -> [Double] {
      zip(clean, try accuracies(weights, cutting: units)).map { $0 - $1 }
    }

    return [
      (
        Hypothesis(
          name: "alike", claim: "One neuron counts the votes: every sign has the same say in it.",
          rival: "Some signs weigh more than others, and the answers depend on it.",
          intervention: "each input weight of the counting neuron replaced by their mean",
          control: "the same, with the sign of one weight turned",
          predicted: "every answer stays right", unit: "share of answers", .atLeast(1),
          exhaustive: true),
        Outcome(
          effects: try accuracies(levelled(weights, units, turnsOne: false)),
          controls: try accuracies(levelled(weights, units, turnsOne: true)), present: present)
      ),
      (
        Hypothesis(
          name: "needed", claim: "Without the counting neuron, the network cannot tell.",
          rival: "The count is spread over many neurons, none of which is needed.",
          intervention: "zero ablation of the counting neuron",
          control: "zero ablation of a random other neuron",
          predicted: "at least four answers in ten are lost", unit: "share of answers lost",
          .atLeast(0.4), exhaustive: true),
        Outcome(effects: try lost(units), controls: try lost(others), present: present)
      ),
      (
        Hypothesis(
          name: "alone", claim: "The counting neuron alone is enough for every answer.",
          rival: "Other neurons have a part in the decision.",
          intervention: "zero ablation of every neuron but the counting one",
          control: "zero ablation of every neuron but a random other one",
          predicted: "every answer stays right", unit: "share of answers", .atLeast(1),
          exhaustive: true),
        Outcome(
          effects: try accuracies(weights, cutting: complement(units)),
          controls: try accuracies(weights, cutting: complement(others)), present: present)
      ),
    ]
  }

  /// The networks with the input weights of one neuron each replaced by their mean.
  private func levelled(_ weights: Weights, _ units: [[Int]], turnsOne: Bool) -> Weights {
    var w1 = weights[model.w1]
    for (network, units) in units.enumerated() {
      let inputs = 0..<w1.shape[1]
      let mean = inputs.reduce(Float(0)) { $0 + w1[network, $1, units[0]] } / Float(inputs.count)
      for input in inputs { w1[network, input, units[0]] = turnsOne && input == 0 ? -mean : mean }
    }
    return weights.replacing(model.w1.name, with: w1)
  }
}
