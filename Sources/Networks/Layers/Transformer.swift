import Tensors

/// A transformer, whose weights and sites bear TransformerLens's names and shapes.
///
/// ```swift
/// let model = try Transformer(
///   .init(vocabulary: 10, context: 8, dModel: 16, headCount: 1, dHead: 16),
///   embeddings: .normal(deviation: 0.25), weights: { .normal(deviation: 1 / Float($0).squareRoot()) })
/// model.blocks[0].pattern.name  // "blocks.0.attn.hook_pattern"
/// ```
///
/// Attention, then perhaps an MLP, in every block, each adding to the residual stream. A checkpoint loads in
/// TransformerLens as it is. Axis letters in this folder: p, q, k positions, d the residual stream, h heads, e a
/// head's own space.
///
/// Vaswani et al. 2017, arXiv 1706.03762. Names: Nanda and Bloom 2022, https://github.com/TransformerLensOrg/TransformerLens.
public struct Transformer: Sendable {
  /// What a transformer is made of.
  public struct Configuration: Hashable, Sendable {
    public var vocabulary: Int
    /// The number of different answers; nil if it is the vocabulary's.
    public var outputs: Int?
    /// The number of positions that have a vector.
    public var context: Int
    public var dModel: Int
    public var headCount: Int
    public var dHead: Int
    public var layerCount: Int
    /// The number of neurons of each MLP; nil for attention alone.
    public var dMLP: Int?
    /// Whether a position sees only itself and those before it.
    public var isCausal: Bool
    /// Whether a LayerNorm stands before each part and before the unembedding.
    public var normalizes: Bool
    public var hasBiases: Bool

    public init(
      vocabulary: Int, outputs: Int? = nil, context: Int, dModel: Int, headCount: Int, dHead: Int,
      layerCount: Int = 1, dMLP: Int? = nil, isCausal: Bool = false, normalizes: Bool = false,
      hasBiases: Bool = false
    ) {
      (self.vocabulary, self.outputs, self.context) = (vocabulary, outputs, context)
      (self.dModel, self.headCount, self.dHead) = (dModel, headCount, dHead)
      (self.layerCount, self.dMLP, self.isCausal) = (layerCount, dMLP, isCausal)
      (self.normalizes, self.hasBiases) = (normalizes, hasBiases)
    }
  }

  public let configuration: Configuration
  /// Whole numbers below the vocabulary: `[position]`.
  public let tokens: Input
  /// The vectors of the tokens and of the positions: `[position, dimension]`.
  public let embed, posEmbed: Site
  public let blocks: [TransformerBlock]
  public let finalNorm: LayerNorm?
  /// The answer before any softmax: `[position, output]`.
  public let logits: Expression
  /// Of shapes `[vocabulary, dimension]`, `[context, dimension]` and `[dimension, output]`.
  public let wE, wPos, wU: Parameter
  /// What is added to the answer: `[output]`.
  public let bU: Parameter?

  /// Writes the forward pass.
  ///
  /// - Parameters:
  ///   - configuration: What the transformer is made of.
  ///   - length: The number of tokens it is given; as many as the context has positions, if nil.
  ///   - embeddings: How the vectors of tokens and of positions begin.
  ///   - weights: How a matrix that sums over so many numbers begins. (Biases begin at zero, scales at one.)
  /// - Throws: `NetworkError` if there are more tokens than positions, or none of something.
  public init(
    _ configuration: Configuration, length: Int? = nil, embeddings: Initialization,
    weights: (_ fanIn: Int) -> Initialization
  ) throws {
    let c = configuration
    try c.check(length: length ?? c.context)
    let (length, outputs) = (length ?? c.context, c.outputs ?? c.vocabulary)
    self.configuration = c
    tokens = Input("tokens", [length], kind: .tokens(vocabulary: c.vocabulary))
    wE = Parameter("embed.W_E", [c.vocabulary, c.dModel], embeddings)
    wPos = Parameter("pos_embed.W_pos", [c.context, c.dModel], embeddings)
    embed = Site("hook_embed", gather(wE, tokens), axes: ["position", "dimension"])
    let positions = length == c.context ? wPos.expression : wPos.sliced(axis: 0, 0..<length)
    posEmbed = Site("hook_pos_embed", positions, axes: ["position", "dimension"])
    var stream = embed + posEmbed
    blocks = (0..<c.layerCount).map { layer in
      let block = TransformerBlock(layer, stream, c, weights)
      stream = block.residPost.expression
      return block
    }
    finalNorm = c.normalizes ? LayerNorm("ln_final", stream) : nil
    wU = Parameter("unembed.W_U", [c.dModel, outputs], weights(c.dModel))
    let unbiased = (finalNorm?.output ?? stream) • wU
    bU = c.hasBiases ? Parameter("unembed.b_U", [outputs], .zeros) : nil
    logits = bU.map { unbiased + $0 } ?? unbiased
  }

  /// The block of a layer.
  ///
  /// - Throws: `NetworkError` if there are not so many layers.
  public func block(_ layer: Int) throws -> TransformerBlock {
    guard blocks.indices.contains(layer) else {
      throw NetworkError("there is no layer \(layer): the transformer has \(blocks.count)")
    }
    return blocks[layer]
  }
}

extension Transformer.Configuration {
  fileprivate func check(length: Int) throws {
    let sizes = [
      ("vocabulary", vocabulary), ("outputs", outputs ?? 1), ("context", context),
      ("dModel", dModel), ("headCount", headCount), ("dHead", dHead), ("layerCount", layerCount),
      ("dMLP", dMLP ?? 1), ("length", length),
    ]
    if let (name, size) = sizes.first(where: { $0.1 < 1 }) {
      throw NetworkError("a transformer cannot have \(size) for its \(name): it starts at 1")
    }
    guard length <= context else {
      throw NetworkError("\(length) tokens are more than the context has positions, \(context)")
    }
  }
}
