import ElmanTask
import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors

extension Elman: Investigation {
  /// How hard networks are pushed in the trial, a deviation for each unit: three times the noise and more.
  static let push = 1.0

  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let weights = try trial.networks()
    let (seeds, threads) = (try trial.seeds(), trial.threads)
    let planes = try Planes(follower, weights, threads: threads)
    let exchange = try Exchange(after: 2)
    var generator = Generator(seed: 1, stream: .analysis)
    func random(_ dimensions: Int) -> Tensor {
      randomSubspaces(
        networks: weights.count, dimensions: dimensions, of: follower.hidden.shape.count,
        using: &generator)
    }
    let (strange, rest) = (random(Planes.dimensions), random(planes.unheard.shape[1]))
    let heard = try exchange.moved(weights, planes.heard, threads: threads)
    let found = try Exchange(after: 1).aligned(weights, seeds: seeds, threads: threads)
    let networks = 0..<weights.count
    func angles(_ one: Tensor, _ other: Tensor) throws -> [Double] {
      try networks.map { try planes.angle(one, other, network: $0, amongBlobs: true) }
    }
    func displaced(isRandom: Bool) throws -> [Double] {
      try self.displaced(
        weights, along: planes.loud, isRandom: isRandom, seeds: seeds, threads: threads)
    }
    let means = try meansAlone(weights, planes, threads: threads)
    let twins = try trial.networks("no-noise")
    func playedOut(_ plane: Tensor) throws -> [Double] {
      try playingLong(hearingOnly(plane, weights, planes), threads: threads).map { $0.last ?? 0 }
    }
    func share(_ factor: Planes.Factor) throws -> [Double] {
      try networks.map { try planes.share(of: factor, network: $0, in: planes.loud) }
    }
    let (now, move) = (try share(.cup), try share(.move))
    return [
      (
        Hypotheses.loudIsDead,
        Outcome(effects: try displaced(isRandom: false), controls: try displaced(isRandom: true))
      ),
      (
        Hypotheses.heardIsAll,
        Outcome(
          effects: heard, controls: try exchange.moved(weights, strange, threads: threads))
      ),
      (
        Hypotheses.restIsNothing,
        Outcome(
          effects: try exchange.kept(weights, planes.unheard, threads: threads),
          controls: try exchange.kept(weights, rest, threads: threads))
      ),
      (
        Hypotheses.searchAgrees,
        Outcome(
          effects: try angles(found, planes.heard), controls: try angles(strange, planes.heard))
      ),
      (Hypotheses.threeStates, Outcome(effects: means.kept, controls: means.removed)),
      (
        Hypotheses.noTwoNeurons,
        Outcome(
          effects: try Exchange(after: 1).bestPair(weights, threads: threads).best, controls: heard)
      ),
      (
        Hypotheses.twoEars,
        Outcome(effects: try playedOut(planes.heard), controls: try playedOut(strange))
      ),
      (
        Hypotheses.noiseHolds,
        Outcome(
          effects: try pushed(weights, by: Self.push, seeds: seeds, threads: threads),
          controls: try pushed(twins, by: Self.push, seeds: seeds, threads: threads),
          from: ["no-noise/population.safetensors"])
      ),
      (
        Hypotheses.oldNews,
        Outcome(effects: try share(.past), controls: zip(now, move).map { max($0, $1) })
      ),
    ]
  }

  /// How right networks stay when their state becomes the mean state of its cup, and when it loses just that.
  func meansAlone(_ weights: Weights, _ planes: Planes, threads: Int) throws -> (
    kept: [Double], removed: [Double]
  ) {
    let states = try begunStates(weights, threads: threads)
    let cups = try Self.begunCups()
    let means = (0..<weights.count).map { Planes.doubles(planes.cupMeans.slice($0)) }
    let kept = changed(states) { network, row, _ in means[network][cups[row]] }
    let removed = changed(states) { network, row, state in
      let own = zip(means[network][cups[row]], planes.mean(network)).map { $0 - $1 }
      return zip(state, own).map { $0 - $1 }
    }
    return (
      try right(weights, from: kept, as: cups, threads: threads),
      try right(weights, from: removed, as: cups, threads: threads)
    )
  }
}

/// What was predicted, before the trial.
private enum Hypotheses {
  static let loudIsDead = Hypothesis(
    name: "loud-is-dead",
    claim: "The two loudest directions of the state decide nothing.",
    rival: "What varies most is what the network works with.",
    intervention:
      "the two principal components of the most variance taken from a game with another cup, then every two moves",
    control: "the state moved just as far in a random direction",
    predicted: "at least nineteen games in twenty stay right throughout",
    unit: "share of games", .atLeast(0.95), exhaustive: true)

  static let heardIsAll = Hypothesis(
    name: "heard-is-all",
    claim: "The cup lives in the two directions that the recurrent weights hear best.",
    rival: "It is spread over the state.",
    intervention: "those two directions taken from a game with another cup, then every next move",
    control: "two random directions",
    predicted: "at least nineteen answers in twenty are those of the other game",
    unit: "share of answers", .atLeast(0.95), exhaustive: true)

  static let restIsNothing = Hypothesis(
    name: "rest-is-nothing",
    claim: "All the other directions together decide nothing.",
    rival: "The rest of the state knows the cup too, in a way that two directions do not show.",
    intervention:
      "all fourteen directions orthogonal to those taken from a game with another cup, then every next move",
    control: "fourteen random directions",
    predicted: "at least nineteen answers in twenty stay those of the game itself",
    unit: "share of answers", .atLeast(0.95), exhaustive: true)

  static let searchAgrees = Hypothesis(
    name: "search-agrees",
    claim: "A search by effects alone finds the plane that the weights point to.",
    rival: "There are many planes that would do, and the search finds some other.",
    intervention:
      "distributed alignment search, which looks for the plane whose exchange between games moves the answer",
    control: "a random plane",
    predicted:
      "the larger angle between the two, in the eight directions that the nine blobs span, is at most fifteen degrees",
    unit: "degrees", .atMost(15))

  static let threeStates = Hypothesis(
    name: "three-states",
    claim: "Of the nine places where states gather, three would do: one a cup.",
    rival: "How the ball came there matters for what comes next.",
    intervention: "the state replaced by the mean state of its cup, then every two moves",
    control: "the state without its cup's share, all else left",
    predicted: "at least ninety-nine games in a hundred stay right throughout",
    unit: "share of games", .atLeast(0.99), exhaustive: true)

  static let noTwoNeurons = Hypothesis(
    name: "no-two-neurons",
    claim: "No neurons hold the cup: the plane lies askew to all of them.",
    rival: "Two neurons would do, as two directions do.",
    intervention: "every pair of neurons taken from a game with another cup, then every next move",
    control: "the two directions that the weights hear best",
    predicted: "the best pair moves at most half of the answers", unit: "share of answers",
    .atMost(0.5), exhaustive: true)

  static let twoEars = Hypothesis(
    name: "two-ears",
    claim:
      "A network that hears nothing but these two directions of itself plays a thousand moves.",
    rival: "The other directions are needed in the long run, if not for one move.",
    intervention:
      "every other direction held at its mean in all that is heard of the state, through a thousand moves",
    control: "the same with two random directions heard",
    predicted: "at least ninety-nine games in a hundred are right after a thousand moves",
    unit: "share of games", .atLeast(0.99))

  static let noiseHolds = Hypothesis(
    name: "noise-holds",
    claim: "Noise in training makes the network hold on to the ball.",
    rival: "It does so anyway.",
    intervention:
      "every unit of the state pushed by a normal draw of deviation one, then every two moves",
    control: "the same push to its twin: the same first weights and games, trained without noise",
    predicted: "at least seventeen games in twenty stay right throughout, and more than the twin's",
    unit: "share of games", .atLeast(0.85))

  static let oldNews = Hypothesis(
    name: "old-news",
    claim: "What is loud is where the ball was a move ago.",
    rival: "It is the last move, or where the ball is.",
    intervention: nil, control: "the share of the last move, or of the cup, whichever is larger",
    predicted: "at least half of the loud directions' variance goes with the previous cup",
    unit: "share of variance", .atLeast(0.5))
}
