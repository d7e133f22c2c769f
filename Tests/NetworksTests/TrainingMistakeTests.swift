import Tensors
import Testing

@testable import Networks

/// Data, evaluations and weights that do not fit are errors; what is left out is not.
@Suite struct TrainingMistakeTests {
  private let net: Perceptron
  private let corners: Examples
  private let schedule = Schedule(optimizer: .sgd(), learningRate: 0.1, steps: 3)

  init() throws {
    net = try Perceptron()
    corners = try Perceptron.corners()
  }

  private func error(
    _ data: TrainingData, _ evaluation: Evaluation? = nil, seeds: [Int] = [0, 1, 2],
    start: Weights? = nil
  ) -> String {
    message {
      try net.network.train(
        on: data, evaluation: evaluation, schedule: schedule, seeds: seeds, start: start,
        stored: [3])
    }
  }

  @Test func dataThatDoesNotFit() throws {
    let questions = try Examples(["x": Tensor(repeating: 1, shape: [4, 2])])
    #expect(error(.whole(questions)).contains("'target'"))
    #expect(error(.whole(corners), Evaluation(questions)).contains("'target'"))
    #expect(error(.drawn(from: corners, batch: 2) { _ in [4] }).contains("row 4 of 4"))
    #expect(error(.drawn(from: corners, batch: 2) { _ in [-1] }).contains("row -1"))
    #expect(error(.drawn(from: corners, batch: 2) { _ in [] }).contains("no rows"))
    #expect(error(.whole(corners) { Array(0...$0) }).contains("equally many"))
    #expect(error(.whole(corners), Evaluation(corners) { [$0 + 3] }).contains("row 4"))
    let made = error(.made(inputs: ["x"], batch: 1) { _, _ in })
    #expect(made.contains("target") && made.contains("[\"x\"]"))
    #expect(error(.made(inputs: ["x", "y"], batch: 1) { _, _ in }).contains("\"y\""))
  }

  @Test func weightsThatDoNotFit() throws {
    let weights = net.network.initialWeights(seeds: [0, 1])
    #expect(error(.whole(corners), start: weights).contains("3 seeds are given weights of 2"))
    let other = try Perceptron(width: 4).network.initialWeights(seeds: [0, 1, 2])
    let shapes = error(.whole(corners), start: other)
    #expect(shapes.contains("[2, 3]") && shapes.contains("[3, 2, 4]"))
  }

  @Test func noSeedsGiveNothing() throws {
    let outcome = try net.network.train(
      on: .whole(corners), evaluation: nil, schedule: schedule, seeds: [], stored: [3])
    #expect(outcome.seeds.isEmpty && outcome.snapshots.isEmpty)
  }

  @Test func examplesNeedEquallyManyRows() {
    let said = message {
      try Examples(["x": Tensor([1, 2]), "y": Tensor([1, 2, 3])])
    }
    #expect(said.contains("x [2]") && said.contains("y [3]"))
  }

  @Test func aNetworkWithoutAScoreHasNoRightAnswers() throws {
    let x = Input("x", [2], kind: .signs)
    let output = Site("output", x • Parameter("W", [2, 1], .normal(deviation: 1)))
    let network = try Network(output: output, loss: square(output))
    let outcome = try network.train(
      on: .whole(corners.rows([0, 1, 2, 3])), evaluation: Evaluation(corners), schedule: schedule,
      seeds: [0, 1, 2], stored: [3])
    #expect(outcome.seeds.allSatisfy { $0.accuracies.allSatisfy { $0 == 0 } && $0.solvedAt == nil })
  }

  /// The label is declared before what training needs, and is drawn but not trained on.
  @Test func anInputOnlyForTheScoreChangesNoTraining() throws {
    func trained(scored: Bool) throws -> TrainingOutcome {
      let label = Input("label", [3], kind: .reals)
      let (x, target) = (Input("x", [2], kind: .signs), Input("target", [1], kind: .signs))
      let output = Site("output", x • Parameter("W", [2, 1], .normal(deviation: 1)))
      let network = try Network(
        output: output, loss: square(output - target),
        correct: scored ? less(sum(label) * Float(0), square(output)).reshaped([]) : nil)
      var tensors = corners.tensors
      tensors["label"] = randomTensor([4, 3], seed: 1, scale: 9)
      let examples = try Examples(tensors)
      return try network.train(
        on: .drawn(from: examples, batch: 3), evaluation: Evaluation(examples), schedule: schedule,
        seeds: [0, 1, 2], stored: [3])
    }
    let (plain, scored) = (try trained(scored: false), try trained(scored: true))
    #expect(plain.snapshots == scored.snapshots)
    #expect(plain.seeds.map(\.losses) == scored.seeds.map(\.losses))
    #expect(scored.seeds[0].accuracies.last == 1)
  }
}
