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
  /// What each place gets from each other one, before it is added up: `[head, query, key, dimension]`.
  public let routes: Site
  /// The same network, with the routes as a site.
  public let byRoute: Network

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - length: The number of positions.
  ///   - shown: The number of tokens, which stand at the first positions; as many as there are, if nil.
  ///   - dModel: The size of the residual stream, shared out among the heads.
  ///   - headCount: The number of heads.
  ///   - asked: The places whose answers count while training; all, if nil.
  /// - Throws: `NetworkError` if there is none of something.
  public init(
    length: Int = Reversal.length, shown: Int? = nil, dModel: Int, headCount: Int = 1,
    asked: [Int]? = nil
  ) throws {
    let vocabulary = Reversal.vocabulary
    func spread(_ fanIn: Int) -> Initialization {
      .normal(deviation: 1 / Float(fanIn).squareRoot())
    }
    let model = try Transformer(
      .init(
        vocabulary: vocabulary, context: length, dModel: dModel, headCount: headCount,
        dHead: dModel / headCount), length: shown,
      embeddings: spread(dModel), weights: spread)
    let logits = Site("logits", model.logits, axes: ["position", "token"])
    (self.model, self.logits, heads) = (model, logits, try model.block(0))

    let count = shown ?? length
    let target = Input("target", [count], kind: .tokens(vocabulary: vocabulary))
    let places = asked ?? Array(0..<count)
    let counts = constant(Tensor(shape: [count]) { places.contains($0) ? 1 : 0 })
    func marked(_ logits: Site, _ correct: (_ right: Expression) -> Expression) throws -> Network {
      let cost = -sum(oneHot(target, count: vocabulary) * logSoftmax(logits), axes: [-1])
      return try Network(
        output: logits, loss: asked == nil ? cost : cost * counts,
        correct: correct(equal(argmax(logits), target)))
    }
    // A sequence counts if all of its tokens that were asked for are right.
    func isRight(_ right: Expression) -> Expression {
      equal(sum(right * counts), Float(places.count))
    }
    network = try marked(logits, isRight)
    byToken = try marked(logits) { mean($0) }

    routes = Site(
      "blocks.0.attn.routes", contract("hqk,khe->hqke", heads.pattern, heads.v),
      axes: ["head", "query", "key", "dimension"])
    let everyKey = constant(Tensor(repeating: 1, shape: [count]))
    let carried = contract(
      "hqe,hed->qd", contract("hqke,k->hqe", routes, everyKey), heads.wO)
    byRoute = try marked(
      Site("logits", (heads.residPre + carried) • model.wU, axes: ["position", "token"]), isRight)
  }
}
