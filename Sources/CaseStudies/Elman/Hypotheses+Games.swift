import ElmanTask
import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// Playing on from states that are given, and for longer than anything in training.
extension Elman {
  /// Beginnings of two moves, and every way to go on for two more.
  static let begun = game.games(of: 2...2)
  static let continuations = (0..<Follower.moves).flatMap { one in
    (0..<Follower.moves).map { [one, $0] }
  }

  /// What each network holds after the beginnings: `[networks, beginnings, width]`.
  func begunStates(_ weights: Weights, threads: Int) throws -> Tensor {
    try follower.network.run(
      weights, on: Self.game.examples(Self.begun, steps: follower.steps),
      recording: [follower.last], threads: threads)[follower.last]
  }

  /// The share of games that each network gets right throughout when it goes on from given states,
  /// `[networks, rows, width]`, that should stand for given cups.
  func right(_ weights: Weights, from states: Tensor, as cups: [Int], threads: Int) throws
    -> [Double]
  {
    let player = try Follower(steps: 2)
    var total = [Double](repeating: 0, count: weights.count)
    // One continuation after another, so that memory stays small.
    for ending in Self.continuations {
      let examples = try Self.game.examples(cups.map { ($0, ending) }, steps: player.steps)
      let patch = Intervention(at: player.initial, .patch(states))
      let scores = try player.network.scores(
        weights, on: examples, under: [[patch]], threads: threads)[0]
      for (network, score) in scores.enumerated() {
        total[network] += (Double(score.accuracy) * Double(cups.count)).rounded()
      }
    }
    return total.map { $0 / Double(Self.continuations.count * cups.count) }
  }

  /// Rows of states made from those after the beginnings.
  ///
  /// - Returns: `[networks, beginnings · copies, width]`
  func changed(
    _ states: Tensor, copies: Int = 1,
    _ body: (_ network: Int, _ row: Int, _ state: [Double]) -> [Double]
  ) -> Tensor {
    let (networks, count, width) = (states.shape[0], states.shape[1], states.shape[2])
    var scalars: [Float] = []
    scalars.reserveCapacity(networks * count * copies * width)
    for network in 0..<networks {
      let rows = Planes.doubles(states.slice(network))
      for row in 0..<count * copies {
        scalars += body(network, row, rows[row % count]).map { Float($0) }
      }
    }
    return Tensor(shape: [networks, count * copies, width]) { scalars[$0] }
  }

  /// The cup after each of the beginnings.
  static func begunCups() throws -> [Int] { try begun.map { try places($0)[2] } }

  /// How right each network stays when its state is pushed in a random direction, each unit by a normal draw times the
  /// deviation; the draws are those of its seed.
  func pushed(_ weights: Weights, by deviation: Double, seeds: Range<Int>, threads: Int) throws
    -> [Double]
  {
    let copies = 4
    let states = try begunStates(weights, threads: threads)
    var generators = seeds.map { Generator(seed: $0, stream: .analysis) }
    let cups = try Self.begunCups()
    return try right(
      weights,
      from: changed(states, copies: copies) { network, _, state in
        state.map { $0 + deviation * Double(generators[network].normal()) }
      }, as: (0..<cups.count * copies).map { cups[$0 % cups.count] }, threads: threads)
  }

  /// How right each network stays, as the base's game has it, when its state moves as far as the interchange of a plane
  /// moves it: along that plane, or in a random direction.
  func displaced(
    _ weights: Weights, along plane: Tensor, isRandom: Bool, seeds: Range<Int>, threads: Int
  ) throws -> [Double] {
    let states = try begunStates(weights, threads: threads)
    let cups = try Self.begunCups()
    // Every base with every source of another cup.
    let pairs = cups.indices.flatMap { base in
      cups.indices.filter { cups[$0] != cups[base] }.map { (base: base, source: $0) }
    }
    var generators = seeds.map { Generator(seed: $0, stream: .analysis) }
    let all = try Tensor(
      stacking: (0..<weights.count).map { network in
        let own = Planes.doubles(states.slice(network))
        let directions = Planes.doubles(plane.slice(network))
        return try Planes.rows(
          pairs.map { base, source in
            let offset = zip(own[source], own[base]).map { $0 - $1 }
            let parts = directions.map { Planes.product($0, offset) }
            let length = Planes.product(parts, parts).squareRoot()
            var step = [Double](repeating: 0, count: offset.count)
            if isRandom {
              let drawn = offset.map { _ in Double(generators[network].normal()) }
              let scale = length / Planes.product(drawn, drawn).squareRoot()
              step = drawn.map { $0 * scale }
            } else {
              for (part, direction) in zip(parts, directions) {
                step = zip(step, direction).map { $0 + part * $1 }
              }
            }
            return zip(own[base], step).map { $0 + $1 }
          })
      })
    return try right(weights, from: all, as: pairs.map { cups[$0.base] }, threads: threads)
  }

  /// The networks with all that they do not hear along a plane held at its mean: at every step, in what goes on to the
  /// next state and to the answer.
  func hearingOnly(_ plane: Tensor, _ weights: Weights, _ planes: Planes) throws -> Weights {
    var parts: [String: [Float]] = [:]
    for network in 0..<weights.count {
      // An orthonormal basis, whatever spans the plane.
      let directions = SingularValues(of: plane.slice(network)).directions
      let mean = planes.mean(network)
      // h becomes mean + P (h - mean): P goes before the weights, the rest of the mean into what is added after.
      func projected(_ vector: [Double]) -> [Double] {
        directions.reduce([Double](repeating: 0, count: vector.count)) { sum, direction in
          let part = Planes.product(direction, vector)
          return zip(sum, direction).map { $0 + part * $1 }
        }
      }
      let rest = zip(mean, projected(mean)).map { $0 - $1 }
      func changed(_ matrix: Parameter, _ bias: Parameter) -> [Double] {
        let columns = Planes.doubles(Planes.transposed(weights[matrix].slice(network)))
        let heard = columns.map(projected)
        parts[matrix.name, default: []] += (0..<mean.count).flatMap { unit in
          heard.map { Float($0[unit]) }
        }
        let constant = columns.map { Planes.product($0, rest) }
        let own = weights[bias].slice(network).scalars
        parts[bias.name, default: []] += zip(own, constant).map { $0 + Float($1) }
        return constant
      }
      let constant = changed(follower.w, follower.b)
      _ = changed(follower.readOut, follower.readOutBias)
      // Before the first move there is no state to hear.
      let table = weights[follower.embedding].slice(network)
      parts[follower.embedding.name, default: []] += table.scalars.indices.map { index in
        let (row, unit) = index.quotientAndRemainder(dividingBy: mean.count)
        return table.scalars[index] - (row < Follower.cups ? Float(constant[unit]) : 0)
      }
    }
    return try [follower.w, follower.b, follower.readOut, follower.readOutBias, follower.embedding]
      .reduce(weights) { result, parameter in
        result.replacing(
          parameter.name,
          with: try Tensor(
            parts[parameter.name] ?? [], shape: parameter.shape.prepending(weights.count)))
      }
  }

  /// How many long games are played, how long they are, and by how many moves at a time.
  static let longGames = (count: 50, moves: 1000, segment: 50)

  /// The share of long games in which each network knows the cup, after each segment: `[networks][segments]`.
  func playingLong(_ weights: Weights, threads: Int) throws -> [[Double]] {
    let (count, segment) = (Self.longGames.count, Self.longGames.segment)
    let player = try Follower(steps: segment)
    var generator = Generator(seed: 0, stream: .analysis)
    var cups = (0..<count).map { _ in generator.index(below: Follower.cups) }
    var right = [[Double]](repeating: [], count: weights.count)
    try player.network.run(
      weights, inSegments: Self.longGames.moves / segment, from: player.last, to: player.initial,
      recording: [player.output], threads: threads,
      on: { _ in
        let games = cups.map { cup in
          (start: cup, moves: (0..<segment).map { _ in generator.index(below: Follower.moves) })
        }
        cups = try games.map { try Self.places($0)[segment] }
        return try Self.game.examples(games, steps: segment)
      }
    ) { _, run in
      let logits = run[player.output]
      for network in 0..<weights.count {
        let known = cups.indices.count { game in
          (0..<Follower.cups).allSatisfy {
            $0 == cups[game] || logits[network, game, cups[game]] > logits[network, game, $0]
          }
        }
        right[network].append(Double(known) / Double(count))
      }
    }
    return right
  }
}
