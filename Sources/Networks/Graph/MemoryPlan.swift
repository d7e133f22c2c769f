import Tensors

/// What is computed when, and which values may take each other's place in memory.
///
/// A graph that is run in chunks of examples has three phases: what does not vary by example, once before; what
/// varies, and the sums over examples, for each chunk; what follows from those sums, once after.
struct MemoryPlan {
  enum Phase: Hashable { case before, each, after }

  /// A block of memory: numbers for each example of a chunk, or once.
  struct Slot {
    var size: Int
    let variesByExample: Bool

    func count(examples: Int) -> Int { size * (variesByExample ? examples : 1) }
  }

  /// What is read after a run.
  let roots: [Expression]
  private(set) var phases: [Node: Phase] = [:]
  private(set) var slots: [Slot] = []
  private(set) var slotOfValue: [Expression: Int] = [:]
  /// The examples that go through together, equally many but in the last chunk.
  private(set) var chunks: [Range<Int>]
  /// Whether values that vary by example are gone when others have taken their place.
  let isTransient: Bool

  /// What the values of one chunk may take, in bytes, beside those that are the same for all examples.
  ///
  /// As much as a processor's own cache holds for one network, whose gradients are read and written once a chunk; for some
  /// side by side what half of it has left beside the others, but neither little nor so much that nothing else has room.
  static func budget(stride: Int, still: Int) -> Int {
    let cache = 1 << 20
    if stride == MemoryLayout<Float>.stride { return cache }
    return min(max(cache / 2 - still, 192 << 10), 384 << 10)
  }

  /// Plans a graph.
  ///
  /// - Parameters:
  ///   - order: The graph's nodes, each after its operands.
  ///   - roots: What is read after a run.
  ///   - examples: How many examples there are.
  ///   - keepsAll: Whether every value has a place of its own, for all examples.
  ///   - stride: Bytes of a number of all networks.
  ///   - apart: Leaves whose numbers are not among those of the networks.
  init(
    _ order: [Node], roots: [Expression], examples: Int, keepsAll: Bool, stride: Int,
    apart: Set<Expression> = []
  ) {
    self.roots = roots
    chunks = [0..<examples]
    var isInChunks = !keepsAll && examples > 1
    for node in order where isInChunks {
      let (phase, fits) = Self.phase(of: node, phases)
      phases[node] = phase
      isInChunks = fits
    }
    isTransient = isInChunks
    if !isInChunks { phases = [:] }
    assign(order.filter { !apart.contains(Expression($0)) }, Set(roots), reuses: isInChunks)
    guard isInChunks else { return }
    func bytes(_ some: some Sequence<Slot>) -> Int { some.reduce(0) { $0 + $1.size } * stride }
    let budget = Self.budget(stride: stride, still: bytes(slots.filter { !$0.variesByExample }))
    let example = max(bytes(slots.filter(\.variesByExample)), 1)
    // Products go through four examples at a time, however large they are.
    let size = Self.chunkSize(examples, most: max(budget / example, 4))
    chunks = Swift.stride(from: 0, to: examples, by: size).map { $0..<min($0 + size, examples) }
  }

  /// The size of equal chunks of at most so many examples: an even number of chunks, which two threads share evenly.
  private static func chunkSize(_ examples: Int, most: Int) -> Int {
    var count = (examples + most - 1) / most
    if count > 1 { count += count % 2 }
    let size = (examples + count - 1) / count
    // Products go through four or six rows at a time.
    let up = (size + 11) / 12 * 12
    return size < 12 ? size : up <= most ? up : most / 6 * 6
  }

  /// The most examples that go through together.
  var chunkSize: Int { chunks.map(\.count).max() ?? 0 }

  /// When a node is computed, and whether the graph can go on being run in chunks.
  private static func phase(of node: Node, _ phases: [Node: Phase]) -> (Phase, fits: Bool) {
    let varies = node.results.contains(where: \.variesByExample)
    let follows = node.operands.contains { phases[$0.node] == .after || $0.isSum }
    let sums = !varies && node.operands.contains(where: \.variesByExample)
    if varies { return (.each, !follows && !(node.operation is Scan)) }
    if sums { return (.each, !follows && node.operation.continuesSums) }
    return (follows ? .after : .before, true)
  }

  /// Gives each value a slot; one that nobody reads any more leaves its own to others.
  private mutating func assign(_ order: [Node], _ roots: Set<Expression>, reuses: Bool) {
    var owner: [Expression: Expression] = [:]
    var lastUse: [Expression: Int] = [:]
    for (time, node) in order.enumerated() {
      for index in node.results.indices {
        let value = Expression(node, index: index)
        owner[value] =
          node.operation.isView && node.operands[0].variesByExample == value.variesByExample
          ? owner[node.operands[0]] : value
      }
      for operand in node.operands { lastUse[owner[operand] ?? operand] = time }
    }
    let kept = Set(roots.compactMap { owner[$0] })
    var free: [Int] = []
    for (time, node) in order.enumerated() {
      for index in node.results.indices {
        let value = Expression(node, index: index)
        if let owner = owner[value], owner != value {
          slotOfValue[value] = slotOfValue[owner]
          continue
        }
        let slot = Slot(size: value.shape.count, variesByExample: value.variesByExample)
        let fitting = free.indices.filter { slots[free[$0]].size >= slot.size }
          .min { slots[free[$0]].size < slots[free[$1]].size }
        if reuses, slot.variesByExample, !node.operands.isEmpty,
          let place = fitting ?? free.indices.last
        {
          let reused = free.remove(at: place)
          slots[reused].size = max(slots[reused].size, slot.size)
          slotOfValue[value] = reused
        } else {
          slots.append(slot)
          slotOfValue[value] = slots.count - 1
        }
      }
      for value in node.operands.compactMap({ owner[$0] }) {
        guard lastUse[value] == time, value.variesByExample, !kept.contains(value),
          !value.node.operands.isEmpty, let slot = slotOfValue[value], !free.contains(slot)
        else { continue }
        free.append(slot)
      }
    }
  }
}

extension Expression {
  /// Whether the value sums over the examples of what varies by them.
  fileprivate var isSum: Bool {
    !variesByExample && node.operands.contains(where: \.variesByExample)
  }
}
