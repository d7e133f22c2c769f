import Experiments
import Interpretability
import Investigations
import Networks
import Tensors
import TrickShellGameTask

extension TrickShellGame {
  /// After how many moves of a game its state is looked at.
  private static let lookedAtAfter = 2
  /// How many games beyond the task are played of each kind, and how long the long ones are.
  private static let gamesBeyond = (count: 64, moves: 120)
  /// Two cups, of which a move may make one: what the differences lie between.
  private static let pairs = [(one: 0, other: 1), (one: 1, other: 2), (one: 0, other: 2)]

  public func explanation() throws -> Explanation? {
    // Games of four moves, two before the look and two after it: there are a million and a half, of which we draw some.
    var generator = Generator(seed: 7, stream: .analysis)
    let games = Self.functions.randomGames(243, of: 4, using: &generator)
    let long = try MoveRecurrence(
      places: Self.cupCount, moves: Self.functions.moveCount, width: Self.cupCount,
      steps: Self.gamesBeyond.moves, hasOffset: false)
    let names = Self.pairs.map { "\(Self.cupNames[$0.one]) from \(Self.cupNames[$0.other])" }
    let differences = Component(
      "the plane of the differences", at: ledger.state, step: Self.lookedAtAfter - 1,
      members: Array(names.prefix(2))
    ) { weights in try located(weights, pairs: Array(Self.pairs.prefix(2))) }
    let program = Program(
      "a count of the balls under each cup, which a move adds up where it brings cups together",
      from: ["start", "moves", "length", "others"], to: "places",
      variables: Self.pairs.enumerated().map { place, pair in
        .init(
          "\(Self.cupNames[pair.one]) or \(Self.cupNames[pair.other])",
          in: Component(
            "the difference of \(names[place])", at: ledger.state, step: Self.lookedAtAfter - 1,
            members: ["it"]
          ) { weights in try located(weights, pairs: [pair]) }
        ) { base, source in
          let own = Self.cups(row: base)
          let there = Self.cups(row: source)[Self.lookedAtAfter]
          // It is asked only where the ball is under one of the two in both games: else half a ball is left over.
          let both = [Float(pair.one), Float(pair.other)]
          guard both.contains(own[Self.lookedAtAfter]), both.contains(there) else { return own }
          return own.prefix(Self.lookedAtAfter)
            + Self.cups(row: base, from: Int(there), after: Self.lookedAtAfter)
        }
      }
    ) { Self.cups(row: $0) }
    return Explanation(
      of: differences, programs: [program],
      examples: try Self.functions.examples(games, steps: ledger.steps), isExhaustive: false,
      beyond: [
        .init(
          "long", "games twenty times as long as any in training, with moves that only shuffle",
          in: long.network
        ) { generator in
          // A move that tips may make good what went wrong before; one that shuffles cannot.
          let shuffles = Self.functions.transitions.indices.filter { Self.imageSize(of: $0) == 3 }
          return try Self.functions.examples(
            (0..<Self.gamesBeyond.count).map { _ in
              (
                generator.index(below: Self.cupCount),
                (0..<long.steps).map { _ in shuffles[generator.index(below: shuffles.count)] }
              )
            }, steps: long.steps)
        },
        .init(
          "crowd", "games with a painted ball and two plain ones", in: try crowded(),
          make: Self.crowdedGames),
      ]
    ) { weights, network in
      let error = Ledger(ledger, weights, network: network).largestError
      return error < 0.5
        ? "matrices that are a little off" : "matrices that take no corner to its place"
    }
  }

  private static let cupNames = ["A", "B", "C"]

  /// The ways from one corner to another; present where every matrix takes every corner to its place, within a
  /// twentieth of the corners' mean distance from zero.
  private func located(_ weights: Weights, pairs: [(one: Int, other: Int)]) throws -> Located {
    let e = weights[ledger.embedding]
    return Located(
      members: try pairs.map { one, other in
        try .spanned(
          by: Tensor(shape: [weights.count, 1, 3]) {
            e[$0 / 3, one, $0 % 3] - e[$0 / 3, other, $0 % 3]
          })
      },
      present: weights.indices.map {
        Ledger(ledger, weights, network: $0).largestError < 0.05
      })
  }

  /// The program: the cup with the most balls at the start and after every move, or after some moves if the game goes on
  /// with the ball under another cup.
  private static func cups(row: Program.Row, from cup: Int? = nil, after first: Int = 0) -> [Float]
  {
    let moves = row["moves"]
    let length = Int(row["length"][0])
    var counts = [Int](repeating: 0, count: cupCount)
    counts[cup ?? Int(row["start"][0])] += 1
    for other in row["others"] { counts[Int(other)] += 1 }
    var answers = [largest(counts)]
    for step in first..<length {
      var next = [Int](repeating: 0, count: cupCount)
      for (cup, place) in functions.transitions[Int(moves[step])].enumerated() {
        next[place] += counts[cup]
      }
      counts = next
      answers.append(largest(counts))
    }
    return answers + [Float](repeating: 0, count: moves.count - length)
  }

  private static func largest(_ counts: [Int]) -> Float {
    counts[0] >= counts[1]
      ? (counts[0] >= counts[2] ? 0 : 2) : (counts[1] >= counts[2] ? 1 : 2)
  }
}

extension Ledger {
  /// How far any matrix takes a corner from its place, as a share of the corners' mean distance from zero.
  fileprivate var largestError: Double {
    var largest = 0.0
    for (move, places) in TrickShellGame.functions.transitions.enumerated() {
      for (cup, place) in places.enumerated() {
        let off = (0..<3).map { dot(matrices[move][$0], corners[cup]) - corners[place][$0] }
        largest = max(largest, dot(off, off))
      }
    }
    let radius = corners.reduce(0.0) { $0 + dot($1, $1).squareRoot() } / 3
    return largest.squareRoot() / radius
  }
}

// MARK: Several balls

extension TrickShellGame {
  /// The story's network, told of three balls at once: it begins at the sum of their corners.
  private func crowded() throws -> Network {
    let (steps, count) = (Self.trainedMoves, Self.cupCount)
    let start = Input("start", [], kind: .tokens(vocabulary: count))
    let others = Input("others", [2], kind: .tokens(vocabulary: count))
    let moves = Input("moves", [steps], kind: .tokens(vocabulary: Self.functions.moveCount))
    let places = Input("places", [steps + 1], kind: .tokens(vocabulary: count))
    let (e, w, u) = (ledger.embedding, ledger.matrices, ledger.readOut)
    let first = gather(e, start) + sum(gather(e, others), axes: [0])
    let run = scan(carry: [first], over: [gather(w, moves)]) { state, matrix in
      let next = contract("ij,j->i", matrix[0], state[0])
      return (carry: [next], outputs: [next])
    }
    let states = concatenated([first.reshaped([1, 3]), run.outputs[0]], axis: 0)
    let scores = states • u
    return try Network(
      output: Site("output", scores, axes: ["move", "place"]),
      loss: sum(mean(square(scores - oneHot(places, count: count)), axes: [-1])),
      correct: 1 - maximum(1 - equal(argmax(scores), places)))
  }

  /// Games with a painted ball, which is the one that counts, and two plain ones; not one under each cup, where the last
  /// digit would decide.
  private static func crowdedGames(using generator: inout Generator) throws -> Examples {
    var games: [(start: Int, moves: [Int])] = []
    var others: [Float] = []
    while games.count < gamesBeyond.count {
      let game = functions.randomGames(1, of: trainedMoves, using: &generator)[0]
      let plain = [generator.index(below: cupCount), generator.index(below: cupCount)]
      guard Set(plain + [game.start]).count < cupCount else { continue }
      games.append(game)
      others += plain.map(Float.init)
    }
    return try functions.examples(games, steps: trainedMoves).replacing(
      "others", with: Tensor(others, shape: [games.count, 2], kind: .whole))
  }
}
