import Tensors

/// The sum over some axes, or all; counted from the back where negative.
///
/// - Shape: the operand's, without those axes.
public func sum(_ x: some Traced, axes: [Int]? = nil) -> Expression {
  reduce(.sum, x, axes)
}

/// The mean over some axes, or all.
public func mean(_ x: some Traced, axes: [Int]? = nil) -> Expression {
  let total = reduce(.sum, x, axes)
  let count = max(x.expression.shape.count / max(total.shape.count, 1), 1)
  return total * (1 / Float(count))
}

/// The largest number along some axes, or all; it has no gradient.
public func maximum(_ x: some Traced, axes: [Int]? = nil) -> Expression {
  reduce(.maximum, x, axes)
}

/// The place of the first largest number along the last axis; it has no gradient.
public func argmax(_ x: some Traced) -> Expression { reduce(.argmax, x, [-1]) }

/// The mean over the examples.
public func exampleMean(_ x: some Traced) -> Expression {
  x.expression.variesByExample ? Expression(ExampleMean(), [x]) : x.expression
}

private func reduce(_ rule: Reduction.Rule, _ x: some Traced, _ axes: [Int]?) -> Expression {
  let rank = x.expression.shape.rank
  let all = (axes ?? Array(0..<rank)).map { $0 < 0 ? rank + $0 : $0 }
  return Expression(Reduction(rule: rule, axes: all.sorted()), [x])
}

/// A reduction over axes of one example.
struct Reduction: Operation {
  enum Rule: String, Sendable { case sum, maximum, argmax }

  let rule: Rule
  let axes: [Int]

  var name: String { rule == .maximum ? "max" : rule.rawValue }
  var documentation: String {
    switch rule {
    case .sum, .maximum: "numpy.\(name) over all of `axes`, which are left out of the result."
    case .argmax: "numpy.argmax over the one axis in `axes`: the place of the first largest number."
    }
  }

  func attributes(_ operands: [ValueType]) -> [String: Attribute] { ["axes": .wholes(axes)] }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    let shape = operands[0].shape
    guard axes.allSatisfy({ $0 >= 0 && $0 < shape.rank }), Set(axes).count == axes.count else {
      throw ShapeError("shape \(shape) has no axes \(axes)")
    }
    guard rule == .sum || axes.allSatisfy({ shape[$0] > 0 }) else {
      throw ShapeError("shape \(shape) has nothing along the axes \(axes)")
    }
    let kept = shape.sizes.indices.filter { !axes.contains($0) }.map { shape[$0] }
    return [ValueType(shape: Shape(kept), variesByExample: operands[0].variesByExample)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard rule == .sum, let g = cotangents[0] else { return [nil] }
    let shape = node.operands[0].shape
    let kept = shape.sizes.indices.map { axes.contains($0) ? 1 : shape[$0] }
    return [g.reshaped(Shape(kept)).broadcast(to: node.operands[0].type)]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    var kept = box[...]
    let operand = node.operands[0].shape.box.enumerated().map { axis, all in
      axes.contains(axis) ? all : kept.removeFirst()
    }
    return Part(result: box, operands: [operand])
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, result) = (binding.operands[0], binding.result)
    let type = binding.operandTypes[0]
    let sizes = binding.sizes(of: type)
    let shift = type.variesByExample ? 1 : 0
    let layout = ReductionLayout(
      sizes: sizes, strides: Shape(sizes).strides, reduced: Set(axes.map { $0 + shift }))
    switch rule {
    case .sum: return boundSum(x, into: result, layout)
    case .maximum: return { Tensors.maximum(x, into: result, layout) }
    case .argmax: return { Tensors.argmax(x, into: result, layout) }
    }
  }

  func operationCount(_ operands: [ValueType], _: [ValueType], examples: Int) -> Int {
    operands[0].count(examples: examples)
  }
}

/// The sum over the examples; only gradients use it.
struct ExampleSum: Operation {
  let name = "example_sum"
  let documentation = "The sum over the axis of the examples."
  var continuesSums: Bool { true }

  func results(of operands: [ValueType]) -> [ValueType] {
    [ValueType(shape: operands[0].shape, variesByExample: false)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    [cotangents[0]?.broadcast(to: node.operands[0].type)]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { exampleSum(binding, dividedBy: 1) }

  func operationCount(_ operands: [ValueType], _: [ValueType], examples: Int) -> Int {
    operands[0].count(examples: examples)
  }
}

/// The mean over the examples: a sum by the tree, divided by their number.
struct ExampleMean: Operation {
  let name = "example_mean"
  let documentation = "The mean over the axis of the examples."
  var continuesSums: Bool { true }

  func results(of operands: [ValueType]) -> [ValueType] {
    [ValueType(shape: operands[0].shape, variesByExample: false)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil] }
    return [Expression(ExampleShare(), [g])]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    exampleSum(binding, dividedBy: Float(binding.chunk.total))
  }
}

/// Sums over the examples, chunk by chunk, and divides the sum, so that the mean of ones is one.
private func exampleSum<L: Lane>(_ binding: Binding<L>, dividedBy count: Float) -> () -> Void {
  let (x, result, chunk) = (binding.operands[0], binding.result, binding.chunk)
  let varies = binding.operandTypes[0].variesByExample
  if varies, count == 1, chunk.size == chunk.total, chunk.size <= 8 {
    let sizes = [chunk.size, binding.resultCount]
    return boundSum(
      x, into: result,
      ReductionLayout(sizes: sizes, strides: Shape(sizes).strides, reduced: [0]))
  }
  let tree = binding.memory {
    SummingTree<L>(count: binding.resultCount, rows: varies ? chunk.total : 1)
  }
  return {
    tree.add(x, rows: varies ? chunk.size : 1, from: varies ? chunk.first : 0)
    if varies, chunk.first + chunk.size < chunk.total { return }
    tree.total(into: result, dividedBy: count)
  }
}

/// What each example has of a cotangent of the mean over the examples.
struct ExampleShare: Operation {
  let name = "example_share"
  let documentation = "The operand divided by the number of examples, for each of them."

  func results(of operands: [ValueType]) -> [ValueType] {
    [ValueType(shape: operands[0].shape, variesByExample: true)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    [cotangents[0].map { exampleMean($0) }]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, result, examples) = (binding.operands[0], binding.result, binding.examples)
    let count = binding.resultTypes[0].shape.count
    let share = 1 / Float(binding.chunk.total)
    return { repeatRow(x, times: share, into: result, rows: examples, count: count) }
  }
}

extension Expression {
  /// The cotangent of an operand that was broadcast: summed over what broadcasting repeated.
  func summed(to type: ValueType) -> Expression {
    var value = self
    let extra = shape.rank - type.shape.rank
    let repeated = shape.sizes.indices.filter { axis in
      axis < extra || (type.shape[axis - extra] == 1 && shape[axis] != 1)
    }
    if !repeated.isEmpty { value = sum(value, axes: repeated) }
    if value.shape != type.shape { value = value.reshaped(type.shape) }
    if value.variesByExample, !type.variesByExample { value = Expression(ExampleSum(), [value]) }
    // A cotangent that is the same for all examples still belongs to each of them.
    return value.broadcast(to: type)
  }
}
