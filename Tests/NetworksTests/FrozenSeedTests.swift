import Tensors
import Testing

@testable import Networks

/// A seed that becomes non-finite is frozen and touches no other.
@Suite struct FrozenSeedTests {
  private let net: Perceptron
  init() throws { net = try Perceptron() }

  /// One example in sixty is not a number.
  private static func make(_ generator: inout Generator, _ example: inout [[Float]]) {
    let bad = generator.index(below: 60) == 0
    example[0] = [generator.uniform(), bad ? .nan : generator.uniform()]
    example[1] = [1]
  }

  private func trained(_ seeds: [Int], _ optimizer: Optimizer, clip: Float?) throws
    -> TrainingOutcome
  {
    try net.network.train(
      on: .made(inputs: ["x", "target"], batch: 4, Self.make),
      evaluation: Evaluation(Perceptron.corners()),
      schedule: Schedule(
        optimizer: optimizer, learningRate: 0.05, steps: 20, gradientClip: clip),
      seeds: seeds, stored: Set(0...20))
  }

  @Test(
    arguments: [(Optimizer.adam(), nil), (.adam(), 0.5), (.sgd(momentum: 0.9), nil)]
      as [(Optimizer, Float?)])
  func isRecordedWithItsStep(optimizer: Optimizer, clip: Float?) throws {
    let outcome = try trained(Array(0..<120), optimizer, clip: clip)
    var frozen = 0
    for seed in outcome.seeds {
      // The stream once more: which step first holds what is not a number.
      var generator = Generator(seed: seed.seed, stream: .order)
      var example: [[Float]] = [[], []]
      let first = (0..<80).first { _ in
        Self.make(&generator, &example)
        return example[0][1].isNaN
      }
      #expect(seed.frozenAt == first.map { $0 / 4 })
      if let step = seed.frozenAt {
        frozen += 1
        #expect(seed.solvedAt == nil)
        let last = try #require(outcome.snapshots[step]).network(seed.seed)
        #expect(last.tensors.values.allSatisfy { $0.scalars.allSatisfy { $0.isFinite } })
        for later in step...20 {
          #expect(same(try #require(outcome.snapshots[later]).network(seed.seed), last))
        }
      }
      // Alone, with the same bits.
      let alone = try trained([seed.seed], optimizer, clip: clip)
      #expect(alone.seeds[0].frozenAt == seed.frozenAt)
      #expect(same(alone.seeds[0].losses, seed.losses))
      #expect(alone.seeds[0].accuracies == seed.accuracies)
      for step in 0...20 {
        let (one, many) = (alone.snapshots[step], outcome.snapshots[step]?.network(seed.seed))
        #expect(same(try #require(one), try #require(many)))
      }
    }
    #expect(frozen > 20 && frozen < 120)
  }

  /// w ← w − 0.4w³ falls to zero from below √5 and runs away from above.
  @Test func aRunawayKeepsFiniteWeights() throws {
    let w = Parameter("w", [2], .zeros)
    let x = Input("x", [], kind: .reals)
    let network = try Network(output: Site("output", w * x), loss: sum(square(square(w))) * x)
    let examples = try Examples(["x": Tensor([1])])
    func trained(_ starts: [[Float]]) throws -> TrainingOutcome {
      try network.train(
        on: .whole(examples), evaluation: nil,
        schedule: Schedule(optimizer: .sgd(), learningRate: 0.1, steps: 30),
        seeds: Array(starts.indices),
        start: Weights(["w": Tensor(starts.flatMap { $0 }, shape: [starts.count, 2])]),
        stored: [0, 30])
    }
    let starts: [[Float]] = [[1, 2], [1, 3], [0.5, -0.5], [1e30, 1], [.infinity, 1]]
    let outcome = try trained(starts)
    #expect(outcome.seeds.map { $0.frozenAt != nil } == [false, true, false, true, true])
    #expect(outcome.seeds[3].frozenAt == 0 && outcome.seeds[4].frozenAt == 0)
    let last = try #require(outcome.snapshots[30])["w"] ?? Tensor([])
    #expect((0..<4).allSatisfy { last.slice($0).scalars.allSatisfy { $0.isFinite } })
    #expect(last.slice(3).scalars == [1e30, 1])
    for (place, start) in starts.enumerated() {
      let alone = try trained([start])
      #expect(same(last.slice(place), try #require(alone.snapshots[30]?["w"]).slice(0)))
      #expect(alone.seeds[0].frozenAt == outcome.seeds[place].frozenAt)
    }
  }

  /// √w has a slope at every w but 0, where its own value is as good as any.
  @Test(arguments: [1, 5, 20])
  func aGradientThatIsNotFiniteMovesNothing(count: Int) throws {
    let (w, u) = (Parameter("w", [], .zeros), Parameter("u", [], .zeros))
    let x = Input("x", [], kind: .reals)
    let network = try Network(output: Site("output", sqrt(w) * x), loss: sqrt(w) * x + square(u))
    let starts = (0..<count).map { Float($0 % 3) }
    for optimizer in [Optimizer.adam(), .sgd()] {
      let outcome = try network.train(
        on: .whole(try Examples(["x": Tensor([1])])), evaluation: nil,
        schedule: Schedule(optimizer: optimizer, learningRate: 0.01, steps: 3),
        seeds: Array(0..<count),
        start: Weights([
          "w": Tensor(starts, shape: [count]),
          "u": Tensor(repeating: 1, shape: [count]),
        ]),
        stored: [3])
      let last = try #require(outcome.snapshots[3])
      for seed in 0..<count {
        #expect(outcome.seeds[seed].frozenAt == (starts[seed] == 0 ? 0 : nil))
        #expect((last[u].scalars[seed] == 1) == (starts[seed] == 0))
        #expect((last[w].scalars[seed] == starts[seed]) == (starts[seed] == 0))
      }
    }
  }
}
