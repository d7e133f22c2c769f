import Experiments
import Interpretability
import Investigations
import Networks
import ShellGameTask
import Tensors

extension ShellGame {
  /// How loud a call is when another one is whispered into it; together they are as loud as one.
  static let loudness: Float = 0.7
  /// How many games beyond the task are played of each kind, and how long the long ones are.
  static let gamesBeyond = (count: 64, moves: 120)

  public func explanation() throws -> Explanation? {
    // All games of four moves: every shorter one begins one of these, and longer ones bring no new move.
    let games = Self.cups.games(of: 4...4)
    let long = try Self.network(steps: Self.gamesBeyond.moves)
    let state = Component(
      "the state after three moves", at: mirrors.state, step: Self.exchangedAfter - 1,
      members: ["the line through A's corner", "the line through B's corner"]
    ) { weights in try located(weights, cups: [0, 1]) }
    let program = Program(
      "three shares that sum to one, of which each swap exchanges two",
      from: ["start", "moves", "length", "whispered"], to: "places",
      variables: (0..<3).map { cup in
        let name = ["A", "B", "C"][cup]
        return .init(
          "whether the ball is under \(name)",
          in: Component(
            "the line through \(name)'s corner", at: mirrors.state, step: Self.exchangedAfter - 1,
            members: ["it"]
          ) { weights in try located(weights, cups: [cup]) }
        ) { base, source in
          let own = Self.cups(row: base)
          // If it is not there but was, the other two are alike to the program: nothing is said then.
          guard Self.cups(row: source)[Self.exchangedAfter] == Float(cup) else { return own }
          return own.prefix(Self.exchangedAfter)
            + Self.cups(row: base, from: cup, after: Self.exchangedAfter)
        }
      }
    ) { Self.cups(row: $0) }
    return Explanation(
      of: state, programs: [program],
      examples: try Self.cups.examples(games, steps: mirrors.steps), isExhaustive: false,
      beyond: [
        .init("long", "games twenty times as long as any in training", in: long.network) {
          try Self.cups.examples(
            Self.cups.randomGames(Self.gamesBeyond.count, of: long.steps, using: &$0),
            steps: long.steps)
        },
        .init(
          "whispered", "games in which another call is whispered into every call",
          in: try listening(), make: Self.whisperedGames),
      ]
    ) { weights, network in
      let errors = Triangle(mirrors, weights, network: network).errors
      return max(errors.bystander, errors.exchanged) < 0.5
        ? "mirrors that are a little off" : "matrices that take no corner to its place"
    }
  }

  /// The lines through some corners; present where every matrix takes every corner to its place, within a twentieth of
  /// the corners' distance from zero.
  private func located(_ weights: Weights, cups: [Int]) throws -> Located {
    let e = weights[mirrors.embedding]
    return Located(
      members: try cups.map { cup in
        try .spanned(by: Tensor(shape: [weights.count, 1, 2]) { e[$0 / 2, cup, $0 % 2] })
      },
      present: Triangle.all(mirrors, weights).map { triangle in
        let errors = triangle.errors
        return max(errors.bystander, errors.exchanged) < 0.05
      })
  }

  /// The program: the cup with the largest share at the start and after every move, or after some moves if the game goes
  /// on with the ball under another cup.
  private static func cups(row: Program.Row, from cup: Int? = nil, after first: Int = 0) -> [Float]
  {
    let (moves, whispered) = (row["moves"], row["whispered"])
    let length = Int(row["length"][0])
    var shares = [Float](repeating: 0, count: 3)
    shares[cup ?? Int(row["start"][0])] = 1
    var answers = [largest(shares)]
    for step in first..<length {
      let called = exchanged(shares, by: Int(moves[step]))
      // A call with a whisper in it is that much of either.
      shares =
        whispered.isEmpty
        ? called
        : zip(called, exchanged(shares, by: Int(whispered[step])))
          .map { loudness * $0 + (1 - loudness) * $1 }
      answers.append(largest(shares))
    }
    return answers + [Float](repeating: 0, count: moves.count - length)
  }

  private static func exchanged(_ shares: [Float], by move: Int) -> [Float] {
    // A swap is its own inverse.
    cups.transitions[move].map { shares[$0] }
  }

  private static func largest(_ shares: [Float]) -> Float {
    shares[0] >= shares[1]
      ? (shares[0] >= shares[2] ? 0 : 2) : (shares[1] >= shares[2] ? 1 : 2)
  }
}

// MARK: Whispers

extension ShellGame {
  /// The story's network, hearing two calls at every move: its matrix is a mixture of theirs.
  private func listening() throws -> Network {
    let steps = Self.trainedMoves
    let start = Input("start", [], kind: .tokens(vocabulary: 3))
    let called = Input("moves", [steps], kind: .tokens(vocabulary: 3))
    let whispered = Input("whispered", [steps], kind: .tokens(vocabulary: 3))
    let places = Input("places", [steps + 1], kind: .tokens(vocabulary: 3))
    let (e, w, u) = (mirrors.embedding, mirrors.matrices, mirrors.readOut)
    let first = gather(e, start)
    let heard = Self.loudness * gather(w, called) + (1 - Self.loudness) * gather(w, whispered)
    let run = scan(carry: [first], over: [heard]) { state, matrix in
      let next = contract("ij,j->i", matrix[0], state[0])
      return (carry: [next], outputs: [next])
    }
    let states = concatenated([first.reshaped([1, 2]), run.outputs[0]], axis: 0)
    let scores = states • u
    let right = oneHot(places, count: 3) - 1 / Float(3)
    return try Network(
      output: Site("output", scores, axes: ["move", "place"]),
      loss: sum(mean(square(scores - right), axes: [-1])),
      correct: 1 - maximum(1 - equal(argmax(scores), places)))
  }

  /// Games with a whispered call in every call, which counts for nothing: the ball goes where the loud one takes it.
  ///
  /// Games are left out in which two shares come so close that the last digit would decide.
  private static func whisperedGames(using generator: inout Generator) throws -> Examples {
    var games: [(start: Int, moves: [Int])] = []
    var whispers: [Float] = []
    while games.count < gamesBeyond.count {
      let game = cups.randomGames(1, of: trainedMoves, using: &generator)[0]
      let others = game.moves.map { ($0 + 1 + generator.index(below: 2)) % 3 }
      var shares: [Float] = (0..<3).map { $0 == game.start ? 1 : 0 }
      var isClear = true
      for (move, other) in zip(game.moves, others) {
        shares = zip(exchanged(shares, by: move), exchanged(shares, by: other))
          .map { loudness * $0 + (1 - loudness) * $1 }
        let order = shares.sorted()
        isClear = isClear && order[2] - order[1] > 0.02
      }
      guard isClear else { continue }
      games.append(game)
      whispers += others.map(Float.init)
    }
    return try cups.examples(games, steps: trainedMoves).replacing(
      "whispered", with: Tensor(whispers, shape: [games.count, trainedMoves], kind: .whole))
  }
}
