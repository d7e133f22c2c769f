import Tensors
import Testing

@testable import Networks

/// Keys and values of tokens are looked up in a table where there are more examples than tokens.
@Suite struct TabulationTests {
  private static let examples = 24

  private func model(dModel: Int, normalizes: Bool = false, layers: Int = 1) throws -> (
    Transformer, Network
  ) {
    let model = try Transformer(
      .init(
        vocabulary: 5, context: 3, dModel: dModel, headCount: 2, dHead: 4, layerCount: layers,
        normalizes: normalizes, hasBiases: true),
      embeddings: .normal(deviation: 0.5)
    ) { .normal(deviation: 1 / Float($0).squareRoot()) }
    let target = Input("target", [3], kind: .tokens(vocabulary: 5))
    let network = try Network(
      output: Site("logits", model.logits),
      loss: -sum(oneHot(target, count: 5) * logSoftmax(model.logits), axes: [-1]))
    return (model, network)
  }

  private func values(_ roots: [Expression], of network: Network) -> [[Float]] {
    computed(roots, onTokens: 5, examples: Self.examples, network)
  }

  private func slopes(_ objective: Expression, _ network: Network) -> [Expression] {
    gradient(of: objective, by: network.parameters.map(\.expression))
  }

  @Test(arguments: [false, true], [1, 2])
  func keepsTheBitsOfEveryAnswer(normalizes: Bool, layers: Int) throws {
    let (_, network) = try model(dModel: 128, normalizes: normalizes, layers: layers)
    let roots = [network.objective, network.output.expression]
    let rewritten = tabulated(roots, examples: Self.examples)
    #expect(rewritten != roots)
    #expect(values(rewritten, of: network) == values(roots, of: network))
  }

  @Test(arguments: [false, true])
  func givesTheSameGradientsButForRounding(normalizes: Bool) throws {
    let (_, network) = try model(dModel: 128, normalizes: normalizes)
    let objective = network.objective
    let before = values(slopes(objective, network), of: network)
    let after = values(
      slopes(tabulated([objective], examples: Self.examples)[0], network), of: network)
    for (parameter, (one, other)) in zip(network.parameters, zip(before, after)) {
      #expect(one.contains { $0 != 0 } || parameter.name.hasSuffix("b_K"), "\(parameter.name)")
      #expect(isClose(other, one.map(Double.init), 1e-5), "\(parameter.name)")
    }
  }

  /// Queries, keys and values of five tokens at three positions, whatever the number of examples.
  @Test func countsOnlyWhatIsDone() throws {
    let (_, network) = try model(dModel: 128)
    func operations(_ roots: [Expression]) -> Int {
      topological(roots).filter { $0.operation is Contraction }.reduce(0) {
        $0
          + $1.operation.operationCount(
            $1.operands.map(\.type), $1.results, examples: Self.examples)
      }
    }
    let roots = [network.output.expression]
    let saved = operations(roots) - operations(tabulated(roots, examples: Self.examples))
    #expect(saved == 3 * 2 * 128 * 8 * 3 * (Self.examples - 5))
  }

  @Test func leavesAloneWhatDoesNotPay() throws {
    let (_, wide) = try model(dModel: 128)
    let (_, narrow) = try model(dModel: 64)
    #expect(
      tabulated([wide.objective.node.operands[0]], examples: 9) == [
        wide.objective.node.operands[0]
      ])
    let roots = [narrow.output.expression]
    #expect(tabulated(roots, examples: 1000) == roots)
  }

  /// What mixes positions, or depends on two inputs, cannot be looked up by one token.
  @Test func leavesAloneWhatDependsOnMore() {
    let tokens = Input("tokens", [3], kind: .tokens(vocabulary: 5))
    let x = Input("x", [3, 128], kind: .reals)
    let table = Parameter("E", [5, 128], .zeros)
    let w = Parameter("W", [128, 4], .zeros)
    let rows = gather(table, tokens)
    let mixed: [Expression] = [
      (rows + x) • w, sum(rows, axes: [0]) • w, contract("pd,de->ep", rows, w),
      rows.permuted([1, 0]).reshaped([3, 128]) • w, contract("pd,qd->pq", rows, rows),
      contract("pd,pde->pe", rows, constant(Tensor(repeating: 1, shape: [3, 128, 2]))),
    ]
    for value in mixed { #expect(tabulated([value], examples: 100) == [value]) }
    let alone = rows • w
    #expect(tabulated([alone], examples: 100) != [alone])
  }

  /// One network and a population have the same bits.
  @Test func trainsThePopulationAsItTrainsOne() throws {
    let (_, network) = try model(dModel: 128)
    let data = TrainingData.made(inputs: ["tokens", "target"], batch: 16) { generator, example in
      for place in 0..<3 {
        let token = Float(generator.index(below: 5))
        (example[0][place], example[1][2 - place]) = (token, token)
      }
    }
    let schedule = Schedule(
      optimizer: .adam(beta1: 0.9, beta2: 0.98, weightDecay: 0.01), learningRate: 1e-2, steps: 6)
    func trained(_ seeds: [Int], threads: Int = 1) throws -> Weights? {
      try network.train(
        on: data, evaluation: nil, schedule: schedule, seeds: seeds, stored: [6], threads: threads
      ).snapshots[6]
    }
    let all = try #require(try trained(Array(0..<5)))
    for seed in 0..<5 {
      let one = try #require(try trained([seed], threads: 3))
      #expect(same(one, all.networks(seed..<seed + 1)))
    }
  }
}
