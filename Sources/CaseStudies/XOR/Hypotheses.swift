import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors
import XORTask

extension XOR: Investigation {
  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let (network, hidden) = (perceptron.network, perceptron.hidden)
    let weights = try trial.networks()
    let examples = probes.examples
    let pairs = (0..<weights.count).map { Pair(in: weights, network: $0) }
    let present = pairs.map { $0 != nil }
    let units = pairs.map { $0?.units ?? [0, 1] }
    var generator = Generator(seed: 1, stream: .analysis)
    let width = hidden.shape.count
    let others = randomUnits(besides: units, of: width, count: 2, using: &generator)

    func scores(_ sets: [[Intervention]]) throws -> [[Score]] {
      try network.scores(weights, on: examples, under: sets, threads: trial.threads)
    }
    func cut(_ units: [[Int]]) -> [Intervention] {
      [Intervention(at: hidden, .unitsByNetwork(units), .zero)]
    }
    func all(but kept: [[Int]]) -> [[Int]] {
      kept.map { kept in (0..<width).filter { !kept.contains($0) } }
    }

    let kept = try scores([cut(all(but: units)), cut(all(but: others))])
    let untrained = try trial.untrained()
    let ownCorner = try losingOwnCorner(trial, weights, units, others)
    let forced = try forcing(trial, weights, units)
    let forcedOff = try forcing(trial, weights, units, atOpposite: true)
    let rebuilt = try rebuilding(weights, pairs)
    return [
      (
        Hypothesis(
          name: "two-are-enough",
          claim: "The surviving pair alone is the network: it answers all four corners.",
          rival: "The other neurons, small as they are, still matter together.",
          intervention: "zero ablation of every neuron but the pair",
          control: "zero ablation of every neuron but a random pair of the others",
          predicted: "all four corners stay right", unit: "share of corners right", .atLeast(1),
          exhaustive: true),
        Outcome(
          effects: kept[0].map { Double($0.accuracy) },
          controls: kept[1].map { Double($0.accuracy) }, present: present)
      ),
      (
        Hypothesis(
          name: "each-has-its-corner",
          claim: "Each of the two neurons answers for one corner, and for no other.",
          rival: "The two share their work, or could stand in for each other.",
          intervention: "zero ablation of one neuron of the pair, then of the other",
          control: "zero ablation of two random neurons of the others, one by one",
          predicted: "exactly the neuron's own corner becomes wrong",
          unit: "share of the two neurons", .atLeast(1), exhaustive: true),
        Outcome(effects: ownCorner.effects, controls: ownCorner.controls, present: present)
      ),
      (
        Hypothesis(
          name: "the-detector-decides",
          claim: "A neuron of the pair that fires decides the answer, whatever the input.",
          rival: "Its activation goes along with the answer without causing it.",
          intervention: "one neuron of the pair held, at every corner, at what it is at its own",
          control: "the same neuron held at what it is at the opposite corner",
          predicted: "every corner gets the answer of the neuron's own corner",
          unit: "share of corners", .atLeast(1), exhaustive: true),
        Outcome(effects: forced, controls: forcedOff, present: present)
      ),
      (
        Hypothesis(
          name: "one-number",
          claim: "One number and seven signs describe the whole network.",
          rival: "The exact sizes of the weights matter one by one.",
          intervention:
            "all weights replaced: the pair's by one size a with the old signs, the read-outs by 2a, "
            + "the output's bias by 2a², everything else by zero",
          control: "the same with a tenth more for a",
          predicted: "no output moves by more than a hundredth",
          unit: "largest change of the output", .atMost(0.01), exhaustive: true),
        Outcome(effects: rebuilt.effects, controls: rebuilt.controls, present: present)
      ),
      (
        Hypothesis(
          name: "born-winners",
          claim: "What the survivors started with is enough: from there they learn the task alone.",
          rival: "Any two neurons of their size would do.",
          intervention:
            "a fresh two-neuron network trained from the survivors' weights of step 0",
          control: "the same from other pairs of the same sizes (share of three that solve)",
          predicted: "the fresh network solves the task", unit: "share of networks", .atLeast(1)),
        try lottery(trial, "lottery", against: "size-matched")
      ),
      (
        Hypothesis(
          name: "foretold",
          claim:
            "A pair that will do can be picked before training: in tune, at opposite corners.",
          rival: "It is enough to pick large neurons, or it only shows while training.",
          intervention:
            "a fresh two-neuron network trained from a pair picked by looking at step 0 alone",
          control: "the same from pairs of the three largest neurons (share of three that solve)",
          predicted: "the fresh network solves the task", unit: "share of networks", .atLeast(1)),
        try lottery(trial, "foretold", against: "large-pair")
      ),
      (
        Hypothesis(
          name: "named",
          claim: "The pair that is picked before training is the pair that survives.",
          rival: "Of several pairs that would do, another may win.", intervention: nil,
          control: "a random pair", predicted: "both neurons that were picked survive",
          unit: "share of the two neurons", .atLeast(1)),
        named(untrained, units, present)
      ),
    ]
  }

  /// For how many of a pair's neurons zero ablation makes exactly their own corner wrong.
  private func losingOwnCorner(
    _ trial: Trial, _ weights: Weights, _ units: [[Int]], _ others: [[Int]]
  ) throws -> (effects: [Double], controls: [Double]) {
    func share(_ units: [[Int]]) throws -> [Double] {
      var hits = [Double](repeating: 0, count: weights.count)
      for place in 0..<2 {
        let run = try perceptron.network.run(
          weights, on: probes.examples,
          with: [
            Intervention(
              at: perceptron.hidden, .unitsByNetwork(units.map { [$0[place]] }), .zero)
          ], threads: trial.threads)[perceptron.output]
        for network in hits.indices {
          let wrong = Self.corners.indices.filter {
            run[network, $0, 0] * Self.answers[$0] <= 0
          }
          let own = Lottery.corner(weights, network: network, unit: units[network][place])
          if wrong == [own] { hits[network] += 0.5 }
        }
      }
      return hits
    }
    return (try share(units), try share(others))
  }

  /// Holds each neuron of a pair in turn at one corner's activation everywhere: its own's, or the opposite's.
  ///
  /// - Returns: The share of corners that get that neuron's answer, of the two neurons the smaller.
  private func forcing(
    _ trial: Trial, _ weights: Weights, _ units: [[Int]], atOpposite: Bool = false
  ) throws -> [Double] {
    let (network, hidden, output) = (perceptron.network, perceptron.hidden, perceptron.output)
    let clean = try network.run(
      weights, on: probes.examples, recording: [hidden], threads: trial.threads)[hidden]
    let width = hidden.shape.count
    var least = [Double](repeating: 1, count: weights.count)
    for place in 0..<2 {
      let corners = units.enumerated().map {
        Lottery.corner(weights, network: $0, unit: $1[place])
      }
      let values = Tensor(shape: [weights.count, Self.corners.count, width]) { index in
        let network = index / (Self.corners.count * width)
        let corner = atOpposite ? Self.corners.count - 1 - corners[network] : corners[network]
        return clean[network, corner, units[network][place]]
      }
      let held = Intervention(
        at: hidden, .unitsByNetwork(units.map { [$0[place]] }), .patch(values))
      let run = try network.run(
        weights, on: probes.examples, with: [held], threads: trial.threads)[output]
      for network in least.indices {
        let wanted = Self.answers[corners[network]]
        let same = Self.corners.indices.count { run[network, $0, 0] * wanted > 0 }
        least[network] = min(least[network], Double(same) / Double(Self.corners.count))
      }
    }
    return least
  }

  /// How many of the two neurons that were picked before training survive.
  private func named(_ untrained: Weights, _ units: [[Int]], _ present: [Bool]) -> Outcome {
    func share(_ pick: (Int) -> [Int]) -> [Double] {
      units.indices.map { network in
        Double(pick(network).count { units[network].contains($0) }) / 2
      }
    }
    return Outcome(
      effects: share { Lottery.foretoldPair(untrained, network: $0) },
      controls: share { Lottery.randomPair(untrained, network: $0) }, present: present)
  }

  /// Rebuilds each network from one number and its signs, and measures how far its outputs move at most.
  private func rebuilding(_ weights: Weights, _ pairs: [Pair?]) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let clean = try perceptron.network.run(weights, on: probes.examples)[perceptron.output]
    func moved(_ factor: Float) throws -> [Double] {
      let rebuilt = OneNumber.rebuilding(weights, pairs, sizeTimes: factor)
      let run = try perceptron.network.run(rebuilt, on: probes.examples)[perceptron.output]
      return (0..<weights.count).map { network in
        Self.corners.indices.reduce(0.0) {
          max($0, Double((run[network, $1, 0] - clean[network, $1, 0]).magnitude))
        }
      }
    }
    return (try moved(1), try moved(1.1))
  }

  /// Whether each trial network of a variant is right at every corner: 1 or 0.
  private func solved(_ trial: Trial, _ variant: String) throws -> [Double] {
    try self.variant(variant).network.scores(
      trial.networks(variant), on: probes.examples, threads: trial.threads)[0]
      .map { $0.accuracy == 1 ? 1 : 0 }
  }

  private func lottery(_ trial: Trial, _ variant: String, against kind: String) throws -> Outcome {
    let draws = Self.controlDraws.map { "\(kind)-\($0)" }
    let other = try draws.map { try solved(trial, $0) }
    let effects = try solved(trial, variant)
    return Outcome(
      effects: effects,
      controls: effects.indices.map { seed in
        other.reduce(0) { $0 + $1[seed] } / Double(other.count)
      },
      from: ([variant] + draws).map { "\($0)/population.safetensors" })
  }
}
