/// Contracts two arrays of one network, vectorised across rows or columns of the result, whichever are more.
///
/// The sum of each element runs as in `contract`, so the bits are the same. A panel of 32 columns is copied next to
/// each other, some hundred terms of the sum at a time, and then serves all rows.
///
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", DOI 10.1145/1356052.1356053.
@inline(never)
func contractInPanels(
  _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, _ layout: ContractionLayout, continuing: Bool
) {
  // A product is the same with its factors exchanged: the side that is copied is the longer.
  let isTurned = layout.rows.count > layout.columns.count
  let across =
    isTurned
    ? layout.rows.map { ($0.left, $0.result) } : layout.columns.map { ($0.right, $0.result) }
  let down =
    isTurned
    ? layout.columns.map { ($0.right, $0.result) } : layout.rows.map { ($0.left, $0.result) }
  let inner = isTurned ? layout.inner.map { ($0.right, $0.left) } : layout.inner
  withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 2 * Panel.depth) { memory in
    guard let memory = memory.baseAddress else { return }
    across.withUnsafeBufferPointer { across in
      down.withUnsafeBufferPointer { down in
        inner.withUnsafeBufferPointer { inner in
          for b in layout.batch {
            let (x, y) =
              isTurned ? (right + b.right, left + b.left) : (left + b.left, right + b.right)
            for first in stride(from: 0, to: max(inner.count, 1), by: Panel.depth) {
              let terms = UnsafeBufferPointer(
                rebasing: inner[first..<min(first + Panel.depth, inner.count)])
              for n in stride(from: 0, to: across.count, by: Panel.width) {
                let columns = UnsafeBufferPointer(
                  rebasing: across[n..<min(n + Panel.width, across.count)])
                let panel = Panel(memory, y, columns, terms)
                panel.multiply(
                  x, down, terms, into: result + b.result,
                  continuing: continuing || first > 0)
              }
            }
          }
        }
      }
    }
  }
}

/// Up to 32 neighbouring columns of an operand, copied term by term.
private struct Panel {
  typealias Offsets = UnsafeBufferPointer<(Int, Int)>

  static let width = 32
  static let depth = 256

  let values: UnsafeMutablePointer<SIMD16<Float>>
  let columns: Offsets
  /// Whether the columns lie next to each other in the result.
  let isDense: Bool

  init(
    _ memory: UnsafeMutablePointer<SIMD16<Float>>, _ y: UnsafePointer<Float>, _ columns: Offsets,
    _ terms: UnsafeBufferPointer<(left: Int, right: Int)>
  ) {
    (values, self.columns) = (memory, columns)
    let first = columns[0]
    isDense =
      columns.count == Self.width
      && columns.indices.allSatisfy { columns[$0].1 == first.1 + $0 }
    let isNeighbourly =
      columns.count == Self.width && columns.indices.allSatisfy { columns[$0].0 == first.0 + $0 }
    let out = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: Float.self)
    for (k, term) in terms.enumerated() {
      let (from, to) = (y + term.right, out + k * Self.width)
      if isNeighbourly {
        to.update(from: from + first.0, count: Self.width)
      } else {
        for j in 0..<columns.count { to[j] = from[columns[j].0] }
        for j in columns.count..<Self.width { to[j] = 0 }
      }
    }
  }

  /// Multiplies all rows with the panel, six at a time.
  func multiply(
    _ x: UnsafePointer<Float>, _ rows: Offsets,
    _ terms: UnsafeBufferPointer<(left: Int, right: Int)>, into result: UnsafeMutablePointer<Float>,
    continuing: Bool
  ) {
    var m = 0
    while m + 6 <= rows.count {
      sixRows(x, rows, m, terms, into: result, continuing)
      m += 6
    }
    while m < rows.count {
      oneRow(x, rows[m], terms, into: result, continuing)
      m += 1
    }
  }

  @inline(__always)
  private func load(_ from: UnsafePointer<Float>, _ half: Int) -> SIMD16<Float> {
    var lane = SIMD16<Float>()
    if isDense {
      let start = from + columns[0].1 + half * 16
      for j in 0..<16 { lane[j] = start[j] }
    } else {
      for j in 0..<16 where half * 16 + j < columns.count {
        lane[j] = from[columns[half * 16 + j].1]
      }
    }
    return lane
  }

  @inline(__always)
  private func store(_ lane: SIMD16<Float>, _ to: UnsafeMutablePointer<Float>, _ half: Int) {
    if isDense {
      let start = to + columns[0].1 + half * 16
      for j in 0..<16 { start[j] = lane[j] }
    } else {
      for j in 0..<16 where half * 16 + j < columns.count { to[columns[half * 16 + j].1] = lane[j] }
    }
  }

  @inline(__always)
  private func oneRow(
    _ x: UnsafePointer<Float>, _ row: (Int, Int),
    _ terms: UnsafeBufferPointer<(left: Int, right: Int)>, into result: UnsafeMutablePointer<Float>,
    _ continuing: Bool
  ) {
    let (a, c) = (x + row.0, result + row.1)
    var (s0, s1) = (SIMD16<Float>(), SIMD16<Float>())
    if continuing { (s0, s1) = (load(c, 0), load(c, 1)) }
    var y = values
    for term in terms {
      let factor = SIMD16<Float>(repeating: a[term.left])
      (s0, s1) = (s0.addingProduct(factor, y[0]), s1.addingProduct(factor, y[1]))
      y += 2
    }
    store(s0, c, 0)
    store(s1, c, 1)
  }

  @inline(__always)
  private func sixRows(
    _ x: UnsafePointer<Float>, _ rows: Offsets, _ m: Int,
    _ terms: UnsafeBufferPointer<(left: Int, right: Int)>, into result: UnsafeMutablePointer<Float>,
    _ continuing: Bool
  ) {
    let (a0, a1, a2) = (x + rows[m].0, x + rows[m + 1].0, x + rows[m + 2].0)
    let (a3, a4, a5) = (x + rows[m + 3].0, x + rows[m + 4].0, x + rows[m + 5].0)
    let (c0, c1, c2) = (result + rows[m].1, result + rows[m + 1].1, result + rows[m + 2].1)
    let (c3, c4, c5) = (result + rows[m + 3].1, result + rows[m + 4].1, result + rows[m + 5].1)
    let zero = SIMD16<Float>()
    var (s00, s01, s10, s11, s20, s21) = (zero, zero, zero, zero, zero, zero)
    var (s30, s31, s40, s41, s50, s51) = (zero, zero, zero, zero, zero, zero)
    if continuing {
      (s00, s01, s10, s11) = (load(c0, 0), load(c0, 1), load(c1, 0), load(c1, 1))
      (s20, s21, s30, s31) = (load(c2, 0), load(c2, 1), load(c3, 0), load(c3, 1))
      (s40, s41, s50, s51) = (load(c4, 0), load(c4, 1), load(c5, 0), load(c5, 1))
    }
    var y = values
    for term in terms {
      let (y0, y1) = (y[0], y[1])
      var factor = SIMD16<Float>(repeating: a0[term.left])
      (s00, s01) = (s00.addingProduct(factor, y0), s01.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a1[term.left])
      (s10, s11) = (s10.addingProduct(factor, y0), s11.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a2[term.left])
      (s20, s21) = (s20.addingProduct(factor, y0), s21.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a3[term.left])
      (s30, s31) = (s30.addingProduct(factor, y0), s31.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a4[term.left])
      (s40, s41) = (s40.addingProduct(factor, y0), s41.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a5[term.left])
      (s50, s51) = (s50.addingProduct(factor, y0), s51.addingProduct(factor, y1))
      y += 2
    }
    store(s00, c0, 0)
    store(s01, c0, 1)
    store(s10, c1, 0)
    store(s11, c1, 1)
    store(s20, c2, 0)
    store(s21, c2, 1)
    store(s30, c3, 0)
    store(s31, c3, 1)
    store(s40, c4, 0)
    store(s41, c4, 1)
    store(s50, c5, 0)
    store(s51, c5, 1)
  }
}
