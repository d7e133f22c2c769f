import Tensors
import Testing

@testable import Networks

@Suite struct NoiseTests {
  private let examples: Examples
  private let data: TrainingData

  init() throws {
    let x = randomTensor([20, 4, 3], seed: 1)
    examples = try Examples([
      "x": x, "target": Tensor(shape: [20]) { x[$0, 3, 0] > 0 ? 1 : -1 },
    ])
    data = .drawn(from: examples, batch: 6)
  }

  /// A recurrent network, with noise of some deviation or without.
  private func network(noise deviation: Float?) throws -> Network {
    let x = Input("x", [4, 3], kind: .reals), target = Input("target", [], kind: .signs)
    let layer = ElmanLayer(
      over: x, Parameter("W", [3, 3], .normal(deviation: 0.5)), Parameter("b", [3], .zeros),
      noise: deviation ?? 0)
    let output = Site("output", sum(layer.last))
    return try Network(
      output: output, loss: square(output - target), correct: step(output * target))
  }

  private func trained(
    _ network: Network, _ seeds: [Int], rate: Float = 0.02, threads: Int = 1
  ) throws -> TrainingOutcome {
    try network.train(
      on: data, evaluation: Evaluation(examples),
      schedule: Schedule(optimizer: .adam(), learningRate: rate, steps: 12), seeds: seeds,
      measured: [0, 12], stored: [0, 12], threads: threads)
  }

  /// What is recorded and scored does not know of the noise.
  @Test func isZeroOutsideOfTraining() throws {
    let (noisy, still) = (try network(noise: 0.5), try network(noise: nil))
    let weights = still.initialWeights(seeds: Array(0..<5))
    #expect(noisy.initialWeights(seeds: Array(0..<5)) == weights)
    let site = noisy.output
    #expect(
      same(
        try noisy.run(weights, on: examples)[site], try still.run(weights, on: examples)[site]))
    #expect(
      try noisy.scores(weights, on: examples) == still.scores(weights, on: examples))
    #expect(
      try trained(noisy, [3]).seeds[0].accuracies[0] == trained(still, [3]).seeds[0].accuracies[0])
  }

  /// The loss is the square of the noise: its mean is the variance.
  @Test func hasItsDeviation() throws {
    let drift = Parameter("drift", [1], .zeros)
    let output = Site("output", noise([40, 50], deviation: 0.5) + drift)
    let network = try Network(output: output, loss: square(output))
    let outcome = try network.train(
      on: .whole(Examples(["x": Tensor(repeating: 0, shape: [25, 1])])), evaluation: nil,
      schedule: Schedule(optimizer: .sgd(), learningRate: 0, steps: 3), seeds: Array(0..<4),
      measured: [0, 1, 2, 3], stored: [])
    let losses = outcome.seeds.flatMap(\.losses)
    // 50,000 draws each: the mean of squares is within 0.25 · 5 · √(2 / 50,000).
    for loss in losses { #expect(abs(loss - 0.25) < 0.008) }
    #expect(Set(losses).count == losses.count, "Each seed and step has noise of its own")
  }

  @Test func seedOfManyIsSeedAlone() throws {
    let network = try network(noise: 0.3)
    let together = try trained(network, Array(0..<19), threads: 2)
    for seed in [0, 7, 16, 18] {
      let alone = try trained(network, [seed])
      #expect(alone.seeds == [together.seeds[seed]])
      let left = try #require(together.snapshots[12]).network(seed)
      #expect(same(left, try #require(alone.snapshots[12])))
    }
  }

  /// A twin without noise starts from the same weights and sees the same examples.
  @Test func leavesTheOtherStreamsAlone() throws {
    let none = try trained(network(noise: nil), [4], rate: 0)
    let faint = try trained(network(noise: 1e-6), [4], rate: 0)
    #expect(none.snapshots == faint.snapshots)
    let losses = zip(none.seeds[0].losses, faint.seeds[0].losses)
    #expect(losses.allSatisfy { abs($0 - $1) < 1e-4 * $0 })
    #expect(none.seeds[0].losses[0] != none.seeds[0].losses[1])
    let (still, loud) = (try network(noise: nil), try network(noise: 0.3))
    #expect(try trained(still, [4]).snapshots[12] != trained(loud, [4]).snapshots[12])
  }

  @Test(arguments: [-1, Float.nan, .infinity])
  func badDeviationIsOneError(deviation: Float) {
    let text = message {
      try Network(output: Site("output", noise([2], deviation: deviation)), loss: Float(0))
    }
    #expect(text.contains("noise cannot have the deviation \(deviation)"), "\(text)")
  }
}
