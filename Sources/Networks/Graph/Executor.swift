import Tensors

/// The fewest operations of a run that are worth the waking of a second thread.
let threadedOperations = 2_000_000

/// Runs a graph for a number of examples, for as many networks as a lane holds.
///
/// Everything is planned when it is made: the order, the places in memory, the kernels. A run allocates
/// nothing. An executor belongs to one thread, which may have others help it.
///
/// Where only sums over the examples and the roots are asked for, as in training, the examples go through in chunks
/// that stay in the processor's cache. Sums continue from chunk to chunk in order, so that neither the size of a chunk
/// nor the number of threads changes a bit.
final class Executor<L: Lane> {
  let examples: Int
  /// Where the values lie that the executor was made for.
  private(set) var roots: [UnsafeMutablePointer<L>] = []
  private let plan: MemoryPlan
  private var places: [Expression: UnsafeMutablePointer<L>] = [:]
  /// What receives the numbers of the leaves that all networks are given, in their order.
  private(set) var given: [Given<L>] = []
  private var storage: [UnsafeMutablePointer<L>] = []
  /// The memory of its values.
  var byteCount: Int {
    MemoryLayout<L>.stride
      * plan.slots.reduce(0) { $0 + $1.count(examples: min(examples, plan.chunkSize)) }
  }
  /// What does not vary by example and is no sum over the examples.
  private var still: [Kernel] = []
  /// One for each thread, with places of its own for what varies by example.
  private var runners: [ChunkRunner<L>] = []
  private var whole = Work()
  private let next = Turns()
  private var passes = 0

  /// Kernels by when they run: once before the chunks, for each of them (by runner), once after.
  private struct Work {
    var before: () -> Void = {}
    /// For each runner, by the size of the chunks.
    var each: [[ChunkRunner<L>.Work]] = []
    var after: () -> Void = {}
    /// All of it, if one thread takes one chunk through.
    var all: (() -> Void)?
  }

  /// Plans the running of a graph.
  ///
  /// - Parameters:
  ///   - roots: What is asked for.
  ///   - examples: How many examples there are.
  ///   - keepsAll: Whether every value is there to be read, and only what changed is computed again.
  ///   - threads: How many threads may share the chunks; the numbers do not depend on it.
  ///   - leaves: Those whose numbers are the same for all networks.
  init(
    _ roots: [Expression], examples: Int, keepsAll: Bool = true, threads: Int = 1,
    given leaves: [Expression] = []
  ) {
    self.examples = examples
    let order = topological(roots)
    var used = Set(roots)
    for node in order { used.formUnion(node.operands) }
    // A few numbers are read faster as those of each network.
    let many = leaves.filter { $0.type.count(examples: examples) >= 64 }
    let apart = Self.apart(many, order, roots)
    plan = MemoryPlan(
      order, roots: roots, examples: examples, keepsAll: keepsAll,
      stride: MemoryLayout<L>.stride, apart: apart)
    let slots = plan.slots.map { $0.variesByExample ? nil : allocate($0.size) }
    for (value, slot) in plan.slotOfValue { places[value] = slots[slot] }
    let all = ExampleChunk(size: examples, total: examples)
    for node in order where plan.phases[node].map({ $0 != .each }) ?? false {
      if let kernel = node.kernel(places, [:], used, all, SharedMemory()) { still.append(kernel) }
    }
    // Networks side by side have sums so large that to hand them from thread to thread takes longer than to make them.
    let isWorthIt =
      L.width == 1 && graphOperationCount(roots, examples: examples) >= threadedOperations
    let count = isWorthIt ? max(min(threads, plan.chunks.count), 1) : 1
    let varying = order.filter { plan.phases[$0] ?? .each == .each }
    let sums = varying.filter { !$0.results.allSatisfy(\.variesByExample) }
    let memories = Dictionary(uniqueKeysWithValues: varying.map { ($0, SharedMemory()) })
    let turns = Dictionary(uniqueKeysWithValues: (count > 1 ? sums : []).map { ($0, Turns()) })
    runners = (0..<count).map { _ in
      ChunkRunner(plan, varying, places, apart, used, memories, turns, examples: examples)
    }
    places.merge(runners[0].places) { shared, _ in shared }
    given = leaves.map { leaf in
      let inChunks = leaf.variesByExample && (plan.chunks.count > 1 || runners.count > 1)
      if !inChunks {
        let count = leaf.type.count(examples: examples)
        return Given(places[leaf], runners[0].apart[leaf], count: count)
      }
      let given = Given<L>(nil, nil, count: 0)
      runners.forEach { $0.take(leaf, from: given) }
      return given
    }
    if plan.chunks.count > 1 { spread(order, roots, except: Set(leaves)) }
    whole = work { _ in true }
    self.roots = roots.compactMap { places[$0] }
  }

  deinit { storage.forEach { $0.deallocate() } }

  /// The leaves all of whose readers can read numbers that are the same for all networks.
  private static func apart(_ leaves: [Expression], _ order: [Node], _ roots: [Expression])
    -> Set<Expression>
  {
    var apart = Set(leaves.filter(\.variesByExample)).subtracting(roots)
    for node in order {
      for (slot, operand) in node.operands.enumerated()
      where !node.results.contains(where: \.variesByExample) && !node.operation.continuesSums
        || !node.operation.takesShared(slot, of: node)
      {
        apart.remove(operand)
      }
    }
    return apart
  }

  private func allocate(_ count: Int) -> UnsafeMutablePointer<L> {
    let place = UnsafeMutablePointer<L>.zeros(count)
    storage.append(place)
    return place
  }

  /// Gives inputs and roots a place for all examples beside that of one chunk.
  private func spread(_ order: [Node], _ roots: [Expression], except given: Set<Expression>) {
    let leaves = order.filter(\.operands.isEmpty).map { Expression($0) }
      .filter { !given.contains($0) }
    let computed = Set(roots.filter { !$0.node.operands.isEmpty })
    for (values, areRead) in [(leaves, true), (Array(computed), false)] {
      for value in values where value.variesByExample {
        let all = allocate(value.type.count(examples: examples))
        for runner in runners { runner.spread(value, at: all, areRead: areRead) }
        places[value] = all
      }
    }
  }

  private func work(_ isWanted: (Kernel) -> Bool) -> Work {
    let wanted = still.filter(isWanted)
    var work = Work(
      before: inOrder(wanted.filter { plan.phases[$0.node] == .before }.map(\.run)),
      each: runners.map { $0.work(isWanted) },
      after: inOrder(wanted.filter { plan.phases[$0.node] == .after }.map(\.run)))
    if runners.count == 1, let chunk = runners[0].alone(work.each[0]) {
      work.all = inOrder([Run(work.before), Run(chunk), Run(work.after)])
    }
    return work
  }

  /// Where a value lies: examples outermost if it varies by them, then its shape, then the networks.
  ///
  /// - Returns: Nil if no root depends on the value.
  func place(of value: some Traced) -> UnsafeMutablePointer<L>? { places[value.expression] }

  /// Computes everything.
  func run() { run(whole) }

  private func run(_ work: Work) {
    if let all = work.all { return all() }
    passes += 1
    work.before()
    if runners.count == 1 {
      for chunk in plan.chunks.indices { run(chunk, work, 0) }
    } else {
      next.reset()
      runners[0].resetTurns()
      inParallel(threads: runners.count) { thread in
        var chunk = next.take()
        while chunk < plan.chunks.count {
          run(chunk, work, thread)
          chunk = next.take()
        }
      }
    }
    work.after()
  }

  private func run(_ chunk: Int, _ work: Work, _ thread: Int) {
    runners[thread].run(work.each[thread], plan.chunks[chunk], turn: chunk, pass: passes)
  }

  /// The part of the work that lies downstream of some values.
  ///
  /// - Parameters:
  ///   - changed: The values.
  ///   - wanted: Those of the roots that are to be read after it, all if none are given.
  /// - Returns: What to call after those values have been changed, and nothing else has.
  func pass(after changed: [Expression], for wanted: [Expression]? = nil) -> () -> Void {
    let upstream = Set(topological(wanted ?? plan.roots))
    var dirty = Set(changed.map(\.node))
    for node in topological(plan.roots)
    where node.operands.contains(where: { dirty.contains($0.node) }) {
      dirty.insert(node)
    }
    // What others have taken the place of has to be computed again.
    let work = work { kernel in
      upstream.contains(kernel.node)
        && (dirty.contains(kernel.node)
          || (plan.isTransient && plan.phases[kernel.node] == .each))
    }
    if let all = work.all { return { [self] in withExtendedLifetime(self, all) } }
    return { [self] in run(work) }
  }
}

/// Receives the numbers of a leaf that are the same for all networks.
final class Given<L: Lane> {
  /// Where they are written at once, for each network or for all; nil if each chunk of examples takes its own.
  private let place: UnsafeMutablePointer<L>?
  private let apart: SharedPlace?
  private let count: Int
  fileprivate(set) var numbers: UnsafePointer<Float>?

  fileprivate init(
    _ place: UnsafeMutablePointer<L>?, _ apart: SharedPlace?, count: Int
  ) {
    (self.place, self.apart, self.count) = (place, apart, count)
  }

  /// Takes the numbers of all examples, which stay where they are until others are given.
  func take(_ numbers: UnsafePointer<Float>) {
    self.numbers = numbers
    if let place { repeatAcross(numbers, into: place, count: count) }
    apart?.pointee = numbers
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
