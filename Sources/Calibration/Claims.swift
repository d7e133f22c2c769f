import Interpretability
import Investigations
import Networks
import Tensors

extension KnownNetworks {
  /// How an explanation of the written mechanism is wrong on purpose; each is wrong in one point only.
  enum Falsehood: CaseIterable {
    /// The component is said to be two units that it is not.
    case wrongUnits
    /// The detectors are said to detect each other's case.
    case exchangedVariables
    /// The answer is said to hang on another pair of signs.
    case wrongBits
    /// The answer is said to be "at least one", which is right for three inputs in four.
    case wrongRule
    /// The answer is said to turn at another point between the corners.
    case wrongThreshold
  }

  /// The explanation of the written mechanism, true or wrong in one point.
  func explanation(bits: [Int], _ falsehood: Falsehood? = nil, seed: Int = 0) throws -> Explanation
  {
    var pair = Component("the component", at: hidden, members: ["the first", "the second"]) {
      weights in
      Located(units: weights.indices.map { largest(weights, network: $0) }, count: 2)
    }
    if falsehood == .wrongUnits { pair = pair.misplaced(seed: seed) }
    let said =
      falsehood == .wrongBits
      ? (0..<Self.bitCount).filter { !bits.contains($0) }.prefix(2) + [] : bits
    let threshold: Float = falsehood == .wrongThreshold ? 0.15 : 0.5

    /// What a detector holds, 1 at its corner.
    @Sendable func detector(_ place: Int, _ x: [Float]) -> Float {
      max(0, (place == 0 ? 1 : -1) * (x[said[0]] - x[said[1]]) / 2)
    }
    @Sendable func answer(_ first: Float, _ second: Float) -> [Float] {
      [first + second > threshold ? 1 : -1]
    }
    func holder(_ place: Int) -> Component {
      let shown = falsehood == .exchangedVariables ? 1 - place : place
      let one = Component("a unit", at: hidden, members: ["it"]) { weights in
        Located(
          units: weights.indices.map { network in
            largest(weights, network: network).first {
              rises(
                weights, network: network, unit: $0, with: bits[shown], against: bits[1 - shown])
            }.map { [$0] }
          }, count: 1)
      }
      return falsehood == .wrongUnits ? one.misplaced(seed: seed) : one
    }
    let program = Program(
      "the program", from: ["x"], to: "target",
      variables: (0..<2).map { place in
        .init(place == 0 ? "one variable" : "another", in: holder(place)) { base, source in
          let values = (0..<2).map { detector($0, $0 == place ? source["x"] : base["x"]) }
          return answer(values[0], values[1])
        }
      }
    ) { row in
      let x = row["x"]
      if falsehood == .wrongRule { return [x[said[0]] > 0 || x[said[1]] > 0 ? 1 : -1] }
      return answer(detector(0, x), detector(1, x))
    }
    return Explanation(
      of: pair, programs: [program], examples: try domain(of: bits), isExhaustive: true,
      beyond: [
        .init("inside", "inputs beyond the task", in: network) { generator in
          var points: [[Float]] = []
          while points.count < 256 {
            let point = (0..<Self.bitCount).map { _ in 2 * generator.uniform() - 1 }
            let gap = (point[bits[0]] - point[bits[1]]).magnitude / 2
            // Not where the last bit decides.
            if (gap - 0.5).magnitude > 0.1 { points.append(point) }
          }
          return try Examples([
            "x": Tensor(points.flatMap(\.self), shape: [points.count, Self.bitCount]),
            "target": Tensor(
              points.map { $0[bits[0]] * $0[bits[1]] < 0 ? 1 : -1 }, shape: [points.count, 1]),
          ])
        }
      ]
    ) { _, _ in "none" }
  }
}

extension StandardTest {
  /// The falsehoods that this test is there to find.
  var falsehoods: [KnownNetworks.Falsehood] {
    switch self {
    case .suffices, .isNeeded: [.wrongUnits]
    case .variablesMove: [.wrongUnits, .exchangedVariables]
    case .programAgrees: [.wrongBits, .wrongRule]
    case .foretellsFailure: [.wrongBits, .wrongThreshold]
    }
  }
}
