import Experiments
import Networks
import Tensors

/// Hidden parity: of ten signs four decide, by their product, and nobody says which four.
public struct Parity: Experiment {
  /// The network of the story.
  public let perceptron: Perceptron
  /// A smaller one, for three deciding bits.
  public let small: Perceptron
  public let variants: [Variant]
  public let probes: Probes

  /// The number of bits of an input.
  public static let bitCount = 10

  /// Bits in the order in which they come to decide: the answer to k is the product of the first k of these.
  private static let order = [1, 4, 6, 9, 3]

  /// The bits that decide, of a network whose answer depends on so many.
  public static func decidingBits(_ count: Int = 4) -> [Int] { order.prefix(count).sorted() }

  /// All inputs, in binary order with bit 0 changing slowest, and the product of some of their bits.
  ///
  /// - Throws: `ShapeError` never: the shapes are constant.
  public static func domain(deciding bits: [Int]) throws -> Examples {
    let count = 1 << bitCount
    let inputs = Tensor(shape: [count, bitCount]) { sign(ofBit: $0 % bitCount, in: $0 / bitCount) }
    let answers = Tensor(shape: [count, 1]) { input in
      bits.reduce(1) { $0 * sign(ofBit: $1, in: input) }
    }
    return try Examples(["x": inputs, "target": answers])
  }

  /// A bit of the input at a place of the domain, as −1 or 1.
  public static func sign(ofBit bit: Int, in input: Int) -> Float {
    input >> (bitCount - 1 - bit) & 1 == 1 ? 1 : -1
  }

  public init() throws {
    perceptron = try Perceptron(width: 64, penalty: 1e-3)
    small = try Perceptron(width: 32, penalty: 3e-3)
    probes = Probes(try Self.domain(deciding: Self.decidingBits()), isWholeDomain: true)

    func variant(
      _ name: String, _ network: Network, deciding: Int = 4, trained share: Int = 2,
      seeds: Int = 10, shuffled: Bool = false, steps: Int = 2000,
      start: Variant.Start = .fresh
    ) throws -> Variant {
      let domain = try Self.domain(deciding: Self.decidingBits(deciding))
      let count = domain.count / share
      // Each seed has a split of its own.
      @Sendable func order(_ seed: Int) -> [Int] {
        var generator = Generator(seed: seed, stream: .split)
        return generator.permutation(of: domain.count)
      }
      var data = TrainingData.drawn(from: domain, batch: 64) { Array(order($0).prefix(count)) }
      data.shufflesTargets = shuffled
      return Variant(
        name, network, data: data,
        evaluation: Evaluation(domain) { Array(order($0).dropFirst(count)) },
        schedule: Schedule(
          optimizer: .adam(), learningRate: 0.01, steps: steps, warmUp: 50,
          decay: .cosine(to: 0.01)),
        seedCount: seeds, start: start)
    }

    let eight = try Perceptron(width: Templates.expected, penalty: 1e-3).network
    variants = [
      try variant("main", perceptron.network, seeds: 100),
      try variant("three-bits", small.network, deciding: 3, seeds: 100),
      try variant("longer", perceptron.network, steps: 8000),
      try variant("five-bits", perceptron.network, deciding: 5),
      try variant("tenth", perceptron.network, trained: 10),
      try variant("no-penalty", Perceptron(width: 64, penalty: 0).network),
      try variant("shuffled-labels", perceptron.network, shuffled: true),
      try variant(
        "lottery", eight, seeds: 100,
        start: .from(variant: "main") { Lottery.survivors(initial: $0, final: $1) }),
      try variant(
        "random-eight", eight, seeds: 100,
        start: .from(variant: "main") { initial, _ in Lottery.randomEight(initial) }),
    ]
  }
}
