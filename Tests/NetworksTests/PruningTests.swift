import Tensors
import Testing

@testable import Networks

/// Places that nothing reads are not computed, and those that are read keep their bits.
@Suite struct PruningTests {
  private static let examples = 5

  private let x = Input("x", [4, 6], kind: .reals)
  private let tokens = Input("tokens", [4], kind: .tokens(vocabulary: 3))
  private let w = Parameter("W", [6, 2, 3], .zeros)
  private let v = Parameter("V", [6], .zeros)
  private let table = Parameter("E", [3, 6], .zeros)

  /// Expressions whose axis 0 has four places, and through which a slice of it can be pushed.
  private func values() -> [(name: String, value: Expression)] {
    let column = mean(x, axes: [-1]).reshaped([4, 1])
    let scores = contract("pd,kd->pk", x, tanh(x))
    return [
      ("unary", exp(x)), ("binary", x * v + column), ("left operand", v / (x + 3)),
      ("select", select(less(x, 0), v, x * x)), ("kept axis", contract("pd,dhe->phe", x, w)),
      ("summed axis", contract("kp,kd->pd", scores, x)), ("softmax", softmax(scores)),
      ("log-softmax", logSoftmax(scores)), ("sum", sum(tanh(x), axes: [1])),
      ("maximum", maximum(x * v, axes: [1])), ("split", tanh(x).reshaped([4, 1, 2, 3])),
      ("permuted", exp(x).permuted([1, 0]).permuted([1, 0])), ("site", Site("s", x * 2).expression),
      ("broadcast", v.expression.broadcast(to: ValueType(shape: [4, 6], variesByExample: true))),
      ("one-hot", oneHot(tokens, count: 3)), ("gather", gather(table, tokens)),
      ("slice", sin2(x).sliced(axis: 1, 2..<5)),
    ]
  }

  private func sin2(_ x: some Traced) -> Expression { tanh(x) * tanh(2 * x.expression) }

  private var leaves: [(leaf: any Traced, scalars: [Float])] {
    let tokens = (0..<4 * Self.examples).map { Float($0 * 7 % 3) }
    return [
      (x, randomScalars(24 * Self.examples, seed: 1)), (self.tokens, tokens),
      (w, randomScalars(36, seed: 2)), (v, randomScalars(6, seed: 3)),
      (table, randomScalars(18, seed: 4)),
    ]
  }

  @Test func keepsTheBitsOfEveryOperation() {
    for (name, value) in values() {
      let read = value.sliced(axis: 0, 1..<3)
      let loss = exampleMean(sum(square(read)))
      let small = pruned([loss, read])
      let parameters = [w, v, table].map(\.expression)
      let before = computed(
        [read] + gradient(of: loss, by: parameters), examples: Self.examples, leaves)
      let after = computed(
        [small[1]] + gradient(of: small[0], by: parameters), examples: Self.examples, leaves)
      for (one, other) in zip(before, after) { #expect(one == other, "\(name)") }
    }
  }

  /// Only what has two of the four places is left of an elementwise function.
  @Test func leavesPlacesOut() {
    for (name, value) in values() where name != "broadcast" {
      let read = pruned([value.sliced(axis: 0, 1..<3)])
      let computedSizes = topological(read).filter {
        !$0.operands.isEmpty && !($0.operation is Slice)
          && $0.results[0].shape == value.shape
      }
      #expect(computedSizes.isEmpty, "\(name) is computed whole")
    }
  }

  @Test func keepsWhatSomebodyReads() {
    let y = tanh(x)
    let roots = [y.sliced(axis: 0, 0..<1), y.sliced(axis: 0, 2..<3), y.sliced(axis: 1, 0..<2)]
    #expect(pruned(roots) == roots)
    let hull = pruned(Array(roots.prefix(2)))
    let most = topological(hull).filter { $0.operation is Unary }.map(\.results[0].shape)
    #expect(most == [[3, 6]])
    #expect(pruned([y]) == [y])
  }

  @Test func leavesAScanWhole() {
    let run = scan(carry: [Float(0)], over: [x]) { carry, now in
      let sum = carry[0] + Networks.sum(now[0])
      return (carry: [sum], outputs: [sum])
    }
    let root = run.outputs[0].sliced(axis: 0, 3..<4)
    #expect(pruned([root]) == [root])
  }

  // MARK: A transformer that is read at one position

  private struct Adder {
    let network: Network

    init(layers: Int = 1, causal: Bool = false, read: Range<Int>? = 4..<5) throws {
      let model = try Transformer(
        .init(
          vocabulary: 7, context: 5, dModel: 8, headCount: 2, dHead: 4, layerCount: layers,
          dMLP: 24, isCausal: causal, normalizes: true, hasBiases: true),
        embeddings: .normal(deviation: 0.5)
      ) { .normal(deviation: 1 / Float($0).squareRoot()) }
      let logits = read.map { model.logits.sliced(axis: 0, $0) } ?? model.logits
      let target = Input("target", [logits.shape[0]], kind: .tokens(vocabulary: 7))
      network = try Network(
        output: Site("logits", logits),
        loss: -sum(oneHot(target, count: 7) * logSoftmax(logits), axes: [-1]),
        penalty: 0.01 * sum(square(model.wU)))
    }

    func trained(pruning: Bool) -> [[Float]] {
      let objective = pruning ? pruned([network.objective])[0] : network.objective
      let roots = [objective] + gradient(of: objective, by: network.parameters.map(\.expression))
      let weights = network.initialWeights(seeds: [3])
      var generator = Generator(seed: 1, stream: .order)
      let inputs = (network.inputs + network.targets).map { input in
        (
          leaf: input as any Traced,
          scalars: (0..<12 * input.shape.count).map { _ in Float(generator.index(below: 7)) }
        )
      }
      return computed(
        roots, examples: 12, network.parameters.map { ($0, weights[$0].scalars) } + inputs)
    }
  }

  @Test(arguments: [1, 2], [false, true])
  func keepsTheBitsOfATransformersGradients(layers: Int, causal: Bool) throws {
    for read in [0..<1, 4..<5, 2..<4] {
      let adder = try Adder(layers: layers, causal: causal, read: read)
      #expect(adder.trained(pruning: true) == adder.trained(pruning: false))
    }
  }

  /// Of the products of one layer only those of keys and values are done at all five positions.
  @Test func countsOnlyWhatIsDone() throws {
    func operations(_ read: Range<Int>?) throws -> Int {
      let loss = try Adder(read: read).network.loss
      return topological(pruned([loss])).filter { $0.operation is Contraction }.reduce(0) {
        $0
          + $1.operation.operationCount(
            $1.operands.map(\.type), $1.results, examples: 1)
      }
    }
    let (d, m, p, n) = (8, 24, 5, 7)
    let keysAndValues = 2 * 2 * d * d
    let others = 2 * (2 * d * d + 2 * p * d + 2 * d * m + d * n)
    #expect(try operations(nil) == p * (keysAndValues + others))
    #expect(try operations(4..<5) == p * keysAndValues + others)
  }
}
