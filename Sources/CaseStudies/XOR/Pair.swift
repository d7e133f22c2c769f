import Networks
import Tensors

/// The locator: the two neurons of a network that the story is about.
public struct Pair: Sendable, Hashable {
  /// Which answer the two neurons detect.
  public enum Algorithm: String, Sendable {
    /// Each fires at one of the corners where the signs differ; the output is −1 unless one of them does.
    case differing
    /// Each fires at one of the corners where the signs agree; the output is 1 unless one of them does.
    case agreeing
  }

  public let units: [Int]
  public let algorithm: Algorithm

  /// A neuron is alive if it can move the output at least this much of what the largest can.
  public static let aliveShare: Float = 0.05

  /// The neurons of a network that are alive.
  public static func alive(in weights: Weights, network: Int) -> [Int] {
    let sizes = Lottery.sizes(weights, network: network)
    let largest = sizes.max() ?? 0
    return sizes.indices.filter { sizes[$0] > aliveShare * largest }
  }

  /// Finds the pair of a network: exactly two neurons alive, at opposite corners with the same answer, both in tune.
  ///
  /// - Returns: Nil where the network has no such pair, which counts as absent.
  public init?(in weights: Weights, network: Int) {
    let alive = Self.alive(in: weights, network: network)
    let corners = alive.map { Lottery.corner(weights, network: network, unit: $0) }
    guard alive.count == 2, corners[0] + corners[1] == XOR.corners.count - 1,
      alive.allSatisfy({ Lottery.isInTune(weights, network: network, unit: $0) })
    else { return nil }
    units = alive
    algorithm = XOR.answers[corners[0]] > 0 ? .differing : .agreeing
  }
}
