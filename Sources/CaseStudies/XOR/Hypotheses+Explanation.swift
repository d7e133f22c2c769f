import Interpretability
import Investigations
import Networks
import Tensors
import XORTask

extension XOR {
  /// How many points of the square are tried besides its corners.
  static let pointCount = 512

  public func explanation() throws -> Explanation? {
    let pair = Component(
      "the surviving pair", at: perceptron.hidden, members: ["the first", "the second"]
    ) { weights in
      Located(
        units: weights.indices.map { Pair(in: weights, network: $0)?.units }, count: 2)
    }
    return Explanation(
      of: pair,
      summary:
        "two detectors of opposite corners, and their answer if one of them is at least half as sure as it can be",
      programs: [
        Self.program("a detector for each corner where the signs differ", .differing, pair),
        Self.program("a detector for each corner where they agree", .agreeing, pair),
      ],
      version: { weights in
        weights.indices.map { Pair(in: weights, network: $0)?.algorithm == .agreeing ? 1 : 0 }
      },
      examples: probes.examples, isExhaustive: true,
      beyond: [
        .init("inside", "points inside the square", in: perceptron.network) { generator in
          // Not on the lines that part right from wrong, where the last bit decides.
          var points: [[Float]] = []
          while points.count < Self.pointCount {
            let point = [2 * generator.uniform() - 1, 2 * generator.uniform() - 1]
            let sums = [(point[0] + point[1]).magnitude, (point[0] - point[1]).magnitude]
            if sums.allSatisfy({ ($0 - 1).magnitude > 0.1 }) { points.append(point) }
          }
          return try Examples([
            "x": Tensor(points.flatMap(\.self), shape: [points.count, 2]),
            "target": Tensor(
              points.map { $0[0] * $0[1] < 0 ? 1 : -1 }, shape: [points.count, 1]),
          ])
        }
      ]
    ) { weights, network in
      let count = Pair.alive(in: weights, network: network).count
      return count == 2 ? "two that are no pair" : "\(count) neurons alive"
    }
  }

  /// Each detector adds to the output by how far the input lies towards its corner, and half of what it adds there
  /// decides.
  private static func program(_ name: String, _ algorithm: Pair.Algorithm, _ pair: Component)
    -> Program
  {
    let side: Float = algorithm == .differing ? 1 : -1
    /// What a detector of the corner holds, 1 there.
    @Sendable func detector(_ corner: [Float], _ x: [Float]) -> Float {
      max(0, (corner[0] * x[0] + corner[1] * x[1]) / 2)
    }
    let corners: [[Float]] = algorithm == .differing ? [[-1, 1], [1, -1]] : [[-1, -1], [1, 1]]
    @Sendable func answer(_ first: Float, _ second: Float) -> [Float] {
      [first + second > 0.5 ? side : -side]
    }
    return Program(
      name, from: ["x"], to: "target",
      variables: corners.indices.map { place in
        .init(
          place == 0 ? "the first corner" : "the second corner",
          in: Component(
            place == 0 ? "its detector" : "the other detector", at: pair.site, members: ["it"]
          ) { weights in
            // The neurons of a pair stand in any order; the corner tells which one it is.
            let wanted = corners[place]
            return Located(
              units: weights.indices.map { network in
                Pair(in: weights, network: network)?.units.first {
                  XOR.corners[Lottery.corner(weights, network: network, unit: $0)] == wanted
                }.map { [$0] }
              }, count: 1)
          }
        ) { base, source in
          let values = corners.indices.map { corner in
            detector(corners[corner], corner == place ? source["x"] : base["x"])
          }
          return answer(values[0], values[1])
        }
      }
    ) { row in
      answer(detector(corners[0], row["x"]), detector(corners[1], row["x"]))
    }
  }
}
