import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// What the evidence says at one time of training.
private struct Moment {
  var loss, accuracy, sufficiency, interchange: [Double]

  static var curves: [(name: String, values: KeyPath<Moment, [Double]>)] {
    [
      ("loss", \.loss), ("accuracy", \.accuracy), ("sufficiency", \.sufficiency),
      ("interchange", \.interchange),
    ]
  }
}

extension EvidenceReport {
  /// The component, where it will be found in the end, over training: beside loss and accuracy what it does alone, and
  /// how often its variables move.
  func noteEmergence(_ notebook: inout Notebook) throws {
    let (seed, _) = try evidence.specimen()
    let checkpoints = try evidence.checkpoints()
    // The checkpoints of the specimen are a population, too.
    let specimen = try moment(
      try Weights.stacking(checkpoints.map(\.weights)), checkpoints.map { _ in seed })
    keep("evidence-specimen", specimen, steps: checkpoints.map(\.step), &notebook)
    let last = checkpoints.count - 1
    let (first, end) = (specimen.accuracy[0], specimen.accuracy[last])
    // Half way from what it began with to what it came to.
    let transition = specimen.accuracy.firstIndex { $0 >= (first + end) / 2 } ?? last
    for (name, place) in [("transition", transition), ("convergence", last)] {
      notebook.note(
        "evidence-\(name)-step", Double(checkpoints[place].step), unit: "steps",
        n: checkpoints.count, seeds: "seed \(seed)", from: ["main/checkpoints"])
      for (curve, values) in Moment.curves {
        notebook.note(
          "evidence-\(name)-\(curve)", specimen[keyPath: values][place], n: 1,
          seeds: "seed \(seed)", from: ["main/checkpoints"])
      }
    }
    // The mechanism is there from where on it does nine tenths of what it does in the end.
    let telling =
      specimen.interchange.contains { $0 > 0 } ? specimen.interchange : specimen.sufficiency
    let arrived = telling.lastIndex { $0 < 0.9 * telling[last] }.map { min($0 + 1, last) } ?? 0
    notebook.note(
      "evidence-mechanism-step", Double(checkpoints[arrived].step), unit: "steps",
      n: checkpoints.count, seeds: "seed \(seed)", from: ["main/checkpoints"])
    let networks = Array(population.final.indices)
    var moments: [Moment] = []
    for step in population.steps {
      moments.append(try moment(population.weights(at: step), networks))
    }
    func means(_ values: KeyPath<Moment, [Double]>) -> [Double] {
      moments.map { Statistics.mean($0[keyPath: values]) }
    }
    keep(
      "evidence-population",
      Moment(
        loss: means(\.loss), accuracy: means(\.accuracy), sufficiency: means(\.sufficiency),
        interchange: means(\.interchange)), steps: population.steps, &notebook)
  }

  private func keep(_ name: String, _ moment: Moment, steps: [Int], _ notebook: inout Notebook) {
    notebook.keep("\(name)-steps", Tensor(steps.map { Float($0) }))
    for (curve, values) in Moment.curves {
      notebook.keep("\(name)-\(curve)", Tensor(moment[keyPath: values].map { Float($0) }))
    }
  }

  /// Networks at one time of training, their component where the networks of some seeds have it in the end.
  private func moment(_ weights: Weights, _ seeds: [Int]) throws -> Moment {
    let examination = try Examination(
      explanation, of: population.network, weights,
      locatedIn: population.final.networks(seeds), threads: evidence.threads)
    let clean = try examination.bench.scores()
    var generator = Generator(seed: generatorSeed, stream: .analysis)
    // A curve over training needs fewer pairs than a verdict.
    let moved = try examination.interchanges(atMost: 64, using: &generator)
      .map(\.measure.effects)
    // Where nothing lies beside the component it is always enough; what tells is then that it is needed.
    let alone =
      try examination.isRestEmpty()
      ? examination.necessity(by: .mean, using: &generator)
      : examination.sufficiency(by: .mean, using: &generator)
    return Moment(
      loss: clean.map { Double($0.loss) }, accuracy: Examination.accuracies(clean),
      sufficiency: alone.effects,
      interchange: weights.indices.map { network in moved.map { $0[network] }.min() ?? 0 })
  }
}

extension EvidenceReport {
  /// What the program says and what networks do: on the task, variable by variable, and beyond the task.
  func noteProgram(_ notebook: inout Notebook) throws {
    let from = [population.path]
    notebook.note(
      "evidence-program",
      Finding(
        .text(explanation.summary),
        n: explanation.programs.count, from: from))
    notebook.noteMean(
      "evidence-agreement", of: try all.agreement(), unit: "share of inputs", seeds: seeds,
      from: from)
    notebook.note(
      "evidence-inputs", Double(explanation.examples.count), unit: "inputs",
      n: explanation.examples.count, from: from)
    var generator = Generator(seed: generatorSeed, stream: .analysis)
    let present = found.isEmpty ? Array(population.final.indices) : found
    let networks = try examination(of: present)
    let moved = try networks.interchanges(using: &generator)
    notebook.note(
      "evidence-variables", Double(moved.count), unit: "variables", n: networks.weights.count,
      from: from)
    if !moved.isEmpty {
      let least = networks.weights.indices.map { network in
        moved.map { $0.measure.effects[network] }.min() ?? 0
      }
      let most = networks.weights.indices.map { network in
        moved.map { $0.measure.controls[network] }.max() ?? 0
      }
      for (name, values) in [("least", least), ("most-placebo", most)] {
        notebook.noteMean(
          "evidence-variables-\(name)", of: values, unit: "share of interchanges", seeds: seeds,
          from: from)
      }
    }
    for (number, moved) in moved.enumerated() {
      notebook.note(
        "evidence-variable-\(number + 1)-name", Finding(.text(moved.variable), n: 1, from: from))
      notebook.noteMean(
        "evidence-variable-\(number + 1)", of: moved.measure.effects, unit: "share of interchanges",
        seeds: seeds, from: from)
      notebook.noteMean(
        "evidence-variable-\(number + 1)-placebo", of: moved.measure.controls,
        unit: "share of interchanges", seeds: seeds, from: from)
      notebook.note(
        "evidence-variable-\(number + 1)-pairs", Double(moved.pairs), unit: "pairs of inputs",
        n: moved.pairs, from: from)
    }
    for beyond in explanation.beyond {
      let fared = try networks.fares(on: beyond, using: &generator)
      let name = "evidence-beyond-\(beyond.name)"
      notebook.note(
        "\(name)-kind", Finding(.text(beyond.kind), n: fared.count, from: from))
      notebook.note(
        "\(name)-inputs", Double(fared.count), unit: "inputs", n: fared.count, from: from)
      for (part, values) in [
        ("must-break", fared.mustBreak.compactMap { $0 }),
        ("must-hold", fared.mustHold.compactMap { $0 }), ("any", fared.any),
        ("agreement", fared.agreement),
      ] where !values.isEmpty {
        notebook.noteMean(
          "\(name)-\(part)", of: values,
          unit: part == "any" || part == "must-break"
            ? "share of inputs answered wrongly" : "share of inputs", seeds: seeds, from: from)
      }
    }
  }

  /// What untrained and misled twins make of the same tests: the share of each that would pass.
  ///
  /// - Parameters:
  ///   - notebook: Where it is noted.
  ///   - standard: What the trained networks made of them.
  /// - Throws: `StageError` if a population is missing, `NetworkError` if the explanation does not fit it.
  func noteTwins(
    _ notebook: inout Notebook, standard: [(hypothesis: Hypothesis, outcome: Outcome)]
  ) throws {
    let trial = Array(population.variant.trialSeeds)
    let (untrained, trained) = (
      population.initial.networks(trial), population.final.networks(trial)
    )
    let shuffled = try evidence.population(explanation.shuffledVariant)
    let twins: [(name: String, network: Network, weights: Weights, start: Weights, path: String)] =
      [
        ("trained", population.network, trained, untrained, population.path),
        ("untrained", population.network, untrained, untrained, population.path),
        ("shuffled", shuffled.network, shuffled.final, shuffled.initial, shuffled.path),
      ]
    for twin in twins {
      let examination = try Examination(
        explanation, of: twin.network, twin.weights, threads: evidence.threads)
      notebook.noteShare(
        "evidence-\(twin.name)-found", examination.located.present.count { $0 },
        of: twin.weights.count, unit: "share of networks", from: [twin.path])
      for test in StandardTest.allCases where try test.applies(to: all) {
        let known = standard.first { $0.hypothesis.name == test.rawValue && twin.name == "trained" }
        let outcome = try known?.outcome ?? test.outcome(examination, untrained: twin.start)
        let passed = test.hypothesis(explanation).passes(outcome)
        notebook.noteShare(
          "evidence-\(twin.name)-\(test.rawValue)", passed.count { $0 }, of: passed.count,
          unit: "share of networks", from: [twin.path])
      }
    }
  }
}
