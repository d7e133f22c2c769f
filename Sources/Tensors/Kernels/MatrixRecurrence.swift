/// The sizes of a recurrence whose state is multiplied by a matrix of its own at every step.
public struct MatrixRecurrenceLayout: Sendable {
  let examples, steps, width: Int

  /// Lays out `examples` games of `steps` steps, with `width` numbers in the state.
  public init(examples: Int, steps: Int, width: Int) {
    (self.examples, self.steps, self.width) = (examples, steps, width)
  }
}

/// The matrices of a recurrence: one for every step of every example, or rows of a table that tokens pick.
///
/// A table is read where it lies, as `gather` would copy it and `scatterSum` would sum its cotangents, bit by bit.
public struct StepMatrices<L: Lane> {
  let matrices: UnsafePointer<L>
  let tokens: Operand<L>?
  let rows: Int

  /// Matrices of their own, `[examples, steps, width, width]`.
  public init(_ matrices: UnsafePointer<L>) {
    (self.matrices, tokens, rows) = (matrices, nil, 0)
  }

  /// Those of a table, `[rows, width, width]`, that tokens pick, `[examples, steps]`.
  public init(table: UnsafePointer<L>, rows: Int, tokens: Operand<L>) {
    (matrices, self.tokens, self.rows) = (table, tokens, rows)
  }

  /// The same with the tokens where they are at present.
  var present: StepMatrices {
    tokens.map { StepMatrices(table: matrices, rows: rows, tokens: $0.present) } ?? self
  }

  /// The row that all networks take at a place; nil if each takes its own.
  @inline(__always)
  func row(_ place: Int) -> Int? {
    tokens?.commonPlace(place, below: rows)
  }

  /// Where the matrix of a place lies; a blend of several is written to `blend`.
  @inline(__always)
  func at(_ place: Int, row: Int?, size: Int, blend: UnsafeMutablePointer<L>) -> UnsafePointer<L> {
    guard let tokens else { return matrices + place &* size }
    if let row { return matrices + row &* size }
    guard size == 4, rows <= 2 * L.width else {
      gather(matrices, rows: rows, size: size, tokens + place, count: 1, into: blend)
      return UnsafePointer(blend)
    }
    let (token, none) = (tokens[place], L(repeating: .nan))
    var (a, b, c, d) = (none, none, none, none)
    var from = matrices
    for row in 0..<rows {
      let here = L.equal(token, L(repeating: Float(row)))
      (a, b) = (L.select(here, from[0], a), L.select(here, from[1], b))
      (c, d) = (L.select(here, from[2], c), L.select(here, from[3], d))
      from += 4
    }
    (blend[0], blend[1], blend[2], blend[3]) = (a, b, c, d)
    return UnsafePointer(blend)
  }

  /// Adds the slopes of a place's matrix to those of the table.
  @inline(__always)
  func add(
    _ slopes: UnsafePointer<L>, of place: Int, row: Int?, size: Int,
    to table: UnsafeMutablePointer<L>
  ) {
    guard let tokens else { return }
    guard let row else {
      guard size == 4, rows <= 2 * L.width else {
        return scatterSum(
          slopes, tokens + place, count: 1, into: table, rows: rows, size: size, continuing: true)
      }
      let token = tokens[place]
      let (a, b, c, d) = (slopes[0], slopes[1], slopes[2], slopes[3])
      var to = table
      for row in 0..<rows {
        let here = L.equal(token, L(repeating: Float(row)))
        (to[0], to[1]) = (to[0] + L.select(here, a, L.zero), to[1] + L.select(here, b, L.zero))
        (to[2], to[3]) = (to[2] + L.select(here, c, L.zero), to[3] + L.select(here, d, L.zero))
        to += 4
      }
      return
    }
    let to = table + row &* size
    if size == 4 {
      let (a, b, c, d) = (
        to[0] + slopes[0], to[1] + slopes[1], to[2] + slopes[2], to[3] + slopes[3]
      )
      (to[0], to[1], to[2], to[3]) = (a, b, c, d)
    } else {
      for i in 0..<size { to[i] = to[i] + slopes[i] }
    }
  }
}

/// Runs hₜ = Mₜ hₜ₋₁ at each step that counts; the others leave the state as it is.
///
/// Products sum in order of the contracted index with fused multiply-add, as `contract` does.
///
/// - Parameters:
///   - first: The states before the first step, `[examples, width]`.
///   - matrices: One a step.
///   - counts: Which steps count, `[examples, steps]`.
///   - last: The states after the last step.
///   - products: Mₜ hₜ₋₁ of every step, `[examples, steps, width]`.
///   - before: The state before every step, likewise.
///   - layout: The sizes.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func matrixRecurrence<L: Lane>(
  first: UnsafePointer<L>, matrices: StepMatrices<L>, counts: Operand<L>,
  last: UnsafeMutablePointer<L>, products: UnsafeMutablePointer<L>,
  before: UnsafeMutablePointer<L>, _ layout: MatrixRecurrenceLayout
) {
  let (steps, width) = (layout.steps, layout.width)
  let (matrices, counts) = (matrices.present, counts.present)
  withUnsafeTemporaryAllocation(of: L.self, capacity: max(width * width, 1)) { scratch in
    guard let blend = scratch.baseAddress else { return }
    for example in 0..<layout.examples {
      let begin = example &* steps
      if width == 2 {
        goThroughPlane(
          first + 2 &* example, matrices, counts, last + 2 &* example, products + 2 &* begin,
          before + 2 &* begin, begin..<begin &+ steps, blend)
        continue
      }
      var h = first + example * width
      for step in 0..<steps {
        let place = begin &+ step
        let m = matrices.at(place, row: matrices.row(place), size: width &* width, blend: blend)
        let (c, b) = (products + place * width, before + place * width)
        let next = step + 1 < steps ? b + width : last + example * width
        let stays = counts.isZero(place)
        if step == 0 {
          for i in 0..<width { b[i] = h[i] }
        }
        for i in 0..<width {
          var sum = L.zero
          for j in 0..<width { sum = sum.addingProduct(m[i * width + j], h[j]) }
          c[i] = sum
          next[i] = L.select(stays, h[i], sum)
        }
        h = UnsafePointer(next)
      }
    }
  }
}

/// One example of `matrixRecurrence` in the plane, whose state stays in registers.
@inline(__always)
private func goThroughPlane<L: Lane>(
  _ first: UnsafePointer<L>, _ matrices: StepMatrices<L>, _ counts: Operand<L>,
  _ last: UnsafeMutablePointer<L>, _ products: UnsafeMutablePointer<L>,
  _ before: UnsafeMutablePointer<L>, _ places: Range<Int>, _ blend: UnsafeMutablePointer<L>
) {
  var (h0, h1, c, b) = (first[0], first[1], products, before)
  for place in places {
    let m = matrices.at(place, row: matrices.row(place), size: 4, blend: blend)
    let c0 = L.zero.addingProduct(m[0], h0).addingProduct(m[1], h1)
    let c1 = L.zero.addingProduct(m[2], h0).addingProduct(m[3], h1)
    (b[0], b[1], c[0], c[1]) = (h0, h1, c0, c1)
    let stays = counts.isZero(place)
    (h0, h1) = (L.select(stays, h0, c0), L.select(stays, h1, c1))
    (b, c) = (b + 2, c + 2)
  }
  (last[0], last[1]) = (h0, h1)
}

/// Takes cotangents back through `matrixRecurrence`.
///
/// - Parameters:
///   - matrices: What the recurrence was given.
///   - counts: Likewise.
///   - before: The state before every step.
///   - lastSlope: The cotangents of the last states; nil where nothing depends on them.
///   - productSlopes: Those of the products; nil likewise.
///   - firstSlope: Where those of the first states are written.
///   - matrixSlopes: Where those of the matrices are written, or of their table summed in order of the steps.
///   - layout: The sizes.
///   - continuing: Whether the table's sums go on from what they hold.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func matrixRecurrenceGradient<L: Lane>(
  matrices: StepMatrices<L>, counts: Operand<L>, before: UnsafePointer<L>,
  lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
  firstSlope: UnsafeMutablePointer<L>, matrixSlopes: UnsafeMutablePointer<L>,
  _ layout: MatrixRecurrenceLayout, continuing: Bool = false
) {
  boundMatrixRecurrenceGradient(
    matrices: matrices, counts: counts, before: before, lastSlope: lastSlope,
    productSlopes: productSlopes, firstSlope: firstSlope, matrixSlopes: matrixSlopes, layout)(
      continuing)
}

/// What the gradient of one example needs for itself.
private final class RecurrenceRoom<L: Lane> {
  /// The cotangents of one state, a blended matrix, and the slopes of the matrices that come out of a table.
  let numbers: UnsafeMutablePointer<L>
  /// The row that all networks take at each step.
  let rows: UnsafeMutableBufferPointer<Int?>

  init(_ layout: MatrixRecurrenceLayout) {
    let (steps, width) = (layout.steps, layout.width)
    numbers = .zeros(width + (1 + steps) * width * width)
    rows = .allocate(capacity: steps)
    rows.initialize(repeating: nil)
  }

  deinit {
    numbers.deallocate()
    rows.deallocate()
  }
}

@inline(never)
private func takeBack<L: Lane>(
  matrices: StepMatrices<L>, counts: Operand<L>, before: UnsafePointer<L>,
  lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
  firstSlope: UnsafeMutablePointer<L>, matrixSlopes: UnsafeMutablePointer<L>,
  _ layout: MatrixRecurrenceLayout, continuing: Bool, _ room: RecurrenceRoom<L>
) {
  let (steps, width) = (layout.steps, layout.width)
  let (matrices, counts) = (matrices.present, counts.present)
  let size = width * width
  let isTable = matrices.tokens != nil
  let (c, rows) = (room.numbers, room.rows)
  let (blend, own) = (c + width, c + width + size)
  if isTable, !continuing {
    for i in 0..<matrices.rows * size { matrixSlopes[i] = L.zero }
  }
  for example in 0..<layout.examples {
    let begin = example &* steps
    for step in 0..<steps { rows[step] = matrices.row(begin &+ step) }
    // The cotangent of the state after the step, then before it.
    let g = firstSlope + example &* width
    for i in 0..<width { g[i] = lastSlope.map { $0[example &* width &+ i] } ?? L.zero }
    if width == 2 {
      takeBackThroughPlane(
        g, matrices, counts, before, productSlopes, isTable ? own : matrixSlopes + 4 &* begin,
        begin..<begin &+ steps, rows, blend)
    }
    for step in stride(from: width == 2 ? -1 : steps - 1, through: 0, by: -1) {
      let place = begin &+ step
      let m = matrices.at(place, row: rows[step], size: size, blend: blend)
      let dm = isTable ? own + step &* size : matrixSlopes + place &* size
      let h = before + place &* width
      let stays = counts.isZero(place)
      for i in 0..<width {
        let through = L.select(stays, L.zero, g[i])
        c[i] = productSlopes.map { $0[place &* width &+ i] + through } ?? through
      }
      for i in 0..<width {
        for j in 0..<width { dm[i &* width &+ j] = L.zero.addingProduct(c[i], h[j]) }
      }
      for j in 0..<width {
        var sum = L.zero
        for i in 0..<width { sum = sum.addingProduct(m[i &* width &+ j], c[i]) }
        g[j] = L.select(stays, g[j], L.zero) + sum
      }
    }
    guard isTable else { continue }
    for step in 0..<steps {
      matrices.add(
        own + step &* size, of: begin &+ step, row: rows[step], size: size, to: matrixSlopes)
    }
  }
}

/// One example's way back in the plane, whose cotangent stays in registers.
@inline(__always)
private func takeBackThroughPlane<L: Lane>(
  _ slope: UnsafeMutablePointer<L>, _ matrices: StepMatrices<L>, _ counts: Operand<L>,
  _ before: UnsafePointer<L>, _ productSlopes: UnsafePointer<L>?,
  _ matrixSlopes: UnsafeMutablePointer<L>, _ places: Range<Int>,
  _ rows: UnsafeMutableBufferPointer<Int?>, _ blend: UnsafeMutablePointer<L>
) {
  var (g0, g1) = (slope[0], slope[1])
  for step in stride(from: places.count - 1, through: 0, by: -1) {
    let place = places.lowerBound &+ step
    let m = matrices.at(place, row: rows[step], size: 4, blend: blend)
    let (h, dm) = (before + 2 &* place, matrixSlopes + 4 &* step)
    let (h0, h1, stays) = (h[0], h[1], counts.isZero(place))
    var (c0, c1) = (L.select(stays, L.zero, g0), L.select(stays, L.zero, g1))
    if let productSlopes {
      let slope = productSlopes + 2 &* place
      (c0, c1) = (slope[0] + c0, slope[1] + c1)
    }
    dm[0] = L.zero.addingProduct(c0, h0)
    dm[1] = L.zero.addingProduct(c0, h1)
    dm[2] = L.zero.addingProduct(c1, h0)
    dm[3] = L.zero.addingProduct(c1, h1)
    let s0 = L.zero.addingProduct(m[0], c0).addingProduct(m[2], c1)
    let s1 = L.zero.addingProduct(m[1], c0).addingProduct(m[3], c1)
    g0 = L.select(stays, g0, L.zero) + s0
    g1 = L.select(stays, g1, L.zero) + s1
  }
  (slope[0], slope[1]) = (g0, g1)
}

/// `matrixRecurrence`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundMatrixRecurrence<L: Lane>(
  first: UnsafePointer<L>, matrices: StepMatrices<L>, counts: Operand<L>,
  last: UnsafeMutablePointer<L>, products: UnsafeMutablePointer<L>,
  before: UnsafeMutablePointer<L>, _ layout: MatrixRecurrenceLayout
) -> () -> Void {
  {
    matrixRecurrence(
      first: first, matrices: matrices, counts: counts, last: last, products: products,
      before: before, layout)
  }
}

/// `matrixRecurrenceGradient`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundMatrixRecurrenceGradient<L: Lane>(
  matrices: StepMatrices<L>, counts: Operand<L>, before: UnsafePointer<L>,
  lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
  firstSlope: UnsafeMutablePointer<L>, matrixSlopes: UnsafeMutablePointer<L>,
  _ layout: MatrixRecurrenceLayout
) -> (_ continuing: Bool) -> Void {
  let room = RecurrenceRoom<L>(layout)
  let plane = PlaneRecurrence(matrices, counts, layout)
  return { continuing in
    if let plane, plane.readMoves() {
      if !continuing {
        for i in 0..<matrices.rows * 4 { matrixSlopes[i] = L.zero }
      }
      return plane.takeBack(
        before: before, lastSlope: lastSlope, productSlopes: productSlopes,
        firstSlope: firstSlope, tableSlopes: matrixSlopes)
    }
    takeBack(
      matrices: matrices, counts: counts, before: before, lastSlope: lastSlope,
      productSlopes: productSlopes, firstSlope: firstSlope, matrixSlopes: matrixSlopes, layout,
      continuing: continuing, room)
  }
}
