/// Up to 32 columns of a product: how they are copied, and multiplied with all rows.
struct Panel {
  typealias Offsets = PackedContraction.Offsets
  typealias Terms = PackedContraction.Terms

  static let width = 32
  /// The most terms of the sums that are done before the next panel's turn.
  static let depth = 256

  let columns: Range<Int>
  /// Whether all columns are there and lie next to each other in the operand.
  private let isNeighbourly: Bool
  /// Whether the first and the second sixteen columns are there and lie next to each other in the result.
  private let isDense: (Bool, Bool)

  init(_ first: Int, _ columns: ArraySlice<(operand: Int, result: Int)>) {
    self.columns = first..<first + columns.count
    isNeighbourly =
      columns.count == Self.width
      && columns.indices.allSatisfy { columns[$0].operand == columns[first].operand + $0 - first }
    let (low, high) = (columns.prefix(16), columns.dropFirst(16))
    isDense = (low.count == 16 && Self.isInRuns(low), high.count == 16 && Self.isInRuns(high))
  }

  /// Whether each sixteen of the places lie next to each other in the result.
  static func isInRuns(_ places: some Collection<(operand: Int, result: Int)>) -> Bool {
    zip(0..., zip(places, places.dropFirst())).allSatisfy {
      $0 % 16 == 15 || $1.1.result == $1.0.result + 1
    }
  }

  /// Copies the columns next to each other, term by term.
  func pack(
    _ y: UnsafePointer<Float>, _ columns: Offsets, _ terms: Terms,
    into values: UnsafeMutablePointer<SIMD16<Float>>
  ) {
    if isNeighbourly {
      let from = y + columns[0].operand
      for (k, term) in terms.enumerated() {
        let row = UnsafeRawPointer(from + term.across)
        values[2 * k] = row.loadUnaligned(as: SIMD16<Float>.self)
        values[2 * k + 1] = row.loadUnaligned(fromByteOffset: 64, as: SIMD16<Float>.self)
      }
      return
    }
    let out = UnsafeMutableRawPointer(values).assumingMemoryBound(to: Float.self)
    for j in 0..<Self.width {
      guard j < columns.count else {
        for k in terms.indices { out[k * Self.width + j] = 0 }
        continue
      }
      let from = y + columns[j].operand
      for k in terms.indices { out[k * Self.width + j] = from[terms[k].across] }
    }
  }

  /// Multiplies all rows with the panel, six at a time.
  func multiply(
    _ x: UnsafePointer<Float>, _ rows: Offsets, _ values: UnsafePointer<SIMD16<Float>>,
    _ columns: Offsets, _ terms: Terms, into result: UnsafeMutablePointer<Float>, continuing: Bool
  ) {
    var m = 0
    while m + 6 <= rows.count {
      sixRows(x, rows, m, values, columns, terms, into: result, continuing)
      m += 6
    }
    // Where three rows or more are left, the last one fills the places of those that are missing.
    if rows.count - m >= 3 {
      sixRows(x, rows, m, values, columns, terms, into: result, continuing)
      return
    }
    while m < rows.count {
      oneRow(x, rows[m], values, columns, terms, into: result, continuing)
      m += 1
    }
  }

  @inline(__always)
  private func load(_ from: UnsafePointer<Float>, _ columns: Offsets, _ half: Int) -> SIMD16<Float>
  {
    if half == 0 ? isDense.0 : isDense.1 {
      return UnsafeRawPointer(from + columns[half * 16].result).loadUnaligned(
        as: SIMD16<Float>.self)
    }
    var lane = SIMD16<Float>()
    for j in 0..<16 where half * 16 + j < columns.count {
      lane[j] = from[columns[half * 16 + j].result]
    }
    return lane
  }

  @inline(__always)
  private func store(
    _ lane: SIMD16<Float>, _ to: UnsafeMutablePointer<Float>, _ columns: Offsets, _ half: Int
  ) {
    if half == 0 ? isDense.0 : isDense.1 {
      UnsafeMutableRawPointer(to + columns[half * 16].result).storeBytes(
        of: lane, as: SIMD16<Float>.self)
      return
    }
    for j in 0..<16 where half * 16 + j < columns.count {
      to[columns[half * 16 + j].result] = lane[j]
    }
  }

  @inline(__always)
  private func oneRow(
    _ x: UnsafePointer<Float>, _ row: (operand: Int, result: Int),
    _ values: UnsafePointer<SIMD16<Float>>, _ columns: Offsets, _ terms: Terms,
    into result: UnsafeMutablePointer<Float>, _ continuing: Bool
  ) {
    let (a, c) = (x + row.operand, result + row.result)
    var (s0, s1) = (SIMD16<Float>(), SIMD16<Float>())
    if continuing { (s0, s1) = (load(c, columns, 0), load(c, columns, 1)) }
    var y = values
    for term in terms {
      let factor = SIMD16<Float>(repeating: a[term.down])
      (s0, s1) = (s0.addingProduct(factor, y[0]), s1.addingProduct(factor, y[1]))
      y += 2
    }
    store(s0, c, columns, 0)
    store(s1, c, columns, 1)
  }

  @inline(never)
  private func sixRows(
    _ x: UnsafePointer<Float>, _ rows: Offsets, _ m: Int, _ values: UnsafePointer<SIMD16<Float>>,
    _ columns: Offsets, _ terms: Terms, into result: UnsafeMutablePointer<Float>,
    _ continuing: Bool
  ) {
    let last = rows.count - 1
    let (r0, r1, r2) = (rows[m], rows[m + 1], rows[m + 2])
    let (r3, r4, r5) = (rows[min(m + 3, last)], rows[min(m + 4, last)], rows[min(m + 5, last)])
    let (a0, a1, a2) = (x + r0.operand, x + r1.operand, x + r2.operand)
    let (a3, a4, a5) = (x + r3.operand, x + r4.operand, x + r5.operand)
    let (c0, c1, c2) = (result + r0.result, result + r1.result, result + r2.result)
    let (c3, c4, c5) = (result + r3.result, result + r4.result, result + r5.result)
    let zero = SIMD16<Float>()
    var (s00, s01, s10, s11, s20, s21) = (zero, zero, zero, zero, zero, zero)
    var (s30, s31, s40, s41, s50, s51) = (zero, zero, zero, zero, zero, zero)
    if continuing {
      (s00, s01) = (load(c0, columns, 0), load(c0, columns, 1))
      (s10, s11) = (load(c1, columns, 0), load(c1, columns, 1))
      (s20, s21) = (load(c2, columns, 0), load(c2, columns, 1))
      (s30, s31) = (load(c3, columns, 0), load(c3, columns, 1))
      (s40, s41) = (load(c4, columns, 0), load(c4, columns, 1))
      (s50, s51) = (load(c5, columns, 0), load(c5, columns, 1))
    }
    var y = values
    for term in terms {
      let (y0, y1) = (y[0], y[1])
      var factor = SIMD16<Float>(repeating: a0[term.down])
      (s00, s01) = (s00.addingProduct(factor, y0), s01.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a1[term.down])
      (s10, s11) = (s10.addingProduct(factor, y0), s11.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a2[term.down])
      (s20, s21) = (s20.addingProduct(factor, y0), s21.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a3[term.down])
      (s30, s31) = (s30.addingProduct(factor, y0), s31.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a4[term.down])
      (s40, s41) = (s40.addingProduct(factor, y0), s41.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a5[term.down])
      (s50, s51) = (s50.addingProduct(factor, y0), s51.addingProduct(factor, y1))
      y += 2
    }
    store(s00, c0, columns, 0)
    store(s01, c0, columns, 1)
    store(s10, c1, columns, 0)
    store(s11, c1, columns, 1)
    store(s20, c2, columns, 0)
    store(s21, c2, columns, 1)
    store(s30, c3, columns, 0)
    store(s31, c3, columns, 1)
    store(s40, c4, columns, 0)
    store(s41, c4, columns, 1)
    store(s50, c5, columns, 0)
    store(s51, c5, columns, 1)
  }
}
