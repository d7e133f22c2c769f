import Testing

@testable import Networks

/// The loss is computed only where it is asked for, which changes nothing else.
@Suite struct MeasuredStepsTests {
  /// Steps enough that most are neither measured nor reported.
  private static let steps = 200

  private func trained(_ count: Int, measured: [Int], clip: Float?) throws -> TrainingOutcome {
    try Perceptron(width: 5, penalty: true).network.train(
      on: .whole(Perceptron.corners()), evaluation: Evaluation(Perceptron.corners()),
      schedule: Schedule(
        optimizer: .adam(), learningRate: 0.03, steps: Self.steps, gradientClip: clip),
      seeds: Array(0..<count), measured: measured, stored: [0, 77, 200])
  }

  @Test(
    "a lane of every width learns the same whichever steps are measured",
    arguments: [1, 3, 9, 33], [nil, 0.1] as [Float?])
  func learnsTheSame(count: Int, clip: Float?) throws {
    let all = try trained(count, measured: Array(0...Self.steps), clip: clip)
    let few = try trained(count, measured: [0, 50, 123, 200], clip: clip)
    for step in [0, 77, 200] {
      let (left, right) = (try #require(all.snapshots[step]), try #require(few.snapshots[step]))
      #expect(same(left, right), "after \(step) steps")
    }
    for (left, right) in zip(all.seeds, few.seeds) {
      #expect([0, 50, 123, 200].map { left.losses[$0] } == right.losses)
      #expect([0, 50, 123, 200].map { left.accuracies[$0] } == right.accuracies)
      #expect(left.losses[50] < left.losses[0])
    }
  }
}
