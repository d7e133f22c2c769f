import Tensors

/// The work of one node, with all places in memory settled.
struct Kernel {
  let node: Node
  let run: Run
}

/// A function that can stand in an array without another around it, as a bare one would.
struct Run {
  let body: () -> Void

  init(_ body: @escaping () -> Void) { self.body = body }
}

/// Some pieces of work as one.
///
/// A function that holds the others, which it need not count references to as a loop over an array does.
func inOrder(_ runs: [Run]) -> () -> Void {
  func body(_ index: Int) -> () -> Void { index < runs.count ? runs[index].body : {} }
  switch runs.count {
  case 0...1: return body(0)
  case 2...4:
    let (a, b, c, d) = (body(0), body(1), body(2), body(3))
    return {
      a()
      b()
      c()
      d()
    }
  case 5...8:
    let (a, b, c, d) = (body(0), body(1), body(2), body(3))
    let (e, f, g, h) = (body(4), body(5), body(6), body(7))
    return {
      a()
      b()
      c()
      d()
      e()
      f()
      g()
      h()
    }
  default:
    return inOrder(
      stride(from: 0, to: runs.count, by: 8).map {
        Run(inOrder(Array(runs[$0..<min($0 + 8, runs.count)])))
      })
  }
}

/// The examples that a run of the kernels sees: `size` of them from `first` on.
final class ExampleChunk {
  let size: Int
  let total: Int
  fileprivate(set) var first = 0
  /// Counts the runs through all examples.
  fileprivate(set) var pass = 0

  init(size: Int, total: Int) { (self.size, self.total) = (size, total) }
}

/// What takes chunks of examples through a graph: memory for one chunk, and the kernels bound to it.
final class ChunkRunner<L: Lane> {
  /// The kernels for one size of the chunks.
  struct Work {
    fileprivate let chunk: ExampleChunk
    fileprivate let kernels: [Kernel]
    fileprivate let run: () -> Void

    fileprivate init(_ chunk: ExampleChunk, _ kernels: [Kernel]) {
      (self.chunk, self.kernels) = (chunk, kernels)
      run = inOrder(kernels.map(\.run))
    }
  }

  private(set) var places: [Expression: UnsafeMutablePointer<L>]
  private let turns: [Node: Turns]
  private var storage: [UnsafeMutablePointer<L>] = []
  private var works: [Work] = []
  /// What every chunk takes from the inputs before it runs, and puts to the roots after.
  private var taken: [Copy] = []
  private var put: [Copy] = []
  /// What every chunk takes from the numbers that all networks are given.
  private var given: [(place: UnsafeMutablePointer<L>, size: Int, source: Given<L>)] = []
  private var givenApart: [(place: SharedPlace, size: Int, source: Given<L>)] = []
  /// Where it stands where the numbers of a chunk lie that all networks have alike.
  private(set) var apart: [Expression: SharedPlace] = [:]

  /// Numbers that move between a chunk's place and their place among all examples.
  private struct Copy {
    let chunk: UnsafeMutablePointer<L>
    let all: UnsafeMutablePointer<L>
    let size: Int
  }

  /// Binds the nodes of a plan to memory.
  ///
  /// - Parameters:
  ///   - plan: Where values lie and how large the chunks are.
  ///   - nodes: What is computed for each chunk.
  ///   - places: Where what is the same for all chunks lies.
  ///   - apart: The leaves whose numbers all networks have alike, and that are read so.
  ///   - used: The values that somebody reads.
  ///   - memories: What the runners of a node have in common.
  ///   - turns: The order of the chunks in each sum over examples, if there are several runners.
  ///   - examples: How many there are in all.
  init(
    _ plan: MemoryPlan, _ nodes: [Node], _ places: [Expression: UnsafeMutablePointer<L>],
    _ apart: Set<Expression>, _ used: Set<Expression>, _ memories: [Node: SharedMemory],
    _ turns: [Node: Turns],
    examples: Int
  ) {
    (self.places, self.turns) = (places, turns)
    let slots = plan.slots.map { slot -> UnsafeMutablePointer<L>? in
      guard slot.variesByExample else { return nil }
      let place = UnsafeMutablePointer<L>.zeros(slot.count(examples: plan.chunkSize))
      storage.append(place)
      return place
    }
    for (value, slot) in plan.slotOfValue {
      if let place = slots[slot] { self.places[value] = place }
    }
    for value in apart {
      let place = SharedPlace.allocate(capacity: 1)
      // Numbers are given before the first run.
      place.initialize(to: UnsafeRawPointer(place).assumingMemoryBound(to: Float.self))
      self.apart[value] = place
    }
    for size in Set(plan.chunks.map(\.count)) {
      let chunk = ExampleChunk(size: size, total: examples)
      let kernels = nodes.compactMap { node in
        memories[node].flatMap { node.kernel(self.places, self.apart, used, chunk, $0) }
      }
      works.append(Work(chunk, kernels))
    }
  }

  deinit {
    storage.forEach { $0.deallocate() }
    apart.values.forEach { $0.deallocate() }
  }

  /// Has a leaf read from, or a root written to, its place among all examples.
  func spread(_ value: Expression, at all: UnsafeMutablePointer<L>, areRead: Bool) {
    guard let place = places[value] else { return }
    let copy = Copy(chunk: place, all: all, size: value.shape.count)
    if areRead { taken.append(copy) } else { put.append(copy) }
  }

  /// Has a leaf read from the numbers that all networks are given.
  func take(_ value: Expression, from source: Given<L>) {
    if let place = apart[value] { givenApart.append((place, value.shape.count, source)) }
    if let place = places[value] { given.append((place, value.shape.count, source)) }
  }

  /// Some of the kernels, for each size of the chunks.
  func work(_ isWanted: (Kernel) -> Bool) -> [Work] {
    works.map { Work($0.chunk, $0.kernels.filter(isWanted)) }
  }

  /// Some of the kernels as one function; nil if there is more than one chunk.
  func alone(_ works: [Work]) -> (() -> Void)? {
    guard works.count == 1, works[0].chunk.size == works[0].chunk.total else { return nil }
    let (chunk, run) = (works[0].chunk, works[0].run)
    return {
      chunk.pass += 1
      run()
    }
  }

  func resetTurns() { turns.values.forEach { $0.reset() } }

  /// Takes one chunk through some of the kernels; sums over examples wait for the chunks before it.
  func run(_ works: [Work], _ range: Range<Int>, turn: Int, pass: Int) {
    guard let work = works.first(where: { $0.chunk.size == range.count }) else { return }
    let chunk = work.chunk
    (chunk.first, chunk.pass) = (range.lowerBound, pass)
    for copy in taken {
      copy.chunk.update(
        from: copy.all + range.lowerBound * copy.size, count: range.count * copy.size)
    }
    for (place, size, source) in given {
      guard let numbers = source.numbers else { continue }
      repeatAcross(numbers + range.lowerBound * size, into: place, count: range.count * size)
    }
    for (place, size, source) in givenApart {
      guard let numbers = source.numbers else { continue }
      place.pointee = numbers + range.lowerBound * size
    }
    if turns.isEmpty {
      work.run()
    } else {
      for kernel in work.kernels {
        let turns = turns[kernel.node]
        turns?.wait(for: turn)
        kernel.run.body()
        turns?.end(turn)
      }
    }
    for copy in put {
      (copy.all + range.lowerBound * copy.size).update(
        from: copy.chunk, count: range.count * copy.size)
    }
  }
}

extension Node {
  /// The node's work on one chunk; nil for a leaf or a view, which have none.
  func kernel<L: Lane>(
    _ places: [Expression: UnsafeMutablePointer<L>],
    _ apart: [Expression: SharedPlace], _ used: Set<Expression>,
    _ chunk: ExampleChunk, _ memory: SharedMemory
  ) -> Kernel? {
    guard !operands.isEmpty || operation is Constant, !operation.isView else { return nil }
    let values = results.indices.map { Expression(self, index: $0) }
    let shared = operands.indices.compactMap { slot in apart[operands[slot]].map { (slot, $0) } }
    let binding = Binding<L>(
      // A place that means nothing stands for an operand that lies apart.
      operands: operands.compactMap { places[$0] ?? (apart[$0] == nil ? nil : places[values[0]]) },
      shared: Dictionary(uniqueKeysWithValues: shared), operandTypes: operands.map(\.type),
      results: values.compactMap { places[$0] }, resultTypes: results,
      used: values.map(used.contains), examples: chunk.size, chunk: chunk, memory: memory)
    let run = operation.kernel(binding)
    return operands.isEmpty ? nil : Kernel(node: self, run: Run(run))
  }
}
