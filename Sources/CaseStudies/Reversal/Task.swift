import Experiments
import Networks
import Tensors

/// Reversal: a row of tokens goes in, the same tokens come out, the last one first.
public struct Reversal: Experiment {
  /// The network of the story, with one head.
  public let reader: Reader
  /// A larger one, with four.
  public let crew: Reader
  /// One that is never asked for the answers of two places.
  public let unasked: Reader
  /// Ones with as little room as `narrowWidths` says.
  public let narrow: [Reader]
  public let variants: [Variant]
  public let probes: Probes

  /// The number of tokens of a sequence.
  public static let length = 8
  /// The number of different tokens.
  public static let vocabulary = 10
  /// The number of sequences that are held out, the same for every network.
  public static let heldOut = 512
  /// The place that each place's answer is taken from: the last for the first, and so on.
  public static let backwards = Array((0..<length).reversed())
  /// Another such order, which is no rule at all.
  public static let scramble = [5, 0, 3, 6, 1, 7, 2, 4]
  /// The places whose answers the variant `unasked` is trained on.
  public static let asked = [1, 2, 3, 4, 5, 6]
  /// The sizes of the residual stream of the networks that have too little room, or almost.
  public static let narrowWidths = [8, 6, 4]

  public init() throws {
    reader = try Reader(dModel: 16)
    crew = try Reader(dModel: 32, headCount: 4)
    unasked = try Reader(dModel: 16, asked: Self.asked)
    narrow = try Self.narrowWidths.map { try Reader(dModel: $0) }
    probes = Probes(
      try Self.sequences(Self.heldOut, order: Self.backwards), isWholeDomain: false)

    func variant(
      _ name: String, _ reader: Reader, seeds: Int = 10, order: [Int]? = nil,
      shuffled: Bool = false
    ) throws -> Variant {
      let length = reader.model.configuration.context
      let order = order ?? Array((0..<length).reversed())
      return Variant(
        name, reader.network, data: Self.fresh(order: order, shuffled: shuffled),
        evaluation: Evaluation(try Self.sequences(Self.heldOut, order: order)),
        schedule: Schedule(
          optimizer: .adam(weightDecay: 0.01), learningRate: 0.01, steps: 300, warmUp: 50,
          decay: .cosine(to: 0.1)),
        seedCount: seeds)
    }
    let broad = [
      try variant("main", reader, seeds: 100),
      try variant("four-heads", crew, seeds: 40),
      try variant("unasked", unasked, seeds: 40),
      try variant("shuffled-labels", reader, shuffled: true),
      try variant("scrambled", reader, order: Self.scramble),
      try variant("longer", Reader(length: 2 * Self.length, dModel: 16)),
    ]
    variants =
      try broad
      + zip(Self.narrowWidths, narrow).map { try variant("width-\($0)", $1, seeds: 40) }
  }

  /// Sequences drawn at random, with their answers.
  ///
  /// - Parameters:
  ///   - count: The number of sequences.
  ///   - order: The place that each place's answer is taken from.
  /// - Returns: `tokens` and `target`.
  /// - Shape: `tokens` and `target` are `[count, length]`.
  /// - Throws: `ShapeError` never: both tensors have a row a sequence.
  public static func sequences(_ count: Int, order: [Int]) throws -> Examples {
    var generator = Generator(seed: 0, stream: .split)
    let tokens = Tensor(shape: [count, order.count], kind: .whole) { _ in
      Float(generator.index(below: vocabulary))
    }
    return try Examples(["tokens": tokens, "target": taken(from: tokens, in: order)])
  }

  /// The answers to sequences if each place should have the token of another.
  ///
  /// - Parameters:
  ///   - tokens: The sequences.
  ///   - order: The place that each place's answer is taken from.
  /// - Returns: The answers.
  /// - Shape: `[count, length]` → `[count, length]`
  public static func taken(from tokens: Tensor, in order: [Int]) -> Tensor {
    let length = order.count
    return Tensor(shape: tokens.shape, kind: .whole) { tokens[$0 / length, order[$0 % length]] }
  }

  /// New sequences at every step; shuffled, each with the answer to a sequence that is never shown.
  private static func fresh(order: [Int], shuffled: Bool) -> TrainingData {
    .made(inputs: ["tokens", "target"], batch: 64) { generator, example in
      for place in order.indices { example[0][place] = Float(generator.index(below: vocabulary)) }
      for (place, source) in order.enumerated() {
        example[1][place] =
          shuffled ? Float(generator.index(below: vocabulary)) : example[0][source]
      }
    }
  }
}
