import Networks
import Tensors

/// A game as a finite automaton: where each move takes the ball from each place.
///
/// ```swift
/// let cups = Automaton.swaps(of: 3)
/// cups.transitions           // [[1, 0, 2], [2, 1, 0], [0, 2, 1]]
/// try cups.places(from: 0, playing: [0, 2])  // [0, 1, 2]
/// ```
///
/// Its examples have the inputs of `MoveRecurrence`: `start`, `moves`, `length` and the answers, `places`. What stands
/// behind the end of a game counts for nothing and is zero.
public struct Automaton: Hashable, Sendable {
  /// For each move, where it takes the ball from each place.
  public let transitions: [[Int]]

  /// Makes an automaton of its table.
  ///
  /// - Precondition: Every row has as many places as the first, all of them below that number.
  public init(transitions: [[Int]]) {
    let count = transitions.first?.count ?? 0
    precondition(
      transitions.allSatisfy { $0.count == count && $0.allSatisfy((0..<count).contains) },
      "A move leads somewhere else: \(transitions)")
    self.transitions = transitions
  }

  public var placeCount: Int { transitions.first?.count ?? 0 }
  public var moveCount: Int { transitions.count }

  /// All exchanges of two of so many places, in lexicographic order.
  public static func swaps(of count: Int) -> Automaton {
    Automaton(
      transitions: (0..<count).flatMap { one in
        (one + 1..<count).map { other in
          (0..<count).map { $0 == one ? other : $0 == other ? one : $0 }
        }
      })
  }

  /// Where the ball is at the start and after each move.
  ///
  /// - Throws: `NetworkError` naming a place or move that there is not.
  public func places(from start: Int, playing moves: [Int]) throws -> [Int] {
    guard (0..<placeCount).contains(start) else {
      throw NetworkError("there is no place \(start), only \(placeCount) of them from 0 on")
    }
    if let move = moves.first(where: { !transitions.indices.contains($0) }) {
      throw NetworkError("there is no move \(move), only \(moveCount) of them from 0 on")
    }
    return moves.reduce(into: [start]) { places, move in
      places.append(transitions[move][places[places.count - 1]])
    }
  }

  /// Games as examples.
  ///
  /// - Parameters:
  ///   - games: The start and the moves of each.
  ///   - steps: The room for moves that the network has.
  /// - Returns: A row a game.
  /// - Throws: `NetworkError` naming a place or move that there is not, or the game that is too long.
  public func examples(_ games: [(start: Int, moves: [Int])], steps: Int) throws -> Examples {
    var (starts, moves, lengths, places) = ([Float](), [Float](), [Float](), [Float]())
    for game in games {
      guard game.moves.count <= steps else {
        throw NetworkError("a game of \(game.moves.count) moves does not fit into \(steps) steps")
      }
      let rest = [Float](repeating: 0, count: steps - game.moves.count)
      starts.append(Float(game.start))
      moves += game.moves.map(Float.init) + rest
      lengths.append(Float(game.moves.count))
      places += try self.places(from: game.start, playing: game.moves).map(Float.init) + rest
    }
    return try Examples([
      "start": Tensor(starts, shape: [games.count], kind: .whole),
      "moves": Tensor(moves, shape: [games.count, steps], kind: .whole),
      "length": Tensor(lengths, shape: [games.count], kind: .whole),
      "places": Tensor(places, shape: [games.count, steps + 1], kind: .whole),
    ])
  }

  /// Every game of some lengths: short ones first, those of one start together, the last move changing fastest.
  public func games(of lengths: ClosedRange<Int>) -> [(start: Int, moves: [Int])] {
    var played: [[Int]] = [[]]
    var games: [(start: Int, moves: [Int])] = []
    for length in 0...lengths.upperBound {
      if length > 0 {
        played = played.flatMap { moves in transitions.indices.map { moves + [$0] } }
      }
      guard lengths.contains(length) else { continue }
      for start in 0..<placeCount { games += played.map { (start, $0) } }
    }
    return games
  }

  /// Games of one length with start and moves drawn at random.
  public func randomGames(_ count: Int, of length: Int, using generator: inout Generator)
    -> [(start: Int, moves: [Int])]
  {
    (0..<count).map { _ in
      let start = generator.index(below: placeCount)
      return (start, (0..<length).map { _ in generator.index(below: moveCount) })
    }
  }

  /// Games to train on, made up as training goes: length, start and moves drawn evenly.
  ///
  /// - Parameters:
  ///   - lengths: The lengths of the games.
  ///   - steps: The room for moves that the network has.
  ///   - batch: The number of games of a step.
  ///   - withheld: Which move is never played while the ball is at which place.
  ///   - isShuffled: Whether every answer is drawn evenly, too, whatever is played.
  /// - Returns: The data.
  public func training(
    lengths: ClosedRange<Int>, steps: Int, batch: Int,
    withholding withheld: [(place: Int, move: Int)] = [], shuffled isShuffled: Bool = false
  ) -> TrainingData {
    precondition(lengths.upperBound <= steps, "\(lengths) moves do not fit into \(steps) steps")
    let transitions = self.transitions
    let allowed = (0..<placeCount).map { place in
      transitions.indices.filter { move in
        !withheld.contains { $0.place == place && $0.move == move }
      }
    }
    return .made(inputs: ["start", "moves", "length", "places"], batch: batch) { generator, game in
      let length = lengths.lowerBound + generator.index(below: lengths.count)
      var place = generator.index(below: allowed.count)
      // Taken out while they are written, so that each is written in place.
      var (moves, places) = ([Float](), [Float]())
      swap(&moves, &game[1])
      swap(&places, &game[3])
      places[0] = Float(place)
      for step in 0..<steps {
        guard step < length else {
          moves[step] = 0
          places[step + 1] = 0
          continue
        }
        let move = allowed[place][generator.index(below: allowed[place].count)]
        place = transitions[move][place]
        moves[step] = Float(move)
        places[step + 1] = Float(place)
      }
      game[0][0] = places[0]
      game[2][0] = Float(length)
      if isShuffled {
        for step in 0...length { places[step] = Float(generator.index(below: allowed.count)) }
      }
      swap(&moves, &game[1])
      swap(&places, &game[3])
    }
  }
}
