import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ShellGameTask
import Tensors

extension ShellGame: Investigation {
  /// Scores that should be alike differ by no more than this; right scores and wrong ones lie 1 apart.
  static let tolerance = 0.01

  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let (weights, threads) = (try trial.networks(), trial.threads)
    let rebuilt = try rebuilt(weights, threads: threads)
    let doubts = try doubting(weights, threads: threads)
    let states = try Self.exchangingStates(
      weights, untrained: trial.untrained(), threads: threads)
    let lines = try Self.exchangingLines(weights, threads: threads)
    let operated = try operated(weights, threads: threads)
    let long = try Self.playingLong(weights, threads: threads).throughout
    let longScored = try Self.playingLong(trial.networks("cross-entropy"), threads: threads)
      .throughout
    func ratios(_ variant: String) throws -> [Double] {
      Triangle.all(mirrors, try trial.networks(variant)).map(\.sideRatio)
    }
    func unseen(_ width: Int) throws -> [Double] {
      let name = "unseen-width-\(width)"
      return try rightOnUnseen(trial.networks(name), of: name, threads: threads)
    }
    func unseenLong(_ width: Int) throws -> [Double] {
      try Self.playingLong(trial.networks("unseen-width-\(width)"), threads: threads).throughout
    }
    let unseenFiles = ["unseen-width-2", "unseen-width-3"].map { "\($0)/population.safetensors" }
    return [
      (
        Hypothesis(
          name: "twenty-from-four",
          claim: "Where two of the corners are says all: the other twenty weights follow.",
          rival: "The weights matter one by one, and there are many ways to play without mistake.",
          intervention: "all weights but the corners A and B replaced by what these two predict",
          control: "replaced by what the corners of another network predict",
          predicted: "no score moves by more than a hundredth in any game",
          unit: "largest change of a score", .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: rebuilt.own, controls: rebuilt.others)
      ),
      (
        Hypothesis(
          name: "one-line-one-cup",
          claim: "Whether the ball is under a cup stands on the line through that cup's corner.",
          rival: "It takes the whole state to say so.",
          intervention:
            "after three moves, the state's share along that line alone taken from a game with the ball there",
          control: "its share along the line at right angles (the cup where this does most)",
          predicted: "the rest of the game is played with the ball under that cup",
          unit: "share of interchanges (the cup where it does least)", .atLeast(1),
          exhaustive: true),
        Outcome(effects: lines.own, controls: lines.across)
      ),
      (
        Hypothesis(
          name: "whole-state",
          claim: "The state after some moves is where the ball is, and nothing else.",
          rival: "It remembers more of the game, such as the start or the moves.",
          intervention: "after three moves, the state taken from another game",
          control: "a random point as far from the centre, or an untrained network's (the better)",
          predicted: "the rest of the game is played with the other game's ball",
          unit: "share of interchanges", .atLeast(1), exhaustive: true),
        Outcome(
          effects: states.own, controls: zip(states.random, states.untrained).map(max))
      ),
      (
        Hypothesis(
          name: "surgery",
          claim: "A matrix is its move: what is done to the matrix is done to the rule.",
          rival: "The matrices have grown to fit each other, and none can be touched.",
          intervention:
            "two matrices exchanged; one made the identity; one made the product of two others",
          control: "random matrices of the same size in the same places (the best of the three)",
          predicted: "every game is right under the new rules",
          unit: "share of games, worst of three",
          .atLeast(1), exhaustive: true),
        Outcome(
          effects: weights.each { network in operated.map { $0.new[network] }.min() ?? 0 },
          controls: weights.each { network in operated.map { $0.control[network] }.max() ?? 1 })
      ),
      (
        Hypothesis(
          name: "doubt",
          claim: "The middle between two corners is doubt, and is carried through any game.",
          rival: "Only the three corners mean anything.",
          intervention: "the middle between two corners put in the place of the start",
          control: "a random point as far from the centre",
          predicted: "the two cups where the ball may be get a half each, within a hundredth",
          unit: "largest distance of a score", .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: doubts.own, controls: doubts.random)
      ),
      (
        Hypothesis(
          name: "a-thousand-moves",
          claim: "A network that was trained on six moves at most never loses the ball.",
          rival: "It is right while games are short: small errors add up.",
          intervention:
            "every forty moves the state put in the place of a new game's start, for a thousand moves",
          control: "the same network trained with cross-entropy, as right on short games",
          predicted: "the cup is right after every move of every game", unit: "share of games",
          .atLeast(1)),
        Outcome(
          effects: long, controls: longScored, from: ["cross-entropy/population.safetensors"])
      ),
      (
        Hypothesis(
          name: "equilateral",
          claim: "Weight decay makes the triangle equilateral; nothing in the task does.",
          rival: "Equal sides come with solving the task.",
          intervention: "weight decay while the network trains",
          control: "the same network trained without",
          predicted: "the longest side is at most two per cent longer than the shortest",
          unit: "longest side / shortest", .atMost(1.02)),
        Outcome(
          effects: try ratios("main"), controls: try ratios("no-decay"),
          from: ["no-decay/population.safetensors"])
      ),
      (
        Hypothesis(
          name: "no-room-for-exceptions",
          claim:
            "What was never shown comes out right in a plane, and not where there is more room.",
          rival: "Networks with more room generalize as well.",
          intervention: "three of the nine pairs of cup and swap withheld from training",
          control: "the same network with three dimensions",
          predicted:
            "every short game with a withheld pair is right, and fewer with three dimensions",
          unit: "share of games", .atLeast(1), exhaustive: true),
        Outcome(effects: try unseen(2), controls: try unseen(3), from: unseenFiles)
      ),
      (
        Hypothesis(
          name: "exceptions-come-back",
          claim:
            "Only in a plane it comes out exact: with more room the error comes back in long games.",
          rival: "Networks with more room, as right in short games, are so in long ones.",
          intervention: "three of the nine pairs of cup and swap withheld from training",
          control: "the same network with three dimensions",
          predicted: "the cup is right after every move of a thousand, withheld pairs among them",
          unit: "share of games", .atLeast(1)),
        Outcome(effects: try unseenLong(2), controls: try unseenLong(3), from: unseenFiles)
      ),
    ]
  }

  /// The share of the games with something withheld that each network of a variant gets right throughout.
  func rightOnUnseen(_ weights: Weights, of name: String, threads: Int) throws -> [Double] {
    try right(
      weights, Self.unseenGames, of: variant(name).network, steps: Self.trainedMoves,
      threads: threads)
  }
}

extension Weights {
  /// A number for each network.
  func each(_ number: (Int) -> Double) -> [Double] { (0..<count).map(number) }
}
