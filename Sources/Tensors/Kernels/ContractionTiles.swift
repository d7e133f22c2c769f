/// Four sums of a contraction, or four numbers that they take.
private struct Quad<L: Lane> {
  var (a, b, c, d): (L, L, L, L)

  @inline(__always)
  init(_ a: L, _ b: L, _ c: L, _ d: L) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

  @inline(__always)
  mutating func add(_ x: L, times y: Quad) {
    (a, b) = (a.addingProduct(x, y.a), b.addingProduct(x, y.b))
    (c, d) = (c.addingProduct(x, y.c), d.addingProduct(x, y.d))
  }

  @inline(__always)
  mutating func add(_ x: Quad, times y: Quad) {
    (a, b) = (a.addingProduct(x.a, y.a), b.addingProduct(x.b, y.b))
    (c, d) = (c.addingProduct(x.c, y.c), d.addingProduct(x.d, y.d))
  }
}

/// Where a contraction's sums begin and end.
///
/// The numbers of a result are made sixteen, eight or four at a time: up to four lines of four neighbours.
/// Which axis the lines run along changes no bit, since x · y is y · x. Where four neighbours are too many, the
/// last is made several times.
struct Tiling<L: Lane, Ending: SumEnding> {
  let result: UnsafeMutablePointer<L>
  let joined: UnsafePointer<L>
  let continuing: Bool

  typealias Places = ContractionLayout.Places
  typealias Terms = ContractionLayout.Terms

  @inline(__always)
  func moved(by offset: Int, _ joinedOffset: Int) -> Tiling {
    Tiling(result: result + offset, joined: joined + joinedOffset, continuing: continuing)
  }

  /// Makes every line's number of every column.
  @inline(__always)
  func contract(
    _ x: UnsafePointer<L>, _ y: UnsafePointer<L>, _ lines: Places, _ columns: Places,
    _ terms: Terms
  ) {
    var m = 0
    while m + 4 <= lines.count {
      for n in stride(from: 0, to: columns.count, by: 4) {
        fourLines(
          x, y, lines[m], lines[m + 1], lines[m + 2], lines[m + 3], Four(columns, n), terms)
      }
      m += 4
    }
    if m + 2 <= lines.count {
      for n in stride(from: 0, to: columns.count, by: 4) {
        twoLines(x, y, lines[m], lines[m + 1], Four(columns, n), terms)
      }
      m += 2
    }
    if m < lines.count {
      for n in stride(from: 0, to: columns.count, by: 4) {
        oneLine(x, y, lines[m], Four(columns, n), terms)
      }
    }
  }

  /// Makes the few numbers of each member of a batch, four members at a time.
  @inline(__always)
  func contract(
    _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, _ batch: ContractionLayout.Batch,
    _ rows: Places, _ columns: Places, _ terms: Terms
  ) {
    for first in stride(from: 0, to: batch.count, by: 4) {
      let last = batch.count - 1
      let (b0, b1) = (batch[first], batch[min(first + 1, last)])
      let (b2, b3) = (batch[min(first + 2, last)], batch[min(first + 3, last)])
      for row in rows {
        let (x0, x1) = (left + b0.left + row.operand, left + b1.left + row.operand)
        let (x2, x3) = (left + b2.left + row.operand, left + b3.left + row.operand)
        for column in columns {
          let (y0, y1) = (right + b0.right + column.operand, right + b1.right + column.operand)
          let (y2, y3) = (right + b2.right + column.operand, right + b3.right + column.operand)
          let four = Four(
            Place(operand: 0, result: b0.result, joined: b0.joined),
            Place(operand: 0, result: b1.result, joined: b1.joined),
            Place(operand: 0, result: b2.result, joined: b2.joined),
            Place(operand: 0, result: b3.result, joined: b3.joined))
          let place = Place(
            operand: 0, result: row.result + column.result, joined: row.joined + column.joined)
          var sums = begun(place, four)
          for k in terms {
            sums.add(
              Quad(x0[k.left], x1[k.left], x2[k.left], x3[k.left]),
              times: Quad(y0[k.right], y1[k.right], y2[k.right], y3[k.right]))
          }
          end(sums, place, four)
        }
      }
    }
  }

  private typealias Place = ContractionLayout.Place

  /// Four neighbours.
  private struct Four {
    let (a, b, c, d): (Place, Place, Place, Place)

    @inline(__always)
    init(_ a: Place, _ b: Place, _ c: Place, _ d: Place) {
      (self.a, self.b, self.c, self.d) = (a, b, c, d)
    }

    /// Those from a place on, the last several times where there are fewer.
    @inline(__always)
    init(_ all: Places, _ first: Int) {
      let last = all.count - 1
      self.init(
        all[first], all[min(first + 1, last)], all[min(first + 2, last)],
        all[min(first + 3, last)])
    }
  }

  @inline(__always)
  private func begun(_ line: Place, _ four: Four) -> Quad<L> {
    guard continuing else { return Quad(L.zero, L.zero, L.zero, L.zero) }
    let from = result + line.result
    return Quad(
      from[four.a.result], from[four.b.result], from[four.c.result], from[four.d.result])
  }

  @inline(__always)
  private func end(_ sums: Quad<L>, _ line: Place, _ four: Four) {
    let (to, y) = (result + line.result, joined + line.joined)
    to[four.a.result] = Ending.end(sums.a, y[four.a.joined])
    to[four.b.result] = Ending.end(sums.b, y[four.b.joined])
    to[four.c.result] = Ending.end(sums.c, y[four.c.joined])
    to[four.d.result] = Ending.end(sums.d, y[four.d.joined])
  }

  @inline(__always)
  private func oneLine(
    _ x: UnsafePointer<L>, _ y: UnsafePointer<L>, _ line: Place, _ four: Four, _ terms: Terms
  ) {
    let x0 = x + line.operand
    let (y0, y1) = (y + four.a.operand, y + four.b.operand)
    let (y2, y3) = (y + four.c.operand, y + four.d.operand)
    var s0 = begun(line, four)
    for k in terms {
      s0.add(x0[k.left], times: Quad(y0[k.right], y1[k.right], y2[k.right], y3[k.right]))
    }
    end(s0, line, four)
  }

  @inline(__always)
  private func twoLines(
    _ x: UnsafePointer<L>, _ y: UnsafePointer<L>, _ line0: Place, _ line1: Place, _ four: Four,
    _ terms: Terms
  ) {
    let (x0, x1) = (x + line0.operand, x + line1.operand)
    let (y0, y1) = (y + four.a.operand, y + four.b.operand)
    let (y2, y3) = (y + four.c.operand, y + four.d.operand)
    var (s0, s1) = (begun(line0, four), begun(line1, four))
    for k in terms {
      let quad = Quad(y0[k.right], y1[k.right], y2[k.right], y3[k.right])
      s0.add(x0[k.left], times: quad)
      s1.add(x1[k.left], times: quad)
    }
    end(s0, line0, four)
    end(s1, line1, four)
  }

  @inline(__always)
  private func fourLines(
    _ x: UnsafePointer<L>, _ y: UnsafePointer<L>, _ line0: Place, _ line1: Place,
    _ line2: Place, _ line3: Place, _ four: Four, _ terms: Terms
  ) {
    let (x0, x1) = (x + line0.operand, x + line1.operand)
    let (x2, x3) = (x + line2.operand, x + line3.operand)
    let (y0, y1) = (y + four.a.operand, y + four.b.operand)
    let (y2, y3) = (y + four.c.operand, y + four.d.operand)
    var (s0, s1) = (begun(line0, four), begun(line1, four))
    var (s2, s3) = (begun(line2, four), begun(line3, four))
    for k in terms {
      let quad = Quad(y0[k.right], y1[k.right], y2[k.right], y3[k.right])
      s0.add(x0[k.left], times: quad)
      s1.add(x1[k.left], times: quad)
      s2.add(x2[k.left], times: quad)
      s3.add(x3[k.left], times: quad)
    }
    end(s0, line0, four)
    end(s1, line1, four)
    end(s2, line2, four)
    end(s3, line3, four)
  }
}
