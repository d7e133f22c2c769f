import Networks
import Tensors

/// Interchanges to make, a row each: the base, the source, and what a hypothesis says is answered then.
public struct Interchanges: Sendable, Hashable {
  /// What the network is given in each game, a row a game.
  public let games: Examples
  /// The game that each row plays.
  public let bases: [Int]
  /// The game that each row takes its variable from.
  public let sources: [Int]
  /// The answer that the hypothesis predicts for each row.
  public let answers: [Int]
  /// The answer that the hypothesis predicts for each row's base alone.
  public let unchanged: [Int]

  /// Makes interchanges from equally many bases, sources and answers.
  ///
  /// - Throws: `NetworkError` if there are differently many, or a game that is not there.
  public init(games: Examples, bases: [Int], sources: [Int], answers: [Int], unchanged: [Int])
    throws
  {
    let counts = [bases.count, sources.count, answers.count, unchanged.count]
    guard Set(counts).count == 1 else {
      throw NetworkError("interchanges need equally many of everything, not \(counts)")
    }
    if let stranger = (bases + sources).first(where: { !(0..<games.count).contains($0) }) {
      throw NetworkError("an interchange has the game \(stranger) of \(games.count)")
    }
    (self.games, self.bases, self.sources) = (games, bases, sources)
    (self.answers, self.unchanged) = (answers, unchanged)
  }

  private init(_ all: Interchanges, rows: some Collection<Int>) {
    games = all.games
    bases = rows.map { all.bases[$0] }
    sources = rows.map { all.sources[$0] }
    answers = rows.map { all.answers[$0] }
    unchanged = rows.map { all.unchanged[$0] }
  }

  /// The number of interchanges.
  public var count: Int { bases.count }

  /// The interchanges at some places, in that order.
  public func rows(_ indices: some Collection<Int>) -> Interchanges {
    Interchanges(self, rows: indices)
  }

  /// The interchanges that should change the answer: of these, an interchange that does nothing gets none right.
  public var changing: Interchanges { rows(bases.indices.filter { answers[$0] != unchanged[$0] }) }

  /// The games that some row takes its variable from, each once.
  public var sourceGames: [Int] {
    var seen: Set<Int> = []
    return sources.filter { seen.insert($0).inserted }
  }
}
