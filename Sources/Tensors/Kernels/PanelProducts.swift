// The products of a panel's columns with all rows. Up to twelve sums of sixteen numbers stay in registers.

extension Panel {
  /// Multiplies all rows with the panel.
  ///
  /// - Parameters:
  ///   - x: The operand that has the rows.
  ///   - rows: The rows in it and in the result.
  ///   - y: Where the first column lies in the other operand, or in the copy.
  ///   - columns: The columns in the result.
  ///   - terms: Where the terms of the sums are found from there.
  ///   - result: Where the sums are written.
  ///   - joined: What is joined to them.
  ///   - ending: How they begin and end.
  func multiply<Ending: SumEnding>(
    _ x: UnsafePointer<Float>, _ rows: Offsets, _ y: UnsafePointer<Float>, _ columns: Offsets,
    _ terms: Terms, into result: UnsafeMutablePointer<Float>, _ joined: UnsafePointer<Float>,
    _ ending: Ending.Type
  ) {
    let count = rows.count
    let all = Arrays(x: x, y: y, result: result, joined: joined)
    var m = 0
    if vectors == 1 {
      // Where fewer rows are left, the last one fills the places of those that are missing.
      while count - m > 4 {
        eightRows(all, rows, m, columns, terms, ending)
        m += 8
      }
      if count > m { fourRows(all, rows, m, columns, terms, ending) }
      return
    }
    while count - m >= 3 {
      sixRows(all, rows, m, columns, terms, ending)
      m += 6
    }
    while m < count {
      oneRow(all, rows[m], columns, terms, ending)
      m += 1
    }
  }

  /// Where the numbers lie.
  private struct Arrays {
    let x: UnsafePointer<Float>
    let y: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
    let joined: UnsafePointer<Float>
  }

  /// A row of the panel: where its numbers lie in each array.
  private struct Row {
    let x: UnsafePointer<Float>
    let result: UnsafeMutablePointer<Float>
    let joined: UnsafePointer<Float>

    @inline(__always)
    init(_ arrays: Arrays, _ place: ContractionLayout.Place) {
      x = arrays.x + place.operand
      result = arrays.result + place.result
      joined = arrays.joined + place.joined
    }
  }

  /// A row's sums as they begin.
  @inline(__always)
  private func begun<Ending: SumEnding>(
    _ row: Row, _ columns: Offsets, _ half: Int, _: Ending.Type
  ) -> SIMD16<Float> {
    guard Ending.continues else { return SIMD16() }
    let landing = half == 0 ? landings.0 : landings.1
    if landing.isRun, landing.count == 16 {
      return UnsafePointer(row.result).sixteen(at: columns[half &* 16].result)
    }
    return gathered(row.result, columns, half, isJoined: false)
  }

  /// Writes a row's sums as they end.
  @inline(__always)
  private func end<Ending: SumEnding>(
    _ sums: SIMD16<Float>, _ row: Row, _ columns: Offsets, _ half: Int, _: Ending.Type
  ) {
    let landing = half == 0 ? landings.0 : landings.1
    var sums = sums
    if Ending.joins {
      let y =
        switch landing.joined {
        case .run: row.joined.sixteen(at: columns[half &* 16].joined)
        case .one: SIMD16(repeating: row.joined[columns[half &* 16].joined])
        case .few, .apart: gathered(row.joined, columns, half, isJoined: true)
        }
      sums = Ending.end(sums, y)
    }
    guard landing.isRun else { return scatter(sums, row.result, columns, half) }
    let to = row.result + columns[half &* 16].result
    if landing.count == 16 { to.store(sums, at: 0) } else { to.store(sums, few: landing.count) }
  }

  @inline(never)
  private func gathered(
    _ from: UnsafePointer<Float>, _ columns: Offsets, _ half: Int, isJoined: Bool
  ) -> SIMD16<Float> {
    let (landing, first) = (half == 0 ? landings.0 : landings.1, columns[half * 16])
    if isJoined ? landing.joined == .few : landing.isRun {
      return (from + (isJoined ? first.joined : first.result)).few(landing.count)
    }
    var numbers = SIMD16<Float>()
    for j in 0..<16 where half * 16 + j < columns.count {
      let column = columns[half * 16 + j]
      numbers[j] = from[isJoined ? column.joined : column.result]
    }
    return numbers
  }

  @inline(never)
  private func scatter(
    _ sums: SIMD16<Float>, _ to: UnsafeMutablePointer<Float>, _ columns: Offsets, _ half: Int
  ) {
    for j in 0..<16 where half * 16 + j < columns.count {
      to[columns[half * 16 + j].result] = sums[j]
    }
  }

  @inline(never)
  private func fourRows<Ending: SumEnding>(
    _ arrays: Arrays, _ rows: Offsets, _ m: Int, _ columns: Offsets, _ terms: Terms,
    _ ending: Ending.Type
  ) {
    let last = rows.count - 1
    @inline(__always) func row(_ i: Int) -> Row { Row(arrays, rows[min(m &+ i, last)]) }
    let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
    let (y, a0, a1, a2, a3) = (arrays.y, r0.x, r1.x, r2.x, r3.x)
    var sums = Quad(
      begun(r0, columns, 0, ending), begun(r1, columns, 0, ending), begun(r2, columns, 0, ending),
      begun(r3, columns, 0, ending))
    for term in terms {
      let k = term.down
      sums.add(
        y.sixteen(at: term.across),
        times: Quad(
          SIMD16(repeating: a0[k]), SIMD16(repeating: a1[k]), SIMD16(repeating: a2[k]),
          SIMD16(repeating: a3[k])))
    }
    end(sums.a, r0, columns, 0, ending)
    end(sums.b, r1, columns, 0, ending)
    end(sums.c, r2, columns, 0, ending)
    end(sums.d, r3, columns, 0, ending)
  }

  @inline(never)
  private func eightRows<Ending: SumEnding>(
    _ arrays: Arrays, _ rows: Offsets, _ m: Int, _ columns: Offsets, _ terms: Terms,
    _ ending: Ending.Type
  ) {
    let last = rows.count - 1
    @inline(__always) func row(_ i: Int) -> Row { Row(arrays, rows[min(m &+ i, last)]) }
    let (r0, r1, r2, r3) = (row(0), row(1), row(2), row(3))
    let (r4, r5, r6, r7) = (row(4), row(5), row(6), row(7))
    let (y, a0, a1, a2, a3) = (arrays.y, r0.x, r1.x, r2.x, r3.x)
    let (a4, a5, a6, a7) = (r4.x, r5.x, r6.x, r7.x)
    var low = Quad(
      begun(r0, columns, 0, ending), begun(r1, columns, 0, ending), begun(r2, columns, 0, ending),
      begun(r3, columns, 0, ending))
    var high = Quad(
      begun(r4, columns, 0, ending), begun(r5, columns, 0, ending), begun(r6, columns, 0, ending),
      begun(r7, columns, 0, ending))
    for term in terms {
      let (value, k) = (y.sixteen(at: term.across), term.down)
      low.add(
        value,
        times: Quad(
          SIMD16(repeating: a0[k]), SIMD16(repeating: a1[k]), SIMD16(repeating: a2[k]),
          SIMD16(repeating: a3[k])))
      high.add(
        value,
        times: Quad(
          SIMD16(repeating: a4[k]), SIMD16(repeating: a5[k]), SIMD16(repeating: a6[k]),
          SIMD16(repeating: a7[k])))
    }
    end(low.a, r0, columns, 0, ending)
    end(low.b, r1, columns, 0, ending)
    end(low.c, r2, columns, 0, ending)
    end(low.d, r3, columns, 0, ending)
    end(high.a, r4, columns, 0, ending)
    end(high.b, r5, columns, 0, ending)
    end(high.c, r6, columns, 0, ending)
    end(high.d, r7, columns, 0, ending)
  }

  @inline(__always)
  private func oneRow<Ending: SumEnding>(
    _ arrays: Arrays, _ place: ContractionLayout.Place, _ columns: Offsets, _ terms: Terms,
    _ ending: Ending.Type
  ) {
    let (row, y) = (Row(arrays, place), arrays.y)
    let a = row.x
    var (s0, s1) = (begun(row, columns, 0, ending), begun(row, columns, 1, ending))
    for term in terms {
      let factor = SIMD16<Float>(repeating: a[term.down])
      s0 = s0.addingProduct(factor, y.sixteen(at: term.across))
      s1 = s1.addingProduct(factor, y.sixteen(at: term.across + 16))
    }
    end(s0, row, columns, 0, ending)
    end(s1, row, columns, 1, ending)
  }

  @inline(never)
  private func sixRows<Ending: SumEnding>(
    _ arrays: Arrays, _ rows: Offsets, _ m: Int, _ columns: Offsets, _ terms: Terms,
    _ ending: Ending.Type
  ) {
    let last = rows.count - 1
    @inline(__always) func row(_ i: Int) -> Row { Row(arrays, rows[min(m &+ i, last)]) }
    let (r0, r1, r2, r3, r4, r5) = (row(0), row(1), row(2), row(3), row(4), row(5))
    let (y, a0, a1, a2) = (arrays.y, r0.x, r1.x, r2.x)
    let (a3, a4, a5) = (r3.x, r4.x, r5.x)
    var (s00, s01) = (begun(r0, columns, 0, ending), begun(r0, columns, 1, ending))
    var (s10, s11) = (begun(r1, columns, 0, ending), begun(r1, columns, 1, ending))
    var (s20, s21) = (begun(r2, columns, 0, ending), begun(r2, columns, 1, ending))
    var (s30, s31) = (begun(r3, columns, 0, ending), begun(r3, columns, 1, ending))
    var (s40, s41) = (begun(r4, columns, 0, ending), begun(r4, columns, 1, ending))
    var (s50, s51) = (begun(r5, columns, 0, ending), begun(r5, columns, 1, ending))
    for term in terms {
      let (y0, y1, k) = (y.sixteen(at: term.across), y.sixteen(at: term.across + 16), term.down)
      var factor = SIMD16<Float>(repeating: a0[k])
      (s00, s01) = (s00.addingProduct(factor, y0), s01.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a1[k])
      (s10, s11) = (s10.addingProduct(factor, y0), s11.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a2[k])
      (s20, s21) = (s20.addingProduct(factor, y0), s21.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a3[k])
      (s30, s31) = (s30.addingProduct(factor, y0), s31.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a4[k])
      (s40, s41) = (s40.addingProduct(factor, y0), s41.addingProduct(factor, y1))
      factor = SIMD16<Float>(repeating: a5[k])
      (s50, s51) = (s50.addingProduct(factor, y0), s51.addingProduct(factor, y1))
    }
    end(s00, r0, columns, 0, ending)
    end(s01, r0, columns, 1, ending)
    end(s10, r1, columns, 0, ending)
    end(s11, r1, columns, 1, ending)
    end(s20, r2, columns, 0, ending)
    end(s21, r2, columns, 1, ending)
    end(s30, r3, columns, 0, ending)
    end(s31, r3, columns, 1, ending)
    end(s40, r4, columns, 0, ending)
    end(s41, r4, columns, 1, ending)
    end(s50, r5, columns, 0, ending)
    end(s51, r5, columns, 1, ending)
  }
}
