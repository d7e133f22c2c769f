import Networks
import Tensors

/// The locator: the neurons of a network that are alive, grouped by their template.
///
/// A neuron's *template* is the pattern of the deciding bits that excites it most: the signs of its weights there. A
/// pattern is numbered in binary, the first deciding bit counting most, with 1 for a sign of +.
public struct Templates: Sendable {
  /// One template, and the neurons that have it.
  public struct Template: Sendable {
    public let pattern: Int
    public internal(set) var neurons: [Int]
  }

  public let all: [Template]

  /// A neuron is alive if it can move the output at least this much of what the largest can.
  public static let aliveShare: Float = 0.05

  /// The number of patterns of the deciding bits.
  public static let patternCount = 16

  /// The number of templates that is expected: half of the patterns.
  public static let expected = 8

  /// Groups the living neurons of a network by their template.
  public init(allOf weights: Weights, network: Int) {
    var groups: [Template] = []
    for neuron in Self.alive(in: weights, network: network) {
      let pattern = Self.pattern(of: neuron, in: weights, network: network)
      if let known = groups.firstIndex(where: { $0.pattern == pattern }) {
        groups[known].neurons.append(neuron)
      } else {
        groups.append(Template(pattern: pattern, neurons: [neuron]))
      }
    }
    all = groups.sorted { $0.pattern < $1.pattern }
  }

  /// Finds the eight templates of a network.
  ///
  /// - Returns: Nil where the network has fewer or more, which counts as absent.
  public init?(in weights: Weights, network: Int) {
    self.init(allOf: weights, network: network)
    guard all.count == Self.expected else { return nil }
  }

  /// The neurons of all templates.
  public var neurons: [Int] { all.flatMap(\.neurons) }

  /// The deciding bit on which all templates agree, by its place among the four, and its sign.
  public var pivot: (place: Int, sign: Float)? {
    let shared = (0..<4).filter { place in
      Set(all.map { Self.sign(at: place, in: $0.pattern) }).count == 1
    }
    guard shared.count == 1, let place = shared.first, let one = all.first else { return nil }
    return (place, Self.sign(at: place, in: one.pattern))
  }

  /// The neurons that are alive.
  public static func alive(in weights: Weights, network: Int) -> [Int] {
    let sizes = sizes(weights, network: network)
    let largest = sizes.max() ?? 0
    return sizes.indices.filter { sizes[$0] > aliveShare * largest }
  }

  /// How much each neuron can move the output: Σ |w in| · |w out|.
  public static func sizes(_ weights: Weights, network: Int) -> [Float] {
    guard let w1 = weights["W1"], let w2 = weights["W2"] else { return [] }
    return (0..<w1.shape[2]).map { unit in
      let size = (0..<w1.shape[1]).reduce(Float(0)) { $0 + w1[network, $1, unit].magnitude }
      return size * w2[network, unit, 0].magnitude
    }
  }

  /// The weights with which a neuron hears the deciding bits.
  public static func decidingWeights(
    of neuron: Int, in weights: Weights, network: Int, _ bits: [Int] = Parity.decidingBits()
  ) -> [Float] {
    guard let w1 = weights["W1"] else { return [] }
    return bits.map { w1[network, $0, neuron] }
  }

  /// The template of a neuron.
  public static func pattern(of neuron: Int, in weights: Weights, network: Int) -> Int {
    decidingWeights(of: neuron, in: weights, network: network)
      .reduce(0) { $0 * 2 + ($1 > 0 ? 1 : 0) }
  }

  // MARK: Patterns

  /// The sign of a pattern at one of its places.
  public static func sign(at place: Int, in pattern: Int, of count: Int = 4) -> Float {
    pattern >> (count - 1 - place) & 1 == 1 ? 1 : -1
  }

  /// The product of a pattern's signs: the answer to all inputs that show it.
  public static func parity(_ pattern: Int) -> Float {
    (0..<4).reduce(1) { $0 * sign(at: $1, in: pattern) }
  }

  /// In how many places two patterns differ.
  public static func distance(_ one: Int, _ other: Int) -> Int { (one ^ other).nonzeroBitCount }

  /// The pattern that an input shows on the deciding bits.
  public static func pattern(ofInput input: Int) -> Int {
    Parity.decidingBits().reduce(0) { $0 * 2 + (Parity.sign(ofBit: $1, in: input) > 0 ? 1 : 0) }
  }
}
