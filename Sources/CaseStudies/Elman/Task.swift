import Experiments
import Networks

/// The shell game, followed by an ordinary recurrent network that is trained in noise.
public struct Elman: Experiment {
  /// The network of the story.
  public let follower: Follower
  public let variants: [Variant]
  public let probes: Probes

  /// Three cups and their three swaps: AB, AC and BC.
  public static let game = Automaton.swaps(of: 3)

  public static let cupNames = ["A", "B", "C"]
  public static let moveNames = ["AB", "AC", "BC"]

  /// The most moves of a game that is trained on.
  public static let trainedMoves = 6

  /// The deviation of the noise on the hidden state while training, by variant.
  public static let noise: [(variant: String, deviation: Float, seeds: Int)] = [
    ("main", 0.3, 100), ("no-noise", 0, 100), ("faint-noise", 0.1, 10), ("strong-noise", 0.6, 10),
  ]

  public init() throws {
    follower = try Follower(steps: Self.trainedMoves, noise: Self.noise[0].deviation)
    probes = Probes(
      try Self.game.examples(Self.game.games(of: 0...Self.trainedMoves), steps: follower.steps),
      isWholeDomain: true, sites: [follower.initial, follower.last])
    // Every shorter game begins one of these, and all answers count. Whether all longer ones are right, too, is
    // looked at when training is over.
    let tried = try Self.game.examples(Self.game.games(of: 4...4), steps: Self.trainedMoves)
    func variant(_ name: String, _ deviation: Float, seeds: Int, shuffled: Bool = false) throws
      -> Variant
    {
      Variant(
        name, try Follower(steps: Self.trainedMoves, noise: deviation).network,
        data: Self.game.training(
          lengths: 1...Self.trainedMoves, steps: Self.trainedMoves, batch: 64,
          shuffled: shuffled),
        evaluation: Evaluation(tried),
        schedule: Schedule(
          optimizer: .adam(weightDecay: 0.01), learningRate: 0.01, steps: 1500, warmUp: 50,
          decay: .cosine(to: 0.02), gradientClip: 1),
        seedCount: seeds)
    }
    variants =
      try Self.noise.map { try variant($0.variant, $0.deviation, seeds: $0.seeds) }
      + [variant("shuffled-labels", Self.noise[0].deviation, seeds: 10, shuffled: true)]
  }
}
