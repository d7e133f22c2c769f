import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ReversalTask
import Tensors

extension Reversal: Investigation {
  /// How many of the sequences the networks of a trial are given.
  static let trialSequences = 128

  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let some = probes.examples.rows(0..<Self.trialSequences)
    func bench(_ reader: Reader, _ weights: Weights, _ examples: Examples? = nil) -> Workbench {
      Workbench(reader, weights, on: examples ?? some, threads: trial.threads)
    }
    let (trained, before) = (try trial.networks(), try trial.untrained())
    let (main, untrained) = (bench(reader, trained), bench(reader, before))
    let heads = main.heads
    let donors = main.donors
    let foreign = donors["target"]
    var generator = Generator(seed: 1, stream: .analysis)

    let random = try main.renumberedAtRandom(Self.renumberings, using: &generator)
    let renumberedUntrained = try untrained.renumbered(Self.renumberings).mean

    let pairs = try Self.everyPair(rotatedBy: 2)
    let rotating = heads.imposing(.rotated(by: 2))
    let elsewhere = heads.imposing(.positions(Self.scramble))
    let rotated = try bench(reader, trained, pairs).share([rotating])
    let rotatedUntrained = try bench(reader, before, pairs).share([rotating])
    let misrouted = try bench(reader, trained, pairs).share([elsewhere])

    let byPlace = try bench(unasked, trial.networks("unasked")).shareByPlace()
    let never = (0..<Self.length).filter { !Self.asked.contains($0) }

    let hardest = try Self.hardest(reader, trained, threads: trial.threads)
    let crew = try Crew(
      self.crew, trial.networks("four-heads"), on: some, by: .mean, threads: trial.threads)

    return [
      (
        Hypothesis(
          name: "deaf-to-tokens",
          claim: "Where the head looks depends on positions alone: tokens play no part in it.",
          rival: "It also looks at what the tokens are, to find or to check its place.",
          intervention: "queries and keys patched with what they are without any token",
          control: "queries and keys patched with what they are without any position",
          predicted: "every token stays right", unit: "share of tokens", .atLeast(1)),
        Outcome(
          effects: try main.share(main.routingByPositions()),
          controls: try main.share(main.routingByTokens()))
      ),
      (
        Hypothesis(
          name: "values-carry-tokens",
          claim: "What is carried are the values: they alone say which token comes out.",
          rival: "Queries, keys or the stream beside the head have a say in it.",
          intervention: "values patched from another sequence",
          control: "queries and keys patched from another sequence",
          predicted: "every token is that of the other sequence, reversed",
          unit: "share of tokens", .atLeast(1)),
        Outcome(
          effects: try main.share(main.patches([heads.v], from: donors), of: foreign),
          controls: try main.share(
            main.patches([heads.q, heads.k], from: donors), of: foreign))
      ),
      (
        Hypothesis(
          name: "renumbered",
          claim:
            "A place is its number: give queries or keys the vectors of other places, and the head goes there.",
          rival: "The order of the places, or something else than their vectors, has a part in it.",
          intervention:
            "position vectors permuted for the queries alone, and for the keys alone, in five ways",
          control:
            "random vectors of the same lengths, or an untrained network, whichever does better",
          predicted: "in the worst of the ten cases, 99 of 100 tokens come from where they should",
          unit: "share of tokens", .atLeast(0.99)),
        Outcome(
          effects: try main.renumbered(Self.renumberings).least,
          controls: zip(random, renumberedUntrained).map { max($0, $1) })
      ),
      (
        Hypothesis(
          name: "rotates",
          claim:
            "The pattern is all there is to the order: with another pattern the network does what it was never taught.",
          rival: "Values are made for the one place that reads them.",
          intervention: "a pattern imposed by which each place attends to the one two further on",
          control: "the same in an untrained network, or another pattern, whichever does better",
          predicted: "every token comes out two places earlier, for every pair of tokens",
          unit: "share of tokens", .atLeast(1), exhaustive: true),
        Outcome(
          effects: rotated, controls: zip(rotatedUntrained, misrouted).map { max($0, $1) })
      ),
      (
        Hypothesis(
          name: "head-not-bypass",
          claim: "Everything that the answer needs passes through the head.",
          rival: "The stream beside the head, which every token also takes, helps.",
          intervention: "mean ablation of the head",
          control: "mean ablation of the stream beside it",
          predicted: "no more than a fifth of the tokens stay right, about what guessing gives",
          unit: "share of tokens", .atMost(0.2)),
        Outcome(
          effects: try main.share([Intervention(at: heads.z, .mean)]),
          controls: try main.share(main.bypassCut(by: .mean)))
      ),
      (
        Hypothesis(
          name: "no-mirror",
          claim:
            "What is learnt is a list of places and not a mirror: two places that are never asked for are never learnt.",
          rival: "Six places are enough to find the rule, and the rule does the rest.",
          intervention:
            "training in which the first and the last place are never asked for their answers",
          control: "the places of the same network that were asked for",
          predicted: "at most half of the tokens at the two places are right",
          unit: "share of tokens", .atMost(0.5)),
        Outcome(
          effects: byPlace.map { own in Statistics.mean(never.map { own[$0] }) },
          controls: byPlace.map { own in Statistics.mean(Self.asked.map { own[$0] }) },
          seeds: try trial.seedsInWords("unasked"), from: ["unasked/population.safetensors"])
      ),
      (
        Hypothesis(
          name: "never-fooled",
          claim: "No sequence at all is answered wrongly.",
          rival: "The held-out sequences are too few to show the ones that are.",
          intervention:
            "the hardest of all sequences, computed from the weights, given to the network",
          control: "the hardest one of its untrained twin",
          predicted: "the right answer still has the largest logit",
          unit: "logits between it and the next", .atLeast(0), exhaustive: true),
        Outcome(
          effects: try Self.margins(hardest, of: reader, trained, threads: trial.threads),
          controls: try Self.hardest(reader, before, threads: trial.threads).map(\.margin))
      ),
      (
        Hypothesis(
          name: "nobody-is-missed",
          claim: "Of four heads any one can be spared, and none is enough.",
          rival: "Each of the four has places of its own.",
          intervention: "mean ablation of each of the four heads in turn",
          control: "mean ablation of three of them (the best choice of three)",
          predicted: "in the worst case 95 of 100 tokens stay right", unit: "share of tokens",
          .atLeast(0.95), exhaustive: false),
        Outcome(
          effects: crew.withoutOne.map { $0.min() ?? 0 },
          controls: crew.oneAlone.map { $0.max() ?? 0 },
          seeds: try trial.seedsInWords("four-heads"),
          from: ["four-heads/population.safetensors"])
      ),
    ]
  }
}
