import Tensors

/// The rows of a table that whole numbers pick: an embedding.
///
/// - Shape: table `[vocabulary, rest...]`, tokens `[t...]` → `[t..., rest...]`
public func gather(_ table: some Traced, _ tokens: some Traced) -> Expression {
  Expression(Gather(), [table, tokens])
}

/// Each whole number as a row of zeros with a one at its place.
///
/// - Shape: `[t...]` → `[t..., count]`
public func oneHot(_ tokens: some Traced, count: Int) -> Expression {
  Expression(OneHot(count: count), [tokens])
}

struct Gather: Operation {
  let name = "gather"
  let documentation =
    "x[y]: the rows of the table x that the whole numbers y pick; y's axes, then those of a row."

  func results(of operands: [ValueType]) throws -> [ValueType] {
    let (table, tokens) = (operands[0], operands[1])
    guard table.shape.rank > 0 else {
      throw ShapeError("a table of shape \(table.shape) has no rows for tokens \(tokens.shape)")
    }
    guard !table.variesByExample else {
      throw ShapeError("a table of shape \(table.shape) differs between examples")
    }
    return [
      ValueType(
        shape: Shape(tokens.shape.sizes + table.shape.sizes.dropFirst()),
        variesByExample: tokens.variesByExample)
    ]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard needed[0], let g = cotangents[0] else { return [nil, nil] }
    let (table, tokens) = (node.operands[0], node.operands[1])
    return [Expression(ScatterSum(shape: table.shape), [tokens, g]), nil]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let table = node.operands[0].shape.box
    let tokens = Array(box.prefix(node.operands[1].shape.rank))
    return Part(result: tokens + table.dropFirst(), operands: [table, tokens])
  }

  func takesShared(_ slot: Int, of node: Node) -> Bool { slot == 1 }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (table, tokens, result) = (binding.operands[0], binding.operand(1), binding.result)
    let rows = binding.operandTypes[0].shape[0]
    let size = binding.operandTypes[0].shape.dropFirst().count
    let count = binding.operandTypes[1].count(examples: binding.examples)
    return {
      Tensors.gather(table, rows: rows, size: size, tokens, count: count, into: result)
    }
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

/// The rows of its second operand, summed by the whole numbers of the first and over the examples; only gradients use
/// it.
struct ScatterSum: Operation {
  let shape: Shape
  let name = "scatter_sum"
  let documentation =
    "Zeros of `shape`, to whose row x[e, t] the row y[e, t] is added, for every example e and place t in "
    + "order."
  var continuesSums: Bool { true }

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["shape": .wholes(shape.sizes)]
  }

  func results(of operands: [ValueType]) -> [ValueType] {
    [ValueType(shape: shape, variesByExample: false)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let (tokens, rows) = (node.operands[0], node.operands[1])
    return [nil, cotangents[0].map { gather($0, tokens).broadcast(to: rows.type) }]
  }

  func takesShared(_ slot: Int, of node: Node) -> Bool { slot == 0 }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (tokens, x, result) = (binding.operand(0), binding.operands[1], binding.result)
    let (rows, size, chunk) = (shape[0], shape.dropFirst().count, binding.chunk)
    let count = binding.operandTypes[0].count(examples: binding.examples)
    let varies = binding.operandTypes[0].variesByExample
    return {
      scatterSum(
        x, tokens, count: count, into: result, rows: rows, size: size,
        continuing: varies && chunk.first > 0)
    }
  }

  func operationCount(_ operands: [ValueType], _: [ValueType], examples: Int) -> Int {
    operands[1].count(examples: examples)
  }
}

struct OneHot: Operation {
  let count: Int
  let name = "one_hot"
  let documentation =
    "`count` numbers for each whole number, along a new last axis: 1 at its place, else 0."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] { ["count": .whole(count)] }

  func results(of operands: [ValueType]) -> [ValueType] {
    [
      ValueType(
        shape: Shape(operands[0].shape.sizes + [count]),
        variesByExample: operands[0].variesByExample)
    ]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let tokens = Array(box.dropLast())
    return Part(result: tokens + [0..<count], operands: [tokens])
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (tokens, result, size) = (binding.operands[0], binding.result, count)
    let number = binding.operandTypes[0].count(examples: binding.examples)
    return { Tensors.oneHot(tokens, count: number, size: size, into: result) }
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}
