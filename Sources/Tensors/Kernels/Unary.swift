/// A function of one number.
public enum UnaryFunction: String, Hashable, Sendable, CaseIterable {
  case negate, relu, step, abs, sign, exp, log, tanh, sigmoid, sqrt, reciprocal, square
}

/// Applies a function of one number to `count` neighbours.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func apply<L: Lane>(
  _ function: UnaryFunction, _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  count: Int
) {
  switch function {
  case .negate: apply(Negate.self, x, into: result, count: count)
  case .relu: apply(Relu.self, x, into: result, count: count)
  case .step: apply(Step.self, x, into: result, count: count)
  case .abs: apply(Abs.self, x, into: result, count: count)
  case .sign: apply(Sign.self, x, into: result, count: count)
  case .exp: apply(Exp.self, x, into: result, count: count)
  case .log: apply(Log.self, x, into: result, count: count)
  case .tanh: apply(Tanh.self, x, into: result, count: count)
  case .sigmoid: apply(Sigmoid.self, x, into: result, count: count)
  case .sqrt: apply(Sqrt.self, x, into: result, count: count)
  case .reciprocal: apply(Reciprocal.self, x, into: result, count: count)
  case .square: apply(Square.self, x, into: result, count: count)
  }
}

/// `apply` of one number, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func bound<L: Lane>(
  _ function: UnaryFunction, _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, count: Int
) -> () -> Void {
  { apply(function, x, into: result, count: count) }
}

/// A function as a type, so that a loop is compiled for it.
private protocol Body {
  static func of<L: Lane>(_ x: L) -> L
}

private enum Negate: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { -x }
}

private enum Relu: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.relu(x) }
}

private enum Step: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.step(x) }
}

private enum Abs: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { x.magnitude }
}

private enum Sign: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.sign(x) }
}

private enum Exp: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.exp(x) }
}

private enum Log: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.log(x) }
}

private enum Tanh: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.tanh(x) }
}

private enum Sigmoid: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.sigmoid(x) }
}

private enum Sqrt: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.squareRoot(x) }
}

private enum Reciprocal: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { L.one / x }
}

private enum Square: Body {
  @inline(__always) static func of<L: Lane>(_ x: L) -> L { x * x }
}

@inline(never)
private func apply<L: Lane, Function: Body>(
  _: Function.Type, _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, count: Int
) {
  for i in 0..<count { result[i] = Function.of(x[i]) }
}
