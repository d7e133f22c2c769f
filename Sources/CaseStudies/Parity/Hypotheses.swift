import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity: Investigation {
  /// An answer counts as moved if the output changes by more than this; right answers are 2 apart.
  static let tolerance = 0.1

  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let weights = try trial.networks()
    let found = (0..<weights.count).map { Templates(in: weights, network: $0) }
    let present = found.map { $0 != nil }
    var generator = Generator(seed: 1, stream: .analysis)
    let jury = Jury(found, of: perceptron.hidden.shape.count, using: &generator)
    // Seven of the ten explore seeds have eight templates: what rests on them is claimed of most networks, not of four
    // in five.
    let most = 0.5
    let subsets = try jury.smallestSufficient(self, weights, threads: trial.threads)
    let formula = try jury.replaced(self, weights, threads: trial.threads)
    let silenced = try jury.silenced(self, weights, threads: trial.threads)
    let alone = try jury.alone(self, weights, threads: trial.threads)
    let deaf = try flips(weights, threads: trial.threads)
    let votes = jury.votesAgainst(weights)
    let votesBefore = jury.votesAgainst(try trial.untrained())
    let ruler = try measured(trial)
    return [
      (
        Hypothesis(
          name: "six-do-nothing",
          claim: "The network is deaf to the six bits that do not decide.",
          rival: "It listens to them and they cancel on the whole.",
          intervention: "one of the six bits flipped, each in turn, at every input",
          control: "one of the four deciding bits flipped (the one that moves least)",
          predicted: "no output moves by more than a tenth", unit: "largest change of the output",
          .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: deaf.ignored, controls: deaf.deciding)
      ),
      (
        Hypothesis(
          name: "eight-are-enough",
          claim: "The neurons of the eight templates alone are the network.",
          rival: "The other neurons, small as they are, still matter together.",
          intervention: "zero ablation of every neuron but those of the eight templates",
          control: "zero ablation of every neuron but equally many others, drawn at random",
          predicted: "all inputs stay right", unit: "share of inputs right", .atLeast(1),
          claimedShare: most, exhaustive: true),
        Outcome(effects: alone.effects, controls: alone.controls, present: present)
      ),
      (
        Hypothesis(
          name: "all-or-nothing",
          claim: "All eight are needed: of their subsets, only the whole is enough.",
          rival: "The eight back each other up, so that fewer would do.",
          intervention: "zero ablation of every one of the subsets of the eight templates",
          control: "the same with the subsets of eight other neurons, drawn at random",
          predicted: "the smallest subset with a squared error below a tenth has eight templates",
          unit: "templates", .atLeast(Double(Templates.expected)), claimedShare: most,
          exhaustive: true),
        Outcome(effects: subsets.effects, controls: subsets.controls, present: present)
      ),
      (
        Hypothesis(
          name: "votes-against-itself",
          claim: "The sign of a neuron's read-out weight is the opposite of its template's answer.",
          rival: "A neuron that detects a pattern votes for the answer to that pattern.",
          intervention: nil, control: "the same neurons before training",
          predicted: "all neurons of the eight templates vote against their own template",
          unit: "share of neurons", .atLeast(1), claimedShare: most),
        Outcome(effects: votes, controls: votesBefore, present: present)
      ),
      (
        Hypothesis(
          name: "speaks-for-its-neighbours",
          claim:
            "Without a template the inputs that show it are answered more firmly, and those one bit away not at all.",
          rival: "A template is needed by the inputs that show it.",
          intervention: "zero ablation of each of the eight templates in turn",
          control: "the change predicted for another of the eight, drawn at random",
          predicted:
            "every output moves as the formula says, by two, one or nothing, within a tenth",
          unit: "share of outputs", .atLeast(1), claimedShare: most, exhaustive: true),
        Outcome(effects: silenced.effects, controls: silenced.controls, present: present)
      ),
      (
        Hypothesis(
          name: "signs-are-all",
          claim:
            "A list of eight templates describes all that the network does: no size need be known.",
          rival: "The exact sizes of the weights matter one by one.",
          intervention:
            "each template in turn replaced by a neuron made of its signs alone, then all at once and nothing else left",
          control:
            "each replaced by one with one of its four signs wrong (the one that moves least)",
          predicted: "no output moves by more than a tenth", unit: "largest change of the output",
          .atMost(Self.tolerance), claimedShare: most, exhaustive: true),
        Outcome(effects: formula.effects, controls: formula.controls, present: present)
      ),
      (
        Hypothesis(
          name: "three-bits-one-ruler",
          claim:
            "With three deciding bits, a good third of the networks count: three neurons share one direction.",
          rival: "They compare with several templates, as with four bits.",
          intervention:
            "each of the three neurons, one at a time, given its activation on an input where other bits agree with the direction, but as many",
          control: "its activation on an input with the same answer where more or fewer agree",
          predicted: "no output moves by more than a tenth", unit: "largest change of the output",
          .atMost(Self.tolerance), claimedShare: 0.33, exhaustive: true),
        ruler
      ),
      (
        Hypothesis(
          name: "born-winners",
          claim: "As with exclusive or, the survivors won by what they started with.",
          rival: "They needed the other neurons on the way.",
          intervention:
            "a fresh network of eight neurons trained from the survivors' weights of step 0",
          control: "the same from eight neurons of the same network, drawn at random",
          predicted: "the fresh network is right on every input", unit: "share of inputs right",
          .atLeast(1), claimedShare: most, exhaustive: true),
        Outcome(
          effects: try right(trial, "lottery"), controls: try right(trial, "random-eight"),
          present: present,
          from: ["lottery", "random-eight"].map { "\($0)/population.safetensors" })
      ),
    ]
  }

  /// The share of all inputs that each trial network of a variant gets right.
  private func right(_ trial: Trial, _ variant: String) throws -> [Double] {
    try self.variant(variant).network.scores(
      trial.networks(variant), on: probes.examples, threads: trial.threads)[0]
      .map { Double($0.accuracy) }
  }

  /// How far the output moves at most when one bit is flipped: over the bits that do not decide the most that any
  /// input moves, over those that do the least.
  func flips(_ weights: Weights, threads: Int) throws -> (ignored: [Double], deciding: [Double]) {
    let outputs = try perceptron.network.run(weights, on: probes.examples, threads: threads)[
      perceptron.output]
    let inputs = probes.examples.count
    func moved(_ network: Int, _ input: Int, _ bit: Int) -> Double {
      // The domain is whole, so a flipped input is another input of it.
      let flipped = input ^ 1 << (Self.bitCount - 1 - bit)
      return Double((outputs[network, input, 0] - outputs[network, flipped, 0]).magnitude)
    }
    let deciding = Self.decidingBits()
    let ignored = (0..<Self.bitCount).filter { !deciding.contains($0) }
    return (
      (0..<weights.count).map { network in
        ignored.flatMap { bit in (0..<inputs).map { moved(network, $0, bit) } }.reduce(0, max)
      },
      (0..<weights.count).map { network in
        deciding.flatMap { bit in (0..<inputs).map { moved(network, $0, bit) } }
          .reduce(.infinity, min)
      }
    )
  }

  /// Patches each neuron of the small networks' rulers from inputs where as many bits agree, or other numbers.
  private func measured(_ trial: Trial) throws -> Outcome {
    let weights = try trial.networks("three-bits")
    let rulers = (0..<weights.count).map { Ruler(in: weights, network: $0) }
    let examples = try Self.domain(deciding: Ruler.bits)
    let clean = try small.network.run(
      weights, on: examples, recording: [small.hidden, small.output], threads: trial.threads)
    let (hidden, output) = (clean[small.hidden], clean[small.output])
    let width = small.hidden.shape.count
    func moved(isSameCount: Bool) throws -> [[Double]] {
      let partners = rulers.map { ruler in
        (0..<examples.count).map { ruler?.partner(of: $0, isSameCount: isSameCount) ?? $0 }
      }
      let patch = Tensor(shape: hidden.shape) { index in
        let (network, rest) = index.quotientAndRemainder(dividingBy: examples.count * width)
        return hidden[network, partners[network][rest / width], rest % width]
      }
      return try (0..<3).map { place in
        let neurons = rulers.map { $0.map { [$0.neurons[place]] } ?? [] }
        let cut = Intervention(at: small.hidden, .unitsByNetwork(neurons), .patch(patch))
        let run = try small.network.run(
          weights, on: examples, with: [cut], threads: trial.threads)[small.output]
        return (0..<weights.count).map { network in
          (0..<examples.count).reduce(0.0) {
            max($0, Double((run[network, $1, 0] - output[network, $1, 0]).magnitude))
          }
        }
      }
    }
    let (same, other) = (try moved(isSameCount: true), try moved(isSameCount: false))
    return Outcome(
      effects: rulers.indices.map { network in same.map { $0[network] }.reduce(0, max) },
      controls: rulers.indices.map { network in other.map { $0[network] }.reduce(.infinity, min) },
      present: rulers.map { $0 != nil }, from: ["three-bits/population.safetensors"])
  }
}
