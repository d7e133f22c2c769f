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
  let (step, count) = (layout.strides.first, layout.runLength)
  var out = result
  for index in layout.starts.indices {
    let from = x + layout.starts[index].first
    if step == 0 {
      let number = from[0]
      for i in 0..<count { out[i] = number }
    } else {
      for i in 0..<count { out[i] = from[i] }
    }
    out += count
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
