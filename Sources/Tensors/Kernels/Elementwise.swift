/// A function of one number.
public enum UnaryFunction: String, Hashable, Sendable, CaseIterable {
  case negate, relu, step, abs, sign, exp, log, tanh, sigmoid, sqrt, reciprocal, square

  @inline(__always)
  func callAsFunction<L: Lane>(_ x: L) -> L {
    switch self {
    case .negate: -x
    case .relu: L.relu(x)
    case .step: L.step(x)
    case .abs: x.magnitude
    case .sign: L.sign(x)
    case .exp: L.exp(x)
    case .log: L.log(x)
    case .tanh: L.tanh(x)
    case .sigmoid: L.sigmoid(x)
    case .sqrt: L.squareRoot(x)
    case .reciprocal: L.one / x
    case .square: x * x
    }
  }
}

/// A function of two numbers.
public enum BinaryFunction: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, less, equal, maximum

  @inline(__always)
  func callAsFunction<L: Lane>(_ x: L, _ y: L) -> L {
    switch self {
    case .add: x + y
    case .subtract: x - y
    case .multiply: x * y
    case .divide: x / y
    case .less: L.select(L.less(x, y), L.one, L.zero)
    case .equal: L.select(L.equal(x, y), L.one, L.zero)
    case .maximum: L.maximum(x, y)
    }
  }
}

/// How up to three operands are broadcast to one result: runs of neighbours, each operand with a start for
/// every run and a stride of 0 or 1 within it.
public struct BroadcastLayout: Sendable {
  let runLength: Int
  let starts: [(first: Int, second: Int, third: Int)]
  let strides: (first: Int, second: Int, third: Int)

  /// Lays operands out over a result.
  ///
  /// - Parameters:
  ///   - sizes: The result's axes, outermost first.
  ///   - operands: For each operand (one to three) its stride along each axis, 0 where it is broadcast.
  public init(sizes: [Int], operands: [[Int]]) {
    let inputs = operands + Array(repeating: sizes.map { _ in 0 }, count: 3 - operands.count)
    // The longest tail of axes along which every operand either walks straight on or stands still.
    var run = 1
    var axis = sizes.count
    var steps: [Int]?
    while axis > 0 {
      if sizes[axis - 1] == 1 {
        axis -= 1
        continue
      }
      let next = inputs.map { $0[axis - 1] }
      if let steps {
        guard zip(next, steps).allSatisfy({ $0 == $1 * run }) else { break }
      } else {
        guard next.allSatisfy({ $0 <= 1 }) else { break }
        steps = next
      }
      run *= sizes[axis - 1]
      axis -= 1
    }
    var offsets = [[0, 0, 0]]
    for outer in 0..<axis {
      offsets = offsets.flatMap { base in
        (0..<sizes[outer]).map { index in
          (0..<3).map { base[$0] + index * inputs[$0][outer] }
        }
      }
    }
    runLength = run
    starts = sizes.contains(0) ? [] : offsets.map { ($0[0], $0[1], $0[2]) }
    let last = steps ?? [0, 0, 0]
    strides = (last[0], last[1], last[2])
  }

  /// The number of elements of the result.
  public var count: Int { starts.count * runLength }
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
  @inline(__always) func loop(_ body: (L) -> L) {
    for i in 0..<count { result[i] = body(x[i]) }
  }
  switch function {
  case .negate: loop { UnaryFunction.negate($0) }
  case .relu: loop { UnaryFunction.relu($0) }
  case .step: loop { UnaryFunction.step($0) }
  case .abs: loop { UnaryFunction.abs($0) }
  case .sign: loop { UnaryFunction.sign($0) }
  case .exp: loop { UnaryFunction.exp($0) }
  case .log: loop { UnaryFunction.log($0) }
  case .tanh: loop { UnaryFunction.tanh($0) }
  case .sigmoid: loop { UnaryFunction.sigmoid($0) }
  case .sqrt: loop { UnaryFunction.sqrt($0) }
  case .reciprocal: loop { UnaryFunction.reciprocal($0) }
  case .square: loop { UnaryFunction.square($0) }
  }
}

/// Applies a function of two numbers, each operand broadcast as the layout says.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func apply<L: Lane>(
  _ function: BinaryFunction, _ x: UnsafePointer<L>, _ y: UnsafePointer<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  @inline(__always) func loop(_ body: (L, L) -> L) {
    let (dx, dy) = (layout.strides.first, layout.strides.second)
    var out = result
    for start in layout.starts {
      let (a, b) = (x + start.first, y + start.second)
      if dx == 1, dy == 1 {
        for i in 0..<layout.runLength { out[i] = body(a[i], b[i]) }
      } else {
        for i in 0..<layout.runLength { out[i] = body(a[i * dx], b[i * dy]) }
      }
      out += layout.runLength
    }
  }
  switch function {
  case .add: loop { BinaryFunction.add($0, $1) }
  case .subtract: loop { BinaryFunction.subtract($0, $1) }
  case .multiply: loop { BinaryFunction.multiply($0, $1) }
  case .divide: loop { BinaryFunction.divide($0, $1) }
  case .less: loop { BinaryFunction.less($0, $1) }
  case .equal: loop { BinaryFunction.equal($0, $1) }
  case .maximum: loop { BinaryFunction.maximum($0, $1) }
  }
}

/// Takes the second operand where the first is not zero, and the third elsewhere.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func select<L: Lane>(
  _ condition: UnsafePointer<L>, _ yes: UnsafePointer<L>, _ no: UnsafePointer<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  let (dc, dy, dn) = layout.strides
  var out = result
  for start in layout.starts {
    let (c, y, n) = (condition + start.first, yes + start.second, no + start.third)
    for i in 0..<layout.runLength {
      out[i] = L.select(L.equal(c[i * dc], L.zero), n[i * dn], y[i * dy])
    }
    out += layout.runLength
  }
}

/// Copies with broadcasting or in another order of axes.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func copy<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  let step = layout.strides.first
  var out = result
  for start in layout.starts {
    let from = x + start.first
    for i in 0..<layout.runLength { out[i] = from[i * step] }
    out += layout.runLength
  }
}

/// Moves rows of numbers that lie some distance apart.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func moveRows<L: Lane>(
  _ x: UnsafePointer<L>, apart stride: Int, to result: UnsafeMutablePointer<L>,
  apart resultStride: Int, rows: Int, count: Int
) {
  for row in 0..<rows {
    let (from, to) = (x + row * stride, result + row * resultStride)
    for i in 0..<count { to[i] = from[i] }
  }
}

/// Writes each number for all networks.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func repeatAcross<L: Lane>(
  _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<L>, count: Int
) {
  for i in 0..<count { result[i] = L(repeating: x[i]) }
}

/// Writes a row of numbers, each multiplied by a factor, so many times.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func repeatRow<L: Lane>(
  _ x: UnsafePointer<L>, times factor: Float, into result: UnsafeMutablePointer<L>, rows: Int,
  count: Int
) {
  for row in 0..<rows {
    let out = result + row * count
    for i in 0..<count { out[i] = x[i] * L(repeating: factor) }
  }
}

/// Writes blocks of neighbours with zeros between them.
///
/// - Parameters:
///   - x: The blocks, one after the other.
///   - result: Where they are written.
///   - blocks: The number of blocks.
///   - size: The length of each.
///   - stride: How far they are apart in the result.
///   - start: How many zeros stand before each.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func pad<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, blocks: Int, size: Int, stride: Int,
  start: Int
) {
  for block in 0..<blocks {
    let (from, out) = (x + block * size, result + block * stride)
    for i in 0..<start { out[i] = L.zero }
    for i in 0..<size { out[start + i] = from[i] }
    for i in start + size..<stride { out[i] = L.zero }
  }
}
