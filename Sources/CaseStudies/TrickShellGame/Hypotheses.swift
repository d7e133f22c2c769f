import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors
import TrickShellGameTask

extension TrickShellGame: Investigation {
  /// Scores that should be alike differ by no more than this; right scores and wrong ones lie 1 apart.
  static let tolerance = 0.01

  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let (weights, threads) = (try trial.networks(), trial.threads)
    let wide = try trial.networks("width-4")["W"] ?? Tensor([])
    let ranks = Self.ranksAsPredicted(singularValues(weights[ledger.matrices]))
    let wideRanks = Self.ranksAsPredicted(singularValues(wide))
    let cut = try cutting(weights, threads: threads)
    let forgotten = try forgetting(weights, threads: threads)
    let doubts = try doubting(weights, threads: threads)
    let rebuilt = try rebuilding(weights, threads: threads)
    return [
      (
        Hypothesis(
          name: "cut-to-rank",
          claim: "A matrix has as many directions as cups are left, and needs all of them.",
          rival: "It needs fewer, or what lies beyond still does something.",
          intervention: "every matrix cut to as many directions as its move leaves cups",
          control: "every matrix cut by one direction more",
          predicted: "all games of up to two moves stay right", unit: "share of games", .atLeast(1),
          exhaustive: true),
        Outcome(effects: cut.toRank, controls: cut.oneLess)
      ),
      (
        Hypothesis(
          name: "rank-is-what-is-left",
          claim: "The rank of a matrix is the number of cups where the ball can be after its move.",
          rival: "Training leaves all matrices with full rank, as random ones have.",
          intervention: nil, control: "a network with one dimension more, which plays as well",
          predicted: "all 27 ranks are as the rule says, at a tenth of the largest singular value",
          unit: "share of matrices", .atLeast(1)),
        Outcome(
          effects: ranks, controls: wideRanks, from: ["width-4/population.safetensors"])
      ),
      (
        Hypothesis(
          name: "forgets-the-difference",
          claim: "What a move forgets is the difference between the cups that it brings together.",
          rival: "It loses some direction or other, and the read-out makes up for it.",
          intervention:
            "the difference of two corners added before a move that brings both to one cup",
          control: "a random vector as long",
          predicted: "no score moves by more than a hundredth", unit: "largest change of a score",
          .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: forgotten.own, controls: forgotten.random)
      ),
      (
        Hypothesis(
          name: "finds-what-it-never-saw",
          claim: "The middle of the corners is not knowing, and moves that leave one cup end it.",
          rival: "A state that no ball has put there means nothing.",
          intervention: "the middle of the three corners put in the place of the start",
          control: "a random point as far from zero",
          predicted: "each cup's score is the share of starts that lead there, within a hundredth",
          unit: "largest distance of a score", .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: doubts.own, controls: doubts.random)
      ),
      (
        Hypothesis(
          name: "corners-say-all",
          claim:
            "Where the three corners are says all: the other weights follow from nine numbers.",
          rival: "There are many ways to play without mistake.",
          intervention: "all weights but the corners replaced by what these predict",
          control: "replaced by what the corners of another network predict",
          predicted: "no score moves by more than a hundredth", unit: "largest change of a score",
          .atMost(Self.tolerance), exhaustive: true),
        Outcome(effects: rebuilt.own, controls: rebuilt.others)
      ),
    ]
  }
}
