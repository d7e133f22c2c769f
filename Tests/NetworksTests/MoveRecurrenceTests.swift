import Tensors
import Testing

@testable import Networks

/// A shell game whose network is written by hand: three corners of a triangle, and three mirrors.
@Suite struct MoveRecurrenceTests {
  private static let swaps = [[1, 0, 2], [2, 1, 0], [0, 2, 1]]

  private func net(steps: Int, loss: MoveRecurrence.Loss = .squaredError) throws -> MoveRecurrence {
    try MoveRecurrence(places: 3, moves: 3, width: 2, steps: steps, loss: loss)
  }

  /// Corners at 90°, 210° and 330°; each mirror runs through the corner of the cup that its swap leaves alone.
  private func mirrors() throws -> Weights {
    let half = Float(3).squareRoot() / 2
    let corners: [Float] = [0, 1, -half, -0.5, half, -0.5]
    // Through C, at −30°; through B, at 210°; through A, the vertical.
    let matrices: [Float] = [
      0.5, -half, -half, -0.5,
      0.5, half, half, -0.5,
      -1, 0, 0, 1,
    ]
    let readOut: [Float] = [0, -half, half, 1, -0.5, -0.5].map { $0 * 2 / 3 }
    return try Weights([
      "E": Tensor(corners, shape: [1, 3, 2]), "W": Tensor(matrices, shape: [1, 3, 2, 2]),
      "U": Tensor(readOut, shape: [1, 2, 3]),
    ])
  }

  private func places(_ start: Int, _ moves: [Int]) -> [Int] {
    moves.reduce(into: [start]) { $0.append(Self.swaps[$1][$0[$0.count - 1]]) }
  }

  /// Random games, padded with a move of one's choice.
  private func games(steps: Int, padding: Int = 0) throws -> (Examples, [(Int, [Int])]) {
    var generator = Generator(seed: 1, stream: .analysis)
    let games = (0..<40).map { index in
      (
        generator.index(below: 3),
        (0..<index % (steps + 1)).map { _ in generator.index(below: 3) }
      )
    }
    func padded(_ row: [Int], to count: Int) -> [Float] {
      row.map(Float.init) + [Float](repeating: Float(padding), count: count - row.count)
    }
    let examples = try Examples([
      "start": Tensor(games.map { Float($0.0) }),
      "moves": Tensor(
        games.flatMap { padded($0.1, to: steps) }, shape: [games.count, steps]),
      "length": Tensor(games.map { Float($0.1.count) }),
      "places": Tensor(
        games.flatMap { padded(places($0.0, $0.1), to: steps + 1) },
        shape: [games.count, steps + 1]),
    ])
    return (examples, games)
  }

  @Test func threeMirrorsPlayTheShellGame() throws {
    let net = try net(steps: 8)
    let (examples, games) = try games(steps: 8)
    let output = try net.network.run(mirrors(), on: examples)[net.network.output]
    for (row, game) in games.enumerated() {
      let place = places(game.0, game.1)[game.1.count]
      for cup in 0..<3 {
        #expect((output[0, row, cup] - (cup == place ? 1 : 0)).magnitude < 1e-5)
      }
    }
    let score = try net.network.scores(mirrors(), on: examples)[0][0]
    #expect(score.accuracy == 1)
    #expect(score.loss < 1e-10)
  }

  @Test func aGameCostsTheSumOverItsPlaces() throws {
    // A read-out of nothing scores a third everywhere: (4 + 1 + 1) / 9 / 3 at each place.
    let (examples, games) = try games(steps: 5)
    let blind = try mirrors().replacing("U", with: Tensor(repeating: 0, shape: [1, 2, 3]))
    let counted = games.reduce(0) { $0 + $1.1.count + 1 }
    let squared = try net(steps: 5).network.scores(blind, on: examples)[0][0].loss
    #expect((squared - Float(counted) / 40 * 2 / 9).magnitude < 1e-5)
    let entropy = try net(steps: 5, loss: .crossEntropy).network.scores(blind, on: examples)[0][0]
    #expect((entropy.loss - Float(counted) / 40 * 1.0986123).magnitude < 1e-4)
  }

  @Test func whatStandsBehindTheEndChangesNoBit() throws {
    let weights = try net(steps: 6).network.initialWeights(seeds: [3])
    let runs = try [0, 2].map { padding in
      let net = try net(steps: 6)
      let (examples, _) = try games(steps: 6, padding: padding)
      return (
        try net.network.run(weights, on: examples)[net.network.output],
        try net.network.scores(weights, on: examples)[0][0].loss
      )
    }
    #expect(same(runs[0].0, runs[1].0))
    #expect(runs[0].1.bitPattern == runs[1].1.bitPattern)
  }

  @Test func segmentsAreOneLongGame() throws {
    let (long, short) = (try net(steps: 12), try net(steps: 3))
    let weights = long.network.initialWeights(seeds: [0, 1, 2, 3])
    var generator = Generator(seed: 2, stream: .analysis)
    let (starts, moves) = (
      (0..<5).map { _ in Float(generator.index(below: 3)) },
      (0..<5).map { _ in (0..<12).map { _ in Float(generator.index(below: 3)) } }
    )
    func examples(_ steps: Range<Int>) throws -> Examples {
      try Examples([
        "start": Tensor(starts),
        "moves": Tensor(moves.flatMap { $0[steps] }, shape: [5, steps.count]),
        "length": Tensor(repeating: Float(steps.count), shape: [5]),
      ])
    }
    let whole = try long.network.run(weights, on: examples(0..<12), recording: [long.last])
    var ends: Tensor?
    try short.network.run(
      weights, inSegments: 4, from: short.last, to: short.initial, recording: [],
      on: { try examples($0 * 3..<$0 * 3 + 3) }
    ) { _, run in ends = run[short.last] }
    let last = try #require(ends)
    #expect(same(whole[long.last], last))
  }

  @Test func badInputIsOneClearError() throws {
    let net = try net(steps: 4)
    let weights = try mirrors()
    func refusal(start: Float = 0, move: Float = 0, length: Float = 4) -> String {
      message {
        try net.network.run(
          weights,
          on: Examples([
            "start": Tensor([start]), "moves": Tensor([0, move, 0, 0], shape: [1, 4]),
            "length": Tensor([length]),
          ]))
      }
    }
    #expect(refusal(length: 5).contains("'length' has the length 5"))
    #expect(refusal(length: 1.5).contains("'length' has the length 1.5"))
    #expect(refusal(move: 3).contains("'moves' has the token 3"))
    #expect(refusal(start: -1).contains("'start' has the token -1"))
    #expect(
      message { try MoveRecurrence(places: 3, moves: 3, width: 0, steps: 4) }
        .contains("at least one place, move, dimension and step"))
  }
}
