import Tensors
import Testing

@testable import Networks

/// Runs that are lent what others planned, against a network that has planned nothing yet.
@Suite struct RunPlanTests {
  private let net: Perceptron
  private let corners: Examples

  init() throws {
    net = try Perceptron()
    corners = try Perceptron.corners()
  }

  /// Every kind of intervention, in an order in which each finds another's leavings.
  private var sets: [[Intervention]] {
    let hidden = Intervention(at: net.hidden, .units([1]), .resample(seed: 3))
    let steer = Tensor([0.5, -1, 2]), direction = Tensor([0.6, 0, 0.8])
    return [
      [], [hidden], [Intervention(at: net.hidden, .zero)],
      [Intervention(at: net.hidden, .steer(along: steer))],
      [Intervention(at: net.hidden, .projectOut(direction))], [],
      [Intervention(at: net.hidden, .patch(Tensor([9, 8, 7])))], [hidden],
      [Intervention(at: net.w2, .zero), Intervention(at: net.hidden, .units([2]), .mean)], [],
    ]
  }

  @Test(arguments: [1, 20, 37])
  func noRunSeesAnother(count: Int) throws {
    for (index, set) in (sets + sets).enumerated() {
      let weights = net.network.initialWeights(seeds: Array(index..<index + count))
      let examples = corners.rows(0..<(index % 3 == 2 ? 3 : 4))
      let fresh = try Perceptron()
      for threads in [1, 2] {
        let run = try net.network.run(weights, on: examples, with: set, threads: threads)
        #expect(try run == fresh.network.run(weights, on: examples, with: set))
        let scores = try net.network.scores(weights, on: examples, under: [set, []])
        #expect(try scores == fresh.network.scores(weights, on: examples, under: [set, []]))
      }
    }
  }

  @Test func aMistakeLeavesNothingBehind() throws {
    let weights = net.network.initialWeights(seeds: [1, 2])
    let clean = try net.network.run(weights, on: corners)
    let patch = Intervention(at: net.hidden, .patch(Tensor([9, 8, 7])))
    let wrong = Intervention(at: net.hidden, .patch(Tensor([9, 8])))
    for _ in 0..<3 {
      #expect(throws: NetworkError.self) {
        try net.network.run(weights, on: corners, with: [patch, wrong])
      }
      #expect(try net.network.run(weights, on: corners, with: [patch]) != clean)
      #expect(try net.network.run(weights, on: corners) == clean)
    }
  }
}
