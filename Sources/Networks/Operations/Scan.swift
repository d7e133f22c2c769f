import Tensors

/// Carries values through time: the body is applied at each step to the carry and to one slice of each sequence.
///
/// ```swift
/// // h ← tanh(h • w + x)
/// let run = scan(carry: [h0], over: [x]) { carry, slices in
///   let h = Site("state", tanh(carry[0] • w + slices[0]))
///   return (carry: [h.expression], outputs: [h.expression])
/// }
/// ```
///
/// The body is recorded once, however many the steps. Its sites have a time axis. What the body uses from
/// outside is handed to it; what in the body depends on neither carry nor slices is computed once, outside.
///
/// - Parameters:
///   - initial: The carry before the first step.
///   - sequences: Values whose first axis is time, all equally long.
///   - lengths: How many steps count for each example, a single number; later steps leave the carry as it is and
///     change no bit of it. Nil means all.
///   - reversed: Whether the last step comes first.
///   - body: From the carry and the slices of one step to the next carry and this step's outputs.
/// - Returns: The last carry, and the outputs with a time axis before their own.
public func scan(
  carry initial: [any Traced], over sequences: [any Traced], lengths: (any Traced)? = nil,
  reversed: Bool = false,
  body: (_ carry: [Expression], _ slices: [Expression]) -> (
    carry: [Expression], outputs: [Expression]
  )
) -> (carry: [Expression], outputs: [Expression]) {
  var sequences = sequences.map(\.expression)
  let steps = sequences.first?.shape.sizes.first ?? 0
  if let lengths {
    // One while the step counts, zero after.
    let places = constant(Tensor(shape: [steps]) { Float($0) })
    sequences.append(less(places, lengths.expression.reshaped([1])))
  }
  let sliceTypes = sequences.map {
    ValueType(shape: $0.shape.dropFirst(), variesByExample: $0.variesByExample)
  }
  let slices = sliceTypes.map(slot)
  // A carry varies by example if its first value does or if the body makes it so.
  var types = initial.map(\.expression.type)
  while true {
    let carry = types.map(slot)
    var (next, outputs) = body(carry, Array(slices.prefix(slices.count - (lengths == nil ? 0 : 1))))
    if lengths != nil, let counts = slices.last {
      next = next.enumerated().map { index, value in
        index < carry.count ? select(counts, value, carry[index]) : value
      }
    }
    let varies = zip(next, types).map { $0.variesByExample || $1.variesByExample }
    if next.count != types.count || varies == types.map(\.variesByExample) {
      let start = zip(initial, types).map { $0.expression.broadcast(to: $1) }
      return Scan.record(
        start: start, sequences: sequences, carry: carry, slices: slices,
        next: next.enumerated().map { index, value in
          index < types.count && value.shape == types[index].shape
            ? value.broadcast(to: types[index]) : value
        },
        outputs: outputs, steps: steps, reversed: reversed)
    }
    for index in types.indices { types[index].variesByExample = varies[index] }
  }
}

private func slot(_ type: ValueType) -> Expression {
  Expression(Leaf(role: .slot, label: nil, type: type), [])
}

/// A loop over time, whose body is a graph.
///
/// Operands: the first carries, the sequences, the captured values. Results: the last carries, the outputs
/// over time, and each carry before each step (for the gradient; computed only if read).
struct Scan: Operation {
  /// The body's places for the carry, for one slice of each sequence and for captured values.
  let carry: [Expression]
  let slices: [Expression]
  let captures: [Expression]
  /// The body's results.
  let next: [Expression]
  let outputs: [Expression]
  let steps: Int
  let reversed: Bool

  let name = "scan"
  let documentation =
    "Repeats `body` for `steps` steps along the first axis of the sequences (from the end if "
    + "`reversed` is 1). Operands: first carries, sequences, captured values, as many as `counts` "
    + "says. `body` is a graph with values numbered anew, whose `slots` are the values that take "
    + "carries, slices of this step and captured values in that order, and whose `results` are the "
    + "next carries, then outputs. Results: last carries, then outputs stacked over time, then the "
    + "carries before each step stacked likewise (gradients alone use those). What is stacked, and "
    + "each site of the body, has a time axis before its own; step t is at place t, reversed or not."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    [
      "body": .graph(GraphDescription(next + outputs, slots: carry + slices + captures)),
      "counts": .wholes([carry.count, slices.count, captures.count]),
      "steps": .whole(steps),
      "reversed": .whole(reversed ? 1 : 0),
    ]
  }

  /// Makes the node: captures what the body has from outside and closes the body over it.
  static func record(
    start: [Expression], sequences: [Expression], carry: [Expression], slices: [Expression],
    next: [Expression], outputs: [Expression], steps: Int, reversed: Bool
  ) -> (carry: [Expression], outputs: [Expression]) {
    let roots = next + outputs
    var inside: Set<Node> = Set((carry + slices).map(\.node))
    let order = topological(roots)
    for node in order where node.operands.contains(where: { inside.contains($0.node) }) {
      inside.insert(node)
    }
    var captured: [Expression] = []
    func capture(_ expression: Expression) {
      if !inside.contains(expression.node), !captured.contains(expression) {
        captured.append(expression)
      }
    }
    for node in order where inside.contains(node) { node.operands.forEach(capture) }
    roots.forEach(capture)
    let slots = captured.map { slot($0.type) }
    let closed = substituting(
      Dictionary(uniqueKeysWithValues: zip(captured, slots)), in: roots)
    let operation = Scan(
      carry: carry, slices: slices, captures: slots, next: Array(closed.prefix(next.count)),
      outputs: Array(closed.dropFirst(next.count)), steps: steps, reversed: reversed)
    let node = Node(operation, start + sequences + captured)
    guard node.problem == nil else {
      let broken = Expression(node)
      return (carry.map { _ in broken }, outputs.map { _ in broken })
    }
    return (
      next.indices.map { Expression(node, index: $0) },
      outputs.indices.map { Expression(node, index: next.count + $0) }
    )
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    if let problem = (next + outputs).lazy.compactMap(\.node.problem).first {
      throw ShapeError(problem)
    }
    guard next.count == carry.count else {
      throw ShapeError(
        "\(carry.count) carries \(carry.map(\.shape)) become "
          + "\(next.count): \(next.map(\.shape))")
    }
    for (type, sequence) in zip(slices, operands.dropFirst(carry.count)) {
      guard sequence.shape.rank > 0, sequence.shape[0] == steps else {
        throw ShapeError(
          "a sequence of shape \(sequence.shape) does not have \(steps) steps of \(type.shape)")
      }
    }
    for (place, given) in zip(carry + slices + captures, operands)
    where place.variesByExample != given.variesByExample {
      throw ShapeError(
        "a value of shape \(given.shape) and its place \(place.shape) in the body do not agree on "
          + "whether it varies by example")
    }
    for (before, after) in zip(carry, next) where before.shape != after.shape {
      throw ShapeError("a carry of shape \(before.shape) becomes one of shape \(after.shape)")
    }
    let stacked = (outputs + carry).map {
      ValueType(shape: $0.shape.prepending(steps), variesByExample: $0.variesByExample)
    }
    return carry.map(\.type) + stacked
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let (carries, sequences) = (carry.count, slices.count)
    let before = carry.indices.map { Expression(node, index: carries + outputs.count + $0) }
    let outputCotangents = outputs.indices.compactMap { index in
      cotangents[carries + index].map { (index, $0) }
    }
    let wanted = captures.indices.filter { needed[carries + sequences + $0] }
    let zero = { (type: ValueType) in
      constant(Tensor(repeating: 0, shape: type.shape)).broadcast(to: type)
    }
    let result = scan(
      carry: carry.indices.map { cotangents[$0] ?? zero(carry[$0].type) }
        + wanted.map { zero(captures[$0].type) },
      over: before + node.operands[carries..<carries + sequences] + outputCotangents.map(\.1),
      reversed: !reversed
    ) { running, now in
      // The step once more, from the carry that it began with, and back through it.
      let start = Array(now.prefix(carries))
      let inputs = Array(now[carries..<carries + sequences])
      let given = Array(now.dropFirst(carries + sequences))
      let held = node.operands.dropFirst(carries + sequences)
      let again = substituting(
        Dictionary(
          uniqueKeysWithValues: zip(carry + slices + captures, start + inputs + held)),
        in: next + outputs)
      var pulled: [Expression?] = Array(running.prefix(carries))
      pulled += outputs.indices.map { index in
        outputCotangents.firstIndex { $0.0 == index }.map { given[$0] }
      }
      let targets = start + inputs + wanted.map { held[held.startIndex + $0] }
      let back = pullback(of: again, pulled, to: targets)
      let types = carry + slices + wanted.map { captures[$0] }
      let filled = zip(back, types).map { $0 ?? zero($1.type) }
      let accumulated = zip(running.dropFirst(carries), filled.dropFirst(carries + sequences))
        .map { $0 + $1 }
      return (
        Array(filled.prefix(carries)) + accumulated,
        Array(filled[carries..<carries + sequences])
      )
    }
    var cotangents = Array(result.carry.prefix(carries)).map(Optional.some)
    cotangents += result.outputs.map(Optional.some)
    for index in captures.indices {
      cotangents.append(wanted.firstIndex(of: index).map { result.carry[carries + $0] })
    }
    return cotangents
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let body = Executor<L>(next + outputs, examples: binding.examples)
    return ScanLoop(self, binding, body).run
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int {
    steps * graphOperationCount(next + outputs, examples: examples)
  }
}

/// Bytes that are copied as they are: numbers need no more, whatever the lane.
private struct Copy {
  let from: UnsafeRawPointer
  let to: UnsafeMutableRawPointer
  let bytes: Int

  func make() { to.copyMemory(from: from, byteCount: bytes) }
}

/// A block of numbers that moves between one step's place and its place among all steps.
private struct StepCopy<L: Lane> {
  let step: UnsafeMutablePointer<L>
  let all: UnsafeMutablePointer<L>
  let rows: Int
  /// The numbers of one row of one step.
  let size: Int

  func take(_ time: Int, of steps: Int) {
    moveRows(
      all + time * size, apart: steps * size, to: step, apart: size, rows: rows, count: size)
  }

  func put(_ time: Int, of steps: Int) {
    moveRows(
      step, apart: size, to: all + time * size, apart: steps * size, rows: rows, count: size)
  }
}

/// The running of a scan's body, with all copies between it and the outside settled.
private final class ScanLoop<L: Lane> {
  private let scan: Scan
  private let body: Executor<L>
  private let staging: [UnsafeMutableBufferPointer<L>]
  /// Once: what is captured and the first carries.
  private var begin: [Copy] = []
  /// At each step before the body: the carries are kept and handed in, and slices taken.
  private var kept: [StepCopy<L>] = []
  private var carriedIn: [Copy] = []
  private var taken: [StepCopy<L>] = []
  /// At each step after the body: the next carries and the outputs.
  private var carriedOut: [Copy] = []
  private var put: [StepCopy<L>] = []
  /// Once: the last carries.
  private var end: [Copy] = []

  init(_ scan: Scan, _ binding: Binding<L>, _ body: Executor<L>) {
    (self.scan, self.body) = (scan, body)
    let (carries, slices) = (scan.carry.count, scan.slices.count)
    let (examples, stride) = (binding.examples, MemoryLayout<L>.stride)
    func copy(
      _ from: UnsafeMutablePointer<L>?, _ to: UnsafeMutablePointer<L>?, _ count: Int
    ) -> [Copy] {
      guard let from, let to else { return [] }
      return [Copy(from: from, to: to, bytes: count * stride)]
    }
    func move(
      _ step: UnsafeMutablePointer<L>?, _ all: UnsafeMutablePointer<L>, _ place: Expression
    ) -> [StepCopy<L>] {
      guard let step else { return [] }
      return [
        StepCopy(
          step: step, all: all, rows: place.variesByExample ? examples : 1,
          size: place.shape.count)
      ]
    }
    for (index, place) in scan.captures.enumerated() {
      begin += copy(
        binding.operands[carries + slices + index], body.place(of: place),
        place.type.count(examples: examples))
    }
    for (index, place) in scan.slices.enumerated() {
      taken += move(body.place(of: place), binding.operands[carries + index], place)
    }
    for (index, place) in scan.outputs.enumerated() where binding.used[carries + index] {
      put += move(body.place(of: place), binding.results[carries + index], place)
    }
    let first = carries + scan.outputs.count
    // Each carry waits outside the body, since a body may not read a carry at all.
    staging = scan.carry.map {
      let count = $0.type.count(examples: examples)
      return UnsafeMutableBufferPointer(start: .zeros(count), count: count)
    }
    for (index, place) in scan.carry.enumerated() {
      let (stage, count) = (staging[index].baseAddress, staging[index].count)
      begin += copy(binding.operands[index], stage, count)
      if binding.used[first + index] { kept += move(stage, binding.results[first + index], place) }
      carriedIn += copy(stage, body.place(of: place), count)
      carriedOut += copy(body.place(of: scan.next[index]), stage, count)
      end += copy(stage, binding.results[index], count)
    }
  }

  deinit { staging.forEach { $0.deallocate() } }

  func run() {
    for copy in begin { copy.make() }
    for turn in 0..<scan.steps {
      let time = scan.reversed ? scan.steps - 1 - turn : turn
      for move in kept { move.put(time, of: scan.steps) }
      for copy in carriedIn { copy.make() }
      for move in taken { move.take(time, of: scan.steps) }
      body.run()
      for copy in carriedOut { copy.make() }
      for move in put { move.put(time, of: scan.steps) }
    }
    for copy in end { copy.make() }
  }
}
