import Networks
import Tensors

/// Tokens in, tokens out: one layer of attention that sees the whole sequence at once, and nothing else.
public struct Reader: Sendable {
  public let model: Transformer
  /// The heads.
  public let heads: TransformerBlock
  public let logits: Site
  public let network: Network
  /// The same network, marked token by token: its accuracy is the share of all tokens that are right.
  public let byToken: Network

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - length: The number of tokens, and so of positions.
  ///   - dModel: The size of the residual stream, shared out among the heads.
  ///   - headCount: The number of heads.
  ///   - asked: The places whose answers count while training; all, if nil.
  /// - Throws: `NetworkError` if there is none of something.
  public init(
    length: Int = Reversal.length, dModel: Int, headCount: Int = 1, asked: [Int]? = nil
  ) throws {
    let vocabulary = Reversal.vocabulary
    func spread(_ fanIn: Int) -> Initialization {
      .normal(deviation: 1 / Float(fanIn).squareRoot())
    }
    let model = try Transformer(
      .init(
        vocabulary: vocabulary, context: length, dModel: dModel, headCount: headCount,
        dHead: dModel / headCount),
      embeddings: spread(dModel), weights: spread)
    let logits = Site("logits", model.logits, axes: ["position", "token"])
    (self.model, self.logits, heads) = (model, logits, try model.block(0))

    let target = Input("target", [length], kind: .tokens(vocabulary: vocabulary))
    let cost = -sum(oneHot(target, count: vocabulary) * logSoftmax(logits), axes: [-1])
    let right = equal(argmax(logits), target)
    let places = asked ?? Array(0..<length)
    let counts = constant(Tensor(shape: [length]) { places.contains($0) ? 1 : 0 })
    func marked(_ correct: Expression) throws -> Network {
      try Network(output: logits, loss: asked == nil ? cost : cost * counts, correct: correct)
    }
    // A sequence counts if all of its tokens that were asked for are right.
    network = try marked(equal(sum(right * counts), Float(places.count)))
    byToken = try marked(mean(right))
  }
}
