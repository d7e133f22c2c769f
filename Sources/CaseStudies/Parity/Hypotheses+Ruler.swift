import Networks
import ParityTask
import Tensors

/// The locator of the small network: three neurons that all measure the same thing, how many bits agree with one pattern.
struct Ruler {
  let neurons: [Int]
  /// The pattern that they compare with, one sign a deciding bit.
  let signs: [Float]

  static let bits = Parity.decidingBits(3)

  /// Weights count as equally large if they differ by at most this share.
  static let tolerance: Float = 0.05

  /// Finds the ruler of a network: exactly three living neurons, along one direction, with weights of one size each.
  ///
  /// - Returns: Nil where the network has none, which counts as absent.
  init?(in weights: Weights, network: Int) {
    let alive = Templates.alive(in: weights, network: network)
    guard alive.count == 3 else { return nil }
    var directions: [[Float]] = []
    for neuron in alive {
      let own = Templates.decidingWeights(of: neuron, in: weights, network: network, Self.bits)
      let sizes = own.map(\.magnitude)
      guard let least = sizes.min(), let most = sizes.max(), least >= (1 - Self.tolerance) * most
      else { return nil }
      // A direction and its opposite are the same line.
      let first: Float = (own.first ?? 0) < 0 ? -1 : 1
      directions.append(own.map { $0 < 0 ? -first : first })
    }
    guard let one = directions.first, directions.allSatisfy({ $0 == one }) else { return nil }
    (neurons, signs) = (alive, one)
  }

  /// How many of the deciding bits of an input agree with the pattern.
  func agreements(_ input: Int) -> Int {
    zip(Self.bits, signs).count { Parity.sign(ofBit: $0, in: input) == $1 }
  }

  /// An input that differs from another in the deciding bits alone and has the same answer.
  ///
  /// With the same count as many bits agree as before, but others, since each hands its agreement on to the bit before
  /// it; else two more or two fewer agree.
  func partner(of input: Int, isSameCount: Bool) -> Int {
    let agrees = zip(Self.bits, signs).map { Parity.sign(ofBit: $0, in: input) == $1 }
    let wanted: [Bool]
    if isSameCount {
      wanted = agrees.indices.map { agrees[($0 + 1) % agrees.count] }
    } else {
      let target = agreements(input) >= 2 ? agreements(input) - 2 : agreements(input) + 2
      wanted = agrees.indices.map { $0 < target }
    }
    var partner = input
    for (place, bit) in Self.bits.enumerated() where agrees[place] != wanted[place] {
      partner ^= 1 << (Parity.bitCount - 1 - bit)
    }
    return partner
  }
}
