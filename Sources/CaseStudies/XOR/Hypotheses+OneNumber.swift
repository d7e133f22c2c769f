import Networks
import Tensors
import XORTask

/// The claimed algorithm with one number left in it.
enum OneNumber {
  /// Every network made anew: its pair with input weights ±a and read-out weights ±2a, an output bias of ±2a², and
  /// zero for everything else.
  ///
  /// A neuron then adds 2a · 2a at its corner and nothing elsewhere, and the bias lies half way between.
  ///
  /// The number a is the mean over the pair of the four sizes |w| and the two halves |v| / 2.
  ///
  /// - Parameters:
  ///   - weights: The networks.
  ///   - pairs: Each network's pair; one without stays empty.
  ///   - factor: What the number is multiplied by first.
  /// - Returns: The networks that the numbers describe.
  static func rebuilding(_ weights: Weights, _ pairs: [Pair?], sizeTimes factor: Float) -> Weights {
    guard var w1 = weights["W1"], var b1 = weights["b1"], var w2 = weights["W2"],
      var b2 = weights["b2"]
    else {
      return weights
    }
    let (old1, old2) = (w1, w2)
    w1 = w1.mapped { _ in 0 }
    b1 = b1.mapped { _ in 0 }
    w2 = w2.mapped { _ in 0 }
    for (network, pair) in pairs.enumerated() {
      guard let units = pair?.units else { continue }
      let sizes = units.flatMap { unit in
        let numbers = [old1[network, 0, unit], old1[network, 1, unit], old2[network, unit, 0] / 2]
        return numbers.map(\.magnitude)
      }
      let size = factor * sizes.reduce(0, +) / Float(sizes.count)
      b2[network, 0] = (b2[network, 0] < 0 ? -2 : 2) * size * size
      for unit in units {
        for input in 0..<2 {
          w1[network, input, unit] = old1[network, input, unit] < 0 ? -size : size
        }
        w2[network, unit, 0] = old2[network, unit, 0] < 0 ? -2 * size : 2 * size
      }
    }
    return weights.replacing("W1", with: w1).replacing("b1", with: b1)
      .replacing("W2", with: w2).replacing("b2", with: b2)
  }
}
