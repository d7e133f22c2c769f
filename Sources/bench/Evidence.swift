import Interpretability
import Networks
import Tensors

/// Interventions in numbers: what evidence costs, once networks are trained.
struct EvidenceWorkload: Sendable {
  let name: String
  let networks: Int
  /// How many times each network runs with something changed.
  let interventions: Int
  /// The inputs of each run.
  let inputs: Int
  let run: @Sendable (_ threads: Int) throws -> Void

  /// Seconds of one run.
  func seconds(threads: Int) throws -> Double {
    try ContinuousClock().measure { try run(threads) } / .seconds(1)
  }

  static func all(_ sizes: Sizes = Sizes()) -> [EvidenceWorkload] { [subsets(sizes), interchange] }

  /// All subsets of the hidden units, 65,536 of sixteen, on all 1,024 inputs of ten signs, in one network.
  private static func subsets(_ sizes: Sizes) -> EvidenceWorkload {
    let (signs, units, count) = (sizes.inputs, sizes.units, 1 << sizes.inputs)
    return EvidenceWorkload(
      name: "subsets", networks: 1, interventions: 1 << units, inputs: count
    ) { threads in
      let x = Input("x", [signs], kind: .signs)
      let target = Input("target", [1], kind: .signs)
      let w1 = Parameter("W1", [signs, units], .normal(deviation: 0.5))
      let hidden = Site("hidden", relu(x • w1 + Parameter("b1", [units], .zeros)))
      let output = Site("output", hidden • Parameter("W2", [units, 1], .normal(deviation: 0.5)))
      let network = try Network(
        output: output, loss: square(output - target), correct: step(output * target))
      let rows = (0..<count).map { row in (0..<signs).map { Float(row >> $0 & 1) * 2 - 1 } }
      _ = try SubsetAblation(
        of: [Array(0..<units)], at: hidden, in: network, network.initialWeights(seeds: [0]),
        on: Examples([
          "x": Tensor(rows.flatMap(\.self), shape: [count, signs]),
          "target": Tensor(shape: [count, 1]) { rows[$0].prefix(4).reduce(1, *) },
        ]), by: .zero, threads: threads)
    }
  }

  /// The state after four moves taken from each of 243 games, in each of 243, and all three next moves played: 177,147
  /// patches in 100 networks of the shell game.
  private static let interchange = EvidenceWorkload(
    name: "interchange", networks: 100, interventions: 243 * 243 * 3, inputs: 1
  ) { threads in
    let game = try MoveRecurrence(places: 3, moves: 3, width: 2, steps: 5)
    let swaps = [1, 0, 2, 0, 2, 1, 2, 1, 0]
    let games = 243 * 3
    func digit(_ game: Int, _ place: Int) -> Int {
      game / [81, 27, 9, 3, 1][place] % 3
    }
    let moves = Tensor(shape: [games, 5], kind: .whole) { index in
      let (row, step) = (index / 5, index % 5)
      return Float(step < 4 ? digit(row / 3, step + 1) : row % 3)
    }
    let start = Tensor(shape: [games], kind: .whole) { Float(digit($0 / 3, 0)) }
    let places = Tensor(shape: [games, 6], kind: .whole) { index in
      var place = Int(start[index / 6])
      for step in 0..<index % 6 { place = swaps[3 * Int(moves[index / 6, step]) + place] }
      return Float(place)
    }
    let examples = try Examples([
      "start": start, "moves": moves, "places": places,
      "length": Tensor(repeating: 5, shape: [games], kind: .whole),
    ])
    let rows = 0..<243 * games
    let exchange = try Interchange(in: game.network, at: game.state, step: 3, answers: 3)
    let answers = rows.map { row in
      swaps[3 * (row % 3) + Int(places[row % games / 3 * 3, 4])]
    }
    _ = try exchange.accuracies(
      of: game.network.initialWeights(seeds: Array(0..<100)),
      on: Interchanges(
        games: examples, bases: rows.map { $0 / games * 3 + $0 % 3 },
        sources: rows.map { $0 % games / 3 * 3 }, answers: answers, unchanged: answers),
      threads: threads)
  }
}
