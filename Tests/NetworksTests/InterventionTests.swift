import Tensors
import Testing

import func Foundation.tanh

@testable import Networks

/// Interventions on a small perceptron against the same arithmetic written out.
@Suite struct InterventionTests {
  private let net: Perceptron
  private let examples: Examples

  init() throws {
    net = try Perceptron()
    examples = try Perceptron.corners()
  }

  private func weights(_ count: Int) -> Weights {
    net.network.initialWeights(seeds: Array(10..<10 + count))
  }

  /// The hidden layer and the answers of one network in `Double`, the hidden layer changed on the way.
  private func answers(
    _ weights: Weights, _ network: Int, w1: Tensor? = nil,
    _ change: (_ example: Int, _ hidden: [Double], _ all: [[Double]]) -> [Double] = {
      _, hidden, _ in hidden
    }
  ) -> [Double] {
    let (x, b1, w2) = (examples["x"], weights[net.b1], weights[net.w2])
    let w1 = w1 ?? weights[net.w1].slice(network)
    let all = (0..<4).map { example in
      (0..<3).map { unit in
        let sum = (0..<2).reduce(Double(b1[network, unit])) {
          $0 + Double(x?[example, $1] ?? 0) * Double(w1[$1, unit])
        }
        return Foundation.tanh(sum)
      }
    }
    return all.indices.map { example in
      zip(change(example, all[example], all), 0..<3).reduce(0) {
        $0 + $1.0 * Double(w2[network, $1.1, 0])
      }
    }
  }

  private func check(
    _ interventions: [Intervention], networks: Int = 5,
    _ change:
      @escaping (_ network: Int, _ example: Int, _ hidden: [Double], _ all: [[Double]]) -> [Double]
  ) throws {
    for count in [networks, 1] {
      let weights = weights(count)
      let run = try net.network.run(weights, on: examples, with: interventions)
      for network in 0..<count {
        let expected = answers(weights, network) { change(network, $0, $1, $2) }
        let agrees = isClose(run[net.output].slice(network).scalars, expected, 1e-6)
        #expect(agrees, "\(interventions), network \(network)")
      }
    }
  }

  @Test func cleanRun() throws { try check([]) { _, _, h, _ in h } }

  /// A set that draws from the clean run needs one before it; the others' scores do not tell.
  @Test func setsAloneAndInCompany() throws {
    let weights = weights(5)
    let sets = [
      [Intervention(at: net.hidden, .units([0]), .patch(Tensor([3, -2, 1])))], [],
      [Intervention(at: net.hidden, .zero)], [Intervention(at: net.hidden, .units([1]), .mean)],
    ]
    let alone = try sets.map { try net.network.scores(weights, on: examples, under: [$0])[0] }
    #expect(Set(alone).count == sets.count)
    for order in [[0, 1, 2], [2, 1, 0], [0, 3, 1, 2], [3, 2, 1, 0]] {
      let scores = try net.network.scores(weights, on: examples, under: order.map { sets[$0] })
      #expect(scores == order.map { alone[$0] })
    }
  }

  @Test func zero() throws {
    try check([Intervention(at: net.hidden, .zero)]) { _, _, h, _ in h.map { _ in 0 } }
    try check([Intervention(at: net.hidden, .units([0, 2]), .zero)]) { _, _, h, _ in [0, h[1], 0] }
    try check([Intervention(at: net.hidden, .units([]), .zero)]) { _, _, h, _ in h }
  }

  @Test func mean() throws {
    try check([Intervention(at: net.hidden, .units([1]), .mean)]) { _, _, h, all in
      [h[0], all.reduce(0) { $0 + $1[1] } / 4, h[2]]
    }
  }

  @Test func resampleTakesOtherExamplesOfTheCleanRun() throws {
    var generator = Generator(seed: 6, stream: .analysis)
    // One round through all examples: each takes what the next one held.
    let order = generator.permutation(of: 4)
    var other = [0, 0, 0, 0]
    for place in 0..<4 { other[order[place]] = order[(place + 1) % 4] }
    #expect(other.enumerated().allSatisfy { $0 != $1 })
    try check([Intervention(at: net.hidden, .units([0, 1]), .resample(seed: 6))]) {
      _, example, h, all in [all[other[example]][0], all[other[example]][1], h[2]]
    }
  }

  @Test func patchOfEachShape() throws {
    let one = Tensor([5, 6, 7])
    try check([Intervention(at: net.hidden, .units([1]), .patch(one))]) { _, _, h, _ in
      [h[0], 6, h[2]]
    }
    let byExample = randomTensor([4, 3], seed: 1)
    try check([Intervention(at: net.hidden, .patch(byExample))]) { _, example, _, _ in
      (0..<3).map { Double(byExample[example, $0]) }
    }
    let byNetwork = randomTensor([5, 4, 3], seed: 2)
    let weights = weights(5)
    let run = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.hidden, .patch(byNetwork))])
    for network in 0..<5 {
      let expected = answers(weights, network) { example, _, _ in
        (0..<3).map { Double(byNetwork[network, example, $0]) }
      }
      #expect(isClose(run[net.output].slice(network).scalars, expected, 1e-6))
    }
  }

  @Test func patchFromAnotherRun() throws {
    let weights = weights(4)
    let turned = try Examples(["x": examples.rows([3, 2, 1, 0])["x"] ?? Tensor([])])
    let other = try net.network.run(weights, on: turned, recording: [net.hidden, net.output])
    let run = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.hidden, .patch(other[net.hidden]))])
    #expect(same(run[net.output], other[net.output]))
  }

  @Test func steer() throws {
    let vector = Tensor([0.5, -1, 2])
    try check([Intervention(at: net.hidden, .steer(along: vector))]) { _, _, h, _ in
      zip(h, vector.scalars).map { $0 + Double($1) }
    }
    try check([Intervention(at: net.hidden, .units([2]), .steer(along: vector))]) { _, _, h, _ in
      [h[0], h[1], h[2] + 2]
    }
    let twice = [
      Intervention(at: net.hidden, .steer(along: vector)),
      Intervention(at: net.hidden, .units([0, 1]), .steer(along: vector)),
    ]
    try check(twice) { _, _, h, _ in [h[0] + 1, h[1] - 2, h[2] + 2] }
  }

  @Test func projectOut() throws {
    let direction = Tensor([0.6, 0, -0.8])
    try check([Intervention(at: net.hidden, .projectOut(direction))]) { _, _, h, _ in
      let share = 0.6 * h[0] - 0.8 * h[2]
      return [h[0] - 0.6 * share, h[1], h[2] + 0.8 * share]
    }
    let steered = [
      Intervention(at: net.hidden, .projectOut(direction)),
      Intervention(at: net.hidden, .units([1]), .zero),
      Intervention(at: net.hidden, .steer(along: Tensor([1, 1, 1]))),
    ]
    try check(steered) { _, _, h, _ in
      let share = 0.6 * h[0] - 0.8 * h[2]
      return [h[0] - 0.6 * share + 1, 1, h[2] + 0.8 * share + 1]
    }
  }

  @Test func severalAtOnePlaceHoldTogether() throws {
    let both = [
      Intervention(at: net.hidden, .units([0]), .zero),
      Intervention(at: net.hidden, .units([1]), .patch(Tensor([5, 6, 7]))),
      Intervention(at: net.hidden, .units([2]), .mean),
    ]
    try check(both) { _, _, _, all in [0, 6, all.reduce(0) { $0 + $1[2] } / 4] }
  }

  @Test(arguments: [2, 5, 20])
  func unitsByNetwork(count: Int) throws {
    let weights = weights(count)
    let units = (0..<count).map { [$0 % 3] }
    let run = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.hidden, .unitsByNetwork(units), .zero)])
    for network in 0..<count {
      let expected = answers(weights, network) { _, h, _ in
        h.enumerated().map { $0 == network % 3 ? 0 : $1 }
      }
      #expect(isClose(run[net.output].slice(network).scalars, expected, 1e-6))
    }
  }

  @Test func weightsAreReplaced() throws {
    let weights = weights(5)
    let shared = randomTensor([2, 3], seed: 8)
    let run = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.w1, .patch(shared))])
    let own = randomTensor([5, 2, 3], seed: 9)
    let others = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.w1, .patch(own))])
    let replaced = try net.network.run(
      weights.replacing("W1", with: own), on: examples)
    #expect(same(others[net.output], replaced[net.output]))
    let row = try net.network.run(
      weights, on: examples, with: [Intervention(at: net.w1, .units([1]), .zero)])
    for network in 0..<5 {
      let expected = answers(weights, network, w1: shared)
      #expect(isClose(run[net.output].slice(network).scalars, expected, 1e-6))
      var cut = weights[net.w1].slice(network)
      for unit in 0..<3 { cut[1, unit] = 0 }
      let rest = answers(weights, network, w1: cut)
      #expect(isClose(row[net.output].slice(network).scalars, rest, 1e-6))
    }
  }

  @Test func setsInSequenceLeaveNoTrace() throws {
    let sets: [[Intervention]] = [
      [], [Intervention(at: net.hidden, .units([1]), .zero)],
      [Intervention(at: net.hidden, .steer(along: Tensor([1, 2, 3])))],
      [Intervention(at: net.hidden, .projectOut(Tensor([0, 1, 0])))],
      [Intervention(at: net.w1, .patch(randomTensor([2, 3], seed: 3)))],
      [Intervention(at: net.hidden, .resample(seed: 1)), Intervention(at: net.output, .mean)], [],
      [Intervention(at: net.w2, .units([0]), .zero)], [Intervention(at: net.hidden, .mean)], [],
    ]
    for count in [2, 19] {
      let weights = weights(count)
      let together = try net.network.scores(weights, on: examples, under: sets)
      for (set, scores) in zip(sets, together) {
        let alone = try net.network.scores(weights, on: examples, under: [set])
        #expect(scores == alone[0], "\(set)")
      }
      #expect(together[0] == together[6] && together[0] == together[9])
      let threaded = try net.network.scores(weights, on: examples, under: sets, threads: 3)
      #expect(threaded == together)
    }
  }

  @Test func scoresAreTheMeanLossAndTheShareOfRightAnswers() throws {
    let weights = weights(3)
    let scores = try net.network.scores(weights, on: examples)[0]
    for network in 0..<3 {
      let pairs = zip(answers(weights, network), [-1.0, 1, 1, -1])
      let loss = pairs.reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 4
      #expect(Swift.abs(Double(scores[network].loss) - loss) < 1e-5)
      #expect(scores[network].accuracy == Float(pairs.filter { $0 * $1 > 0 }.count) / 4)
    }
  }

  @Test func onlyWhatLiesDownstreamIsComputedAgain() {
    let (x, p) = (Input("x", [], kind: .reals), Parameter("p", [], .zeros))
    let before = x * Float(2)
    let after = before + p
    let executor = Executor<Float>([square(after)], examples: 1)
    executor.place(of: x)?[0] = 3
    executor.run()
    #expect(executor.roots[0][0] == 36)
    // A wrong number upstream stays, and is what the rest is computed from.
    executor.place(of: before)?[0] = 100
    executor.place(of: p)?[0] = 1
    executor.pass(after: [p.expression])()
    #expect(executor.place(of: before)?[0] == 100)
    #expect(executor.roots[0][0] == 10_201)
  }
}
