import Tensors

/// A range of places along each axis of a value.
typealias Box = [Range<Int>]

/// How an operation computes a part of its result from parts of its operands.
struct Part {
  /// What is computed: what is read, or more where the operation has no smaller part.
  var result: Box
  /// What that needs of each operand.
  var operands: [Box]
  /// The operation that computes it, where it is not the same as for the whole.
  var operation: (any Operation)?
}

extension Shape {
  /// All places.
  var box: Box { sizes.map { 0..<$0 } }
}

/// The roots without the places, along any axis, that nothing reads.
///
/// A transformer's last layer answers at every position; if only the last answer is read, the queries, MLP and logits of
/// the others are not computed. Every number that is computed has the bits that it had, gradients included, but for the
/// sign of a zero: a sum over places loses only zeros.
func pruned(_ roots: [Expression]) -> [Expression] {
  let order = topological(roots)
  let parts = demanded(by: roots, order)
  var values: [Expression: Expression] = [:]
  for node in order {
    let part = parts[node]
    let operands = zip(node.operands, part?.operands ?? node.operands.map(\.shape.box)).map {
      let there = parts[$0.node]?.result ?? $0.shape.box
      return Narrowing(of: values[$0] ?? $0, from: there, to: $1)
    }
    let rewritten =
      (node.operation as? Slice).map { operands[0].written(for: $0, node) }
      ?? written(node, part?.operation, operands.map(\.value))
    for index in node.results.indices {
      values[Expression(node, index: index)] = Expression(rewritten, index: index)
    }
  }
  return roots.map { values[$0] ?? $0 }
}

/// The parts that are read, each the smallest box around all that its readers need.
private func demanded(by roots: [Expression], _ order: [Node]) -> [Node: Part] {
  var read: [Expression: Box] = [:]
  func add(_ box: Box, at value: Expression) {
    read[value] =
      read[value].map { before in
        zip(before, box).map {
          min($0.lowerBound, $1.lowerBound)..<max($0.upperBound, $1.upperBound)
        }
      } ?? box
  }
  for root in roots { add(root.shape.box, at: root) }
  var parts: [Node: Part] = [:]
  for node in order.reversed() {
    if node.results.count == 1, let box = read[Expression(node)] {
      parts[node] = node.operation.part(box, of: node)
    }
    for (slot, operand) in node.operands.enumerated() {
      add(parts[node]?.operands[slot] ?? operand.shape.box, at: operand)
    }
  }
  return parts
}

private func written(
  _ node: Node, _ operation: (any Operation)?, _ operands: [Expression]
) -> Node {
  if operation == nil, operands == node.operands { return node }
  return Node(operation ?? node.operation, operands)
}

/// What a reader takes from a value of which perhaps more is computed, perhaps less than there was.
private struct Narrowing {
  let source: Expression
  /// The places that the reader needs, counted within what is computed.
  let wanted: Box

  init(of source: Expression, from there: Box, to wanted: Box) {
    self.source = source
    self.wanted = zip(wanted, there).map {
      $0.lowerBound - $1.lowerBound..<$0.upperBound - $1.lowerBound
    }
  }

  var value: Expression { narrowed(Array(wanted.indices)) }

  private func narrowed(_ axes: [Int]) -> Expression {
    axes.reduce(source) { value, axis in
      wanted[axis].count == value.shape[axis]
        ? value : Expression(Slice(axis: axis, range: wanted[axis], isTransparent: true), [value])
    }
  }

  /// What a slice of the graph becomes: its gradient is added up where it was before.
  func written(for slice: Slice, _ node: Node) -> Node {
    let value = narrowed(wanted.indices.filter { $0 != slice.axis })
    let range = wanted[slice.axis]
    if value == node.operands[0], range == slice.range { return node }
    return range.count == value.shape[slice.axis]
      ? Node(Reshape(shape: value.shape), [value])
      : Node(Slice(axis: slice.axis, range: range), [value])
  }
}
