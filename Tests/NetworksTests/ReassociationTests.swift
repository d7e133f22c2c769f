import Tensors
import Testing

@testable import Networks

/// What heads write is made of the tokens, not of the examples, where all networks see the same ones.
@Suite struct ReassociationTests {
  private static let examples = 24

  private func network(
    heads: Int, dHead: Int, dModel: Int = 16, dMLP: Int? = nil, layers: Int = 1,
    hasBiases: Bool = false
  ) throws -> Network {
    let model = try Transformer(
      .init(
        vocabulary: 5, context: 3, dModel: dModel, headCount: heads, dHead: dHead,
        layerCount: layers,
        dMLP: dMLP, hasBiases: hasBiases), embeddings: .normal(deviation: 0.5)
    ) { .normal(deviation: 1 / Float($0).squareRoot()) }
    let target = Input("target", [3], kind: .tokens(vocabulary: 5))
    return try Network(
      output: Site("logits", model.logits),
      loss: -sum(oneHot(target, count: 5) * logSoftmax(model.logits), axes: [-1]))
  }

  private func values(_ roots: [Expression], of network: Network) -> [[Float]] {
    computed(roots, onTokens: 5, examples: Self.examples, network)
  }

  private func operations(_ root: Expression) -> Int {
    graphOperationCount([root], examples: Self.examples)
  }

  private func checkValues(_ network: Network) {
    let parameters = network.parameters.map(\.expression)
    let objective = network.objective
    let rewritten = tabulated([objective], examples: Self.examples, sharesTokens: true)[0]
    let before = values([objective] + gradient(of: objective, by: parameters), of: network)
    let after = values([rewritten] + gradient(of: rewritten, by: parameters), of: network)
    #expect(rewritten != objective && operations(rewritten) < operations(objective))
    #expect(before.count == after.count && before.count > parameters.count)
    for (one, other) in zip(before, after) { #expect(isClose(other, one.map(Double.init), 1e-5)) }
  }

  @Test(arguments: [(1, 16), (2, 8), (4, 4), (3, 16)])
  func givesTheSameValuesAndGradientsButForRounding(heads: Int, dHead: Int) throws {
    checkValues(try network(heads: heads, dHead: dHead))
  }

  /// Where others read the stream too, or a bias or an MLP is added to it, paths are not taken apart; heads may be.
  @Test(
    arguments: [(nil, 2, false), (nil, 1, true), (24, 1, false), (24, 2, true)]
      as [(Int?, Int, Bool)])
  func soDoLayersBiasesAndNeurons(dMLP: Int?, layers: Int, hasBiases: Bool) throws {
    checkValues(
      try network(heads: 2, dHead: 8, dMLP: dMLP, layers: layers, hasBiases: hasBiases))
  }

  private func productsWithExamples(_ roots: [Expression]) -> [String] {
    topological(roots).filter { $0.operation is Contraction && $0.results[0].variesByExample }
      .compactMap { ($0.operation as? Contraction).map { String($0.result) } }
  }

  /// Scores, and the logits that the pattern makes of what each token is worth.
  @Test(arguments: [1, 2])
  func leavesTwoProductsOfFive(heads: Int) throws {
    let objective = try network(heads: heads, dHead: 16).objective
    let apart = tabulated([objective], examples: Self.examples, sharesTokens: true)
    #expect(productsWithExamples([objective]).count == 7)
    #expect(productsWithExamples(apart) == ["hqk", "qj"])
    #expect(tabulated([objective], examples: Self.examples) == [objective])
  }

  /// Sums of eight terms are rather made for each example than looked up, and those of sixteen are not.
  @Test func leavesAloneWhatDoesNotPay() throws {
    let objective = try network(heads: 1, dHead: 8, dModel: 8).objective
    let apart = tabulated([objective], examples: Self.examples, sharesTokens: true)
    #expect(
      productsWithExamples(apart)
        == productsWithExamples([objective]).map { $0 == "phd" ? "pd" : $0 })
  }

  private func reassociated(_ root: Expression, tables: Set<Expression>) -> Expression? {
    Networks.reassociated([root]) { $0.node.operands.contains(where: tables.contains) }?[0]
  }

  private let x = Input("x", [3, 4], kind: .reals)
  private let w = Parameter("W", [4, 5], .zeros)

  /// (x w) u as x (w u) where that is less work and w is a table's.
  @Test func foldsWhatIsLessWork() throws {
    let u = Parameter("U", [5, 2], .zeros)
    let product = sum(x • w • u)
    #expect(reassociated(product, tables: []) == nil)
    let folded = try #require(reassociated(product, tables: [w.expression]))
    #expect(folded.type == product.type && productsWithExamples([folded]).count == 1)
    #expect(reassociated(folded, tables: [w.expression]) == nil)
    // With half of a table of 4 · 5 · 500, 30 · 4 · 500 multiply-adds are less than 30 · 4 · 5 and 30 · 5 · 500; but 3 ·
    // 4 · 500 are more than 3 · 4 · 5 and 3 · 5 · 500.
    let v = Parameter("V", [5, 500], .zeros)
    let long = Input("long", [30, 4], kind: .reals)
    #expect(reassociated(sum(long • w • v), tables: [w.expression]) != nil)
    #expect(reassociated(sum(x • w • v), tables: [w.expression]) == nil)
    // 3 · 4 · 9 are more than 3 · 4 · 1 and 3 · 1 · 9.
    let one = Parameter("N", [4, 1], .zeros)
    let narrow = sum(x • one • Parameter("M", [1, 9], .zeros))
    #expect(reassociated(narrow, tables: [one.expression]) == nil)
    // A sum that x alone goes through cannot wait.
    let gram = sum(contract("pe,pd->ed", contract("pi,ie->pe", x, w), x))
    #expect(reassociated(gram, tables: [w.expression]) == nil)
    // Who else reads x w needs it all the same.
    let read = x • w
    #expect(reassociated(sum(read • u) + sum(read), tables: [w.expression]) == nil)
    #expect(reassociated(read • u + sum(square(read)), tables: [w.expression]) == nil)
  }

  /// (t + x w) u as t u + x (w u) where t is looked up, whichever comes first.
  @Test(arguments: [false, true])
  func takesPathsApart(isFirst: Bool) throws {
    let (t, u) = (Input("t", [3, 5], kind: .reals), Parameter("U", [5, 2], .zeros))
    let heads = x • w
    let whole = sum((isFirst ? t + heads : heads + t) • u)
    let tables: Set = [t.expression, w.expression]
    let apart = try #require(reassociated(whole, tables: tables))
    #expect(productsWithExamples([whole]).count == 2 && productsWithExamples([apart]).count == 2)
    func numbers(_ root: Expression) -> [Float] {
      computed(
        [root], examples: 2,
        [
          (x, randomScalars(24, seed: 1)), (t, randomScalars(30, seed: 2)),
          (w, randomScalars(20, seed: 3)), (u, randomScalars(10, seed: 4)),
        ])[0]
    }
    #expect(isClose(numbers(apart), numbers(whole).map(Double.init), 1e-6))
    #expect(numbers(whole).allSatisfy { Swift.abs($0) > 1e-3 })
    // Nothing is gained where t u is computed, or x w stays.
    #expect(reassociated(whole, tables: [w.expression]) == nil)
    #expect(reassociated(whole, tables: [t.expression]) == nil)
  }

  /// What heads write is summed by the product that makes it; a sum over what one operand has is not.
  @Test func sumsOverHeadsAtOnce() throws {
    let z = Input("z", [3, 2, 4], kind: .reals)
    let out = Parameter("O", [2, 4, 5], .zeros)
    let heads = sum(contract("phe,hed->phd", z, out), axes: [1])
    let whole = try #require(reassociated(sum(heads), tables: []))
    #expect(productsWithExamples([whole]) == ["pd"] && whole.type == sum(heads).type)
    func numbers(_ root: Expression) -> [Float] {
      computed(
        [root], examples: 2, [(z, randomScalars(48, seed: 1)), (out, randomScalars(40, seed: 2))]
      )[0]
    }
    #expect(isClose(numbers(whole), numbers(sum(heads)).map(Double.init), 1e-6))
    #expect(reassociated(sum(x • w, axes: [1]), tables: []) == nil)
    #expect(
      reassociated(sum(contract("ai,i->a", x, Parameter("v", [4], .zeros))), tables: []) == nil)
  }
}
