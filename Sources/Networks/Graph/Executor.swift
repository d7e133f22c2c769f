import Tensors

/// Runs a graph for a number of examples, for as many networks as a lane holds.
///
/// Everything is planned when it is made: the order, the places in memory, the kernels. A run allocates
/// nothing. An executor belongs to one thread.
///
/// Where only sums over the examples and the roots are asked for, as in training, the examples go through in chunks
/// that stay in the processor's cache. Sums continue from chunk to chunk, so the size of a chunk changes no bit.
final class Executor<L: Lane> {
  let examples: Int
  /// Where the values lie that the executor was made for.
  private(set) var roots: [UnsafeMutablePointer<L>] = []
  private let plan: MemoryPlan
  private let chunk: ExampleChunk
  private var places: [Expression: UnsafeMutablePointer<L>] = [:]
  private var storage: [UnsafeMutablePointer<L>] = []
  private var kernels: [Kernel] = []
  private var whole = Work([])
  /// What every chunk takes from the inputs before it runs, and puts to the roots after.
  private var taken: [Copy] = []
  private var put: [Copy] = []

  private struct Kernel {
    let node: Node
    let phase: MemoryPlan.Phase
    let run: () -> Void
  }

  /// Kernels by when they run: once before the chunks, for each of them, once after.
  private struct Work {
    let before, each, after: [() -> Void]

    init(_ kernels: [Kernel]) {
      before = kernels.filter { $0.phase == .before }.map(\.run)
      each = kernels.filter { $0.phase == .each }.map(\.run)
      after = kernels.filter { $0.phase == .after }.map(\.run)
    }
  }

  /// Numbers that move between a chunk's place and their place among all examples.
  private struct Copy {
    let chunk: UnsafeMutablePointer<L>
    let all: UnsafeMutablePointer<L>
    let size: Int
  }

  /// Plans the running of a graph.
  ///
  /// - Parameters:
  ///   - roots: What is asked for.
  ///   - examples: How many examples there are.
  ///   - keepsAll: Whether every value is there to be read, and only what changed is computed again.
  init(_ roots: [Expression], examples: Int, keepsAll: Bool = true) {
    self.examples = examples
    let order = topological(roots)
    plan = MemoryPlan(
      order, roots: Set(roots), examples: examples, keepsAll: keepsAll,
      stride: MemoryLayout<L>.stride)
    chunk = ExampleChunk(size: plan.chunkSize, total: examples)
    let slots = plan.slots.map { allocate($0.count(examples: plan.chunkSize)) }
    for (value, slot) in plan.slotOfValue { places[value] = slots[slot] }
    var used = Set(roots)
    for node in order { used.formUnion(node.operands) }
    for node in order where !node.operands.isEmpty || node.operation is Constant {
      let results = node.results.indices.map { Expression(node, index: $0) }
      let binding = Binding<L>(
        operands: node.operands.compactMap { places[$0] }, operandTypes: node.operands.map(\.type),
        results: results.compactMap { places[$0] }, resultTypes: node.results,
        used: results.map(used.contains), examples: plan.chunkSize, chunk: chunk)
      let kernel = node.operation.isView ? {} : node.operation.kernel(binding)
      if !node.operands.isEmpty {
        kernels.append(Kernel(node: node, phase: plan.phases[node] ?? .each, run: kernel))
      }
    }
    whole = Work(kernels)
    if plan.chunkSize < examples { spread(order, roots) }
    self.roots = roots.compactMap { places[$0] }
  }

  deinit { storage.forEach { $0.deallocate() } }

  private func allocate(_ count: Int) -> UnsafeMutablePointer<L> {
    let place = UnsafeMutablePointer<L>.allocate(capacity: max(count, 1))
    place.initialize(repeating: .zero, count: max(count, 1))
    storage.append(place)
    return place
  }

  /// Gives inputs and roots a place for all examples beside that of one chunk.
  private func spread(_ order: [Node], _ roots: [Expression]) {
    func spread(_ value: Expression, _ copies: inout [Copy]) {
      guard value.variesByExample, let place = places[value] else { return }
      let all = allocate(value.type.count(examples: examples))
      copies.append(Copy(chunk: place, all: all, size: value.shape.count))
      places[value] = all
    }
    for node in order where node.operands.isEmpty { spread(Expression(node), &taken) }
    for root in Set(roots) where !root.node.operands.isEmpty { spread(root, &put) }
  }

  /// Where a value lies: examples outermost if it varies by them, then its shape, then the networks.
  ///
  /// - Returns: Nil if no root depends on the value.
  func place(of value: some Traced) -> UnsafeMutablePointer<L>? { places[value.expression] }

  /// Computes everything.
  func run() { run(whole) }

  private func run(_ work: Work) {
    for kernel in work.before { kernel() }
    for first in stride(from: 0, to: max(examples, 1), by: max(chunk.size, 1)) {
      chunk.first = first
      for copy in taken {
        copy.chunk.update(from: copy.all + first * copy.size, count: chunk.size * copy.size)
      }
      for kernel in work.each { kernel() }
      for copy in put {
        (copy.all + first * copy.size).update(from: copy.chunk, count: chunk.size * copy.size)
      }
    }
    for kernel in work.after { kernel() }
  }

  /// The part of the work that lies downstream of some values.
  ///
  /// - Returns: What to call after those values have been changed, and nothing else has.
  func pass(after changed: [Expression]) -> () -> Void {
    var dirty = Set(changed.map(\.node))
    var part: [Kernel] = []
    for kernel in kernels {
      let isDirty = kernel.node.operands.contains { dirty.contains($0.node) }
      if isDirty { dirty.insert(kernel.node) }
      // What others have taken the place of has to be computed again.
      if isDirty || (kernel.phase == .each && plan.isTransient) { part.append(kernel) }
    }
    let work = Work(part)
    return { [self] in run(work) }
  }
}

/// The examples that a run of the kernels sees: `size` of them from `first` on.
final class ExampleChunk {
  let size: Int
  let total: Int
  fileprivate(set) var first = 0

  init(size: Int, total: Int) { (self.size, self.total) = (size, total) }
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
