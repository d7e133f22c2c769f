import Tensors

// MARK: What a forward pass writes

public func + (left: some Traced, right: some Traced) -> Expression { binary(.add, left, right) }
public func - (left: some Traced, right: some Traced) -> Expression {
  binary(.subtract, left, right)
}
public func * (left: some Traced, right: some Traced) -> Expression {
  binary(.multiply, left, right)
}
public func / (left: some Traced, right: some Traced) -> Expression {
  binary(.divide, left, right)
}
public prefix func - (value: some Traced) -> Expression { unary(.negate, value) }

public func relu(_ x: some Traced) -> Expression { unary(.relu, x) }
public func abs(_ x: some Traced) -> Expression { unary(.abs, x) }
public func square(_ x: some Traced) -> Expression { unary(.square, x) }
public func exp(_ x: some Traced) -> Expression { unary(.exp, x) }
public func log(_ x: some Traced) -> Expression { unary(.log, x) }
public func tanh(_ x: some Traced) -> Expression { unary(.tanh, x) }
public func sigmoid(_ x: some Traced) -> Expression { unary(.sigmoid, x) }
public func sqrt(_ x: some Traced) -> Expression { unary(.sqrt, x) }

/// One where the number is positive, zero elsewhere; its gradient is zero.
public func step(_ x: some Traced) -> Expression { unary(.step, x) }

/// One where the left number is less than the right, zero elsewhere; its gradient is zero.
public func less(_ left: some Traced, _ right: some Traced) -> Expression {
  binary(.less, left, right)
}

/// One where both numbers are equal, zero elsewhere; its gradient is zero.
public func equal(_ left: some Traced, _ right: some Traced) -> Expression {
  binary(.equal, left, right)
}

/// The second operand where the condition is not zero, the third elsewhere.
public func select(_ condition: some Traced, _ yes: some Traced, _ no: some Traced) -> Expression {
  Expression(Select(), [condition, yes, no])
}

func unary(_ function: UnaryFunction, _ x: some Traced) -> Expression {
  Expression(Unary(function: function), [x])
}

func binary(_ function: BinaryFunction, _ x: some Traced, _ y: some Traced) -> Expression {
  Expression(Binary(function: function), [x, y])
}

// MARK: The operations

/// A function of each number.
struct Unary: Operation {
  let function: UnaryFunction

  var name: String { function.rawValue }
  var documentation: String {
    switch function {
    case .negate: "−x of each number."
    case .relu: "x where x > 0, else 0."
    case .step: "1 where x > 0, else 0."
    case .abs: "|x| of each number."
    case .sign: "−1, 0 or 1."
    case .exp: "e to the power of each number."
    case .log: "The natural logarithm of each number."
    case .tanh: "The hyperbolic tangent of each number."
    case .sigmoid: "1 / (1 + e^−x) of each number."
    case .sqrt: "The square root of each number."
    case .reciprocal: "1 / x of each number."
    case .square: "x · x of each number."
    }
  }

  func results(of operands: [ValueType]) -> [ValueType] { operands }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil] }
    let (x, y) = (node.operands[0], Expression(node))
    let slope: Expression? =
      switch function {
      case .negate: -g
      case .relu: g * unary(.step, y)
      case .step, .sign: nil
      case .abs: g * unary(.sign, x)
      case .exp: g * y
      case .log: g / x
      case .tanh: g * (Float(1) - square(y))
      case .sigmoid: g * (y * (Float(1) - y))
      case .sqrt: g * (Float(0.5) / y)
      case .reciprocal: -(g * square(y))
      case .square: g * (Float(2) * x)
      }
    return [slope]
  }

  func part(_ box: Box, of node: Node) -> Part? { Part(result: box, operands: [box]) }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, result, count) = (binding.operands[0], binding.result, binding.resultCount)
    return bound(function, x, into: result, count: count)
  }
}

/// A function of two numbers, one operand broadcast against the other.
struct Binary: Operation {
  let function: BinaryFunction

  var name: String { function.rawValue }
  var documentation: String {
    let rule =
      "shapes are broadcast from their last axis on, after the axis of the examples is set aside"
    return switch function {
    case .add: "x + y; \(rule)."
    case .subtract: "x − y; \(rule)."
    case .multiply: "x · y; \(rule)."
    case .divide: "x / y; \(rule)."
    case .less: "1 where x < y, else 0; \(rule)."
    case .equal: "1 where x = y, else 0; \(rule)."
    case .maximum: "The larger of x and y; \(rule)."
    }
  }

  func results(of operands: [ValueType]) throws -> [ValueType] { [try broadcastType(operands)] }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil, nil] }
    let (x, y) = (node.operands[0], node.operands[1])
    func reduced(_ slot: Int, _ value: @autoclosure () -> Expression) -> Expression? {
      needed[slot] ? value().summed(to: node.operands[slot].type) : nil
    }
    return switch function {
    case .add: [reduced(0, g), reduced(1, g)]
    case .subtract: [reduced(0, g), reduced(1, -g)]
    case .multiply: [reduced(0, g * y), reduced(1, g * x)]
    case .divide: [reduced(0, g / y), reduced(1, -(g * Expression(node) / y))]
    case .maximum: [reduced(0, g * less(y, x)), reduced(1, g * (Float(1) - less(y, x)))]
    case .less, .equal: [nil, nil]
    }
  }

  func part(_ box: Box, of node: Node) -> Part? { broadcastPart(box, of: node) }

  func takesShared(_ slot: Int, of node: Node) -> Bool { true }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, y, layout) = (binding.operand(0), binding.operand(1), binding.broadcast)
    return bound(function, x, y, into: binding.result, layout)
  }
}

/// A choice between two values, number by number.
struct Select: Operation {
  let name = "select"
  let documentation =
    "y where x is not 0, else z; shapes are broadcast from their last axis on, after the axis of the "
    + "examples is set aside."

  func results(of operands: [ValueType]) throws -> [ValueType] { [try broadcastType(operands)] }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil, nil, nil] }
    let condition = node.operands[0]
    return [
      nil,
      needed[1] ? select(condition, g, Float(0)).summed(to: node.operands[1].type) : nil,
      needed[2] ? select(condition, Float(0), g).summed(to: node.operands[2].type) : nil,
    ]
  }

  func part(_ box: Box, of node: Node) -> Part? { broadcastPart(box, of: node) }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (condition, yes) = (binding.operands[0], binding.operands[1])
    let (no, result, layout) = (binding.operands[2], binding.result, binding.broadcast)
    return boundSelect(condition, yes, no, into: result, layout)
  }
}

/// The type of operands broadcast against each other.
func broadcastType(_ operands: [ValueType]) throws -> ValueType {
  var shape = operands[0].shape
  for other in operands.dropFirst() {
    guard let both = shape.broadcast(with: other.shape) else {
      throw ShapeError("shapes \(shape) and \(other.shape) do not fit")
    }
    shape = both
  }
  return ValueType(shape: shape, variesByExample: operands.contains { $0.variesByExample })
}

/// The part of each operand that is broadcast to a part of the result.
func broadcastPart(_ box: Box, of node: Node) -> Part {
  Part(
    result: box,
    operands: node.operands.map { operand in
      zip(operand.shape.sizes, box.suffix(operand.shape.rank)).map { $0 == 1 ? 0..<1 : $1 }
    })
}
