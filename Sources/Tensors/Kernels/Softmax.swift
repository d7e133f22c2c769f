/// The softmax of each row of neighbours: exp(xᵢ − max x) / Σⱼ exp(xⱼ − max x).
///
/// The sum is the tree of sixteen lanes of `sum`. A row of −∞ alone gives NaN, as the formula does.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func softmax<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, rows: Int, size: Int
) {
  withTemporary(L.self, 16) { lanes in
    for row in 0..<rows {
      let (from, out) = (x + row * size, result + row * size)
      let largest = largestOf(from, size)
      if L.self == Float.self, size >= 16 {
        softmaxRow(
          UnsafeRawPointer(from).assumingMemoryBound(to: Float.self), largest: largest[0],
          into: UnsafeMutableRawPointer(out).assumingMemoryBound(to: Float.self), size: size,
          logarithm: false)
        continue
      }
      for j in 0..<16 { lanes[j] = L.zero }
      for i in 0..<size {
        out[i] = L.exp(from[i] - largest)
        lanes[i & 15] = lanes[i & 15] + out[i]
      }
      let total = tree(lanes)
      for i in 0..<size { out[i] = out[i] / total }
    }
  }
}

/// The logarithm of the softmax of each row: xᵢ − max x − log Σⱼ exp(xⱼ − max x).
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func logSoftmax<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, rows: Int, size: Int
) {
  withTemporary(L.self, 16) { lanes in
    for row in 0..<rows {
      let (from, out) = (x + row * size, result + row * size)
      let largest = largestOf(from, size)
      if L.self == Float.self, size >= 16 {
        softmaxRow(
          UnsafeRawPointer(from).assumingMemoryBound(to: Float.self), largest: largest[0],
          into: UnsafeMutableRawPointer(out).assumingMemoryBound(to: Float.self), size: size,
          logarithm: true)
        continue
      }
      for j in 0..<16 { lanes[j] = L.zero }
      for i in 0..<size {
        out[i] = from[i] - largest
        lanes[i & 15] = lanes[i & 15] + L.exp(out[i])
      }
      let total = L.log(tree(lanes))
      for i in 0..<size { out[i] = out[i] - total }
    }
  }
}

@inline(__always)
private func largestOf<L: Lane>(_ x: UnsafePointer<L>, _ size: Int) -> L {
  var largest = L(repeating: -.infinity)
  for i in 0..<size { largest = L.maximum(largest, x[i]) }
  return largest
}
