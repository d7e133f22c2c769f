import Tensors
import Testing

import func Foundation.tanh

@testable import Networks

/// Interventions inside a loop over time against the loop written out.
@Suite struct ScanInterventionTests {
  private let steps = 4
  private let x, length: Input
  private let w, u: Parameter
  private let output: Site
  private let network: Network
  private let examples: Examples
  private let weights: Weights

  init() throws {
    x = Input("x", [4, 2], kind: .reals)
    length = Input("length", [], kind: .lengths)
    let (w, u) = (
      Parameter("W", [3, 3], .normal(deviation: 0.7)),
      Parameter("U", [2, 3], .normal(deviation: 0.7))
    )
    (self.w, self.u) = (w, u)
    let zero = constant(Tensor(repeating: 0, shape: [3]))
    let run = scan(carry: [zero], over: [x], lengths: length) { h, x in
      let state = Site("state", tanh(h[0] • w + x[0] • u))
      return (carry: [state.expression], outputs: [])
    }
    output = Site("output", run.carry[0])
    network = try Network(output: output, loss: square(output))
    examples = try Examples([
      "x": randomTensor([3, 4, 2], seed: 1), "length": Tensor([4, 2, 3]),
    ])
    weights = network.initialWeights(seeds: [1, 2, 3, 4, 5])
  }

  /// The last states in `Double`, the state changed after each step.
  private func states(
    _ network: Int, _ change: (_ example: Int, _ time: Int, _ state: [Double]) -> [Double]
  ) -> [Double] {
    (0..<3).flatMap { example in
      var h = [0.0, 0, 0]
      for time in 0..<Int(examples["length"]?[example] ?? 0) {
        let next = (0..<3).map { unit in
          let old = (0..<3).reduce(0) { $0 + h[$1] * Double(weights[w][network, $1, unit]) }
          return Foundation.tanh(
            (0..<2).reduce(old) {
              $0 + Double(examples["x"]?[example, time, $1] ?? 0)
                * Double(weights[u][network, $1, unit])
            })
        }
        h = change(example, time, next)
      }
      return h
    }
  }

  private var state: Site { Site("state", constant(Tensor([0, 0, 0]))) }

  private func check(
    _ intervention: Intervention,
    _ change: (_ network: Int, _ example: Int, _ time: Int, _ state: [Double]) -> [Double]
  ) throws {
    let run = try network.run(
      weights, on: examples, with: [intervention], recordingNamed: ["output", "state"])
    for network in 0..<5 {
      let expected = states(network) { change(network, $0, $1, $2) }
      let agrees = isClose(run[output].slice(network).scalars, expected, 1e-6)
      #expect(agrees, "\(intervention), network \(network)")
    }
    #expect(run[name: "state"]?.shape == [5, 3, 4, 3])
  }

  @Test func zeroAtOneStep() throws {
    for step in 0..<4 {
      try check(Intervention(at: state, steps: [step], .zero)) { _, _, time, h in
        time == step ? [0, 0, 0] : h
      }
    }
  }

  @Test func zeroOfAUnitAtAllSteps() throws {
    try check(Intervention(at: state, .units([1]), .zero)) { _, _, _, h in [h[0], 0, h[2]] }
  }

  @Test func patchAtOneStep() throws {
    let values = randomTensor([3, 4, 3], seed: 3)
    try check(Intervention(at: state, .units([0, 2]), steps: [1], .patch(values))) {
      _, example, time, h in
      guard time == 1 else { return h }
      return [Double(values[example, 1, 0]), h[1], Double(values[example, 1, 2])]
    }
    let byNetwork = randomTensor([5, 3, 4, 3], seed: 4)
    try check(Intervention(at: state, steps: [0, 2], .patch(byNetwork))) {
      network, example, time, h in
      time % 2 == 1 ? h : (0..<3).map { Double(byNetwork[network, example, time, $0]) }
    }
  }

  @Test func steerAndProjectAtOneStep() throws {
    let vector = randomTensor([4, 3], seed: 5)
    try check(Intervention(at: state, steps: [2], .steer(along: vector))) { _, _, time, h in
      time == 2 ? (0..<3).map { h[$0] + Double(vector[2, $0]) } : h
    }
    let direction = Tensor(shape: [4, 3]) { $0 % 3 == 1 ? 1 : 0 }
    try check(Intervention(at: state, steps: [1], .projectOut(direction))) { _, _, time, h in
      time == 1 ? [h[0], 0, h[2]] : h
    }
  }

  @Test func aWeightHoldsAtEveryStep() throws {
    let other = randomTensor([5, 3, 3], seed: 6)
    let run = try network.run(
      weights, on: examples, with: [Intervention(at: w, .patch(other))])
    let replaced = try network.run(weights.replacing("W", with: other), on: examples)
    #expect(same(run[output], replaced[output]))
  }

  @Test func theRecordingIsThePatchedState() throws {
    let values = randomTensor([3, 4, 3], seed: 3)
    let clean = try network.run(weights, on: examples, recordingNamed: ["state"])
    let run = try network.run(
      weights, on: examples, with: [Intervention(at: state, steps: [1], .patch(values))],
      recordingNamed: ["state"])
    let (before, after) = (clean[name: "state"], run[name: "state"])
    for example in 0..<3 {
      for unit in 0..<3 {
        #expect(after?[0, example, 0, unit] == before?[0, example, 0, unit])
        #expect(after?[0, example, 1, unit] == values[example, 1, unit])
      }
    }
    #expect(after != before)
  }

  @Test func recordingChangesNoBit() throws {
    let plain = try network.run(weights, on: examples)
    let recorded = try network.run(weights, on: examples, recordingNamed: ["state", "output"])
    #expect(same(plain[output], recorded[output]))
  }

  @Test func aStepThatIsNotThereIsRefused() {
    let said = message {
      try network.run(weights, on: examples, with: [Intervention(at: state, steps: [4], .zero)])
    }
    #expect(said.contains("only 4 steps") && said.contains("at step 4"))
  }

  @Test func aLoopThatIsTheSameForAllExamplesTakesInterventionsToo() throws {
    let p = Parameter("p", [3, 2], .normal(deviation: 1))
    let x = Input("x", [2], kind: .reals)
    let run = scan(carry: [constant(Tensor([0, 0]))], over: [p]) { h, slice in
      (carry: [Site("inner", h[0] + slice[0]).expression], outputs: [])
    }
    let output = Site("output", run.carry[0] * x)
    let network = try Network(output: output, loss: output)
    let weights = network.initialWeights(seeds: [0])
    let examples = try Examples(["x": Tensor([1, 2, 3, 4], shape: [2, 2])])
    let inner = Site("inner", constant(Tensor([0, 0])))
    let cut = try network.run(
      weights, on: examples, with: [Intervention(at: inner, steps: [1], .zero)],
      recordingNamed: ["output", "inner"])
    let last = weights[p].slice(0).slice(2).scalars
    #expect(cut[output].scalars == [last[0], 2 * last[1], 3 * last[0], 4 * last[1]])
    #expect(cut[name: "inner"]?.shape == [1, 2, 3, 2])
  }

  @Test func aSiteInALoopOfALoopIsRefusedByName() throws {
    let x = Input("x", [2, 3, 2], kind: .reals)
    let zero = constant(Tensor([0, 0]))
    let run = scan(carry: [zero], over: [x]) { h, rows in
      scan(carry: h, over: [rows[0]]) { h, row in
        (carry: [Site("deep", h[0] + row[0]).expression], outputs: [])
      }
    }
    let output = Site("output", run.carry[0])
    let network = try Network(output: output, loss: output)
    #expect(network.sites.first { $0.name == "deep" }?.shape == [2, 3, 2])
    let weights = Weights(unchecked: [:], count: 1)
    let examples = try Examples(["x": randomTensor([1, 2, 3, 2], seed: 1)])
    #expect(
      message { try network.run(weights, on: examples, recordingNamed: ["deep"]) }.contains(
        "'deep'"))
    let deep = Site("deep", zero)
    let cut = message {
      try network.run(weights, on: examples, with: [Intervention(at: deep, .zero)])
    }
    #expect(cut.contains("'deep'"))
  }
}
