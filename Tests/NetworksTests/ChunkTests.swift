import Tensors
import Testing

@testable import Networks

/// Running examples in chunks changes no bit, whatever the chunks' size.
@Suite struct ChunkTests {
  private let model: Transformer
  private let network: Network

  init() throws {
    model = try Transformer(
      .init(
        vocabulary: 5, context: 6, dModel: 8, headCount: 2, dHead: 4, dMLP: 16, isCausal: true,
        normalizes: true, hasBiases: true),
      embeddings: .normal(deviation: 0.5)
    ) { .normal(deviation: 1 / Float($0).squareRoot()) }
    let target = Input("target", [6], kind: .tokens(vocabulary: 5))
    network = try Network(
      output: Site("logits", model.logits),
      loss: -sum(oneHot(target, count: 5) * logSoftmax(model.logits), axes: [-1]),
      penalty: 0.01 * sum(abs(model.wE)))
  }

  private func values<L: Lane>(examples: Int, keepsAll: Bool, threads: Int = 1, as _: L.Type)
    throws -> [[Float]]
  {
    let gradients = gradient(
      of: network.objective, by: network.parameters.map(\.expression))
    let roots = [network.objective, network.output.expression] + gradients
    let executor = Executor<L>(roots, examples: examples, keepsAll: keepsAll, threads: threads)
    let seeds = Array(3..<3 + L.width)
    let weights = network.initialWeights(seeds: seeds)
    for parameter in network.parameters {
      executor.load(
        weights[parameter], at: parameter, group: 0..<seeds.count, byNetwork: true)
    }
    var generator = Generator(seed: 1, stream: .order)
    for input in network.inputs + network.targets {
      let tokens = Tensor(shape: [examples, 6], kind: .whole) { _ in
        Float(generator.index(below: 5))
      }
      executor.load(tokens, at: input, group: 0..<1, byNetwork: false)
    }
    executor.run()
    executor.pass(after: network.parameters.map(\.expression))()
    return zip(roots, executor.roots).map { root, place in
      (0..<root.type.count(examples: examples)).flatMap { index in
        (0..<L.width).map { place[index][$0] }
      }
    }
  }

  @Test(arguments: [1, 7, 60, 96])
  func changeNoBit(examples: Int) throws {
    #expect(
      try values(examples: examples, keepsAll: true, as: Float.self)
        == values(examples: examples, keepsAll: false, as: Float.self))
    #expect(
      try values(examples: examples, keepsAll: true, as: SIMD16<Float>.self)
        == values(examples: examples, keepsAll: false, as: SIMD16<Float>.self))
  }

  @Test(arguments: [2, 3, 8])
  func areSharedByThreads(threads: Int) throws {
    for examples in [97, 211] {
      #expect(
        try values(examples: examples, keepsAll: false, threads: threads, as: Float.self)
          == values(examples: examples, keepsAll: true, as: Float.self))
      #expect(
        try values(examples: examples, keepsAll: false, threads: threads, as: SIMD16<Float>.self)
          == values(examples: examples, keepsAll: true, as: SIMD16<Float>.self))
    }
  }

  @Test func divideTheExamplesAndFitTheCache() throws {
    let order = topological([network.objective])
    let plan = MemoryPlan(
      order, roots: [network.objective], examples: 96, keepsAll: false,
      stride: MemoryLayout<SIMD16<Float>>.stride)
    #expect(plan.chunks.first?.lowerBound == 0 && plan.chunks.last?.upperBound == 96)
    #expect(zip(plan.chunks, plan.chunks.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
    #expect(plan.chunks.dropLast().allSatisfy { $0.count == plan.chunkSize })
    #expect(plan.chunks.count > 1)
    let bytes = plan.slots.filter(\.variesByExample)
      .reduce(0) { $0 + $1.count(examples: plan.chunkSize) * 64 }
    #expect(bytes <= MemoryPlan.budget(stride: 64, still: 0))
    let whole = MemoryPlan(
      order, roots: [network.objective], examples: 96, keepsAll: true, stride: 64)
    #expect(whole.chunkSize == 96 && !whole.isTransient)
  }

  /// A scan sums over examples within its steps, so its graph is never cut into chunks.
  @Test func areNotCutThroughAScan() throws {
    let x = Input("x", [3, 200], kind: .reals)
    let w = Parameter("W", [200, 200], .zeros)
    let run = scan(carry: [constant(Tensor(repeating: 0, shape: [200]))], over: [x]) { carry, now in
      (carry: [tanh(carry[0] • w + now[0])], outputs: [])
    }
    let loss = exampleMean(sum(run.carry[0]))
    let slope = gradient(of: loss, by: [w.expression])
    let plan = MemoryPlan(
      topological([loss] + slope), roots: [loss] + slope, examples: 64, keepsAll: false,
      stride: 64)
    #expect(plan.chunkSize == 64)
  }
}
