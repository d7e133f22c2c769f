/// Four sums of a contraction, or four numbers that they take.
struct Quad<L: Lane> {
  var (a, b, c, d): (L, L, L, L)

  @inline(__always)
  init(_ a: L, _ b: L, _ c: L, _ d: L) { (self.a, self.b, self.c, self.d) = (a, b, c, d) }

  /// What lies at a place and at the next three, so far apart.
  @inline(__always)
  init(_ from: UnsafePointer<L>, apart stride: Int) {
    self.init(from[0], from[stride], from[2 &* stride], from[3 &* stride])
  }

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

/// The numbers of some lines and columns of a contraction.
///
/// They are made up to 24 at a time, which a processor holds in registers: six lines of four neighbours, or fewer lines
/// of eight. All lines go through a panel of columns before the next one's turn, so that what they are multiplied
/// with stays in the nearest cache. Which axis the lines run along changes no bit, since x · y is y · x.
struct Tiling<X: Source, Ending: SumEnding> {
  typealias L = X.Element

  var x: X
  var y: UnsafePointer<L>
  var result: UnsafeMutablePointer<L>
  var joined: UnsafePointer<L>
  let lines: ContractionLoops.Run
  let columns: ContractionLoops.Run
  let terms: ContractionLoops.Terms

  /// What one operand's panel may take, in bytes: a third of the nearest cache.
  private static var panelSize: Int { 16 << 10 }

  /// Makes every line's number of every column, of which there are a multiple of four.
  @inline(__always)
  func contract() {
    if X.isShared, lines.operand == 1, columns.operand == 1, (8...16).contains(lines.count) {
      return contractNeighbours()
    }
    let width = Self.panelSize / (max(terms.count, 1) &* MemoryLayout<L>.stride) & ~7
    if columns.count <= max(width, 8) { return contractPanel(columns.count) }
    var (panel, left) = (self, columns.count)
    while left > 0 {
      panel.contractPanel(min(left, max(width, 8)))
      panel.go(0, max(width, 8))
      left -= max(width, 8)
    }
  }

  /// Makes every line's number of the next columns.
  @inline(__always)
  func contractPanel(_ count: Int) {
    var (at, left) = (self, lines.count)
    while left >= 4 {
      at.fourLines(count)
      at.go(4, 0)
      left &-= 4
    }
    switch left {
    case 3: at.threeLines(count)
    case 2: at.twoLines(count)
    case 1: at.oneLine(count)
    default: return
    }
  }

  /// Makes the numbers of a corner, up to three lines of three; where there are fewer, the last several times.
  @inline(never)
  func contractCorner() {
    let (m1, m2) = (min(1, lines.count &- 1), min(2, lines.count &- 1))
    let (n1, n2) = (min(1, columns.count &- 1), min(2, columns.count &- 1))
    let (x0, x1, x2) = (x, x + m1 &* lines.operand, x + m2 &* lines.operand)
    let (y0, y1, y2) = (y, y + n1 &* columns.operand, y + n2 &* columns.operand)
    let (c0, c1, c2) = (result, result + m1 &* lines.result, result + m2 &* lines.result)
    let (j0, j1, j2) = (joined, joined + m1 &* lines.joined, joined + m2 &* lines.joined)
    let (n, j) = (
      (n1 &* columns.result, n2 &* columns.result), (n1 &* columns.joined, n2 &* columns.joined)
    )
    var (s00, s01, s02) = begunThree(c0, n)
    var (s10, s11, s12) = begunThree(c1, n)
    var (s20, s21, s22) = begunThree(c2, n)
    for k in terms {
      let (p, q, r) = (y0[k.across], y1[k.across], y2[k.across])
      var factor = x0[k.line]
      (s00, s01) = (s00.addingProduct(factor, p), s01.addingProduct(factor, q))
      s02 = s02.addingProduct(factor, r)
      factor = x1[k.line]
      (s10, s11) = (s10.addingProduct(factor, p), s11.addingProduct(factor, q))
      s12 = s12.addingProduct(factor, r)
      factor = x2[k.line]
      (s20, s21) = (s20.addingProduct(factor, p), s21.addingProduct(factor, q))
      s22 = s22.addingProduct(factor, r)
    }
    endThree((s00, s01, s02), c0, n, j0, j)
    endThree((s10, s11, s12), c1, n, j1, j)
    endThree((s20, s21, s22), c2, n, j2, j)
  }

  @inline(__always)
  private func begunThree(_ from: UnsafeMutablePointer<L>, _ next: (Int, Int)) -> (L, L, L) {
    Ending.continues ? (from[0], from[next.0], from[next.1]) : (L.zero, L.zero, L.zero)
  }

  @inline(__always)
  private func endThree(
    _ sums: (L, L, L), _ to: UnsafeMutablePointer<L>, _ next: (Int, Int),
    _ joined: UnsafePointer<L>, _ nextJoined: (Int, Int)
  ) {
    to[0] = Ending.end(sums.0, joined[0])
    to[next.0] = Ending.end(sums.1, joined[nextJoined.0])
    to[next.1] = Ending.end(sums.2, joined[nextJoined.1])
  }

  /// Goes on by so many lines and columns.
  @inline(__always)
  private mutating func go(_ down: Int, _ across: Int) {
    x = x + down &* lines.operand
    y += across &* columns.operand
    result += down &* lines.result &+ across &* columns.result
    joined += down &* lines.joined &+ across &* columns.joined
  }

  /// Four sums of a line as they begin.
  @inline(__always)
  private func begun(_ line: Int) -> Quad<L> {
    guard Ending.continues else { return Quad(L.zero, L.zero, L.zero, L.zero) }
    return Quad(UnsafePointer(result) + line &* lines.result, apart: columns.result)
  }

  /// Writes four sums of a line as they end.
  @inline(__always)
  private func end(_ sums: Quad<L>, _ line: Int) {
    let (to, step) = (result + line &* lines.result, columns.result)
    let (y, apart) = (joined + line &* lines.joined, columns.joined)
    to[0] = Ending.end(sums.a, y[0])
    to[step] = Ending.end(sums.b, y[apart])
    to[2 &* step] = Ending.end(sums.c, y[2 &* apart])
    to[3 &* step] = Ending.end(sums.d, y[3 &* apart])
  }

  @inline(never)
  private func fourLines(_ count: Int) {
    var (at, left) = (self, count)
    let (down, across) = (lines.operand, columns.operand)
    while left > 0 {
      let (x0, x1, x2, x3) = (at.x, at.x + down, at.x + 2 &* down, at.x + 3 &* down)
      let (y0, y1, y2, y3) = (at.y, at.y + across, at.y + 2 &* across, at.y + 3 &* across)
      var (s0, s1, s2, s3) = (at.begun(0), at.begun(1), at.begun(2), at.begun(3))
      for k in terms {
        let quad = Quad(y0[k.across], y1[k.across], y2[k.across], y3[k.across])
        s0.add(x0[k.line], times: quad)
        s1.add(x1[k.line], times: quad)
        s2.add(x2[k.line], times: quad)
        s3.add(x3[k.line], times: quad)
      }
      at.end(s0, 0)
      at.end(s1, 1)
      at.end(s2, 2)
      at.end(s3, 3)
      at.go(0, 4)
      left &-= 4
    }
  }

  @inline(never)
  private func threeLines(_ count: Int) {
    var (at, left) = (self, count)
    let (down, across) = (lines.operand, columns.operand)
    while left > 0 {
      let (x0, x1, x2) = (at.x, at.x + down, at.x + 2 &* down)
      let (y0, y1, y2, y3) = (at.y, at.y + across, at.y + 2 &* across, at.y + 3 &* across)
      var (s0, s1, s2) = (at.begun(0), at.begun(1), at.begun(2))
      for k in terms {
        let quad = Quad(y0[k.across], y1[k.across], y2[k.across], y3[k.across])
        s0.add(x0[k.line], times: quad)
        s1.add(x1[k.line], times: quad)
        s2.add(x2[k.line], times: quad)
      }
      at.end(s0, 0)
      at.end(s1, 1)
      at.end(s2, 2)
      at.go(0, 4)
      left &-= 4
    }
  }

  @inline(never)
  private func twoLines(_ count: Int) {
    var (at, left) = (self, count)
    let (down, across) = (lines.operand, columns.operand)
    while left > 0 {
      let (x0, x1) = (at.x, at.x + down)
      let (y0, y1, y2, y3) = (at.y, at.y + across, at.y + 2 &* across, at.y + 3 &* across)
      var (s0, s1) = (at.begun(0), at.begun(1))
      for k in terms {
        let quad = Quad(y0[k.across], y1[k.across], y2[k.across], y3[k.across])
        s0.add(x0[k.line], times: quad)
        s1.add(x1[k.line], times: quad)
      }
      at.end(s0, 0)
      at.end(s1, 1)
      at.go(0, 4)
      left &-= 4
    }
  }

  @inline(never)
  private func oneLine(_ count: Int) {
    var (at, left) = (self, count)
    let across = columns.operand
    while left >= 8 {
      var next = at
      next.go(0, 4)
      let (y0, y1, y2, y3) = (at.y, at.y + across, at.y + 2 &* across, at.y + 3 &* across)
      let (y4, y5, y6, y7) = (next.y, next.y + across, next.y + 2 &* across, next.y + 3 &* across)
      var (s0, t0) = (at.begun(0), next.begun(0))
      for k in terms {
        let x0 = at.x[k.line]
        s0.add(x0, times: Quad(y0[k.across], y1[k.across], y2[k.across], y3[k.across]))
        t0.add(x0, times: Quad(y4[k.across], y5[k.across], y6[k.across], y7[k.across]))
      }
      at.end(s0, 0)
      next.end(t0, 0)
      at.go(0, 8)
      left &-= 8
    }
    if left > 0 {
      let (y0, y1, y2, y3) = (at.y, at.y + across, at.y + 2 &* across, at.y + 3 &* across)
      var s0 = at.begun(0)
      for k in terms {
        s0.add(at.x[k.line], times: Quad(y0[k.across], y1[k.across], y2[k.across], y3[k.across]))
      }
      at.end(s0, 0)
    }
  }
}
