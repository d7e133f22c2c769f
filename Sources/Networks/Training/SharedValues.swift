import Synchronization
import Tensors

/// A graph to which its values that are the same for all networks are given.
///
/// What depends on no parameter, such as answers as rows of zeros and ones, masks, or factors that come of constants, is
/// computed once for all networks and not once for each.
struct SharedValues {
  /// The graph's roots, with a leaf in the place of each value that is given.
  let roots: [Expression]
  let leaves: [Expression]
  /// What the leaves stand for.
  let values: [Expression]

  /// Finds the values.
  ///
  /// - Parameters:
  ///   - roots: What is asked for.
  ///   - inputsAreShared: Whether all networks see the same examples.
  init(_ roots: [Expression], inputsAreShared: Bool) {
    let order = topological(roots)
    var own: Set<Node> = []
    for node in order {
      let isOwn =
        node.operands.isEmpty
        ? !(node.operation is Constant || (inputsAreShared && Input(node) != nil))
        : node.operands.contains { own.contains($0.node) }
      if isOwn { own.insert(node) }
    }
    var values: [Expression] = []
    var seen: Set<Expression> = []
    let read = order.filter(own.contains).flatMap(\.operands) + roots
    for value in read where !own.contains(value.node) && !(value.node.operation is Constant) {
      if seen.insert(value).inserted { values.append(value) }
    }
    let leaves = values.map {
      Expression(Leaf(role: .slot, label: nil, type: $0.type), [])
    }
    (self.values, self.leaves) = (values, leaves)
    self.roots = substituting(
      Dictionary(uniqueKeysWithValues: zip(values, leaves)), in: roots)
  }
}

/// The shared values of every step, in order of the steps, made by whoever is first to need them.
final class StepValues: @unchecked Sendable {
  /// Where each value begins among the numbers of a step.
  let offsets: [Int]
  /// Whether all steps have the same values.
  let isStill: Bool

  /// The most bytes that the values of all steps may take to be kept for other groups.
  private static let mostKept = 64 << 20

  private let executor: Executor<Float>
  private var feeder: BatchFeeder<Float>?
  private let stride: Int
  private let kept: Int
  private let memory: UnsafeMutablePointer<Float>
  private let made = Atomic<Int>(0)
  private let making = Mutex<Void>(())

  /// Plans the values.
  ///
  /// - Parameters:
  ///   - shared: What they are.
  ///   - network: The network that is trained.
  ///   - data: The examples of each step; the values depend on them only where they are shared.
  ///   - batch: How many there are.
  ///   - steps: How many steps there will be.
  ///   - keepsAll: Whether the values of all steps are kept; else those of one at a time.
  init(
    _ shared: SharedValues, of network: Network, on data: TrainingData, batch: Int, steps: Int,
    keepsAll: Bool
  ) {
    executor = Executor<Float>(shared.values, examples: batch)
    if data.isShared {
      feeder = BatchFeeder(network, data, seeds: [0], executor, batch: batch)
    }
    isStill = feeder?.isStill ?? true
    let counts = shared.values.map { $0.type.count(examples: batch) }
    offsets = counts.indices.map { counts[..<$0].reduce(0, +) }
    stride = counts.reduce(0, +)
    kept = keepsAll && !isStill ? max(steps, 1) : 1
    memory = .allocate(capacity: max(stride * kept, 1))
  }

  deinit { memory.deallocate() }

  /// Whether the values of all steps are few enough to be kept.
  static func canKeep(_ shared: SharedValues, batch: Int, steps: Int) -> Bool {
    let count = shared.values.reduce(0) { $0 + $1.type.count(examples: batch) }
    return count.multipliedReportingOverflow(by: steps * MemoryLayout<Float>.stride).overflow
      == false && count * steps * MemoryLayout<Float>.stride <= mostKept
  }

  /// The numbers of a step; where one at a time is kept, they last until the next step's are asked for.
  func numbers(at step: Int) -> UnsafePointer<Float> {
    let step = isStill ? 0 : step
    if made.load(ordering: .acquiring) <= step {
      making.withLock { _ in
        // Some more than asked for, so that others need not come for each.
        let last = kept > 1 ? min(step + 16, kept - 1) : step
        while made.load(ordering: .relaxed) <= last { make() }
      }
    }
    return UnsafePointer(memory + step % kept * stride)
  }

  private func make() {
    feeder?.fill()
    executor.run()
    let step = made.load(ordering: .relaxed)
    let out = memory + step % kept * stride
    for (index, root) in executor.roots.enumerated() {
      let count =
        index + 1 < offsets.count ? offsets[index + 1] - offsets[index] : stride - offsets[index]
      (out + offsets[index]).update(from: root, count: count)
    }
    made.store(step + 1, ordering: .releasing)
  }
}
