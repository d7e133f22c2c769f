import Experiments
import Interpretability
import Networks
import ParityTask
import Tensors

/// The eight templates of each network of a population, and what is done to them.
struct Jury {
  /// Nil where a network has not exactly eight.
  let found: [Templates?]
  /// The neurons of each template; eight arbitrary ones where there are none.
  let groups: [[[Int]]]
  /// As many other neurons of each network, in as many groups.
  let others: [[[Int]]]
  let width: Int
  private let rotation: Int

  init(_ found: [Templates?], of width: Int, using generator: inout Generator) {
    self.found = found
    self.width = width
    let groups = found.map { templates in
      templates?.all.map(\.neurons) ?? (0..<Templates.expected).map { [$0] }
    }
    self.groups = groups
    let neurons = groups.map { $0.flatMap(\.self) }
    let drawn = randomUnits(
      besides: neurons, of: width, count: Templates.expected, using: &generator)
    others = drawn.map { $0.map { [$0] } }
    rotation = 1 + generator.index(below: Templates.expected - 1)
  }

  private func cut(_ task: Parity, _ units: [[Int]]) -> [Intervention] {
    [Intervention(at: task.perceptron.hidden, .unitsByNetwork(units), .zero)]
  }

  /// The share of inputs that are right with the templates' neurons alone, and with the others alone.
  func alone(_ task: Parity, _ weights: Weights, threads: Int) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let sets = [groups, others].map { kept in
      cut(task, kept.map { own in (0..<width).filter { !own.joined().contains($0) } })
    }
    let scores = try task.perceptron.network.scores(
      weights, on: task.probes.examples, under: sets, threads: threads)
    return (scores[0].map { Double($0.accuracy) }, scores[1].map { Double($0.accuracy) })
  }

  /// The squared error below which a subset of the templates counts as enough.
  static let enough: Float = 0.1

  /// The size of the smallest subset of the templates that is enough, and of the other neurons.
  func smallestSufficient(_ task: Parity, _ weights: Weights, threads: Int) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let sizes = try [groups, others].map { groups in
      let subsets = try SubsetAblation(
        ofGroups: groups, at: task.perceptron.hidden, in: task.perceptron.network, weights,
        on: task.probes.examples, by: .zero, threads: threads)
      return (0..<weights.count).map { network in
        let sets = subsets.minimalSufficientSets(network: network) { $0.loss < Self.enough }
        return Double(sets.map(\.count).min() ?? Templates.expected + 1)
      }
    }
    return (sizes[0], sizes[1])
  }

  /// The share of all outputs that move as the formula says while one template is silenced, each in turn; and the
  /// share that move as it says of another template.
  func silenced(_ task: Parity, _ weights: Weights, threads: Int) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let (effects, controls) = try changes(task, weights, threads: threads).reduce(
      into: ([Int](repeating: 0, count: weights.count), [Int](repeating: 0, count: weights.count))
    ) { counts, change in
      for network in 0..<weights.count {
        guard let templates = found[network]?.all else { continue }
        let own = templates[change.place].pattern
        let other = templates[(change.place + rotation) % templates.count].pattern
        for (input, moved) in change.moved[network].enumerated() {
          let pattern = Templates.pattern(ofInput: input)
          func fits(_ template: Int) -> Bool {
            (moved + Formula.contribution(of: template, at: pattern)).magnitude
              <= Parity.tolerance
          }
          counts.0[network] += fits(own) ? 1 : 0
          counts.1[network] += fits(other) ? 1 : 0
        }
      }
    }
    let total = Double(Templates.expected * task.probes.examples.count)
    return (effects.map { Double($0) / total }, controls.map { Double($0) / total })
  }

  /// How far every output moves while one template is silenced: for each template, `[networks][inputs]`.
  func changes(
    _ task: Parity, _ weights: Weights, by ablation: Ablation = .zero, threads: Int
  ) throws -> [(place: Int, moved: [[Double]])] {
    let network = task.perceptron.network
    let clean = try network.run(weights, on: task.probes.examples, threads: threads)[network.output]
    return try (0..<Templates.expected).map { place in
      let cut = Intervention(
        at: task.perceptron.hidden, .unitsByNetwork(groups.map { $0[place] }),
        ablation.action(seed: 1))
      let run = try network.run(
        weights, on: task.probes.examples, with: [cut], threads: threads)[network.output]
      return (place, Self.difference(run, clean))
    }
  }

  /// How far an output moves at most when a template is replaced by the formula, each in turn and all at once; and
  /// how far at least when it is replaced by a wrong one.
  func replaced(_ task: Parity, _ weights: Weights, threads: Int) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let network = task.perceptron.network
    let clean = try network.run(weights, on: task.probes.examples, threads: threads)[network.output]
    func moved(_ place: Int?, hasWrongSign: Bool = false) throws -> [Double] {
      let new = Formula.replacing(found, in: weights, place: place, hasWrongSign: hasWrongSign)
      let run = try network.run(new, on: task.probes.examples, threads: threads)[network.output]
      return Self.difference(run, clean).map { $0.map(\.magnitude).reduce(0, max) }
    }
    let right = try ([nil] + (0..<Templates.expected).map { $0 }).map { try moved($0) }
    let wrong = try (0..<Templates.expected).map { try moved($0, hasWrongSign: true) }
    return (
      (0..<weights.count).map { network in right.map { $0[network] }.reduce(0, max) },
      (0..<weights.count).map { network in wrong.map { $0[network] }.reduce(.infinity, min) }
    )
  }

  /// The share of the templates' neurons whose read-out weight has the opposite sign of their template's answer.
  func votesAgainst(_ weights: Weights) -> [Double] {
    found.indices.map { network in
      guard let neurons = found[network]?.neurons, let w2 = weights["W2"] else { return 0 }
      let against = neurons.count { neuron in
        let pattern = Templates.pattern(of: neuron, in: weights, network: network)
        return w2[network, neuron, 0] * Templates.parity(pattern) < 0
      }
      return Double(against) / Double(neurons.count)
    }
  }

  /// How far the outputs of one run lie from those of another: `[networks][inputs]`.
  private static func difference(_ run: Tensor, _ clean: Tensor) -> [[Double]] {
    let inputs = run.shape[1]
    return (0..<run.shape[0]).map { network in
      (0..<inputs).map { input in
        Double(run.scalars[network * inputs + input] - clean.scalars[network * inputs + input])
      }
    }
  }
}
