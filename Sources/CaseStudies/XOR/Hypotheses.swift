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
    let lost = try scores([
      [], cut(units.map { [$0[0]] }), cut(units.map { [$0[1]] }), cut(others.map { [$0[0]] }),
    ])
    func loss(_ set: Int) -> [Double] {
      (0..<weights.count).map { Double(lost[0][$0].accuracy - lost[set][$0].accuracy) }
    }
    let forced = try forcing(trial, weights, units, others)
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
          claim: "Each of the two neurons is needed: without it a corner is lost.",
          rival: "Either neuron could stand in for the other.",
          intervention: "zero ablation of one neuron of the pair, then of the other",
          control: "zero ablation of one random neuron of the others",
          predicted: "each ablation loses at least one of four corners",
          unit: "share of corners lost", .atLeast(0.25), exhaustive: true),
        Outcome(
          effects: zip(loss(1), loss(2)).map(min), controls: loss(3), present: present)
      ),
      (
        Hypothesis(
          name: "the-detector-decides",
          claim: "A neuron of the pair does not take part in the answer, it is the answer.",
          rival: "Its activation goes along with the answer without causing it.",
          intervention: "one neuron of the pair held, at every corner, at what it is at its own",
          control: "a random neuron of the others held at the same value",
          predicted: "every corner gets the answer of the neuron's own corner",
          unit: "share of corners", .atLeast(1), exhaustive: true),
        Outcome(effects: forced.effects, controls: forced.controls, present: present)
      ),
      (
        Hypothesis(
          name: "one-number",
          claim: "One number and seven signs describe the whole network.",
          rival: "The exact sizes of the weights matter one by one.",
          intervention:
            "all weights replaced: the pair's by one size a with the old signs, the read-outs by 2a, the output's bias by 2a², everything else by zero",
          control: "the same, with one of the seven signs wrong",
          predicted: "no output moves by more than a tenth", unit: "largest change of the output",
          .atMost(0.1), exhaustive: true),
        Outcome(effects: rebuilt.effects, controls: rebuilt.controls, present: present)
      ),
      (
        Hypothesis(
          name: "born-winners",
          claim: "The survivors won by what they started with: alone, from there, they win again.",
          rival: "Any two neurons would do; the width is what helped.",
          intervention:
            "a fresh two-neuron network trained from the survivors' weights of step 0",
          control: "the same from random pairs of the same network (share of three that solve)",
          predicted: "the fresh network solves the task", unit: "share of networks", .atLeast(1)),
        try lottery(trial, "lottery")
      ),
      (
        Hypothesis(
          name: "foretold",
          claim:
            "Winners can be told before training: two large neurons, in tune, at opposite corners.",
          rival: "What makes a winner only shows while training.",
          intervention:
            "a fresh two-neuron network trained from a pair picked by looking at step 0 alone",
          control: "the same from random pairs of the same network (share of three that solve)",
          predicted: "the fresh network solves the task", unit: "share of networks", .atLeast(1)),
        try lottery(trial, "foretold")
      ),
      (
        Hypothesis(
          name: "two-from-the-start",
          claim:
            "Two neurons from the start are enough to learn the task, as they are enough to do it.",
          rival: "Two neurons rarely start well: most such networks get stuck.",
          intervention: "the hidden layer made with two neurons instead of sixteen",
          control: nil, predicted: "the narrow network solves the task", unit: "share of networks",
          .atLeast(1)),
        Outcome(effects: try solved(trial, "width-2"), from: ["width-2/population.safetensors"])
      ),
    ]
  }

  /// Holds one neuron at its own corner's activation everywhere, and counts the corners that get its answer.
  private func forcing(_ trial: Trial, _ weights: Weights, _ units: [[Int]], _ others: [[Int]])
    throws -> (effects: [Double], controls: [Double])
  {
    let (network, hidden, output) = (perceptron.network, perceptron.hidden, perceptron.output)
    let clean = try network.run(
      weights, on: probes.examples, recording: [hidden], threads: trial.threads)[hidden]
    let corners = (0..<weights.count).map {
      Lottery.corner(weights, network: $0, unit: units[$0][0])
    }
    func answers(_ held: [Int]) throws -> [Double] {
      let width = hidden.shape.count
      let values = Tensor(shape: [weights.count, Self.corners.count, width]) { index in
        let network = index / (Self.corners.count * width)
        return clean[network, corners[network], units[network][0]]
      }
      let run = try network.run(
        weights, on: probes.examples,
        with: [
          Intervention(at: hidden, .unitsByNetwork(held.map { [$0] }), .patch(values))
        ], threads: trial.threads)[output]
      return (0..<weights.count).map { network in
        let wanted = Self.answers[corners[network]]
        let same = Self.corners.indices.count { run[network, $0, 0] * wanted > 0 }
        return Double(same) / Double(Self.corners.count)
      }
    }
    return (try answers(units.map { $0[0] }), try answers(others.map { $0[0] }))
  }

  /// Rebuilds each network from one number and its signs, and measures how far its outputs move at most.
  private func rebuilding(_ weights: Weights, _ pairs: [Pair?]) throws -> (
    effects: [Double], controls: [Double]
  ) {
    let clean = try perceptron.network.run(weights, on: probes.examples)[perceptron.output]
    func moved(wrongSign: Bool) throws -> [Double] {
      let rebuilt = OneNumber.rebuilding(weights, pairs, wrongSign: wrongSign)
      let run = try perceptron.network.run(rebuilt, on: probes.examples)[perceptron.output]
      return (0..<weights.count).map { network in
        Self.corners.indices.reduce(0.0) {
          max($0, Double((run[network, $1, 0] - clean[network, $1, 0]).magnitude))
        }
      }
    }
    return (try moved(wrongSign: false), try moved(wrongSign: true))
  }

  /// Whether each trial network of a variant is right at every corner: 1 or 0.
  private func solved(_ trial: Trial, _ variant: String) throws -> [Double] {
    try self.variant(variant).network.scores(
      trial.networks(variant), on: probes.examples, threads: trial.threads)[0]
      .map { $0.accuracy == 1 ? 1 : 0 }
  }

  private func lottery(_ trial: Trial, _ variant: String) throws -> Outcome {
    let draws = (1...Self.randomPairCount).map { "random-pair-\($0)" }
    let random = try draws.map { try solved(trial, $0) }
    let effects = try solved(trial, variant)
    return Outcome(
      effects: effects,
      controls: effects.indices.map { seed in
        random.reduce(0) { $0 + $1[seed] } / Double(random.count)
      },
      from: ([variant] + draws).map { "\($0)/population.safetensors" })
  }
}
