import Networks
import Tensors

/// What each part of a transformer adds to the logit of an answer, directly.
///
/// The stream is a sum of what the embeddings, heads and MLPs have written, and so is each logit. Without a last
/// LayerNorm the parts add up to the logit exactly, up to rounding. With one they do, too, but its scale is taken as it
/// was (*frozen*), though every part has had its share in it. What a part does by way of later layers is not its own here.
///
/// ```swift
/// let parts = try LogitAttribution(of: answers, in: model, network, weights, on: examples)
/// parts.mean(of: .head(Head(layer: 1)))  // a number each network
/// ```
///
/// The baseline is the attribution to `randomAnswers`.
///
/// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework; Wang et al. 2022, arXiv 2211.00593.
public struct LogitAttribution: Sendable, Hashable {
  /// What writes to the stream.
  public enum Part: Hashable, Sendable, CustomStringConvertible {
    case tokens
    case positions
    case head(Head)
    case mlp(layer: Int)
    /// All biases that reach the logits by themselves: of the attention layers, the last LayerNorm, the unembedding.
    case biases

    public var description: String {
      switch self {
      case .tokens: "tokens"
      case .positions: "positions"
      case .head(let head): "head \(head.layer).\(head.index)"
      case .mlp(let layer): "MLP \(layer)"
      case .biases: "biases"
      }
    }
  }

  public let parts: [Part]
  /// What each part adds.
  ///
  /// - Shape: `[networks, parts, examples, position]`
  public let values: Tensor

  /// Attributes the logits of answers, or their differences from those of other answers.
  ///
  /// - Parameters:
  ///   - answers: The answer at each position: `[examples, position]`.
  ///   - others: The answers whose logits are taken away, shaped alike; nil for none.
  ///   - model: The transformer.
  ///   - network: The network that was made of it.
  ///   - weights: A population of networks.
  ///   - examples: What they are run on.
  ///   - interventions: Applied together, to activations.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if weights, examples or answers do not fit the network.
  public init(
    of answers: Tensor, against others: Tensor? = nil, in model: Transformer,
    _ network: Network, _ weights: Weights, on examples: Examples,
    with interventions: [Intervention] = [], threads: Int = 1
  ) throws {
    let (dimension, length) = (model.configuration.dModel, model.tokens.shape[0])
    for answers in [answers, others].compactMap({ $0 }) {
      try model.check(answers, examples: examples.count)
    }
    parts = model.parts
    var sites = [model.embed, model.posEmbed] + model.blocks.map(\.result)
    sites += model.blocks.compactMap(\.mlpOut) + [model.finalNorm?.scale].compactMap { $0 }
    let run = try network.run(
      weights, on: examples, with: interventions, recording: sites, threads: threads)
    let rows = examples.count * length
    var values: [Float] = []
    values.reserveCapacity(weights.count * parts.count * rows)
    for network in 0..<weights.count {
      // For each position the direction along which a part of the stream adds to the logit, and what is added besides.
      let readOut = try (0..<rows).map { row in
        try model.readOut(
          Int(answers.scalars[row]), others.map { Int($0.scalars[row]) }, weights, network,
          scale: model.finalNorm.map { Double(run[$0.scale].scalars[network * rows + row]) })
      }
      for part in parts {
        if case .biases = part {
          let biases = try model.blocks.compactMap(\.bO).map {
            try model.vector($0, of: weights, network)
          }
          values += readOut.map { direction, constant in
            Float(
              biases.reduce(constant) { $0 + zip($1, direction).reduce(0) { $0 + $1.0 * $1.1 } })
          }
        } else {
          let (site, head) = try model.source(of: part)
          let (numbers, heads) = (run[site].scalars, site.shape.rank == 3 ? site.shape[1] : 1)
          values += readOut.enumerated().map { row, readOut in
            let base = ((network * rows + row) * heads + head) * dimension
            return Float(
              (0..<dimension).reduce(0.0) { $0 + Double(numbers[base + $1]) * readOut.0[$1] })
          }
        }
      }
    }
    self.values = try Tensor(values, shape: [weights.count, parts.count, examples.count, length])
  }

  /// What a part adds in each network, on average over the examples and some positions, or all.
  ///
  /// - Precondition: The part is one of `parts`.
  public func mean(of part: Part, positions: [Int]? = nil) -> [Double] {
    guard let index = parts.firstIndex(of: part) else {
      preconditionFailure("There is no part '\(part)' among \(parts)")
    }
    let (examples, length) = (values.shape[2], values.shape[3])
    let chosen = positions ?? Array(0..<length)
    return (0..<values.shape[0]).map { network in
      let base = (network * parts.count + index) * examples * length
      let total = (0..<examples).reduce(0.0) { total, example in
        chosen.reduce(total) { $0 + Double(values.scalars[base + example * length + $1]) }
      }
      return total / Double(max(examples * chosen.count, 1))
    }
  }
}

/// The baseline of attribution: for each answer another, drawn at random.
///
/// - Precondition: There are two answers at least.
public func randomAnswers(
  besides answers: Tensor, of count: Int, using generator: inout Generator
) -> Tensor {
  Tensor(shape: answers.shape, kind: .whole) {
    Float((Int(answers.scalars[$0]) + 1 + generator.index(below: count - 1)) % count)
  }
}

extension Transformer {
  fileprivate var parts: [LogitAttribution.Part] {
    let layers = blocks.indices.flatMap { layer in
      (0..<configuration.headCount).map { .head(Head(layer: layer, index: $0)) }
        + (configuration.dMLP == nil ? [] : [LogitAttribution.Part.mlp(layer: layer)])
    }
    let hasBiases = configuration.hasBiases || configuration.normalizes
    return [.tokens, .positions] + layers + (hasBiases ? [.biases] : [])
  }

  /// The site that holds what a part writes, and the part's place along its heads.
  fileprivate func source(of part: LogitAttribution.Part) throws -> (site: Site, head: Int) {
    switch part {
    case .tokens, .biases: (embed, 0)
    case .positions: (posEmbed, 0)
    case .head(let head): (try block(of: head).result, head.index)
    case .mlp(let layer): (try block(layer).mlpOut ?? embed, 0)
    }
  }

  /// The direction of the stream that adds to an answer's logit, and what the last biases add to it.
  fileprivate func readOut(
    _ answer: Int, _ other: Int?, _ weights: Weights, _ network: Int, scale: Double?
  ) throws -> (direction: [Double], constant: Double) {
    let unembedding = weights[wU]
    let (d, outputs) = (configuration.dModel, wU.shape[1])
    var direction = (0..<d).map { row in
      let base = (network * d + row) * outputs
      return Double(unembedding.scalars[base + answer])
        - (other.map { Double(unembedding.scalars[base + $0]) } ?? 0)
    }
    var constant = 0.0
    if let bU {
      let bias = try vector(bU, of: weights, network)
      constant = bias[answer] - (other.map { bias[$0] } ?? 0)
    }
    guard let finalNorm, let scale else { return (direction, constant) }
    let (w, b) = (
      try vector(finalNorm.w, of: weights, network), try vector(finalNorm.b, of: weights, network)
    )
    constant += zip(b, direction).reduce(0) { $0 + $1.0 * $1.1 }
    // ((x − mean x) / scale · w) · u = x · (w u − mean (w u)) / scale
    for row in 0..<d { direction[row] *= w[row] }
    let mean = direction.reduce(0, +) / Double(d)
    return (direction.map { ($0 - mean) / scale }, constant)
  }

  fileprivate func vector(
    _ parameter: Parameter, of weights: Weights, _ network: Int
  ) throws -> [Double] { weights[parameter].slice(network).scalars.map(Double.init) }

  fileprivate func check(_ answers: Tensor, examples: Int) throws {
    let shape = tokens.shape.prepending(examples)
    guard answers.shape == shape else {
      throw NetworkError("the answers have shape \(answers.shape), not \(shape)")
    }
    let outputs = wU.shape[1]
    if let bad = answers.scalars.first(where: {
      !($0 >= 0 && $0 < Float(outputs) && $0 == $0.rounded())
    }) {
      throw NetworkError("there is no answer \(bad), only 0 to \(outputs - 1)")
    }
  }
}
