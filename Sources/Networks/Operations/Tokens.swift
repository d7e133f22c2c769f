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
    let hot = oneHot(tokens, count: table.shape[0])
    let places = Array("abcdefgh".prefix(tokens.shape.rank))
    let rest = Array("stuvwxyz".prefix(table.shape.rank - 1))
    let contraction = Contraction(
      places + ["n"], places + rest, ["n"] + rest, sumsExamples: tokens.variesByExample)
    return [Expression(contraction, [hot, g]), nil]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (table, tokens, result) = (binding.operands[0], binding.operands[1], binding.result)
    let rows = binding.operandTypes[0].shape[0]
    let size = binding.operandTypes[0].shape.dropFirst().count
    let count = binding.operandTypes[1].count(examples: binding.examples)
    return {
      Tensors.gather(table, rows: rows, size: size, tokens, count: count, into: result)
    }
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
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

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (tokens, result, size) = (binding.operands[0], binding.result, count)
    let number = binding.operandTypes[0].count(examples: binding.examples)
    return { Tensors.oneHot(tokens, count: number, size: size, into: result) }
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}
