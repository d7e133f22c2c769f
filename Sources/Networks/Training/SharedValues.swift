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

/// The shared values of some steps after the other, for the groups of one thread.
final class StepValues {
  /// Where each value begins among the numbers of a step.
  let offsets: [Int]
  /// Whether all steps have the same values.
  let isStill: Bool
  /// How many steps are made at once.
  let stepsAtOnce: Int

  /// The bytes of the steps that several groups go through in turn, which stay in a cache.
  private static let most = 1 << 19

  private let executor: Executor<Float>
  private var feeder: BatchFeeder<Float>?
  private let stride: Int
  private let memory: UnsafeMutablePointer<Float>
  private var made = 0..<0

  /// Plans the values.
  ///
  /// - Parameters:
  ///   - shared: What they are.
  ///   - network: The network that is trained.
  ///   - data: The examples of each step; the values depend on them only where they are shared.
  ///   - batch: How many there are.
  ///   - readers: How many groups go through the steps in turn.
  init(
    _ shared: SharedValues, of network: Network, on data: TrainingData, batch: Int, readers: Int
  ) {
    executor = Executor<Float>(shared.values, examples: batch)
    if data.isShared {
      feeder = BatchFeeder(network, data, seeds: [0], executor, batch: batch)
    }
    isStill = feeder?.isStill ?? true
    let counts = shared.values.map { $0.type.count(examples: batch) }
    offsets = counts.indices.map { counts[..<$0].reduce(0, +) }
    stride = counts.reduce(0, +)
    let fitting = Self.most / (max(stride, 1) * MemoryLayout<Float>.stride)
    stepsAtOnce = isStill ? .max : readers == 1 ? 1 : min(max(fitting, 1), 64)
    memory = .zeros(stride * (isStill ? 1 : stepsAtOnce))
    if isStill { make(0) }
  }

  deinit { memory.deallocate() }

  /// Makes the values of steps that follow those made before, in whose place they come.
  func make(_ steps: Range<Int>) {
    precondition(isStill || steps.count <= stepsAtOnce, "More steps than there is room for")
    if isStill { return }
    made = steps
    for step in steps { make(step - steps.lowerBound) }
  }

  /// The numbers of a step, until the next ones are made.
  func numbers(at step: Int) -> UnsafePointer<Float> {
    UnsafePointer(memory + (isStill ? 0 : step - made.lowerBound) * stride)
  }

  private func make(_ place: Int) {
    feeder?.fill()
    executor.run()
    let out = memory + place * stride
    for (index, root) in executor.roots.enumerated() {
      let end = index + 1 < offsets.count ? offsets[index + 1] : stride
      (out + offsets[index]).update(from: root, count: end - offsets[index])
    }
  }
}
