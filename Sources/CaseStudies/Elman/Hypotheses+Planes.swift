import ElmanTask
import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// The locator: where each network is loud, what it hears of itself, and where its cups differ.
struct Planes {
  /// How many directions a plane has.
  static let dimensions = 2
  /// The games that states are looked at after: enough for every way of arriving, equally often under each cup.
  static let games = Elman.game.games(of: 4...4)

  /// The state after each of the games: `[networks, games, width]`.
  let states: Tensor
  /// The principal components of these, for each network.
  let components: [PrincipalComponents]
  /// The two principal components of the most variance: `[networks, 2, width]`.
  let loud: Tensor
  /// The two directions of the state that W hears best: `[networks, 2, width]`.
  let heard: Tensor
  /// All directions orthogonal to these: `[networks, width - 2, width]`.
  let unheard: Tensor
  /// How well W hears each direction, the best first: its singular values.
  let hearing: [[Double]]
  /// The mean state of each cup: `[networks, cups, width]`.
  let cupMeans: Tensor
  /// The plane in which these lie: `[networks, 2, width]`.
  let cups: Tensor

  /// Looks at each network, given its weights.
  init(_ follower: Follower, _ weights: Weights, threads: Int) throws {
    let examples = try Elman.game.examples(Self.games, steps: follower.steps)
    let states = try follower.network.run(
      weights, on: examples, recording: [follower.last], threads: threads)[follower.last]
    let networks = 0..<weights.count
    let components = try networks.map { try PrincipalComponents(of: states.slice($0)) }
    let ears = networks.map { SingularValues(of: Self.transposed(weights[follower.w].slice($0))) }
    let places = try Self.games.map { try Elman.places($0) }
    let means = try networks.map {
      try classMeans(
        of: states.slice($0), classes: places.map { $0[$0.count - 1] }, count: Follower.cups)
    }
    let plane = 0..<Self.dimensions
    let width = follower.hidden.shape.count
    self.states = states
    self.components = components
    loud = try Tensor(stacking: components.map { $0.subspace(plane) })
    heard = try Tensor(stacking: ears.map { try Self.rows($0.directions[plane]) })
    unheard = try Tensor(
      stacking: ears.map { try Self.rows($0.directions[Self.dimensions..<width]) })
    hearing = ears.map(\.values)
    cupMeans = try Tensor(stacking: means)
    cups = try Tensor(stacking: means.map { try PrincipalComponents(of: $0).subspace(plane) })
  }

  /// The mean state of a network.
  func mean(_ network: Int) -> [Double] { components[network].mean }

  /// What a state of a game is sorted by.
  enum Factor: String, CaseIterable {
    /// The cup that the ball is under.
    case cup
    /// The last move.
    case move
    /// The cup that the ball was under before the last move.
    case past
    /// Whether the last move left the ball where it was, or took it one way around or the other.
    case way

    /// The class of a game: 0, 1 or 2.
    func kind(of game: (start: Int, moves: [Int])) throws -> Int {
      let places = try Elman.places(game)
      let now = places[places.count - 1]
      let move = game.moves[game.moves.count - 1]
      return switch self {
      case .cup: now
      case .move: move
      case .past: places[places.count - 2]
      case .way: (Elman.bystander(of: move) - now + Follower.cups) % Follower.cups
      }
    }
  }

  /// How much of the variance in a subspace a factor accounts for; of all variance if there is none.
  ///
  /// The four factors are balanced in the games, and share nothing.
  func share(of factor: Factor, network: Int, in subspace: Tensor? = nil) throws -> Double {
    let kinds = try Self.games.map(factor.kind)
    let mean = mean(network)
    let directions = subspace.map { Self.doubles($0.slice(network)) }
    let rows = Self.doubles(states.slice(network)).map { row in
      let offset = zip(row, mean).map { $0 - $1 }
      return directions.map { $0.map { Self.product($0, offset) } } ?? offset
    }
    let total = rows.reduce(0) { $0 + Self.product($1, $1) }
    let between = (0..<3).reduce(0.0) { sum, kind in
      let own = rows.indices.filter { kinds[$0] == kind }
      return sum
        + rows[0].indices.reduce(0.0) { part, place in
          let all = own.reduce(0.0) { $0 + rows[$1][place] }
          return part + all * all / Double(own.count)
        }
    }
    return between / total
  }

  /// The larger angle, in degrees, between two planes of a network; of what lies of them in the directions along which
  /// its nine blobs differ, if so asked.
  ///
  /// Nine points span eight directions. What a plane has outside of these no game can show.
  func angle(_ first: Tensor, _ second: Tensor, network: Int, amongBlobs: Bool = false) throws
    -> Double
  {
    let parts = try [first, second].map { subspace in
      let rows = Self.doubles(subspace.slice(network))
      guard amongBlobs else { return try Self.rows(rows) }
      let span = components[network].directions.prefix(Follower.cups * Follower.moves - 1)
      return try Self.rows(rows.map { row in span.map { Self.product($0, row) } })
    }
    return try principalAngles(between: parts[0], and: parts[1]).last ?? 90
  }

  /// The share of a network's variance that lies in a subspace with orthonormal rows.
  func variance(in subspace: Tensor, network: Int) -> Double {
    let mean = mean(network)
    let directions = Self.doubles(subspace.slice(network))
    var (inside, total) = (0.0, 0.0)
    for row in Self.doubles(states.slice(network)) {
      let offset = zip(row, mean).map { $0 - $1 }
      total += Self.product(offset, offset)
      inside += directions.reduce(0) {
        let part = Self.product($1, offset)
        return $0 + part * part
      }
    }
    return inside / total
  }

  static func transposed(_ matrix: Tensor) -> Tensor {
    let size = matrix.shape[0]
    return Tensor(shape: [matrix.shape[1], size]) { matrix[$0 % size, $0 / size] }
  }

  static func rows(_ rows: some Collection<[Double]>) throws -> Tensor {
    try Tensor(
      rows.flatMap { $0.map { Float($0) } }, shape: [rows.count, rows.first?.count ?? 0])
  }

  static func doubles(_ matrix: Tensor) -> [[Double]] {
    (0..<matrix.shape[0]).map { row in
      (0..<matrix.shape[1]).map { Double(matrix[row, $0]) }
    }
  }

  static func product(_ left: [Double], _ right: [Double]) -> Double {
    zip(left, right).reduce(0.0) { $0 + $1.0 * $1.1 }
  }
}

extension Elman {
  /// The cup at the start of a game and after each move.
  static func places(_ game: (start: Int, moves: [Int])) throws -> [Int] {
    try Self.game.places(from: game.start, playing: game.moves)
  }

  /// The cup that a move leaves alone.
  static func bystander(of move: Int) -> Int {
    let row = game.transitions[move]
    return row.indices.first { row[$0] == $0 } ?? 0
  }
}
