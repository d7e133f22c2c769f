import Experiments
import Findings
import Interpretability
import Networks
import ShellGameTask
import Tensors

/// Operations on the weights, and what they should do to the game.
extension ShellGame {
  /// One operation: what is done, to what rules it should lead, and the same with random matrices.
  struct Operation {
    let name: String
    let rules: Automaton
    let interventions: [Intervention]
    let control: [Intervention]
  }

  /// The operations of the story: two matrices exchanged, one silenced, one made the product of two.
  func operations(_ weights: Weights) throws -> [Operation] {
    let surgery = try WeightSurgery(on: mirrors.matrices, of: weights)
    let table = Self.cups.transitions
    var generator = Generator(seed: 3, stream: .analysis)
    func random(_ move: Int) throws -> Intervention {
      try surgery.replacing(
        move, with: randomMatrices(like: surgery.matrices(move), using: &generator))
    }
    // AB and AC exchanged; AB silenced; in the place of AB first AB, then BC.
    return [
      Operation(
        name: "relabelled", rules: Automaton(transitions: [table[1], table[0], table[2]]),
        interventions: [try surgery.exchanging(0, 1)], control: [try random(0), try random(1)]),
      Operation(
        name: "silenced", rules: Automaton(transitions: [[0, 1, 2], table[1], table[2]]),
        interventions: [try surgery.replacingWithIdentity(0)], control: [try random(0)]),
      Operation(
        name: "composed",
        rules: Automaton(transitions: [table[0].map { table[2][$0] }, table[1], table[2]]),
        interventions: [try surgery.replacing(0, withProductOf: 2, 0)],
        control: [try random(0)]),
    ]
  }

  /// How each operation went: the share of games right under the new rules, under the old ones, and of the control under
  /// the new ones.
  func operated(_ weights: Weights, threads: Int) throws -> [(
    name: String, new: [Double], old: [Double], control: [Double]
  )] {
    let games = Self.trainedGames
    func share(_ rules: Automaton, _ interventions: [Intervention]) throws -> [Double] {
      try right(weights, games, rules: rules, with: interventions, threads: threads)
    }
    return try operations(weights).map { operation in
      (
        operation.name, try share(operation.rules, operation.interventions),
        try share(Self.cups, operation.interventions), try share(operation.rules, operation.control)
      )
    }
  }

  /// How far any score moves at most, over all games of up to six moves, when twenty weights are replaced by what the other
  /// four predict, or by what those of the next network do.
  func rebuilt(_ weights: Weights, threads: Int) throws -> (own: [Double], others: [Double]) {
    let games = try Self.cups.examples(
      Self.cups.games(of: 0...Self.trainedMoves), steps: Self.triedMoves)
    let network = mirrors.network
    let clean = try network.run(weights, on: games, threads: threads)[mirrors.network.output]
    let predicted = predictedWeights(Triangle.all(mirrors, weights))
    func moved(_ numbers: Tensor) throws -> [Double] {
      let e = weights[mirrors.embedding]
      func part(_ parameter: Parameter, from first: Int) -> Tensor {
        let size = parameter.shape.count
        return Tensor(shape: parameter.shape.prepending(weights.count)) {
          numbers[$0 / size, first + $0 % size]
        }
      }
      let corners = Tensor(shape: e.shape) { (place: Int) -> Float in
        place % 6 < 4 ? e.scalars[place] : numbers[place / 6, place % 6 - 4]
      }
      let rebuilt = weights.replacing("E", with: corners)
        .replacing("W", with: part(mirrors.matrices, from: 2))
        .replacing("U", with: part(mirrors.readOut, from: 14))
      let run = try network.run(rebuilt, on: games, threads: threads)[network.output]
      return Self.largestChange(clean, run)
    }
    let order = (0..<weights.count).map { ($0 + 1) % weights.count }
    return (try moved(predicted), try moved(predicted.slices(order)))
  }

  /// The largest difference of each network's numbers.
  static func largestChange(_ one: Tensor, _ other: Tensor) -> [Double] {
    let size = one.shape.dropFirst().count
    return (0..<one.shape[0]).map { network in
      var largest: Float = 0
      for place in network * size..<(network + 1) * size {
        largest = max(largest, (one.scalars[place] - other.scalars[place]).magnitude)
      }
      return Double(largest)
    }
  }

  /// Puts the middle between two corners at the start of all games of up to six moves.
  ///
  /// - Returns: How far any score is at most from an even share for the two cups under which the ball may be; and the same
  ///   with a random point as far from the centre as that middle.
  func doubting(_ weights: Weights, threads: Int) throws -> (own: [Double], random: [Double]) {
    let list = Self.cups.games(of: 0...Self.trainedMoves).filter { $0.start == 0 }
    let games = try Self.cups.examples(list, steps: Self.triedMoves)
    let e = weights[mirrors.embedding]
    var generator = Generator(seed: 4, stream: .analysis)
    func off(_ point: Tensor, _ pair: [Int]) throws -> [Double] {
      let run = try mirrors.network.run(
        weights, on: games, with: [Intervention(at: mirrors.initial, .patch(point))],
        threads: threads)[mirrors.network.output]
      let shares = list.flatMap { (game: (start: Int, moves: [Int])) -> [Float] in
        let ends = pair.map { Beginning(start: $0, moves: game.moves).cup() }
        return (0..<3).map { ends.contains($0) ? 0.5 : 0 }
      }
      let wanted = Tensor(shape: run.shape) { shares[$0 % shares.count] }
      return Self.largestChange(run, wanted)
    }
    var (own, random) = (
      [Double](repeating: 0, count: weights.count),
      [Double](repeating: .infinity, count: weights.count)
    )
    for pair in [[0, 1], [1, 2], [0, 2]] {
      let middle = Tensor(shape: [weights.count, 2]) { (place: Int) -> Float in
        let (network, axis) = (place / 2, place % 2)
        return (e[network, pair[0], axis] + e[network, pair[1], axis]) / 2
      }
      let drawn = randomMatrices(
        like: try middle.reshaped(to: [weights.count, 1, 2]), using: &generator)
      own = zip(own, try off(middle, pair)).map(max)
      random = zip(random, try off(try drawn.reshaped(to: [weights.count, 2]), pair)).map(min)
    }
    return (own, random)
  }
}
