import Networks
import Tensors

/// Notes in, at each place a guess at the next one out: attention alone, which looks back and never ahead.
public struct AttentionOnly: Sendable {
  public let transformer: Transformer
  /// A number for each place and each note that might come next.
  public let logits: Site
  public let network: Network

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - layers: The number of layers.
  ///   - heads: The number of heads in each.
  ///   - width: The number of dimensions of the residual stream.
  ///   - headWidth: The number of dimensions of a head's queries, keys and values.
  /// - Throws: `NetworkError` if the shapes do not fit.
  public init(layers: Int, heads: Int = 1, width: Int = 32, headWidth: Int = 16) throws {
    let vocabulary = Induction.vocabulary
    let next = Input("next", [Induction.length], kind: .tokens(vocabulary: vocabulary))
    let asked = Input("asked", [Induction.length], kind: .bits)
    transformer = try Transformer(
      .init(
        vocabulary: vocabulary, context: Induction.length, dModel: width, headCount: heads,
        dHead: headWidth, layerCount: layers, isCausal: true),
      embeddings: .normal(deviation: 0.5)
    ) { .uniform(bound: 1 / Float($0).squareRoot()) }
    logits = Site("logits", transformer.logits, axes: ["position", "token"])

    let surprise = -sum(oneHot(next, count: vocabulary) * logSoftmax(logits), axes: [-1])
    let mistakes = sum(asked * (1 - equal(argmax(logits), next)))
    network = try Network(
      output: logits, loss: sum(surprise * asked) / sum(asked), correct: equal(mistakes, 0))
  }
}
