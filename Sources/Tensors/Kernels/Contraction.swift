/// Where a contraction finds its numbers: offsets into two operands and the result.
///
/// Axis letters: `b` runs over all three arrays, `m` over the first operand and the result, `n` over the
/// second and the result, `k` over both operands and is summed.
public struct ContractionLayout: Sendable {
  /// One axis of the three arrays; the stride is nil in an array that does not have it.
  public struct Axis: Sendable {
    public var size: Int
    public var left: Int?
    public var right: Int?
    public var result: Int?

    public init(size: Int, left: Int?, right: Int?, result: Int?) {
      self.size = size
      self.left = left
      self.right = right
      self.result = result
    }
  }

  let batch: [(left: Int, right: Int, result: Int)]
  let rows: [(left: Int, result: Int)]
  let columns: [(right: Int, result: Int)]
  let inner: [(left: Int, right: Int)]

  /// Multiply-adds of one network.
  public var productCount: Int { batch.count * rows.count * columns.count * inner.count }

  /// Sorts the axes, outermost first, by the arrays that have them.
  ///
  /// - Precondition: Every axis is in two arrays at least.
  public init(_ axes: [Axis]) {
    func offsets(_ kept: [Axis]) -> [[Int]] {
      var all = [[0, 0, 0]]
      for axis in kept {
        all = all.flatMap { base in
          (0..<axis.size).map { index in
            [
              base[0] + index * (axis.left ?? 0), base[1] + index * (axis.right ?? 0),
              base[2] + index * (axis.result ?? 0),
            ]
          }
        }
      }
      return all
    }
    precondition(
      axes.allSatisfy { [$0.left, $0.right, $0.result].compactMap { $0 }.count >= 2 },
      "An axis of a contraction stands in one array only")
    batch = offsets(axes.filter { $0.left != nil && $0.right != nil && $0.result != nil })
      .map { ($0[0], $0[1], $0[2]) }
    rows = offsets(axes.filter { $0.right == nil }).map { ($0[0], $0[2]) }
    columns = offsets(axes.filter { $0.left == nil }).map { ($0[1], $0[2]) }
    inner = offsets(axes.filter { $0.result == nil }).map { ($0[0], $0[1]) }
  }
}

/// Contracts two arrays: result[b, m, n] = Σₖ left[b, m, k] · right[b, k, n].
///
/// The sum runs in the order of k with fused multiply-add, whatever the shapes: vectorised across networks
/// and tiled across m and n, never across k. One that continues begins with what the result holds. For one network
/// alone `PackedContraction` is faster, with the same bits.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func contract<L: Lane>(
  _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
  _ layout: ContractionLayout, continuing: Bool = false
) {
  layout.batch.withUnsafeBufferPointer { batch in
    layout.rows.withUnsafeBufferPointer { rows in
      layout.columns.withUnsafeBufferPointer { columns in
        layout.inner.withUnsafeBufferPointer { inner in
          for b in batch {
            let (a, w, c) = (left + b.left, right + b.right, result + b.result)
            var m = 0
            while m + 4 <= rows.count {
              var n = 0
              while n + 4 <= columns.count {
                tile4x4(a, w, c, rows, columns, inner, m, n, continuing)
                n += 4
              }
              while n < columns.count {
                tile4x1(a, w, c, rows, columns[n], inner, m, continuing)
                n += 1
              }
              m += 4
            }
            while m < rows.count {
              var n = 0
              while n + 4 <= columns.count {
                tile1x4(a, w, c, rows[m], columns, inner, n, continuing)
                n += 4
              }
              while n < columns.count {
                dot(a, w, c, rows[m], columns[n], inner, continuing)
                n += 1
              }
              m += 1
            }
          }
        }
      }
    }
  }
}

/// One element of the result: the reference that the tiles must agree with.
@inline(__always)
private func dot<L: Lane>(
  _ a: UnsafePointer<L>, _ w: UnsafePointer<L>, _ c: UnsafeMutablePointer<L>,
  _ row: (left: Int, result: Int), _ column: (right: Int, result: Int),
  _ inner: UnsafeBufferPointer<(left: Int, right: Int)>, _ continuing: Bool
) {
  let (x, y) = (a + row.left, w + column.right)
  var sum = continuing ? c[row.result + column.result] : L.zero
  for k in inner { sum = sum.addingProduct(x[k.left], y[k.right]) }
  c[row.result + column.result] = sum
}

@inline(__always)
private func tile1x4<L: Lane>(
  _ a: UnsafePointer<L>, _ w: UnsafePointer<L>, _ c: UnsafeMutablePointer<L>,
  _ row: (left: Int, result: Int),
  _ columns: UnsafeBufferPointer<(right: Int, result: Int)>,
  _ inner: UnsafeBufferPointer<(left: Int, right: Int)>, _ n: Int,
  _ continuing: Bool
) {
  let x = a + row.left
  let (w0, w1) = (w + columns[n].right, w + columns[n + 1].right)
  let (w2, w3) = (w + columns[n + 2].right, w + columns[n + 3].right)
  let out = c + row.result
  let (c0, c1) = (columns[n].result, columns[n + 1].result)
  let (c2, c3) = (columns[n + 2].result, columns[n + 3].result)
  var (s0, s1, s2, s3) = (L.zero, L.zero, L.zero, L.zero)
  if continuing { (s0, s1, s2, s3) = (out[c0], out[c1], out[c2], out[c3]) }
  for k in inner {
    let x0 = x[k.left]
    s0 = s0.addingProduct(x0, w0[k.right])
    s1 = s1.addingProduct(x0, w1[k.right])
    s2 = s2.addingProduct(x0, w2[k.right])
    s3 = s3.addingProduct(x0, w3[k.right])
  }
  (out[c0], out[c1], out[c2], out[c3]) = (s0, s1, s2, s3)
}

@inline(__always)
private func tile4x1<L: Lane>(
  _ a: UnsafePointer<L>, _ w: UnsafePointer<L>, _ c: UnsafeMutablePointer<L>,
  _ rows: UnsafeBufferPointer<(left: Int, result: Int)>, _ column: (right: Int, result: Int),
  _ inner: UnsafeBufferPointer<(left: Int, right: Int)>, _ m: Int,
  _ continuing: Bool
) {
  let y = w + column.right
  let (a0, a1) = (a + rows[m].left, a + rows[m + 1].left)
  let (a2, a3) = (a + rows[m + 2].left, a + rows[m + 3].left)
  let out = c + column.result
  let (r0, r1) = (rows[m].result, rows[m + 1].result)
  let (r2, r3) = (rows[m + 2].result, rows[m + 3].result)
  var (s0, s1, s2, s3) = (L.zero, L.zero, L.zero, L.zero)
  if continuing { (s0, s1, s2, s3) = (out[r0], out[r1], out[r2], out[r3]) }
  for k in inner {
    let y0 = y[k.right]
    s0 = s0.addingProduct(a0[k.left], y0)
    s1 = s1.addingProduct(a1[k.left], y0)
    s2 = s2.addingProduct(a2[k.left], y0)
    s3 = s3.addingProduct(a3[k.left], y0)
  }
  (out[r0], out[r1], out[r2], out[r3]) = (s0, s1, s2, s3)
}

@inline(__always)
private func tile4x4<L: Lane>(
  _ a: UnsafePointer<L>, _ w: UnsafePointer<L>, _ c: UnsafeMutablePointer<L>,
  _ rows: UnsafeBufferPointer<(left: Int, result: Int)>,
  _ columns: UnsafeBufferPointer<(right: Int, result: Int)>,
  _ inner: UnsafeBufferPointer<(left: Int, right: Int)>, _ m: Int, _ n: Int,
  _ continuing: Bool
) {
  let (a0, a1) = (a + rows[m].left, a + rows[m + 1].left)
  let (a2, a3) = (a + rows[m + 2].left, a + rows[m + 3].left)
  let (w0, w1) = (w + columns[n].right, w + columns[n + 1].right)
  let (w2, w3) = (w + columns[n + 2].right, w + columns[n + 3].right)
  var (s00, s01, s02, s03) = (L.zero, L.zero, L.zero, L.zero)
  var (s10, s11, s12, s13) = (L.zero, L.zero, L.zero, L.zero)
  var (s20, s21, s22, s23) = (L.zero, L.zero, L.zero, L.zero)
  var (s30, s31, s32, s33) = (L.zero, L.zero, L.zero, L.zero)
  let (c0, c1) = (columns[n].result, columns[n + 1].result)
  let (c2, c3) = (columns[n + 2].result, columns[n + 3].result)
  if continuing {
    var out = c + rows[m].result
    (s00, s01, s02, s03) = (out[c0], out[c1], out[c2], out[c3])
    out = c + rows[m + 1].result
    (s10, s11, s12, s13) = (out[c0], out[c1], out[c2], out[c3])
    out = c + rows[m + 2].result
    (s20, s21, s22, s23) = (out[c0], out[c1], out[c2], out[c3])
    out = c + rows[m + 3].result
    (s30, s31, s32, s33) = (out[c0], out[c1], out[c2], out[c3])
  }
  for k in inner {
    let (y0, y1, y2, y3) = (w0[k.right], w1[k.right], w2[k.right], w3[k.right])
    let x0 = a0[k.left]
    s00 = s00.addingProduct(x0, y0)
    s01 = s01.addingProduct(x0, y1)
    s02 = s02.addingProduct(x0, y2)
    s03 = s03.addingProduct(x0, y3)
    let x1 = a1[k.left]
    s10 = s10.addingProduct(x1, y0)
    s11 = s11.addingProduct(x1, y1)
    s12 = s12.addingProduct(x1, y2)
    s13 = s13.addingProduct(x1, y3)
    let x2 = a2[k.left]
    s20 = s20.addingProduct(x2, y0)
    s21 = s21.addingProduct(x2, y1)
    s22 = s22.addingProduct(x2, y2)
    s23 = s23.addingProduct(x2, y3)
    let x3 = a3[k.left]
    s30 = s30.addingProduct(x3, y0)
    s31 = s31.addingProduct(x3, y1)
    s32 = s32.addingProduct(x3, y2)
    s33 = s33.addingProduct(x3, y3)
  }
  var out = c + rows[m].result
  (out[c0], out[c1], out[c2], out[c3]) = (s00, s01, s02, s03)
  out = c + rows[m + 1].result
  (out[c0], out[c1], out[c2], out[c3]) = (s10, s11, s12, s13)
  out = c + rows[m + 2].result
  (out[c0], out[c1], out[c2], out[c3]) = (s20, s21, s22, s23)
  out = c + rows[m + 3].result
  (out[c0], out[c1], out[c2], out[c3]) = (s30, s31, s32, s33)
}
