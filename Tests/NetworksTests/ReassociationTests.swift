import Tensors
import Testing

@testable import Networks

/// What heads write is made of the tokens, not of the examples, where all networks see the same ones.
@Suite struct ReassociationTests {
  private static let examples = 24

  private func network(heads: Int, dHead: Int) throws -> Network {
    let model = try Transformer(
      .init(vocabulary: 5, context: 3, dModel: 16, headCount: heads, dHead: dHead),
      embeddings: .normal(deviation: 0.5)
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

  @Test(arguments: [(1, 16), (2, 8), (4, 4)])
  func givesTheSameValuesAndGradientsButForRounding(heads: Int, dHead: Int) throws {
    let network = try network(heads: heads, dHead: dHead)
    let parameters = network.parameters.map(\.expression)
    let objective = network.objective
    let rewritten = tabulated([objective], examples: Self.examples, sharesTokens: true)[0]
    let before = values([objective] + gradient(of: objective, by: parameters), of: network)
    let after = values([rewritten] + gradient(of: rewritten, by: parameters), of: network)
    #expect(before.count == after.count && before.count > parameters.count)
    for (one, other) in zip(before, after) { #expect(isClose(other, one.map(Double.init), 1e-5)) }
  }

  /// One head of sixteen numbers saves the product with W_O for all examples but five.
  @Test func savesTheProductOfEveryExample() throws {
    let one = try network(heads: 1, dHead: 16)
    func productsWithExamples(_ roots: [Expression]) -> Int {
      topological(roots).filter { $0.operation is Contraction && $0.results[0].variesByExample }
        .count
    }
    let apart = tabulated([one.objective], examples: Self.examples, sharesTokens: true)
    // Scores, what the pattern takes, and the logits.
    #expect(productsWithExamples(apart) == 3)
    #expect(operations(apart[0]) < operations(one.objective))
    let objective = one.objective
    #expect(tabulated([objective], examples: Self.examples) == [objective])
  }

  @Test func leavesAloneWhatIsNoTableOrNoLessWork() {
    let x = Input("x", [3, 4], kind: .reals)
    let (w, u) = (Parameter("W", [4, 5], .zeros), Parameter("U", [5, 2], .zeros))
    let product = [x • w • u]
    #expect(reassociated(product) { _ in false } == product)
    // (x w) u as x (w u): less work, if w is a table's.
    let folded = reassociated([sum(x • w • u)]) { $0 == w.expression }
    #expect(folded != [sum(x • w • u)] && folded[0].type == sum(x • w • u).type)
    // A sum that x alone goes through cannot wait.
    let gram = sum(contract("pe,pd->ed", contract("pi,ie->pe", x, w), x))
    #expect(reassociated([gram]) { $0 == w.expression } == [gram])
    // 3 · 4 · 500 multiply-adds are more than 3 · 4 · 5 and 3 · 5 · 500 are not.
    let wide = sum(x • w • Parameter("V", [5, 500], .zeros))
    #expect(reassociated([wide]) { $0 == w.expression } != [wide])
    let narrow = sum(
      contract("pi,ie->pe", x, Parameter("N", [4, 1], .zeros)) • Parameter("M", [1, 9], .zeros))
    #expect(reassociated([narrow]) { !$0.variesByExample } == [narrow])
  }
}
