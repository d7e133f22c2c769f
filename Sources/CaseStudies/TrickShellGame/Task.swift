import Experiments
import Networks
import Tensors

/// The trick shell game: a move may put any cup's ball under any cup, so that some moves lose track of it.
///
/// There are 27 moves, all functions from the three cups to the three cups.
public struct TrickShellGame: Experiment {
  /// The network of the story: as many dimensions as cups.
  public let ledger: MoveRecurrence
  public let variants: [Variant]
  public let probes: Probes

  public static let cupCount = 3
  /// The most moves of a game that is trained on.
  public static let trainedMoves = 6
  /// The most moves of the games that are all recorded.
  public static let triedMoves = 2

  /// Move 9a + 3b + c takes the ball from the first cup to a, from the second to b and from the third to c.
  public static let functions = Automaton(
    transitions: (0..<27).map { [$0 / 9, $0 / 3 % 3, $0 % 3] })

  /// The number of cups under which the ball may be after a move, if it may have been under any before.
  public static func imageSize(of move: Int) -> Int { Set(functions.transitions[move]).count }

  /// A network of some width.
  ///
  /// - Throws: `NetworkError` never: the shapes fit.
  public static func network(width: Int, hasOffset: Bool = false) throws -> MoveRecurrence {
    try MoveRecurrence(
      places: cupCount, moves: functions.moveCount, width: width, steps: trainedMoves,
      hasOffset: hasOffset)
  }

  public init() throws {
    ledger = try Self.network(width: Self.cupCount)
    let games = Self.functions.games(of: 0...Self.triedMoves)
    probes = Probes(
      try Self.functions.examples(games, steps: Self.trainedMoves), isWholeDomain: false)

    var generator = Generator(seed: 0, stream: .split)
    let tried = try Self.functions.examples(
      Self.functions.randomGames(1024, of: Self.trainedMoves, using: &generator),
      steps: Self.trainedMoves)
    func variant(
      _ name: String, width: Int = Self.cupCount, hasOffset: Bool = false, seeds: Int = 10,
      decay: Float = 0.01, shuffled: Bool = false
    ) throws -> Variant {
      Variant(
        name, try Self.network(width: width, hasOffset: hasOffset).network,
        data: Self.functions.training(
          lengths: 1...Self.trainedMoves, steps: Self.trainedMoves, batch: 64,
          shuffled: shuffled),
        evaluation: Evaluation(tried),
        schedule: Schedule(
          optimizer: .adam(weightDecay: decay), learningRate: 0.03, steps: 1200, warmUp: 30,
          decay: .cosine(to: 0.02), gradientClip: 1),
        seedCount: seeds)
    }
    variants = [
      try variant("main", seeds: 100),
      try variant("width-2", width: 2),
      try variant("width-2-centred", width: 2, hasOffset: true),
      try variant("width-4", width: 4, seeds: 100),
      try variant("no-decay", decay: 0),
      try variant("shuffled-labels", shuffled: true),
    ]
  }
}
