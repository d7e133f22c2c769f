import Tensors

/// Noise that a network is trained in: zero when it is run, recorded or evaluated.
///
/// ```swift
/// let hidden = Site("hidden", relu(x • w1 + b1) + noise([16], deviation: 0.3))
/// ```
///
/// While training, each seed draws it anew from N(0, deviation²) for every example of every step, from a stream of
/// its own: a twin without noise is trained on the same examples in the same order. In the body of a scan it would be
/// the same at every step; give the scan a sequence of it instead.
///
/// - Shape: `shape` for one example.
public func noise(_ shape: Shape, deviation: Float) -> Expression {
  Expression(Noise(shape: shape, deviation: deviation), [])
}

/// A leaf that holds zeros unless training fills it.
struct Noise: Operation {
  let shape: Shape
  let deviation: Float

  let name = "noise"
  let documentation =
    "Zeros, in the node's shape for each example. (While training they are drawn anew from "
    + "N(0, `deviation`²) for every example of every step.)"

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["deviation": .numbers([deviation])]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    guard deviation.isFinite, deviation >= 0 else {
      throw ShapeError("noise cannot have the deviation \(deviation)")
    }
    return [ValueType(shape: shape, variesByExample: true)]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { {} }
  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

/// Draws the noise of each step for the networks of one group, each network's from its own stream.
struct NoiseFeeder<L: Lane> {
  /// The leaves that are filled.
  let leaves: [Expression]
  private let places: [(values: UnsafeMutablePointer<L>, count: Int, deviation: Float)]
  private var generators: [Generator]

  init(_ roots: [Expression], _ executor: Executor<L>, seeds: [Int]) {
    let nodes = topological(roots).filter { $0.operation is Noise }
    leaves = nodes.map { Expression($0) }
    places = nodes.compactMap { node in
      guard let noise = node.operation as? Noise,
        let place = executor.place(of: Expression(node))
      else { return nil }
      return (place, node.results[0].count(examples: executor.examples), noise.deviation)
    }
    generators = seeds.map { Generator(seed: $0, stream: .noise) }
  }

  /// Writes the next step's noise; lanes that no network has stay as they are.
  mutating func fill() {
    for (values, count, deviation) in places {
      for index in stride(from: 0, to: count, by: 2) {
        for lane in generators.indices {
          let pair = generators[lane].normalPair()
          values[index][lane] = deviation * pair.0
          if index + 1 < count { values[index + 1][lane] = deviation * pair.1 }
        }
      }
    }
  }
}
