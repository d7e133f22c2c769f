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
  let tokens: UnsafePointer<L>?
  let rows: Int

  /// Matrices of their own, `[examples, steps, width, width]`.
  public init(_ matrices: UnsafePointer<L>) {
    (self.matrices, tokens, rows) = (matrices, nil, 0)
  }

  /// Those of a table, `[rows, width, width]`, that tokens pick, `[examples, steps]`.
  public init(table: UnsafePointer<L>, rows: Int, tokens: UnsafePointer<L>) {
    (matrices, self.tokens, self.rows) = (table, tokens, rows)
  }

  /// Where the matrix of a place lies; a blend of several is written to `blend`.
  @inline(__always)
  func at(_ place: Int, size: Int, blend: UnsafeMutablePointer<L>) -> UnsafePointer<L> {
    guard let tokens else { return matrices + place * size }
    let token = tokens[place]
    if token.isUniform, let row = Tensors.place(token[0], below: rows) {
      return matrices + row * size
    }
    gather(matrices, rows: rows, size: size, tokens + place, count: 1, into: blend)
    return UnsafePointer(blend)
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
  first: UnsafePointer<L>, matrices: StepMatrices<L>, counts: UnsafePointer<L>,
  last: UnsafeMutablePointer<L>, products: UnsafeMutablePointer<L>,
  before: UnsafeMutablePointer<L>, _ layout: MatrixRecurrenceLayout
) {
  let (steps, width) = (layout.steps, layout.width)
  withTemporary(L.self, max(width * width, 1)) { scratch in
    guard let blend = scratch.baseAddress else { return }
    for example in 0..<layout.examples {
      var h = first + example * width
      for step in 0..<steps {
        let place = example * steps + step
        let m = matrices.at(place, size: width * width, blend: blend)
        let (c, b) = (products + place * width, before + place * width)
        let next = step + 1 < steps ? b + width : last + example * width
        let stays = L.equal(counts[place], L.zero)
        if step == 0 {
          for i in 0..<width { b[i] = h[i] }
        }
        if width == 2 {
          let (h0, h1) = (h[0], h[1])
          let c0 = L.zero.addingProduct(m[0], h0).addingProduct(m[1], h1)
          let c1 = L.zero.addingProduct(m[2], h0).addingProduct(m[3], h1)
          (c[0], c[1]) = (c0, c1)
          (next[0], next[1]) = (L.select(stays, h0, c0), L.select(stays, h1, c1))
        } else {
          for i in 0..<width {
            var sum = L.zero
            for j in 0..<width { sum = sum.addingProduct(m[i * width + j], h[j]) }
            c[i] = sum
            next[i] = L.select(stays, h[i], sum)
          }
        }
        h = UnsafePointer(next)
      }
    }
  }
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
  matrices: StepMatrices<L>, counts: UnsafePointer<L>, before: UnsafePointer<L>,
  lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
  firstSlope: UnsafeMutablePointer<L>, matrixSlopes: UnsafeMutablePointer<L>,
  _ layout: MatrixRecurrenceLayout, continuing: Bool = false
) {
  let (steps, width) = (layout.steps, layout.width)
  let size = width * width
  if matrices.tokens != nil, !continuing {
    for i in 0..<matrices.rows * size { matrixSlopes[i] = L.zero }
  }
  // The cotangents of one state, a blended matrix, and one example's slopes of matrices out of a table.
  let slopes = matrices.tokens == nil ? 0 : steps * size
  withTemporary(L.self, max(width + size + slopes, 1)) { scratch in
    guard let c = scratch.baseAddress else { return }
    let (blend, own) = (c + width, c + width + size)
    for example in 0..<layout.examples {
      // The cotangent of the state after the step, then before it.
      let g = firstSlope + example * width
      for i in 0..<width { g[i] = lastSlope.map { $0[example * width + i] } ?? L.zero }
      for step in stride(from: steps - 1, through: 0, by: -1) {
        let place = example * steps + step
        let m = matrices.at(place, size: size, blend: blend)
        let dm = matrices.tokens == nil ? matrixSlopes + place * size : own + step * size
        let h = before + place * width
        let stays = L.equal(counts[place], L.zero)
        for i in 0..<width {
          let through = L.select(stays, L.zero, g[i])
          c[i] = productSlopes.map { $0[place * width + i] + through } ?? through
        }
        if width == 2 {
          let (c0, c1, h0, h1) = (c[0], c[1], h[0], h[1])
          dm[0] = L.zero.addingProduct(c0, h0)
          dm[1] = L.zero.addingProduct(c0, h1)
          dm[2] = L.zero.addingProduct(c1, h0)
          dm[3] = L.zero.addingProduct(c1, h1)
          let s0 = L.zero.addingProduct(m[0], c0).addingProduct(m[2], c1)
          let s1 = L.zero.addingProduct(m[1], c0).addingProduct(m[3], c1)
          g[0] = L.select(stays, g[0], L.zero) + s0
          g[1] = L.select(stays, g[1], L.zero) + s1
        } else {
          for i in 0..<width {
            for j in 0..<width { dm[i * width + j] = L.zero.addingProduct(c[i], h[j]) }
          }
          for j in 0..<width {
            var sum = L.zero
            for i in 0..<width { sum = sum.addingProduct(m[i * width + j], c[i]) }
            g[j] = L.select(stays, g[j], L.zero) + sum
          }
        }
      }
      if let tokens = matrices.tokens {
        scatterSum(
          own, tokens + example * steps, count: steps, into: matrixSlopes, rows: matrices.rows,
          size: size, continuing: true)
      }
    }
  }
}

/// `matrixRecurrence`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundMatrixRecurrence<L: Lane>(
  first: UnsafePointer<L>, matrices: StepMatrices<L>, counts: UnsafePointer<L>,
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
  matrices: StepMatrices<L>, counts: UnsafePointer<L>, before: UnsafePointer<L>,
  lastSlope: UnsafePointer<L>?, productSlopes: UnsafePointer<L>?,
  firstSlope: UnsafeMutablePointer<L>, matrixSlopes: UnsafeMutablePointer<L>,
  _ layout: MatrixRecurrenceLayout
) -> (_ continuing: Bool) -> Void {
  { continuing in
    matrixRecurrenceGradient(
      matrices: matrices, counts: counts, before: before, lastSlope: lastSlope,
      productSlopes: productSlopes, firstSlope: firstSlope, matrixSlopes: matrixSlopes, layout,
      continuing: continuing)
  }
}
