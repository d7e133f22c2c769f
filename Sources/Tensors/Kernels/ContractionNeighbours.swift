/// Two sums of a line.
private struct Pair<L: Lane> {
  var (a, b): (L, L)

  @inline(__always)
  mutating func add(_ x: L, _ y0: L, _ y1: L) {
    (a, b) = (a.addingProduct(x, y0), b.addingProduct(x, y1))
  }
}

// Lines that all networks have alike, and columns, whose numbers are neighbours for each term: as in a gradient's sum over
// the examples. Up to ten lines go together, so that the numbers across, which lie far apart, are read once.
extension Tiling {
  /// Makes the numbers of eight to sixteen lines, whose numbers are neighbours as those of the columns are.
  @inline(__always)
  func contractNeighbours() {
    var (at, left) = (self, lines.count)
    if left == 10 { return tenLines() }
    while left >= 8 {
      at.eightLines()
      at.x = at.x + 8
      at.result += 8 &* lines.result
      at.joined += 8 &* lines.joined
      left &-= 8
    }
    if left > 0 { at.rest(left).contractPanel(columns.count) }
  }

  private func rest(_ count: Int) -> Tiling {
    Tiling(
      x: x, y: y, result: result, joined: joined, lines: lines.first(count), columns: columns,
      terms: terms)
  }

  @inline(__always)
  private func begun(_ line: Int, _ column: Int) -> Pair<L> {
    guard Ending.continues else { return Pair(a: L.zero, b: L.zero) }
    let from = result + (line &* lines.result &+ column &* columns.result)
    return Pair(a: from[0], b: from[columns.result])
  }

  @inline(__always)
  private func end(_ sums: Pair<L>, _ line: Int, _ column: Int) {
    let to = result + (line &* lines.result &+ column &* columns.result)
    let y = joined + (line &* lines.joined &+ column &* columns.joined)
    to[0] = Ending.end(sums.a, y[0])
    to[columns.result] = Ending.end(sums.b, y[columns.joined])
  }

  @inline(never)
  private func tenLines() {
    for column in stride(from: 0, to: columns.count, by: 2) {
      var (p0, p1, p2) = (begun(0, column), begun(1, column), begun(2, column))
      var (p3, p4, p5) = (begun(3, column), begun(4, column), begun(5, column))
      var (p6, p7) = (begun(6, column), begun(7, column))
      var (p8, p9) = (begun(8, column), begun(9, column))
      let across = y + column
      for k in terms {
        let (y0, y1, line) = (across[k.across], across[k.across &+ 1], x + k.line)
        p0.add(line[0], y0, y1)
        p1.add(line[1], y0, y1)
        p2.add(line[2], y0, y1)
        p3.add(line[3], y0, y1)
        p4.add(line[4], y0, y1)
        p5.add(line[5], y0, y1)
        p6.add(line[6], y0, y1)
        p7.add(line[7], y0, y1)
        p8.add(line[8], y0, y1)
        p9.add(line[9], y0, y1)
      }
      end(p0, 0, column)
      end(p1, 1, column)
      end(p2, 2, column)
      end(p3, 3, column)
      end(p4, 4, column)
      end(p5, 5, column)
      end(p6, 6, column)
      end(p7, 7, column)
      end(p8, 8, column)
      end(p9, 9, column)
    }
  }

  @inline(never)
  private func eightLines() {
    for column in stride(from: 0, to: columns.count, by: 2) {
      var (p0, p1, p2) = (begun(0, column), begun(1, column), begun(2, column))
      var (p3, p4, p5) = (begun(3, column), begun(4, column), begun(5, column))
      var (p6, p7) = (begun(6, column), begun(7, column))
      let across = y + column
      for k in terms {
        let (y0, y1, line) = (across[k.across], across[k.across &+ 1], x + k.line)
        p0.add(line[0], y0, y1)
        p1.add(line[1], y0, y1)
        p2.add(line[2], y0, y1)
        p3.add(line[3], y0, y1)
        p4.add(line[4], y0, y1)
        p5.add(line[5], y0, y1)
        p6.add(line[6], y0, y1)
        p7.add(line[7], y0, y1)
      }
      end(p0, 0, column)
      end(p1, 1, column)
      end(p2, 2, column)
      end(p3, 3, column)
      end(p4, 4, column)
      end(p5, 5, column)
      end(p6, 6, column)
      end(p7, 7, column)
    }
  }
}
