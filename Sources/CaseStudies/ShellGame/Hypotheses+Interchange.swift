import Experiments
import Interpretability
import Networks
import ShellGameTask
import Tensors

/// Interchange interventions: after three moves the state, or one direction of it, is taken from another game.
extension ShellGame {
  /// A start and three moves.
  struct Beginning: Hashable, Sendable {
    let start: Int
    let moves: [Int]

    /// The cup after the moves and some more.
    func cup(after more: [Int] = []) -> Int {
      (moves + more).reduce(start) { ShellGame.cups.transitions[$1][$0] }
    }
  }

  static let exchangedAfter = 3
  static let beginnings = cups.games(of: exchangedAfter...exchangedAfter).map {
    Beginning(start: $0.start, moves: $0.moves)
  }
  static let endings = beginnings.filter { $0.start == 0 }.map(\.moves)

  /// Every base with every source and every ending, for a variable of the game.
  private static func interchanges<Value>(_ model: CausalModel<Beginning, [Int], Value>) throws
    -> Interchanges
  {
    try model.interchanges(bases: beginnings, sources: beginnings, endings: endings) { games in
      try cups.examples(
        games.map { ($0.0.start, $0.0.moves + $0.1) }, steps: trainedMoves)
    }
  }

  /// A ninth of the interchanges: of each nine blocks one.
  private static func ninth(of all: Interchanges) -> [Int] {
    let block = beginnings.count * endings.count
    return (0..<all.count).filter { $0 / block % 9 == 0 }
  }

  /// All interchanges of the cup.
  static func cupInterchanges() throws -> Interchanges {
    try interchanges(
      CausalModel(
        "the cup", value: { $0.cup() },
        answer: { cup, _, ending in ending.reduce(cup) { cups.transitions[$1][$0] } }))
  }

  /// The interchanges of "is it under this cup?" whose outcome the variable decides: either the source says yes, or both
  /// say no.
  static func lineInterchanges(cup: Int) throws -> Interchanges {
    let all = try interchanges(
      CausalModel(
        "under cup \(cup)", value: { $0.cup() == cup },
        answer: { isThere, base, ending in
          ending.reduce(isThere ? cup : base.cup()) { cups.transitions[$1][$0] }
        }))
    let isThere = beginnings.map { $0.cup() == cup }
    let count = (sources: beginnings.count, endings: endings.count)
    return all.rows(
      (0..<all.count).filter { row in
        let source = row / count.endings % count.sources
        let base = row / count.endings / count.sources
        return isThere[source] || !isThere[base]
      })
  }

  /// The accuracy of exchanging the whole state, of putting a random point there, and of untrained twins.
  ///
  /// The two last are measured on a ninth of the interchanges, the first as well unless `isWhole`.
  static func exchangingStates(
    _ weights: Weights, untrained: Weights, isWhole: Bool = true, threads: Int
  ) throws -> (own: [Double], random: [Double], untrained: [Double]) {
    let net = try network(steps: trainedMoves)
    let whole = try Interchange(
      in: net.network, at: net.state, step: exchangedAfter - 1, answers: 3)
    let all = try cupInterchanges()
    let some = all.rows(ninth(of: all))
    var generator = Generator(seed: 5, stream: .analysis)
    let points = randomStates(
      like: try whole.states(of: weights, some, threads: threads), using: &generator)
    return (
      try whole.accuracies(of: weights, on: isWhole ? all : some, threads: threads),
      try whole.accuracies(of: weights, on: some, states: points, threads: threads),
      try whole.accuracies(of: untrained, on: some, threads: threads)
    )
  }

  /// The accuracy of exchanging the state along the line through a cup's corner alone, of the three cups the least; and
  /// along the line at right angles to it, on a ninth of them, of the three the most.
  static func exchangingLines(_ weights: Weights, threads: Int) throws -> (
    own: [Double], across: [Double]
  ) {
    let net = try network(steps: trainedMoves)
    let line = try Interchange(
      in: net.network, at: net.state, step: exchangedAfter - 1, dimensions: 1, answers: 3)
    let e = weights[net.embedding]
    var (own, across) = (
      [Double](repeating: 1, count: weights.count), [Double](repeating: 0, count: weights.count)
    )
    for cup in 0..<3 {
      let rows = try lineInterchanges(cup: cup).changing
      let along = Tensor(shape: [weights.count, 1, 2]) { e[$0 / 2, cup, $0 % 2] }
      let turned = Tensor(shape: along.shape) {
        $0 % 2 == 0 ? -e[$0 / 2, cup, 1] : e[$0 / 2, cup, 0]
      }
      func share(_ subspaces: Tensor, _ rows: Interchanges) throws -> [Double] {
        try line.accuracies(of: weights, on: rows, subspaces: subspaces, threads: threads)
      }
      own = zip(own, try share(along, rows)).map(min)
      across = zip(across, try share(turned, rows.rows(ninth(of: rows)))).map(max)
    }
    return (own, across)
  }
}
