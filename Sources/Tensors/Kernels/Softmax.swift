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
  softmax(x, into: result, rows: rows, size: size, logarithm: false)
}

/// The logarithm of the softmax of each row: xᵢ − max x − log Σⱼ exp(xⱼ − max x).
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func logSoftmax<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, rows: Int, size: Int
) {
  softmax(x, into: result, rows: rows, size: size, logarithm: true)
}

/// How many rows go side by side, so that none has to wait for its own largest number or sum.
private let mostRows = 8

@inline(__always)
private func softmax<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, rows: Int, size: Int,
  logarithm: Bool
) {
  if L.self == Float.self {
    if size >= 16 {
      return softmaxOfSixteens(x, into: result, rows: rows, size: size, logarithm: logarithm)
    }
    if rows >= 8 {
      return softmaxOfRows(
        x.numbers, into: result.numbers, rows: rows, size: size, logarithm: logarithm)
    }
  }
  withUnsafeTemporaryAllocation(of: L.self, capacity: 2 * mostRows) { room in
    guard let largest = room.baseAddress else { return }
    let totals = largest + mostRows
    for first in stride(from: 0, to: rows, by: mostRows) {
      let count = min(mostRows, rows - first)
      let (from, out) = (x + first * size, result + first * size)
      largestOfRows(from, count, size, into: largest)
      powers(from, largest, count, size, into: out)
      sumRows(out, count, size, into: totals)
      if logarithm {
        subtract(from, largest, totals, count, size, into: out)
      } else {
        divide(out, by: totals, count, size)
      }
    }
  }
}

@inline(never)
private func largestOfRows<L: Lane>(
  _ x: UnsafePointer<L>, _ rows: Int, _ size: Int, into largest: UnsafeMutablePointer<L>
) {
  for row in 0..<rows { largest[row] = L(repeating: -.infinity) }
  for i in 0..<size {
    for row in 0..<rows { largest[row] = L.maximum(largest[row], x[row &* size &+ i]) }
  }
}

@inline(never)
private func powers<L: Lane>(
  _ x: UnsafePointer<L>, _ largest: UnsafePointer<L>, _ rows: Int, _ size: Int,
  into result: UnsafeMutablePointer<L>
) {
  for row in 0..<rows {
    let (from, out, most) = (x + row &* size, result + row &* size, largest[row])
    for i in 0..<size { out[i] = L.exp(from[i] - most) }
  }
}

/// Sums each row by the tree of sixteen lanes.
@inline(never)
private func sumRows<L: Lane>(
  _ x: UnsafePointer<L>, _ rows: Int, _ size: Int, into totals: UnsafeMutablePointer<L>
) {
  if size <= 16 {
    for row in 0..<rows { totals[row] = sumOfSixteen(x + row &* size, size) }
    return
  }
  withUnsafeTemporaryAllocation(of: L.self, capacity: 16) { lanes in
    for row in 0..<rows {
      let from = x + row &* size
      for j in 0..<16 { lanes[j] = L.zero + from[j] }
      for i in 16..<size { lanes[i & 15] = lanes[i & 15] + from[i] }
      totals[row] = tree(lanes)
    }
  }
}

@inline(never)
private func divide<L: Lane>(
  _ x: UnsafeMutablePointer<L>, by totals: UnsafePointer<L>, _ rows: Int, _ size: Int
) {
  for row in 0..<rows {
    let (out, total) = (x + row &* size, totals[row])
    for i in 0..<size { out[i] = out[i] / total }
  }
}

@inline(never)
private func subtract<L: Lane>(
  _ x: UnsafePointer<L>, _ largest: UnsafePointer<L>, _ totals: UnsafeMutablePointer<L>,
  _ rows: Int, _ size: Int, into result: UnsafeMutablePointer<L>
) {
  for row in 0..<rows { totals[row] = L.log(totals[row]) }
  for row in 0..<rows {
    let (from, out) = (x + row &* size, result + row &* size)
    let (most, total) = (largest[row], totals[row])
    for i in 0..<size { out[i] = (from[i] - most) - total }
  }
}

/// The rows of one network, sixteen neighbours at a time.
private func softmaxOfSixteens<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, rows: Int, size: Int,
  logarithm: Bool
) {
  let (numbers, result) = (x.numbers, result.numbers)
  for row in 0..<rows {
    var largest = L(repeating: -.infinity)
    for i in 0..<size { largest = L.maximum(largest, x[row * size + i]) }
    softmaxRow(
      numbers + row * size, largest: largest[0], into: result + row * size, size: size,
      logarithm: logarithm)
  }
}
