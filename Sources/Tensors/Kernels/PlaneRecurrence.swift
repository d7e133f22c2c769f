/// The way back through a recurrence in the plane whose moves all networks make alike.
///
/// What is known of a move for all networks at once, which matrix it takes and whether it counts, is read once and not
/// blended: a cotangent passes a few instructions a move. The same numbers as without, in the same order.
final class PlaneRecurrence<L: Lane> {
  private let layout: MatrixRecurrenceLayout
  private let table: UnsafePointer<L>
  private let tableRows: Int
  private let tokens: Operand<L>
  private let counts: Operand<L>
  /// Where each move's matrix begins in the table.
  private let places: UnsafeMutablePointer<Int32>
  /// All bits where a move counts, none where it doesn't.
  private let masks: UnsafeMutablePointer<Int32>
  /// The cotangents of one example's products.
  private let cotangents: UnsafeMutablePointer<L>

  /// Plans the way back; nil unless the state has two numbers and the moves are the same for all networks.
  init?(_ matrices: StepMatrices<L>, _ counts: Operand<L>, _ layout: MatrixRecurrenceLayout) {
    guard layout.width == 2, let tokens = matrices.tokens, tokens.isCommon, counts.isCommon else {
      return nil
    }
    (self.layout, self.tokens, self.counts) = (layout, tokens, counts)
    (table, tableRows) = (matrices.matrices, matrices.rows)
    // Sixteen moves are read at a time.
    let count = layout.examples * layout.steps + 16
    (places, masks) = (.allocate(capacity: count), .allocate(capacity: count))
    places.initialize(repeating: 0, count: count)
    masks.initialize(repeating: 0, count: count)
    cotangents = .zeros(2 * layout.steps)
  }

  deinit {
    places.deallocate()
    masks.deallocate()
    cotangents.deallocate()
  }

  /// Reads the moves.
  ///
  /// - Returns: Whether each of them takes a matrix of the table.
  func readMoves() -> Bool {
    typealias Sixteen = SIMD16<Float>
    let (tokens, counts) = (tokens.numbers, counts.numbers)
    let count = layout.examples &* layout.steps
    let (none, rows) = (Sixteen(repeating: 0), Sixteen(repeating: Float(tableRows)))
    // Added to this, a small whole number stands in the last bits of the sum.
    let shift = Sixteen(repeating: 0x1p23)
    var isThere = SIMD16<Int32>(repeating: -1)
    for first in stride(from: 0, to: count, by: 16) {
      let left = count &- first
      let token = left >= 16 ? tokens.sixteen(at: first) : (tokens + first).few(left)
      let counted = left >= 16 ? counts.sixteen(at: first) : (counts + first).few(left)
      isThere &= Sixteen.less(token, rows) & ~Sixteen.less(token, none)
      let place = (token + shift).bits.subtracting(shift.bits).shiftedLeft(by: 2)
      let mask = ~Sixteen.equal(counted, none)
      UnsafeMutableRawPointer(places + first).storeBytes(of: place, as: SIMD16<Int32>.self)
      UnsafeMutableRawPointer(masks + first).storeBytes(of: mask, as: SIMD16<Int32>.self)
    }
    return (~isThere).areZero
  }

  /// Takes cotangents back, and adds those of the matrices to their table's.
  func takeBack(
    before: UnsafePointer<L>, lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
    firstSlope: UnsafeMutablePointer<L>, tableSlopes: UnsafeMutablePointer<L>
  ) {
    let steps = layout.steps
    for example in 0..<layout.examples {
      let begin = example &* steps
      let (places, masks, before) = (places + begin, masks + begin, before + 2 &* begin)
      var (g0, g1) = (L.zero, L.zero)
      if let last = lastSlope { (g0, g1) = (last[2 &* example], last[2 &* example &+ 1]) }
      var step = steps &- 1
      while step >= 0 {
        let mask = masks[step]
        let (counts, stays) = (L.Bits(repeating: mask), L.Bits(repeating: ~mask))
        var c0 = L(bits: g0.bits.intersection(counts))
        var c1 = L(bits: g1.bits.intersection(counts))
        if let productSlopes {
          let slope = productSlopes + 2 &* (begin &+ step)
          (c0, c1) = (slope[0] + c0, slope[1] + c1)
        }
        (cotangents[2 &* step], cotangents[2 &* step &+ 1]) = (c0, c1)
        let m = table + Int(places[step])
        let s0 = L.zero.addingProduct(m[0], c0).addingProduct(m[2], c1)
        let s1 = L.zero.addingProduct(m[1], c0).addingProduct(m[3], c1)
        g0 = L(bits: g0.bits.intersection(stays)) + s0
        g1 = L(bits: g1.bits.intersection(stays)) + s1
        step &-= 1
      }
      (firstSlope[2 &* example], firstSlope[2 &* example &+ 1]) = (g0, g1)
      for step in 0..<steps {
        let (c, h) = (cotangents + 2 &* step, before + 2 &* step)
        let to = tableSlopes + Int(places[step])
        let (c0, c1, h0, h1) = (c[0], c[1], h[0], h[1])
        to[0] = to[0] + L.zero.addingProduct(c0, h0)
        to[1] = to[1] + L.zero.addingProduct(c0, h1)
        to[2] = to[2] + L.zero.addingProduct(c1, h0)
        to[3] = to[3] + L.zero.addingProduct(c1, h1)
      }
    }
  }
}
