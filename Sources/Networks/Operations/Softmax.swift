import Tensors

/// The softmax along the last axis.
public func softmax(_ x: some Traced) -> Expression {
  Expression(Softmax(logarithm: false), [x])
}

/// The logarithm of the softmax along the last axis.
public func logSoftmax(_ x: some Traced) -> Expression {
  Expression(Softmax(logarithm: true), [x])
}

struct Softmax: Operation {
  let logarithm: Bool

  var name: String { logarithm ? "log_softmax" : "softmax" }
  var documentation: String {
    logarithm
      ? "d − log(sum exp(d)) along the last axis, where d = x − max x."
      : "exp(d) / sum exp(d) along the last axis, where d = x − max x."
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    guard let last = operands[0].shape.sizes.last, last > 0 else {
      throw ShapeError("shape \(operands[0].shape) has no last axis to normalize along")
    }
    return operands
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil] }
    let y = Expression(node)
    func total(_ value: Expression) -> Expression {
      let shape = value.shape.sizes.dropLast() + [1]
      return sum(value, axes: [-1]).reshaped(Shape(Array(shape)))
    }
    return [logarithm ? g - exp(y) * total(g) : y * (g - total(g * y))]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let rows = box.dropLast() + node.operands[0].shape.box.suffix(1)
    return Part(result: Array(rows), operands: [Array(rows)])
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, result) = (binding.operands[0], binding.result)
    let size = binding.resultTypes[0].shape.sizes.last ?? 1
    let rows = binding.resultCount / size
    if logarithm { return { Tensors.logSoftmax(x, into: result, rows: rows, size: size) } }
    return { Tensors.softmax(x, into: result, rows: rows, size: size) }
  }

  func operationCount(_ operands: [ValueType], _: [ValueType], examples: Int) -> Int {
    4 * operands[0].count(examples: examples)
  }
}
