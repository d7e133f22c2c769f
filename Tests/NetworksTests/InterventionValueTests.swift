import Foundation
import Tensors
import Testing

@testable import Networks

/// Interventions as values: equal, stored, printed, and refused where they do not fit.
@Suite struct InterventionValueTests {
  private let net: Perceptron
  private let examples: Examples
  private let weights: Weights

  init() throws {
    net = try Perceptron()
    examples = try Perceptron.corners()
    weights = net.network.initialWeights(seeds: [1, 2, 3])
  }

  private var all: [Intervention] {
    [
      Intervention(at: net.hidden, .zero), Intervention(at: net.hidden, .units([1]), .mean),
      Intervention(at: net.hidden, .units([0, 2]), .resample(seed: 4)),
      Intervention(at: net.output, .patch(Tensor([1]))),
      Intervention(
        at: net.hidden, .unitsByNetwork([[0], [1], []]), .steer(along: Tensor([1, 2, 3]))),
      Intervention(at: net.hidden, steps: [1, 2], .projectOut(Tensor([1, 0, 0]))),
      Intervention(at: net.w1, .units([0]), .zero),
    ]
  }

  @Test func areHashableAndCodable() throws {
    #expect(Set(all + all).count == all.count)
    let data = try JSONEncoder().encode(all)
    #expect(try JSONDecoder().decode([Intervention].self, from: data) == all)
  }

  @Test func readAsCaptions() {
    #expect(
      all.map(\.description) == [
        "zero ablation of hidden", "mean ablation of hidden, unit 1",
        "resample ablation of hidden, units 0 and 2", "output patched",
        "hidden steered along a direction, each network's own units",
        "a direction projected out of hidden, at step 1 and 2", "zero ablation of W1, unit 0",
      ])
  }

  private func error(_ interventions: Intervention...) -> String {
    let run = message { try net.network.run(weights, on: examples, with: interventions) }
    let scored = message { try net.network.scores(weights, on: examples, under: [interventions]) }
    #expect(run == scored)
    return run
  }

  @Test func aPlaceThatIsNotThereIsNamed() throws {
    let text = #"{"place":"hiden","axes":[],"part":{"all":{}},"action":{"zero":{}}}"#
    let stray = try JSONDecoder().decode(Intervention.self, from: Data(text.utf8))
    let said = error(stray)
    #expect(said.contains("'hiden'") && said.contains("hidden") && said.contains("W1"))
  }

  @Test(arguments: [[], [4], [3, 3], [4, 4], [2, 4, 3], [3, 4, 3, 1]])
  func aPatchOfAnotherShapeIsRefused(sizes: [Int]) {
    let said = error(
      Intervention(at: net.hidden, .patch(Tensor(repeating: 0, shape: Shape(sizes)))))
    if sizes == [3, 3] {
      // One vector for each of the three networks.
      #expect(said == "no error")
    } else {
      #expect(said.contains("\(sizes)") && said.contains("[3]"))
    }
  }

  @Test func whatDoesNotFitIsRefused() {
    let vector = Tensor([1, 2])
    #expect(error(Intervention(at: net.hidden, .steer(along: vector))).contains("[2]"))
    #expect(error(Intervention(at: net.hidden, .projectOut(vector))).contains("[2]"))
    #expect(error(Intervention(at: net.w1, .patch(vector))).contains("[2, 3]"))
    #expect(
      error(Intervention(at: net.hidden, .units([3]), .zero)).contains("only 3 places, not 3"))
    #expect(error(Intervention(at: net.hidden, .units([-1]), .zero)).contains("not -1"))
    #expect(error(Intervention(at: net.hidden, steps: [1], .zero)).contains("only 1 steps"))
    let own = Intervention(at: net.hidden, .unitsByNetwork([[0], [1]]), .zero)
    #expect(error(own).contains("for 2 networks, but 3"))
    let direction = Intervention(at: net.hidden, .projectOut(Tensor([1, 0, 0])))
    #expect(error(direction, direction).contains("second direction"))
    let long = Intervention(at: net.hidden, .projectOut(Tensor([1, 1, 0])))
    #expect(error(long).contains("a vector of length 1"))
  }

  @Test func weightsAndExamplesThatDoNotFitAreRefused() throws {
    let network = net.network
    let none = try Examples(["y": Tensor([1])])
    #expect(message { try network.run(weights, on: none) }.contains("no input 'x'"))
    let wide = try Examples(["x": Tensor(repeating: 1, shape: [2, 5])])
    let said = message { try network.run(weights, on: wide) }
    #expect(said.contains("[2]") && said.contains("[5]"))
    let noTarget = try Examples(["x": Tensor(repeating: 1, shape: [2, 2])])
    #expect(message { try network.run(weights, on: noTarget) } == "no error")
    #expect(message { try network.scores(weights, on: noTarget) }.contains("'target'"))
    let turned = weights.replacing("W1", with: Tensor(repeating: 0, shape: [3, 3, 2]))
    let shapes = message { try network.run(turned, on: examples) }
    #expect(shapes.contains("'W1'") && shapes.contains("[2, 3]") && shapes.contains("[3, 3, 2]"))
    let extra = weights.replacing("W9", with: Tensor(repeating: 0, shape: [3]))
    #expect(message { try network.run(extra, on: examples) }.contains("'W9'"))
    let nobody = weights.networks([])
    #expect(message { try network.run(nobody, on: examples) }.contains("no networks"))
    #expect(
      message { try network.run(weights, on: examples, recordingNamed: ["W1"]) }.contains("'W1'"))
  }

  @Test func tokensOutsideTheVocabularyAreRefused() throws {
    let x = Input("x", [2], kind: .tokens(vocabulary: 3))
    let output = Site("output", gather(Parameter("E", [3, 1], .zeros), x))
    let network = try Network(output: output, loss: output)
    for bad in [3, -1, 0.5, .nan] as [Float] {
      let examples = try Examples(["x": Tensor([0, bad], shape: [1, 2])])
      let said = message {
        try network.run(network.initialWeights(seeds: [0]), on: examples)
      }
      #expect(said.contains("'x'") && said.contains("0 to 2"))
    }
  }
}
