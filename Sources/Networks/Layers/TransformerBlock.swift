import Tensors

/// One layer of a transformer: attention, then perhaps an MLP, each added to the residual stream.
///
/// In each head a position's query meets every position's key, the softmax of their products is the pattern, and the
/// pattern averages the values: z = softmax(q kᵀ / √d_head) v, which the output matrix writes back to the stream.
///
/// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
public struct TransformerBlock: Sendable {
  /// What a head reads the stream for.
  public enum Reading: String, Hashable, Sendable, CaseIterable {
    case query, key, value
  }

  /// The stream before and after the layer: `[position, dimension]`.
  public let residPre, residPost: Site
  /// The stream between attention and MLP, where there is an MLP.
  public let residMid: Site?
  public let norm1, norm2: LayerNorm?
  /// What each head reads: `[position, head, head's dimension]`.
  public let q, k, v: Site
  /// Before the softmax: `[head, query, key]`; −∞ where a key is masked.
  public let scores: Site
  /// After the softmax: `[head, query, key]`.
  public let pattern: Site
  /// The values that each head has averaged: `[position, head, head's dimension]`.
  public let z: Site
  /// What each head adds to the stream: `[position, head, dimension]`.
  public let result: Site
  /// What all heads together add: `[position, dimension]`.
  public let attentionOut: Site
  /// The MLP's neurons before and after rectification: `[position, neuron]`.
  public let mlpPre, mlpPost: Site?
  /// What the MLP adds: `[position, dimension]`.
  public let mlpOut: Site?
  /// From the stream: `[head, dimension, head's dimension]`.
  public let wQ, wK, wV: Parameter
  /// Back to the stream: `[head, head's dimension, dimension]`.
  public let wO: Parameter
  /// What is added whatever the heads do: `[dimension]`.
  public let bO: Parameter?
  /// From the stream to the neurons: `[dimension, neuron]`.
  public let wIn: Parameter?
  /// From the neurons to the stream: `[neuron, dimension]`.
  public let wOut: Parameter?

  init(
    _ layer: Int, _ stream: Expression, _ c: Transformer.Configuration,
    _ weights: (_ fanIn: Int) -> Initialization
  ) {
    let name = "blocks.\(layer)"
    let length = stream.shape.sizes.first ?? 0
    let (byDimension, byNeuron) = (["position", "dimension"], ["position", "neuron"])
    let (byHead, byPair) = (["position", "head", "dimension"], ["head", "query", "key"])
    func biased(_ value: Expression, _ bias: String, _ shape: Shape) -> Expression {
      c.hasBiases ? value + Parameter("\(name).\(bias)", shape, .zeros) : value
    }
    func read(_ x: Expression, _ letter: String) -> (Parameter, Site) {
      let w = Parameter(
        "\(name).attn.W_\(letter)", [c.headCount, c.dModel, c.dHead], weights(c.dModel))
      let value = biased(contract("pd,hde->phe", x, w), "attn.b_\(letter)", [c.headCount, c.dHead])
      return (w, Site("\(name).attn.hook_\(letter.lowercased())", value, axes: byHead))
    }

    residPre = Site("\(name).hook_resid_pre", stream, axes: byDimension)
    norm1 = c.normalizes ? LayerNorm("\(name).ln1", residPre.expression) : nil
    let x = norm1?.output ?? residPre.expression
    ((wQ, q), (wK, k), (wV, v)) = (read(x, "Q"), read(x, "K"), read(x, "V"))
    let products = contract("qhe,khe->hqk", q, k) * (1 / Float(c.dHead).squareRoot())
    scores = Site(
      "\(name).attn.hook_attn_scores",
      c.isCausal ? select(Self.future(length), -Float.infinity, products) : products, axes: byPair)
    pattern = Site("\(name).attn.hook_pattern", softmax(scores), axes: byPair)
    z = Site("\(name).attn.hook_z", contract("hqk,khe->qhe", pattern, v), axes: byHead)
    wO = Parameter(
      "\(name).attn.W_O", [c.headCount, c.dHead, c.dModel], weights(c.headCount * c.dHead))
    result = Site("\(name).attn.hook_result", contract("phe,hed->phd", z, wO), axes: byHead)
    bO = c.hasBiases ? Parameter("\(name).attn.b_O", [c.dModel], .zeros) : nil
    let heads = sum(result, axes: [1])
    attentionOut = Site(
      "\(name).hook_attn_out", bO.map { heads + $0 } ?? heads, axes: byDimension)

    let mid = residPre + attentionOut
    guard let dMLP = c.dMLP else {
      (residMid, norm2, mlpPre, mlpPost, mlpOut, wIn, wOut) = (nil, nil, nil, nil, nil, nil, nil)
      residPost = Site("\(name).hook_resid_post", mid, axes: byDimension)
      return
    }
    let middle = Site("\(name).hook_resid_mid", mid, axes: byDimension)
    let norm = c.normalizes ? LayerNorm("\(name).ln2", middle.expression) : nil
    let wIn = Parameter("\(name).mlp.W_in", [c.dModel, dMLP], weights(c.dModel))
    let wOut = Parameter("\(name).mlp.W_out", [dMLP, c.dModel], weights(dMLP))
    let pre = Site(
      "\(name).mlp.hook_pre",
      biased((norm?.output ?? middle.expression) • wIn, "mlp.b_in", [dMLP]), axes: byNeuron)
    let post = Site("\(name).mlp.hook_post", relu(pre), axes: byNeuron)
    let out = Site(
      "\(name).hook_mlp_out", biased(post • wOut, "mlp.b_out", [c.dModel]), axes: byDimension)
    (residMid, norm2, mlpPre, mlpPost, mlpOut) = (middle, norm, pre, post, out)
    (self.wIn, self.wOut) = (wIn, wOut)
    residPost = Site("\(name).hook_resid_post", middle + out, axes: byDimension)
  }

  /// The site that holds what the heads have read for a purpose.
  public func site(_ reading: Reading) -> Site {
    switch reading {
    case .query: q
    case .key: k
    case .value: v
    }
  }

  /// One where the key stands after the query: `[query, key]`.
  private static func future(_ length: Int) -> Expression {
    constant(Tensor(shape: [length, length]) { $0 % length > $0 / length ? 1 : 0 })
  }
}
