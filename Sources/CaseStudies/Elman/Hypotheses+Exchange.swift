import ElmanTask
import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// Interchanges between games: the state, or what lies in a subspace of it, is taken from another game.
struct Exchange {
  typealias Game = (start: Int, moves: [Int])
  /// A start and moves, as the causal model has them.
  typealias Beginning = [Int]

  /// The hypothesis as a program: one variable, the cup, and nothing else that matters.
  static let model = CausalModel<Beginning, [Int], Int>(
    "the cup", value: { last($0) },
    answer: { cup, _, ending in
      ending.reduce(cup) { Elman.game.transitions[$1][$0] }
    })

  /// Every beginning of so many moves; of one move there are nine, one for each cup and last move.
  static func beginnings(_ moves: Int) -> [Beginning] {
    Elman.game.games(of: moves...moves).map { [$0.start] + $0.moves }
  }

  /// No further move, and every single one.
  static let endings: [[Int]] = [[]] + (0..<Follower.moves).map { [$0] }

  let follower: Follower
  /// How many moves are played before the exchange.
  let moves: Int
  /// All that change the answer, if the program is right.
  let changing: Interchanges
  /// The same, but predicting that nothing changes.
  let keeping: Interchanges

  /// Prepares every interchange between beginnings of so many moves, with every ending.
  init(after moves: Int, model: CausalModel<Beginning, [Int], Int> = Exchange.model) throws {
    let follower = try Follower(steps: moves + 1)
    let beginnings = Self.beginnings(moves)
    let all = try model.interchanges(
      bases: beginnings, sources: beginnings, endings: Self.endings
    ) { games in
      try Elman.game.examples(
        games.map { (start: $0[0], moves: Array($0[1...]) + $1) }, steps: follower.steps)
    }
    (self.follower, self.moves) = (follower, moves)
    changing = all.changing
    keeping = try Interchanges(
      games: changing.games, bases: changing.bases, sources: changing.sources,
      answers: changing.unchanged, unchanged: changing.unchanged)
  }

  /// The exchange of a part of so many dimensions, or of all.
  func interchange(_ dimensions: Int?) throws -> Interchange {
    try Interchange(
      in: follower.network, at: follower.hidden, step: moves - 1, dimensions: dimensions,
      answers: Follower.cups)
  }

  /// The share of exchanges after which the answer is the source's.
  func moved(_ weights: Weights, _ subspaces: Tensor?, threads: Int) throws -> [Double] {
    try interchange(subspaces?.shape[1])
      .accuracies(of: weights, on: changing, subspaces: subspaces, threads: threads)
  }

  /// The share of exchanges after which the answer is still the base's.
  func kept(_ weights: Weights, _ subspaces: Tensor?, threads: Int) throws -> [Double] {
    try interchange(subspaces?.shape[1])
      .accuracies(of: weights, on: keeping, subspaces: subspaces, threads: threads)
  }

  /// The plane that alignment search finds.
  func aligned(_ weights: Weights, seeds: Range<Int>, threads: Int) throws -> Tensor {
    try interchange(Planes.dimensions).alignedSubspaces(
      of: weights, on: changing, seeds: Array(seeds), threads: threads)
  }

  private static func last(_ beginning: Beginning) -> Int {
    beginning.dropFirst().reduce(beginning[0]) { Elman.game.transitions[$1][$0] }
  }
}

extension Exchange {
  /// The best that an exchange of any two neurons does, and how many pairs there are.
  func bestPair(_ weights: Weights, threads: Int) throws -> (best: [Double], pairs: Int) {
    let width = follower.hidden.shape.count
    let bases = changing.games.rows(changing.bases), sources = changing.games.rows(changing.sources)
    let patch = try follower.network.run(
      weights, on: sources, recording: [follower.hidden], threads: threads)[follower.hidden]
    // What is right then: the base's cups up to the exchange, the source's after it.
    guard let before = bases["places"], let lengths = bases["length"] else { return ([], 0) }
    let steps = follower.steps + 1
    var rows = before.scalars
    for (row, source) in changing.sources.enumerated() {
      guard let places = changing.games["places"] else { continue }
      rows[row * steps + moves] = places[source, moves]
      if Int(lengths[row]) > moves { rows[row * steps + moves + 1] = Float(changing.answers[row]) }
    }
    let expected = try bases.replacing(
      "places", with: Tensor(rows, shape: before.shape, kind: .whole))
    let pairs = (0..<width).flatMap { one in (0..<one).map { [$0, one] } }
    let scores = try follower.network.scores(
      weights, on: expected,
      under: pairs.map {
        [Intervention(at: follower.hidden, .units($0), steps: [moves - 1], .patch(patch))]
      }, threads: threads)
    let best = (0..<weights.count).map { network in
      scores.map { Double($0[network].accuracy) }.max() ?? 0
    }
    return (best, pairs.count)
  }
}
