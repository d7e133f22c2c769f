import Tensors
import Testing

@testable import Networks

/// A graph with fewer passes over memory gives the same bits.
@Suite struct FusionTests {
  private let roots: [Expression]
  private let network: Network

  init() throws {
    let model = try Transformer(
      .init(
        vocabulary: 5, context: 6, dModel: 8, headCount: 2, dHead: 4, dMLP: 16, isCausal: true,
        normalizes: true, hasBiases: true),
      embeddings: .normal(deviation: 0.5)
    ) { .normal(deviation: 1 / Float($0).squareRoot()) }
    let target = Input("target", [6], kind: .tokens(vocabulary: 5))
    network = try Network(
      output: Site("logits", model.logits),
      loss: -sum(oneHot(target, count: 5) * logSoftmax(model.logits), axes: [-1]))
    let slopes = gradient(of: network.objective, by: network.parameters.map(\.expression))
    roots = [network.objective, network.output.expression] + slopes
  }

  private func values<L: Lane>(_ roots: [Expression], as _: L.Type) -> [[Float]] {
    let executor = Executor<L>(roots, examples: 12, keepsAll: false)
    let seeds = Array(3..<3 + L.width)
    let weights = network.initialWeights(seeds: seeds)
    for parameter in network.parameters {
      executor.load(weights[parameter], at: parameter, group: 0..<seeds.count, byNetwork: true)
    }
    var generator = Generator(seed: 1, stream: .order)
    for input in network.inputs + network.targets {
      let tokens = Tensor(shape: [12, 6], kind: .whole) { _ in Float(generator.index(below: 5)) }
      executor.load(tokens, at: input, group: 0..<1, byNetwork: false)
    }
    executor.run()
    executor.pass(after: network.parameters.map(\.expression))()
    return zip(roots, executor.roots).map { root, place in
      (0..<root.type.count(examples: 12)).flatMap { index in
        (0..<L.width).map { place[index][$0] }
      }
    }
  }

  @Test func changesNoBit() {
    #expect(values(fused(roots), as: Float.self) == values(roots, as: Float.self))
    #expect(values(fused(roots, rare: 1), as: Float.self) == values(roots, as: Float.self))
    #expect(values(fused(roots), as: SIMD4<Float>.self) == values(roots, as: SIMD4<Float>.self))
    #expect(values(fused(roots), as: SIMD16<Float>.self) == values(roots, as: SIMD16<Float>.self))
  }

  /// What the loss reads too is joined for the gradients, and stays there for the loss.
  @Test func joinsForTheGradientsWhatTheLossReadsToo() {
    let (x, w) = (Input("x", [3], kind: .reals), Parameter("w", [3], .zeros))
    let answer = Input("answer", [1], kind: .reals)
    let difference = (x • w.reshaped([3, 1])) - answer
    let loss = exampleMean(sum(square(difference)))
    let roots = [loss] + gradient(of: loss, by: [w.expression])
    func isJoined(_ roots: [Expression]) -> Bool {
      topological(roots).contains { $0.operation is TimesTimesDifference }
    }
    let (all, some) = (fused(roots), fused(roots, rare: 1))
    #expect(!isJoined(all) && isJoined(some))
    #expect(!isJoined([some[0]]))
    #expect(topological([some[0]]).contains { ($0.operation as? Binary)?.function == .subtract })
  }

  @Test func joinsWhatOneContractionAloneIsReadBy() {
    func endings(_ roots: [Expression]) -> Set<ContractionEnding> {
      Set(topological(roots).compactMap { ($0.operation as? EndedContraction)?.ending })
    }
    #expect(endings(fused(roots)) == [.add, .addRelu, .multiply, .gate])
    let (x, y) = (Parameter("x", [2, 3], .zeros), Parameter("y", [3, 2], .zeros))
    let product = x • y
    #expect(endings(fused([relu(Site("sum", product + 1))])) == [.addRelu])
    // What is read elsewhere has to be there.
    #expect(endings(fused([product + 1, product])) == [])
    #expect(endings(fused([product + product])) == [])
    #expect(endings(fused([relu(product)])) == [])
    // The result is larger than the product.
    #expect(endings(fused([product + Parameter("z", [4, 2, 2], .zeros)])) == [])
    #expect(fused([x.expression]) == [x.expression])
  }
}
