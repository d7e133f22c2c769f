import Experiments
import Networks
import Tensors

/// The shell game: a ball under one of some cups, two of which change places at each move.
public struct ShellGame: Experiment {
  /// The network of the story: three cups, and a plane to remember them in.
  public let mirrors: MoveRecurrence
  public let variants: [Variant]
  public let probes: Probes

  /// Three cups and their three swaps: AB, AC and BC.
  public static let cups = Automaton.swaps(of: 3)
  /// The most moves of a game that is trained on.
  public static let trainedMoves = 6
  /// The most moves of the games that are all tried.
  public static let triedMoves = 8
  /// What is never shown to some networks: the ball under A when A and B are swapped, and so on around.
  public static let withheld = [(place: 0, move: 0), (place: 2, move: 1), (place: 1, move: 2)]
  /// The widths of the networks that are not shown everything.
  public static let unseenWidths = 2...4
  /// The numbers of cups of the staircase.
  public static let staircase = 2...6

  /// The variant of so many cups and so many dimensions; with three cups and two it is the story's own.
  public static func step(cups: Int, width: Int) -> String {
    cups == 3 && width == 2 ? "main" : "cups-\(cups)-width-\(width)"
  }

  /// A network for three cups and games of up to so many moves, with the story's weights.
  ///
  /// - Throws: `NetworkError` never: the shapes fit.
  public static func network(width: Int = 2, steps: Int) throws -> MoveRecurrence {
    try MoveRecurrence(places: 3, moves: cups.moveCount, width: width, steps: steps)
  }

  public init() throws {
    mirrors = try Self.network(steps: Self.triedMoves)
    let games = Self.cups.games(of: 0...Self.triedMoves)
    probes = Probes(
      try Self.cups.examples(games, steps: Self.triedMoves), isWholeDomain: true,
      sites: [mirrors.initial, mirrors.last])

    func variant(
      _ name: String, _ network: Network, _ automaton: Automaton = Self.cups,
      steps: Int = Self.trainedMoves,
      lengths: ClosedRange<Int> = 1...Self.trainedMoves,
      withholding withheld: [(place: Int, move: Int)] = [], shuffled: Bool = false,
      seeds: Int = 10, training: Int = 3000, learningRate: Float = 0.03, decay: Float = 0.3
    ) throws -> Variant {
      // The story's networks are tried on all games of the trained length, others on some.
      var generator = Generator(seed: 0, stream: .split)
      let tried =
        name == "main"
        ? automaton.games(of: Self.trainedMoves...Self.trainedMoves)
        : automaton.randomGames(256, of: Self.trainedMoves, using: &generator)
      return Variant(
        name, network,
        data: automaton.training(
          lengths: lengths, steps: steps, batch: 64, withholding: withheld, shuffled: shuffled),
        evaluation: Evaluation(try automaton.examples(tried, steps: steps)),
        schedule: Schedule(
          optimizer: .adam(weightDecay: decay), learningRate: learningRate, steps: training,
          warmUp: 30, decay: .cosine(to: 0.02), gradientClip: 1),
        seedCount: seeds)
    }

    let short = try Self.network(steps: Self.trainedMoves).network
    let scored = try MoveRecurrence(
      places: 3, moves: 3, width: 2, steps: Self.trainedMoves, loss: .crossEntropy)
    variants =
      try [
        variant("main", mirrors.network, steps: Self.triedMoves, seeds: 100),
        variant("no-decay", short, seeds: 100, decay: 0),
        variant("cross-entropy", scored.network, seeds: 100),
        variant("slow", short, learningRate: 0.001),
        variant("heavy-decay", short, decay: 2),
        variant("shuffled-labels", mirrors.network, steps: Self.triedMoves, shuffled: true),
      ]
      + Self.unseenWidths.flatMap { width in
        try [("", Float(0.3)), ("-no-decay", 0)].map { suffix, decay in
          try variant(
            "unseen-width-\(width)\(suffix)",
            Self.network(width: width, steps: Self.trainedMoves).network, lengths: 1...4,
            withholding: Self.withheld, seeds: width < 4 && decay > 0 ? 100 : 10, decay: decay)
        }
      }
      + Self.staircase.flatMap { cups in
        try (1...cups).filter { Self.step(cups: cups, width: $0) != "main" }.map { width in
          let automaton = Automaton.swaps(of: cups)
          return try variant(
            Self.step(cups: cups, width: width),
            MoveRecurrence(
              places: cups, moves: automaton.moveCount, width: width, steps: Self.trainedMoves
            ).network, automaton, training: 1000)
        }
      }
  }
}
