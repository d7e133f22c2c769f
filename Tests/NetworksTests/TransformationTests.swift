import Tensors
import Testing

@testable import Networks

/// A site put through a function, inside a loop over time and outside, and training that holds some weights still.
@Suite struct TransformationTests {
  private let x, length: Input
  private let w, extra: Parameter
  private let state, output: Site
  private let network: Network
  private let examples: Examples

  init() throws {
    let (x, length) = (
      Input("x", [4, 3], kind: .reals), Input("length", [], kind: .lengths)
    )
    let w = Parameter("W", [3, 3], .normal(deviation: 0.7))
    var state = Site("state", x)
    let zero = constant(Tensor(repeating: 0, shape: [3]))
    let run = scan(carry: [zero], over: [x], lengths: length) { h, now in
      state = Site("state", h[0] • w + now[0])
      return (carry: [state.expression], outputs: [])
    }
    (self.x, self.length, self.w, self.state) = (x, length, w, state)
    extra = Parameter("extra", [3], .normal(deviation: 1))
    output = Site("output", run.carry[0])
    network = try Network(output: output, loss: square(output))
    examples = try Examples([
      "x": randomTensor([3, 4, 3], seed: 1), "length": Tensor([4, 2, 3]),
    ])
  }

  /// The last states in `Double`, each put through a function after its step.
  private func states(
    _ weights: Weights, _ change: (_ time: Int, _ state: [Double]) -> [Double]
  ) -> [Double] {
    (0..<3).flatMap { example in
      var h = [0.0, 0, 0]
      for time in 0..<Int(examples["length"]?[example] ?? 0) {
        let next = (0..<3).map { unit in
          (0..<3).reduce(Double(examples["x"]?[example, time, unit] ?? 0)) {
            $0 + h[$1] * Double(weights[w][0, $1, unit])
          }
        }
        h = change(time, next)
      }
      return h
    }
  }

  @Test func someStepsOrAll() throws {
    for steps in [nil, [1], [0, 3]] {
      let changed = try network.output(transforming: state, steps: steps) { $0 * $0 + extra }
      let other = try Network(output: Site("changed", changed), loss: square(changed))
      #expect(Set(other.parameters.map(\.name)) == ["W", "extra"])
      let weights = other.initialWeights(seeds: [1])
      let run = try other.run(weights, on: examples)[other.output]
      let added = weights[extra].scalars.map { Double($0) }
      let expected = states(weights) { time, h in
        steps?.contains(time) ?? true ? zip(h, added).map { $0 * $0 + $1 } : h
      }
      #expect(isClose(run.scalars, expected, 1e-5))
    }
  }

  @Test func theIdentityChangesNoBit() throws {
    let same = try network.output(transforming: state, steps: [2]) { $0 }
    let other = try Network(output: Site("same", same), loss: square(same))
    let weights = network.initialWeights(seeds: [1, 2, 3, 4])
    let run = try other.run(weights, on: examples)[other.output]
    #expect(NetworksTests.same(run, try network.run(weights, on: examples)[output]))
  }

  @Test func gradientsReachWhatEntersThere() throws {
    let changed = try network.output(transforming: state, steps: [1]) { $0 * extra }
    let loss = sum(exampleMean(square(changed)))
    let slope = gradient(of: loss, by: [extra.expression])[0]
    let start = randomScalars(3, seed: 5)
    let weights = randomScalars(9, seed: 6)
    func values(_ root: Expression, _ added: [Float]) -> [Float] {
      computed(
        [root], examples: 3,
        [
          (extra, added), (w, weights), (x, examples["x"]?.scalars ?? []),
          (length, examples["length"]?.scalars ?? []),
        ])[0]
    }
    let slopes = values(slope, start)
    for index in 0..<3 {
      var (less, more) = (start, start)
      less[index] -= 1e-2
      more[index] += 1e-2
      // The loss is a polynomial of second degree in the factor: the difference is exact.
      let difference = (values(loss, more)[0] - values(loss, less)[0]) / 2e-2
      #expect(Swift.abs(slopes[index] - difference) < 1e-3 * (1 + Swift.abs(difference)))
    }
  }

  @Test func outsideALoop() throws {
    let net = try Perceptron()
    let cut = try net.network.output(transforming: net.hidden) { 0 * $0 }
    let other = try Network(output: Site("cut", cut), loss: square(cut))
    let weights = net.network.initialWeights(seeds: [1])
    let run = try other.run(weights, on: try Perceptron.corners())[other.output]
    #expect(run.scalars.allSatisfy { $0 == 0 })
  }

  @Test func mistakes() throws {
    let net = try Perceptron()
    let stranger = Site("stranger", net.x)
    #expect(
      message { try net.network.output(transforming: stranger) { $0 } }
        == "the output does not depend on a site 'stranger'")
    #expect(
      message { try net.network.output(transforming: net.hidden, steps: [0]) { $0 } }
        == "'hidden' does not lie in a scan: it has no steps")
    #expect(
      message { try network.output(transforming: state, steps: [4]) { $0 } }
        == "'state' has the steps 0 to 3, not [4]")
    #expect(
      message { try network.output(transforming: state) { sum($0) } }
        == "'state' of shape [3] becomes one of shape []")
  }

  @Test func trainingSomeWeightsAlone() throws {
    let net = try Perceptron()
    let schedule = Schedule(optimizer: .adam(), learningRate: 0.02, steps: 30)
    let seeds = [1, 2, 3, 4]
    let start = net.network.initialWeights(seeds: seeds)
    func trained(_ network: Network, _ start: Weights, _ adjusted: [Parameter]?) throws -> Weights?
    {
      try network.train(
        on: .whole(Perceptron.corners()), evaluation: nil, schedule: schedule, seeds: seeds,
        start: start, adjusting: adjusted, stored: [30]
      ).snapshots[30]
    }
    let some = try #require(try trained(net.network, start, [net.w2]))
    #expect(same(some[net.w1], start[net.w1]) && same(some[net.b1], start[net.b1]))
    #expect(!same(some[net.w2], start[net.w2]))
    // The same with the hidden units as inputs, which training cannot reach.
    for (place, seed) in seeds.enumerated() {
      let own = start.network(place)
      let hidden = try net.network.run(own, on: Perceptron.corners(), recording: [net.hidden])
      let given = Input("hidden units", [3], kind: .reals)
      let target = Input("target", [1], kind: .signs)
      let output = Site("output", given • net.w2)
      let last = try Network(output: output, loss: square(output - target))
      let alone = try last.train(
        on: .whole(
          Perceptron.corners().replacing("hidden units", with: hidden[net.hidden].slice(0))),
        evaluation: nil, schedule: schedule, seeds: [seed],
        start: Weights(["W2": own[net.w2]]), stored: [30])
      #expect(alone.snapshots[30]?[net.w2].scalars == some[net.w2].slice(place).scalars)
    }
    let stranger = Parameter("W9", [1], .zeros)
    #expect(
      message { try trained(net.network, start, [stranger]) }
        == "the network has no parameter 'W9' to train")
  }
}
