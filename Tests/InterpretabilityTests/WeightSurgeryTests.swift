import Interpretability
import Networks
import Tensors
import Testing

@Suite("Surgery on the moves of networks that are known")
struct WeightSurgeryTests {
  private let known: KnownRecurrence
  private let surgery: WeightSurgery

  init() throws {
    known = try .hiddenMirrors()
    surgery = try WeightSurgery(on: known.w, of: known.weights)
  }

  /// The share of games in which every network says what other rules would say.
  private func share(
    _ intervention: Intervention, _ rule: (_ cup: Int, _ move: Int) -> Int
  ) throws -> [Float] {
    let games = KnownRecurrence.beginnings.flatMap { beginning in
      KnownRecurrence.endings.map { (beginning, $0) }
    }
    let answers = games.map { game in
      Float((game.0.dropFirst() + game.1).reduce(game.0[0], rule))
    }
    let examples = try KnownRecurrence.games(games).replacing("target", with: Tensor(answers))
    return try known.network.scores(
      known.weights, on: examples, under: [[intervention]])[0].map(\.accuracy)
  }

  private func swap(_ cup: Int, _ move: Int) -> Int { KnownRecurrence.play(cup, [move]) }

  @Test("Two matrices exchanged are two rules exchanged")
  func exchanging() throws {
    let relabelled = try surgery.exchanging(0, 2)
    #expect(try share(relabelled) { swap($0, 2 - $1) }.allSatisfy { $0 == 1 })
    #expect(try share(relabelled) { swap($0, $1) }.allSatisfy { $0 < 0.6 })
    #expect("\(relabelled)" == "W patched, units 0 and 2")
  }

  @Test("The identity makes a move do nothing")
  func identity() throws {
    let silenced = try surgery.replacingWithIdentity(1)
    #expect(try share(silenced) { $1 == 1 ? $0 : swap($0, $1) }.allSatisfy { $0 == 1 })
  }

  @Test("A product is one move and then the other")
  func product() throws {
    // W · h: first move 0, then move 1; a rotation of the cups that the game does not have.
    let both = try surgery.replacing(2, withProductOf: 1, 0)
    #expect(
      try share(both) { $1 == 2 ? swap(swap($0, 0), 1) : swap($0, $1) }.allSatisfy { $0 == 1 })
    #expect(
      try share(both) { $1 == 2 ? swap(swap($0, 1), 0) : swap($0, $1) }.allSatisfy { $0 < 0.9 })
  }

  @Test("Multiplying changes lengths, not answers, unless the sign turns")
  func multiplying() throws {
    #expect(try share(surgery.multiplying(0, by: 3), swap).allSatisfy { $0 == 1 })
    #expect(try share(surgery.multiplying(0, by: -1), swap).allSatisfy { $0 < 0.9 })
    #expect(try surgery.matrices(0).shape == [5, 7, 7])
  }

  @Test("A random matrix is no move")
  func randomMatrix() throws {
    var generator = Generator(seed: 3, stream: .analysis)
    let drawn = randomMatrices(like: try surgery.matrices(1), using: &generator)
    #expect(try share(surgery.replacing(1, with: drawn), swap).allSatisfy { $0 < 0.95 })
  }

  @Test("What is no stack, or not as high, is refused")
  func refusals() throws {
    #expect(throws: NetworkError("'W' has the matrices 0 to 2, not 3")) {
      try surgery.exchanging(0, 3)
    }
    #expect(throws: NetworkError.self) {
      try surgery.replacing(0, with: Tensor([1, 0, 0, 1], shape: [2, 2]))
    }
    let flat = Parameter("E", [3, 7], .zeros)
    #expect(throws: NetworkError("'E' of shape [3, 7] is no stack of matrices")) {
      try WeightSurgery(on: flat, of: known.weights)
    }
  }

  @Test("A prediction is right to its error, and another network's is not")
  func prediction() throws {
    let trained = try Tensor([3, 4, 0, 0, 6, 8, 0, 0], shape: [2, 2, 2])
    let predicted = try Tensor([3, 4, 0, 0, 6, 8, 0, 5], shape: [2, 2, 2])
    let own = try WeightPrediction(predicted, of: trained)
    #expect(own.relativeErrors == [0, 0.5])
    // Σ(t − mean)² = 6.25 + 20.25 + 12.25 + 12.25, times four in the second network, less 25 of it.
    #expect(own.explainedShares[0] == 1)
    #expect((own.explainedShares[1] - (1 - 25 / (4 * 12.75))).magnitude < 1e-12)
    let others = try WeightPrediction.ofOthers(predicted, of: trained)
    #expect((others.relativeErrors[0] - Double(50).squareRoot() / 5).magnitude < 1e-12)
    #expect(others.relativeErrors[1] == 0.5)
    #expect(throws: NetworkError.self) { try WeightPrediction(predicted, of: trained.slice(0)) }
    #expect(throws: NetworkError.self) {
      try WeightPrediction.ofOthers(predicted.slices([0]), of: trained.slices([0]))
    }
  }
}
