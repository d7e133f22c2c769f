import Networks
import Tensors

// Gram and Schmidt's way to an orthonormal basis of the same subspace: each row loses its share along those before
// it, and becomes as long as 1. Once in a graph, to be differentiated; once with numbers, to be kept.

/// Orthonormal rows that span what some rows span.
///
/// - Shape: `[k, d]` → `[k, d]`
func orthonormalized(_ rows: some Traced) -> Expression {
  let width = rows.expression.shape.sizes.last ?? 0
  var done: [Expression] = []
  for index in 0..<(rows.expression.shape.sizes.first ?? 0) {
    var row = rows.sliced(axis: 0, index..<index + 1).reshaped([width])
    for other in done { row = row - sum(row * other) * other }
    done.append(row / sqrt(sum(square(row))))
  }
  return concatenated(done.map { $0.reshaped([1, width]) }, axis: 0)
}

/// Orthonormal rows that span what some rows span, for each of many matrices.
///
/// - Shape: `[..., k, d]` → `[..., k, d]`
/// - Throws: `NetworkError` if rows are not independent.
func orthonormalized(_ matrices: Tensor) throws -> Tensor {
  let rank = matrices.shape.rank
  guard rank >= 2 else {
    throw NetworkError("a subspace needs rows, but is given as \(matrices.shape)")
  }
  let (count, width) = (matrices.shape[rank - 2], matrices.shape[rank - 1])
  var scalars: [Float] = []
  for first in stride(from: 0, to: matrices.count, by: max(count * width, 1)) {
    let rows = (0..<count).map { row in
      (0..<width).map { Double(matrices.scalars[first + row * width + $0]) }
    }
    scalars += try orthonormalized(rows).flatMap { $0.map { Float($0) } }
  }
  return Tensor(shape: matrices.shape) { scalars[$0] }
}

/// Orthonormal rows that span what some rows span.
///
/// - Throws: `NetworkError` if rows are not independent.
func orthonormalized(_ rows: [[Double]]) throws -> [[Double]] {
  var done: [[Double]] = []
  for original in rows {
    var row = original
    // Twice is enough for all the digits there are.
    for _ in 0..<2 {
      for other in done {
        let share = dot(row, other)
        row = zip(row, other).map { $0 - share * $1 }
      }
    }
    let left = length(row)
    guard left > 1e-6 * length(original) else {
      throw NetworkError("\(rows.count) rows that do not span as many dimensions are no subspace")
    }
    done.append(row.map { $0 / left })
  }
  return done
}

/// The inner product.
func dot(_ left: [Double], _ right: [Double]) -> Double {
  zip(left, right).reduce(0.0) { $0 + $1.0 * $1.1 }
}

/// The Euclidean norm.
func length(_ vector: [Double]) -> Double { dot(vector, vector).squareRoot() }

/// The rows of a matrix in double precision.
func rows(of matrix: Tensor) -> [[Double]] {
  let width = matrix.shape[1]
  return (0..<matrix.shape[0]).map { row in
    matrix.scalars[row * width..<(row + 1) * width].map { Double($0) }
  }
}
