import CVectors

// Short rows of one network: sixteen of them lie side by side for as long as they are worked on.

/// Sums each of some rows of up to sixteen neighbours, by the tree of sixteen lanes.
@inline(never)
func sumOfRows(
  _ x: UnsafePointer<Float>, rows: Int, size: Int, into result: UnsafeMutablePointer<Float>
) {
  withSquare { square in
    for first in stride(from: 0, to: rows, by: 16) {
      square.take(x, first, of: rows, size)
      let sums = sumOfSixteen(UnsafePointer(square.columns), size)
      let count = min(16, rows - first)
      if count == 16 {
        result.store(sums, at: first)
      } else {
        (result + first).store(sums, few: count)
      }
    }
  }
}

/// The softmax, or its logarithm, of each of some rows of up to sixteen neighbours.
@inline(never)
func softmaxOfRows(
  _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, rows: Int, size: Int,
  logarithm: Bool
) {
  withSquare { square in
    withSquare { made in
      for first in stride(from: 0, to: rows, by: 16) {
        square.take(x, first, of: rows, size)
        if logarithm {
          logSoftmax(square.columns, into: made.columns, rows: 1, size: size)
        } else {
          softmax(square.columns, into: made.columns, rows: 1, size: size)
        }
        made.put(result, first, of: rows, size)
      }
    }
  }
}

/// Room for sixteen columns of sixteen numbers.
private struct Square {
  let columns: UnsafeMutablePointer<SIMD16<Float>>

  private var numbers: UnsafeMutablePointer<Float> {
    columns.numbers
  }

  /// Takes up to sixteen rows, whose numbers become columns.
  func take(_ x: UnsafePointer<Float>, _ first: Int, of rows: Int, _ size: Int) {
    for row in first..<min(first + 16, rows) {
      let from = x + row * size
      // What lies behind a row comes along where there is something.
      let isWhole = row * size + 16 <= rows * size
      columns[row - first] = isWhole ? from.sixteen(at: 0) : from.few(size)
    }
    transpose_16(numbers)
  }

  /// Writes the rows that were taken, and leaves the columns as rows.
  func put(_ result: UnsafeMutablePointer<Float>, _ first: Int, of rows: Int, _ size: Int) {
    transpose_16(numbers)
    for row in first..<min(first + 16, rows) {
      let to = result + row * size
      // What is too much is written over by the rows that follow.
      if row * size + 16 <= rows * size {
        to.store(columns[row - first], at: 0)
      } else {
        to.store(columns[row - first], few: size)
      }
    }
  }
}

@inline(__always)
private func withSquare(_ body: (Square) -> Void) {
  withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 16) { columns in
    guard let start = columns.baseAddress else { return }
    columns.initialize(repeating: SIMD16())
    body(Square(columns: start))
  }
}
