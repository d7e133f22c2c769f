import Findings
import Interpretability
import Investigations
import Networks
import Tensors
import Testing

@testable import Calibration

@Suite("Calibration")
struct CalibrationTests {
  @Test("with other draws, what is there is held and what is plainly false is not, on any threads")
  func otherDraws() throws {
    let calibration = try Calibration(seed: 41, trials: 6, threads: 3)
    for count in calibration.counts {
      switch count.kind {
      case .known: #expect(count.held == 6, "\(count)")
      case .untrained, .falsely: #expect(count.held == 0 && count.failed == 6, "\(count)")
      case .borderline: #expect(count.held < 6, "\(count)")
      }
    }
    #expect(try Calibration(seed: 41, trials: 6, threads: 1).counts == calibration.counts)
  }

  @Test("the designed error is the binomial tail of twenty-eight of thirty")
  func designedError() {
    // 0.8^30 + 30 · 0.2 · 0.8^29 + 435 · 0.2² · 0.8^28
    var power = 1.0
    for _ in 0..<28 { power *= 0.8 }
    let expected = power * (0.64 + 30 * 0.2 * 0.8 + 435 * 0.04)
    #expect((Calibration.designedError - expected).magnitude < 1e-7)
  }

  @Test("a test that calls too much held is named")
  func unreliable() throws {
    let networks = try KnownNetworks()
    // Four of two hundred are too many: 0.05 lies below the upper end of their interval.
    #expect(Statistics.wilson(4, of: 200).upper > Calibration.limit)
    #expect(Statistics.wilson(3, of: 200).upper < Calibration.limit)
    #expect(networks.hidden.shape.count == KnownNetworks.width)
  }

  /// The verdict on an explanation of networks with the mechanism.
  private func verdict(_ test: StandardTest, _ explanation: Explanation, bits: [Int]) throws
    -> Verdict
  {
    let networks = try KnownNetworks()
    var generator = Generator(seed: 3, stream: .analysis)
    let count = Calibration.seedCount
    let weights = try networks.written(count, bits: bits, using: &generator)
    let examination = try Examination(explanation, of: networks.network, weights)
    let untrained = networks.network.initialWeights(seeds: Array(0..<count))
    return try judged(
      [(test.hypothesis(explanation), test.outcome(examination, untrained: untrained))],
      seeds: "fresh", from: ["test"])[0].verdict
  }

  @Test("a rule that looks where the mechanism is in another network is not borne out")
  func movedElsewhere() throws {
    let networks = try KnownNetworks()
    let right = try networks.explanation(bits: [4, 1])
    let fixed = Explanation(
      of: Component("units 3 and 7", at: networks.hidden, members: ["3", "7"]) { weights in
        Located(units: weights.indices.map { _ in [3, 7] }, count: 2)
      }, programs: right.programs, examples: right.examples, isExhaustive: true, beyond: []
    ) { _, _ in "none" }
    for test in [StandardTest.suffices, .isNeeded] {
      #expect(try verdict(test, right, bits: [4, 1]) == .held)
      #expect(try verdict(test, fixed, bits: [4, 1]) == .failed)
    }
  }

  @Test("every falsehood fails the test that is there to find it", arguments: StandardTest.allCases)
  func falsehoods(test: StandardTest) throws {
    let networks = try KnownNetworks()
    for falsehood in test.falsehoods {
      let explanation = try networks.explanation(bits: [0, 5], falsehood, seed: 9)
      #expect(try verdict(test, explanation, bits: [0, 5]) == .failed, "\(falsehood)")
    }
  }
}
