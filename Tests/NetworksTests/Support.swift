import Tensors

@testable import Networks

/// Numbers of [−scale, scale), reproducible.
func randomScalars(_ count: Int, seed: Int, scale: Float = 1) -> [Float] {
  var generator = Generator(seed: seed, stream: .analysis)
  return (0..<count).map { _ in scale * (2 * generator.uniform() - 1) }
}

func randomTensor(_ shape: Shape, seed: Int, scale: Float = 1) -> Tensor {
  let scalars = randomScalars(shape.count, seed: seed, scale: scale)
  return Tensor(shape: shape) { scalars[$0] }
}

/// Computes expressions of one network from the numbers of their leaves.
func computed(
  _ roots: [Expression], examples: Int, _ leaves: [(leaf: any Traced, scalars: [Float])]
) -> [[Float]] {
  let executor = Executor<Float>(roots, examples: examples)
  for (leaf, scalars) in leaves {
    guard let place = executor.place(of: leaf.expression) else { continue }
    for (index, scalar) in scalars.enumerated() { place[index] = scalar }
  }
  executor.run()
  return zip(roots, executor.roots).map { root, place in
    (0..<root.type.count(examples: examples)).map { place[$0] }
  }
}

/// The values of a network of tokens, three to each input, with random weights on random examples.
func computed(
  _ roots: [Expression], onTokens vocabulary: Int, examples: Int, _ network: Network
) -> [[Float]] {
  let weights = network.initialWeights(seeds: [3])
  var generator = Generator(seed: 1, stream: .order)
  let inputs = (network.inputs + network.targets).map { input in
    (
      leaf: input as any Traced,
      scalars: (0..<examples * 3).map { _ in Float(generator.index(below: vocabulary)) }
    )
  }
  return computed(
    roots, examples: examples,
    network.parameters.map { ($0, weights[$0].scalars) } + inputs)
}

/// Computes expressions of sixteen networks side by side.
func computedInLanes(
  _ roots: [Expression], examples: Int,
  _ leaves: [(leaf: any Traced, scalars: (_ network: Int) -> [Float])]
) -> [[SIMD16<Float>]] {
  let executor = Executor<SIMD16<Float>>(roots, examples: examples)
  for (leaf, scalars) in leaves {
    guard let place = executor.place(of: leaf.expression) else { continue }
    for network in 0..<16 {
      for (index, scalar) in scalars(network).enumerated() { place[index][network] = scalar }
    }
  }
  executor.run()
  return zip(roots, executor.roots).map { root, place in
    (0..<root.type.count(examples: examples)).map { place[$0] }
  }
}

/// Whether two arrays have the same bits; all NaNs are one.
func same(_ left: [Float], _ right: [Float]) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
}

func same(_ left: Tensor, _ right: Tensor) -> Bool {
  left.shape == right.shape && same(left.scalars, right.scalars)
}

func same(_ left: Weights, _ right: Weights) -> Bool {
  left.tensors.keys == right.tensors.keys
    && left.tensors.allSatisfy { name, tensor in right[name].map { same($0, tensor) } ?? false }
}

func isClose(_ left: [Float], _ right: [Double], _ tolerance: Double) -> Bool {
  left.count == right.count
    && zip(left, right).allSatisfy { Swift.abs(Double($0) - $1) <= tolerance * (1 + Swift.abs($1)) }
}

/// What an error says, or that there was none.
func message(_ body: () throws -> some Any) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

/// A perceptron with one hidden layer, whose parts tests reach for.
struct Perceptron {
  let x, target: Input
  let w1, b1, w2: Parameter
  let hidden, output: Site
  let network: Network

  init(width: Int = 3, penalty: Bool = false) throws {
    x = Input("x", [2], kind: .signs)
    target = Input("target", [1], kind: .signs)
    w1 = Parameter("W1", [2, width], .normal(deviation: 0.9))
    b1 = Parameter("b1", [width], .uniform(bound: 0.5))
    w2 = Parameter("W2", [width, 1], .normal(deviation: 0.6))
    hidden = Site("hidden", tanh(x • w1 + b1))
    output = Site("output", hidden • w2)
    network = try Network(
      output: output, loss: square(output - target),
      penalty: penalty ? Float(0.001) * sum(abs(w1)) : nil,
      correct: less(Float(0), output * target).reshaped([]))
  }

  /// All four corners with the answers of XOR.
  static func corners() throws -> Examples {
    try Examples([
      "x": Tensor([-1, -1, -1, 1, 1, -1, 1, 1], shape: [4, 2]),
      "target": Tensor([-1, 1, 1, -1], shape: [4, 1]),
    ])
  }
}
