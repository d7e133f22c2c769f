import Artifacts
import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity {
  /// What each kind of ablation costs, of templates and of other neurons, on the explore seeds.
  func noteAblations(
    _ evidence: Evidence, _ population: Population, _ notebook: inout Notebook
  ) throws {
    let variant = population.variant
    let sound = variant.exploreSeeds.filter {
      Templates(in: population.final, network: $0) != nil
    }
    let weights = population.final.networks(sound)
    let found = (0..<weights.count).map { Templates(in: weights, network: $0) }
    let jury = Jury(found, of: perceptron.hidden.shape.count, using: &notebook.generator)
    let seeds = "those of \(Self.explore(variant)) with eight templates"
    let targets: [(String, [[Int]])] = [
      ("one", jury.groups.map { $0[0] }), ("eight", jury.groups.map { $0.flatMap(\.self) }),
      ("other", jury.others.map { $0[0] }), ("others", jury.others.map { $0.flatMap(\.self) }),
    ]
    for ablation in Ablation.allCases {
      let scores = try ablating(
        targets.map(\.1), of: perceptron.hidden, in: population.network, weights,
        on: probes.examples, by: ablation, threads: evidence.threads)
      for (target, scores) in zip(targets, scores) {
        notebook.noteMean(
          "lost-\(ablation)-\(target.0)", of: scores.map { Double(1 - $0.accuracy) },
          unit: "share of inputs", seeds: seeds, from: [population.path])
        notebook.noteMean(
          "error-\(ablation)-\(target.0)", of: scores.map { Double($0.loss) },
          unit: "squared error", seeds: seeds, from: [population.path])
      }
    }
    let changes = try jury.changes(self, weights, threads: evidence.threads)
    var byDistance = [[Double]](repeating: [], count: 5)
    for change in changes {
      for (network, templates) in found.enumerated() {
        guard let template = templates?.all[change.place].pattern else { continue }
        for (input, moved) in change.moved[network].enumerated() {
          let pattern = Templates.pattern(ofInput: input)
          byDistance[Templates.distance(template, pattern)]
            .append(moved * Double(Templates.parity(pattern)))
        }
      }
    }
    notebook.note(
      "firmer-by-distance",
      Finding(
        .numbers(byDistance.map(Statistics.mean)), unit: "towards the right answer",
        n: sound.count * Templates.expected, seeds: seeds, from: [population.path]))
    notebook.keep(
      "firmer-range",
      try Self.table(byDistance.map { [$0.min() ?? 0, $0.max() ?? 0] }))
  }

  /// What is inside the specimen.
  func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    let (name, from) = ("seed \(seed)", ["activations.safetensors"])
    let templates = Templates(allOf: weights, network: 0)
    let neurons = templates.neurons
    let file = try evidence.activations()
    let hidden = try file.tensor("hidden")
    let outputs = try file.tensor("outputs")
    notebook.note("specimen-seed", Double(seed), n: 1, seeds: name, from: ["main/training.json"])
    notebook.note(
      "specimen-neurons",
      Finding(.numbers(neurons.map(Double.init)), n: neurons.count, seeds: name, from: from))
    notebook.note(
      "specimen-templates",
      Finding(
        .numbers(templates.all.map { Double($0.pattern) }), n: templates.all.count, seeds: name,
        from: ["main/checkpoints"]))
    let pivot = templates.pivot
    let pivotBit = pivot.map { Self.decidingBits()[$0.place] } ?? -1
    notebook.note(
      "specimen-pivot", Double(pivotBit + 1), unit: "bit", n: 1, seeds: name,
      from: ["main/checkpoints"])
    notebook.note(
      "specimen-side",
      Finding(
        .text(pivot.map { $0.sign > 0 ? "on" : "off" } ?? "none"), n: 1, seeds: name,
        from: ["main/checkpoints"]))

    // What each neuron adds towards the right answer, by the pattern that the input shows.
    let attribution = readOutAttribution(of: hidden, through: weights[perceptron.w2].scalars)
    let byPattern = (0..<Templates.patternCount).map { pattern in
      (0..<hidden.shape[0]).filter { Templates.pattern(ofInput: $0) == pattern }
    }
    func towards(_ pattern: Int, _ value: (Int) -> Float) -> [Double] {
      byPattern[pattern].map { Double(value($0) * Templates.parity(pattern)) }
    }
    let votes = byPattern.indices.map { pattern in
      neurons.map { neuron in Statistics.mean(towards(pattern) { attribution[$0, neuron] }) }
    }
    notebook.keep("votes", try Self.table(votes))
    notebook.keep(
      "answers",
      try Self.table(
        byPattern.indices.map { p in [Statistics.mean(towards(p) { outputs[$0, 0] })] }))
    let spread =
      byPattern.flatMap { inputs in
        neurons.map { neuron in
          let values = inputs.map { Double(hidden[$0, neuron]) }
          return (values.max() ?? 0) - (values.min() ?? 0)
        }
      }.max() ?? 0
    let loudest = Double(hidden.scalars.max() ?? 1)
    notebook.note(
      "spread-within-a-pattern", spread / loudest, unit: "share of the largest activation",
      n: hidden.shape[0], seeds: name, from: from)
    // A neuron fires if it is above a twentieth of the largest activation.
    let firing = byPattern.map { inputs in
      Statistics.mean(
        inputs.map { input in
          Double(neurons.count { Double(hidden[input, $0]) > 0.05 * loudest })
        })
    }
    let own = Set(templates.all.map(\.pattern))
    let near = firing.indices.filter { own.contains($0) }.map { firing[$0] }
    let far = firing.indices.filter { !own.contains($0) }.map { firing[$0] }
    let half = hidden.shape[0] / 2
    notebook.note(
      "firing-near", Statistics.mean(near), unit: "neurons", n: half, seeds: name, from: from)
    notebook.note(
      "firing-far", Statistics.mean(far), unit: "neurons", n: half, seeds: name, from: from)

    try noteFlips(hidden, outputs, weights, templates, name, evidence.threads, &notebook)
    try noteSubsets(weights, templates, name, evidence.threads, &notebook)
  }

  /// What flipping each bit does, to one input and over all inputs.
  private func noteFlips(
    _ hidden: Tensor, _ outputs: Tensor, _ weights: Weights, _ templates: Templates,
    _ name: String, _ threads: Int, _ notebook: inout Notebook
  ) throws {
    // An input with one of the templates in the middle of the list, and the other bits as they happen to stand.
    let pattern = templates.all.isEmpty ? 0 : templates.all[templates.all.count / 2].pattern
    let shown = (0..<hidden.shape[0]).filter { Templates.pattern(ofInput: $0) == pattern }
    let input = shown[shown.count * 2 / 3]
    let rows = (0..<Self.bitCount).map { bit in
      let flipped = input ^ 1 << (Self.bitCount - 1 - bit)
      return templates.neurons.map { Double(hidden[flipped, $0] - hidden[input, $0]) }
        + [Double(outputs[flipped, 0] - outputs[input, 0])]
    }
    notebook.keep("flip-one", try Self.table(rows))
    notebook.note("flip-input", Double(input), n: 1, seeds: name, from: ["activations.safetensors"])
    for site in [perceptron.hidden, perceptron.output] {
      let moved = try flippingEachInput(
        "x", of: perceptron.network, weights, on: probes.examples, watching: site,
        threads: threads)
      let sums = (0..<Self.bitCount).map { bit in
        (0..<site.shape.count).reduce(0.0) { $0 + Double(moved[0, bit, $1]) }
      }
      let deciding = Self.decidingBits()
      let ignored = sums.indices.filter { !deciding.contains($0) }
      notebook.note(
        "flip-\(site.name)-ignored", Statistics.mean(ignored.map { sums[$0] }), n: ignored.count,
        seeds: name, from: ["main/checkpoints"])
      notebook.note(
        "flip-\(site.name)-deciding", Statistics.mean(deciding.map { sums[$0] }),
        n: deciding.count, seeds: name, from: ["main/checkpoints"])
    }
  }

  /// What every subset of the specimen's templates can do.
  private func noteSubsets(
    _ weights: Weights, _ templates: Templates, _ name: String, _ threads: Int,
    _ notebook: inout Notebook
  ) throws {
    let from = ["main/population.safetensors"]
    let subsets = try SubsetAblation(
      ofGroups: [templates.all.map(\.neurons)], at: perceptron.hidden, in: perceptron.network,
      weights, on: probes.examples, by: .zero, threads: threads)
    let losses = subsets.scores.map { Double($0[0].loss) }
    let sizes = losses.indices.map(\.nonzeroBitCount)
    let count = losses.count
    notebook.note("subsets", Double(count), unit: "subsets", n: count, seeds: name, from: from)
    let sufficient = subsets.minimalSufficientSets(network: 0) { $0.loss < Jury.enough }
    notebook.note(
      "minimal-sets", Double(sufficient.count), unit: "sets", n: count, seeds: name, from: from)
    notebook.note(
      "minimal-set-size", Double(sufficient.map(\.count).min() ?? 0), unit: "templates", n: count,
      seeds: name, from: from)
    notebook.keep("subset-losses", Tensor(losses.map(Float.init)))
    let bySize = (0...templates.all.count).map { size in
      Statistics.mean(losses.indices.filter { sizes[$0] == size }.map { losses[$0] })
    }
    notebook.note(
      "error-by-size",
      Finding(.numbers(bySize), unit: "squared error", n: count, seeds: name, from: from))
    let worst = losses.max() ?? 0
    notebook.note(
      "worst-subset-error", worst, unit: "squared error", n: count, seeds: name, from: from)
    notebook.noteShare(
      "subsets-worse-than-none", losses.count { $0 > losses[0] + 0.01 }, of: count,
      unit: "share of subsets", seeds: name, from: from)
    let shapley = subsets.shapleyValues(network: 0) { 1 - Double($0.loss) }
    notebook.note(
      "shapley",
      Finding(
        .numbers(shapley), unit: "1 − squared error", n: count, seeds: name, from: from))
  }
}
