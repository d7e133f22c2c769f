import Interpretability
import Investigations
import Networks
import Tensors

/// Networks whose mechanism is known, because it was written into them: exclusive or of two of six signs.
///
/// Of sixteen hidden units two are detectors, one for each way in which the two signs differ. Four others are loud and
/// say nothing: they read the remaining signs with large weights, and nobody reads them. The units of every network
/// stand in an order of their own, each is scaled by a factor that its read-out undoes, and every weight carries one per
/// cent of noise.
struct KnownNetworks {
  static let bitCount = 6
  static let width = 16
  static let decoyCount = 4
  static let noise: Float = 0.01

  let hidden: Site
  let network: Network
  private let w1, b1, w2, b2: Parameter

  init() throws {
    let x = Input("x", [Self.bitCount], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    w1 = Parameter(
      "W1", [Self.bitCount, Self.width],
      .normal(deviation: (1 / Float(Self.bitCount)).squareRoot()))
    b1 = Parameter("b1", [Self.width], .zeros)
    w2 = Parameter("W2", [Self.width, 1], .normal(deviation: (1 / Float(Self.width)).squareRoot()))
    b2 = Parameter("b2", [1], .zeros)
    hidden = Site("hidden", relu(x • w1 + b1))
    let output = Site("output", hidden • w2 + b2)
    network = try Network(
      output: output, loss: square(output - target), correct: step(output * target))
  }

  /// All inputs, with the answer to exclusive or of two of their signs.
  func domain(of bits: [Int]) throws -> Examples {
    let count = 1 << Self.bitCount
    let rows = (0..<count).map { input in
      (0..<Self.bitCount).map { input >> $0 & 1 == 1 ? Float(1) : -1 }
    }
    return try Examples([
      "x": Tensor(rows.flatMap(\.self), shape: [count, Self.bitCount]),
      "target": Tensor(rows.map { -$0[bits[0]] * $0[bits[1]] }, shape: [count, 1]),
    ])
  }

  /// Networks with the mechanism written into them.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - bits: The two signs that decide.
  ///   - generator: Draws orders, sizes, factors, decoys and noise.
  /// - Returns: The networks.
  /// - Throws: `ShapeError` never: all tensors have a row a network.
  func written(_ count: Int, bits: [Int], using generator: inout Generator) throws -> Weights {
    var tensors = [w1, b1, w2, b2].map {
      Tensor(repeating: 0, shape: $0.shape.prepending(count))
    }
    for network in 0..<count {
      let order = generator.permutation(of: Self.width)
      let size = 0.8 + 0.7 * generator.uniform()
      for (place, unit) in order.enumerated() {
        let factor = 0.5 + 1.5 * generator.uniform()
        if place < 2 {
          let side: Float = place == 0 ? 1 : -1
          tensors[0][network, bits[0], unit] = side * size * factor
          tensors[0][network, bits[1], unit] = -side * size * factor
          tensors[2][network, unit, 0] = 2 * size / factor
        } else if place < 2 + Self.decoyCount {
          for bit in 0..<Self.bitCount where !bits.contains(bit) {
            tensors[0][network, bit, unit] = 2 * generator.normal()
          }
        }
      }
      tensors[3][network, 0] = -2 * size * size
    }
    let noisy = tensors.map { tensor in tensor.mapped { $0 + Self.noise * generator.normal() } }
    return try Weights([
      w1.name: noisy[0], b1.name: noisy[1], w2.name: noisy[2], b2.name: noisy[3],
    ])
  }

  /// The two units that can move the output most: Σ |w in| · |w out|, in the order of their numbers.
  func largest(_ weights: Weights, network: Int) -> [Int] {
    let (into, out) = (weights[w1], weights[w2])
    let sizes = (0..<Self.width).map { unit in
      (0..<Self.bitCount).reduce(Float(0)) { $0 + into[network, $1, unit].magnitude }
        * out[network, unit, 0].magnitude
    }
    return sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.prefix(2).sorted()
  }

  /// Whether a unit rises with one sign and falls with another.
  func rises(_ weights: Weights, network: Int, unit: Int, with bit: Int, against other: Int)
    -> Bool
  {
    weights[w1][network, bit, unit] > 0 && weights[w1][network, other, unit] < 0
  }
}
