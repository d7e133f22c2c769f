import Tensors

/// Runs a graph for a number of examples, for as many networks as a lane holds.
///
/// Everything is planned when it is made: the order, the places in memory, the kernels. A run allocates
/// nothing. An executor belongs to one thread.
final class Executor<L: Lane> {
  let examples: Int
  private var places: [Expression: UnsafeMutablePointer<L>] = [:]
  private var storage: [UnsafeMutablePointer<L>] = []
  /// Where the values lie that the executor was made for.
  private(set) var roots: [UnsafeMutablePointer<L>] = []
  private var kernels: [(node: Node, run: () -> Void)] = []

  init(_ roots: [Expression], examples: Int) {
    self.examples = examples
    let order = topological(roots)
    var used = Set(roots)
    for node in order { used.formUnion(node.operands) }
    for node in order {
      for index in node.results.indices {
        let count = node.results[index].count(examples: examples)
        let place = UnsafeMutablePointer<L>.allocate(capacity: max(count, 1))
        place.initialize(repeating: .zero, count: max(count, 1))
        storage.append(place)
        places[Expression(node, index: index)] = place
      }
    }
    self.roots = roots.compactMap { places[$0] }
    for node in order {
      let results = node.results.indices.map { Expression(node, index: $0) }
      let binding = Binding<L>(
        operands: node.operands.compactMap { places[$0] }, operandTypes: node.operands.map(\.type),
        results: results.compactMap { places[$0] }, resultTypes: node.results,
        used: results.map(used.contains), examples: examples)
      let kernel = node.operation.kernel(binding)
      if !node.operands.isEmpty { kernels.append((node, kernel)) }
    }
  }

  deinit { storage.forEach { $0.deallocate() } }

  /// Where a value lies: examples outermost if it varies by them, then its shape, then the networks.
  ///
  /// - Returns: Nil if no root depends on the value.
  func place(of value: some Traced) -> UnsafeMutablePointer<L>? { places[value.expression] }

  /// Computes everything.
  func run() { for kernel in kernels { kernel.run() } }

  /// The part of the work that lies downstream of some values.
  ///
  /// - Returns: What to call after those values have been changed, and nothing else has.
  func pass(after changed: [Expression]) -> () -> Void {
    var dirty = Set(changed.map(\.node))
    var part: [() -> Void] = []
    for (node, run) in kernels where node.operands.contains(where: { dirty.contains($0.node) }) {
      dirty.insert(node)
      part.append(run)
    }
    return { for run in part { run() } }
  }
}

extension Executor {
  /// Writes a tensor where a value lies, spread over the examples and networks that it does not tell apart.
  ///
  /// - Parameters:
  ///   - tensor: `[shape...]`, `[examples, shape...]` or `[networks, examples, shape...]`, the first two for all
  ///     networks alike.
  ///   - value: The leaf that receives it.
  ///   - group: Which networks of the tensor lie in the lanes; lanes beyond them repeat the last.
  ///   - byNetwork: Whether the tensor's first axis is that of the networks.
  func load(_ tensor: Tensor, at value: some Traced, group: Range<Int>, byNetwork: Bool) {
    guard let place = place(of: value) else { return }
    let count = value.expression.type.count(examples: examples)
    let single = value.expression.shape.count
    let perNetwork = byNetwork ? tensor.count / max(tensor.shape[0], 1) : 0
    let repeated = (byNetwork ? perNetwork : tensor.count) == single && count != single
    tensor.scalars.withUnsafeBufferPointer { scalars in
      for lane in 0..<L.width {
        let network = min(group.lowerBound + lane, max(group.upperBound - 1, 0))
        let base = byNetwork ? network * perNetwork : 0
        for index in 0..<count {
          place[index][lane] = scalars[base + (repeated ? index % single : index)]
        }
      }
    }
  }

  /// Reads what lies at a value for the networks of a group into their places of a tensor.
  ///
  /// - Shape: `[networks, examples, shape...]`, or `[networks, shape...]` for what does not vary by example.
  func store(_ value: some Traced, group: Range<Int>, into scalars: UnsafeMutablePointer<Float>) {
    guard let place = place(of: value) else { return }
    let count = value.expression.type.count(examples: examples)
    for lane in 0..<group.count {
      let out = scalars + (group.lowerBound + lane) * count
      for index in 0..<count { out[index] = place[index][lane] }
    }
  }
}
