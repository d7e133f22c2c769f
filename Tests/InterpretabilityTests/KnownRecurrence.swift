import Interpretability
import Networks
import Tensors

/// Networks that play the shell game, whose mechanism is known since their weights are written down: h ← W[move] · h + B[move].
///
/// A ball lies under one of three cups, and each move swaps two of them.
struct KnownRecurrence {
  let w: Parameter
  let state, output: Site
  let network: Network
  let weights: Weights
  /// The directions of each network that hold the cup, and those that hold the last move.
  let cups, decoys: Tensor

  static let steps = 4
  static let swaps = [[0, 1], [1, 2], [0, 2]]
  static let networks = 5

  /// Where the ball is after some moves.
  static func play(_ start: Int, _ moves: some Sequence<Int>) -> Int {
    moves.reduce(start) { cup, move in
      let pair = swaps[move]
      return cup == pair[0] ? pair[1] : cup == pair[1] ? pair[0] : cup
    }
  }

  /// Every game of a start and two moves, and every two moves after it.
  static let beginnings = (0..<27).map { [$0 / 9, $0 / 3 % 3, $0 % 3] }
  static let endings = (0..<9).map { [$0 / 3, $0 % 3] }

  /// The true hypothesis.
  static let cup = CausalModel<[Int], [Int], Int>(
    "the cup", value: { play($0[0], $0.dropFirst()) }, answer: { cup, _, moves in play(cup, moves) }
  )

  /// A network's inputs for some games.
  static func games(_ games: [([Int], [Int])]) throws -> Examples {
    let moves = games.flatMap { $0.0.dropFirst() + $0.1 }.map(Float.init)
    return try Examples([
      "start": Tensor(games.map { Float($0.0[0]) }),
      "moves": Tensor(moves, shape: [games.count, steps], kind: .whole),
      "target": Tensor(games.map { Float(play($0.0[0], $0.0.dropFirst() + $0.1)) }),
    ])
  }

  /// Every base with every source and every ending.
  static func all(_ model: CausalModel<[Int], [Int], Int> = cup) throws -> Interchanges {
    try model.interchanges(
      bases: beginnings, sources: beginnings, endings: endings, games: games)
  }

  /// A state as it is easily written, before it is turned.
  private struct Mechanism {
    /// A row a cup.
    var corners: [[Double]]
    /// What each move does to the cup's part.
    var matrices: [[[Double]]]
    var readOut: Double
  }

  /// The cups are the corners of a triangle, and each move is the mirror through the corner that it leaves alone.
  private static var mirrors: Mechanism {
    let height = 3.0.squareRoot() / 2
    let corners = [[1, 0], [-0.5, height], [-0.5, -height]]
    let matrices = swaps.map { pair in
      let axis = corners[3 - pair[0] - pair[1]]
      return (0..<2).map { i in (0..<2).map { 2 * axis[i] * axis[$0] - (i == $0 ? 1 : 0) } }
    }
    return Mechanism(corners: corners, matrices: matrices, readOut: 2.0 / 3)
  }

  /// A unit for each cup, and permutations of the units.
  private static var automaton: Mechanism {
    func unit(_ place: Int) -> [Double] { (0..<3).map { $0 == place ? 1 : 0 } }
    return Mechanism(
      corners: (0..<3).map(unit),
      matrices: (0..<3).map { move in (0..<3).map { unit(play($0, [move])) } }, readOut: 1)
  }

  static func threeMirrors() throws -> KnownRecurrence {
    try KnownRecurrence(mirrors, decoys: 0, idle: 0, isTurned: false)
  }
  static func oneHotAutomaton() throws -> KnownRecurrence {
    try KnownRecurrence(automaton, decoys: 0, idle: 0, isTurned: false)
  }
  /// Mirrors beside directions that hold the last move ten times as loud, all turned at random, in each network otherwise.
  static func hiddenMirrors() throws -> KnownRecurrence {
    try KnownRecurrence(mirrors, decoys: 10, idle: 2, isTurned: true)
  }
  static func hiddenAutomaton() throws -> KnownRecurrence {
    try KnownRecurrence(automaton, decoys: 10, idle: 2, isTurned: true)
  }

  private init(_ mechanism: Mechanism, decoys loudness: Double, idle: Int, isTurned: Bool) throws {
    let size = mechanism.corners[0].count
    let width = size + (loudness > 0 ? 3 : 0) + idle
    let start = Input("start", [], kind: .tokens(vocabulary: 3))
    let moves = Input("moves", [Self.steps], kind: .tokens(vocabulary: 3))
    let target = Input("target", [], kind: .tokens(vocabulary: 3))
    let e = Parameter("E", [3, width], .normal(deviation: 0.5))
    let w = Parameter("W", [3, width, width], .normal(deviation: 0.5))
    let b = Parameter("B", [3, width], .normal(deviation: 0.5))
    let u = Parameter("U", [width, 3], .normal(deviation: 0.5))
    var state = Site("state", gather(e, start))
    let run = scan(carry: [gather(e, start)], over: [gather(w, moves), gather(b, moves)]) {
      h, now in
      state = Site("state", contract("ij,j->i", now[0], h[0]) + now[1])
      return (carry: [state.expression], outputs: [])
    }
    (self.w, self.state) = (w, state)
    output = Site("output", run.carry[0] • u)
    network = try Network(
      output: output, loss: square(output - oneHot(target, count: 3)),
      correct: equal(argmax(output), target))

    func padded(_ row: [Double], from place: Int = 0) -> [Double] {
      (0..<width).map { row.indices.contains($0 - place) ? row[$0 - place] : 0 }
    }
    let rows = (0..<Self.networks).map { network in
      var generator = Generator(seed: network, stream: .analysis)
      return Self.rotation(of: width, isTurned: isTurned, using: &generator)
    }
    // Rows of the rotation are where the written coordinates lie in the state: h = z · R.
    func turned(_ z: [Double], _ r: [[Double]]) -> [Double] {
      (0..<width).map { i in (0..<width).reduce(0.0) { $0 + z[$1] * r[$1][i] } }
    }
    func tensor(_ shape: Shape, _ values: ([[Double]]) -> [Double]) throws -> Tensor {
      try Tensor(
        rows.flatMap { values($0).map { Float($0) } }, shape: shape.prepending(Self.networks))
    }
    weights = try Weights([
      "E": tensor(e.shape) { r in mechanism.corners.flatMap { turned(padded($0), r) } },
      "W": tensor(w.shape) { r in
        mechanism.matrices.flatMap { matrix in
          // Rᵀ · M · R
          let inner = (0..<width).map { $0 < size ? turned(padded(matrix[$0]), r) : padded([]) }
          return (0..<width).flatMap { i in
            (0..<width).map { j in (0..<width).reduce(0.0) { $0 + r[$1][i] * inner[$1][j] } }
          }
        }
      },
      "B": tensor(b.shape) { r in
        (0..<3).flatMap { turned(padded(loudness > 0 ? [loudness] : [], from: size + $0), r) }
      },
      "U": tensor(u.shape) { r in
        let columns = mechanism.corners.map { turned(padded($0), r) }
        return (0..<width).flatMap { i in columns.map { mechanism.readOut * $0[i] } }
      },
    ])
    cups = try tensor([size, width]) { $0[..<size].flatMap(\.self) }
    decoys = try tensor([width - size - idle, width]) { $0[size..<width - idle].flatMap(\.self) }
  }

  /// An orthonormal basis: a random one, or that of the units.
  private static func rotation(
    of width: Int, isTurned: Bool, using generator: inout Generator
  ) -> [[Double]] {
    var rows: [[Double]] = []
    for place in 0..<width {
      var row = (0..<width).map { isTurned ? Double(generator.normal()) : $0 == place ? 1 : 0 }
      for other in rows + rows {
        let share = zip(row, other).reduce(0.0) { $0 + $1.0 * $1.1 }
        row = zip(row, other).map { $0 - share * $1 }
      }
      let length = row.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      rows.append(row.map { $0 / length })
    }
    return rows
  }
}
