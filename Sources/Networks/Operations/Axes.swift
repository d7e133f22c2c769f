import Tensors

extension Traced {
  /// The same numbers in another shape.
  public func reshaped(_ shape: Shape) -> Expression {
    expression.shape == shape ? expression : Expression(Reshape(shape: shape), [self])
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of the operand.
  public func permuted(_ order: [Int]) -> Expression {
    Expression(Permute(order: order), [self])
  }

  /// Some neighbours along an axis.
  ///
  /// - Shape: `[..., n, ...]` → `[..., range.count, ...]`
  public func sliced(axis: Int, _ range: Range<Int>) -> Expression {
    Expression(Slice(axis: axis, range: range), [self])
  }
}

/// Values one after the other along an axis.
public func concatenated(_ values: [any Traced], axis: Int) -> Expression {
  var total = 0
  var sum: Expression?
  func extent(_ value: any Traced) -> Int {
    let shape = value.expression.shape
    return shape.sizes.indices.contains(axis) ? shape[axis] : 0
  }
  let size = values.reduce(0) { $0 + extent($1) }
  for value in values {
    let padded = Expression(Pad(axis: axis, before: total, size: size), [value])
    total += extent(value)
    sum = sum.map { $0 + padded } ?? padded
  }
  return sum ?? constant(Tensor([]))
}

extension Expression {
  /// The value repeated to a larger shape, and for each example where the type says so.
  func broadcast(to type: ValueType) -> Expression {
    self.type == type ? self : Expression(Broadcast(type: type), [self])
  }
}

struct Reshape: Operation {
  let shape: Shape
  let name = "reshape"
  let documentation =
    "The same numbers, row by row, in `shape` (after the axis of examples, if there is one)."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["shape": .wholes(shape.sizes)]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    guard operands[0].shape.count == shape.count else {
      throw ShapeError("shapes \(operands[0].shape) and \(shape) hold different counts")
    }
    return [ValueType(shape: shape, variesByExample: operands[0].variesByExample)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    [cotangents[0]?.reshaped(node.operands[0].shape)]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let operand = node.operands[0].shape
    var (result, source) = (shape.box, operand.box)
    // Axes from the front that both have, those of size one apart, then axes from the back.
    func match(_ ours: [Int], _ theirs: [Int]) {
      for (one, other) in zip(
        ours.filter { shape[$0] != 1 }, theirs.filter { operand[$0] != 1 })
      {
        guard shape[one] == operand[other] else { return }
        (result[one], source[other]) = (box[one], box[one])
      }
    }
    match(Array(shape.sizes.indices), Array(operand.sizes.indices))
    match(shape.sizes.indices.reversed(), operand.sizes.indices.reversed())
    return Part(
      result: result, operands: [source],
      operation: result == shape.box ? nil : Reshape(shape: Shape(result.map(\.count))))
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { {} }
  var isView: Bool { true }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

struct Permute: Operation {
  let order: [Int]
  let name = "permute"
  let documentation =
    "numpy.transpose: axis i of the result is axis `order[i]` of the operand, examples set aside."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] { ["order": .wholes(order)] }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    let shape = operands[0].shape
    guard order.sorted() == Array(0..<shape.rank) else {
      throw ShapeError("shape \(shape) cannot be permuted by \(order)")
    }
    return [
      ValueType(
        shape: Shape(order.map { shape[$0] }), variesByExample: operands[0].variesByExample)
    ]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? 0 }
    return [cotangents[0]?.permuted(inverse)]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let operand = order.indices.map { axis in box[order.firstIndex(of: axis) ?? 0] }
    return Part(result: box, operands: [operand])
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let own = binding.operandTypes[0].shape.strides
    let outer = binding.operandTypes[0].variesByExample ? [binding.operandTypes[0].shape.count] : []
    let layout = BroadcastLayout(
      sizes: binding.resultSizes, operands: [outer + order.map { own[$0] }])
    let (x, result) = (binding.operands[0], binding.result)
    return boundCopy(x, into: result, layout)
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

struct Broadcast: Operation {
  let type: ValueType
  let name = "broadcast"
  let documentation =
    "numpy.broadcast_to `shape`, and if the node is `batched` and the operand is not, to every example."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["shape": .wholes(type.shape.sizes)]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    guard operands[0].shape.broadcast(with: type.shape) == type.shape,
      type.variesByExample || !operands[0].variesByExample
    else { throw ShapeError("shape \(operands[0].shape) cannot be broadcast to \(type.shape)") }
    return [type]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    [cotangents[0]?.summed(to: node.operands[0].type)]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    var part = broadcastPart(box, of: node)
    if box != type.shape.box {
      let shape = Shape(box.map(\.count))
      part.operation = Broadcast(
        type: ValueType(shape: shape, variesByExample: type.variesByExample))
    }
    return part
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, result, layout) = (binding.operands[0], binding.result, binding.broadcast)
    return boundCopy(x, into: result, layout)
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

struct Slice: Operation {
  let axis: Int
  let range: Range<Int>
  /// Whether its cotangent counts as its reader's own, so that cotangents add up as if it were not there.
  var isTransparent = false
  let name = "slice"
  let documentation = "The places `from` up to, not including, `to` along `axis` of one example."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["axis": .whole(axis), "from": .whole(range.lowerBound), "to": .whole(range.upperBound)]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    let shape = operands[0].shape
    guard axis >= 0, axis < shape.rank, range.lowerBound >= 0, range.upperBound <= shape[axis]
    else { throw ShapeError("shape \(shape) has no places \(range) along axis \(axis)") }
    var sizes = shape.sizes
    sizes[axis] = range.count
    return [ValueType(shape: Shape(sizes), variesByExample: operands[0].variesByExample)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil] }
    let size = node.operands[0].shape[axis]
    return [Expression(Pad(axis: axis, before: range.lowerBound, size: size), [g])]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    var operand = box
    operand[axis] =
      box[axis].lowerBound + range.lowerBound..<box[axis].upperBound + range.lowerBound
    return Part(result: box, operands: [operand])
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let type = binding.operandTypes[0]
    let strides = (type.variesByExample ? [type.shape.count] : []) + type.shape.strides
    let layout = BroadcastLayout(sizes: binding.resultSizes, operands: [strides])
    let x = binding.operands[0] + range.lowerBound * type.shape.strides[axis]
    let result = binding.result
    return boundCopy(x, into: result, layout)
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

/// The operand with zeros before and after it along an axis; the counterpart of a slice.
struct Pad: Operation {
  let axis: Int
  let before: Int
  let size: Int
  let name = "pad"
  let documentation =
    "Zeros of `size` along `axis` of one example, with the operand written at `before`."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["axis": .whole(axis), "before": .whole(before), "size": .whole(size)]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    let shape = operands[0].shape
    guard axis >= 0, axis < shape.rank, before >= 0, before + shape[axis] <= size else {
      throw ShapeError("shape \(shape) does not fit \(size) places along axis \(axis)")
    }
    var sizes = shape.sizes
    sizes[axis] = size
    return [ValueType(shape: Shape(sizes), variesByExample: operands[0].variesByExample)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let range = before..<before + node.operands[0].shape[axis]
    return [cotangents[0]?.sliced(axis: axis, range)]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let type = binding.operandTypes[0]
    let inner = type.shape.dropFirst(axis + 1).count
    let run = type.shape[axis] * inner
    let blocks = binding.resultCount / max(size * inner, 1)
    let (x, result) = (binding.operands[0], binding.result)
    let (start, stride) = (before * inner, size * inner)
    return {
      Tensors.pad(x, into: result, blocks: blocks, size: run, stride: stride, start: start)
    }
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}
