import Tensors

/// A small matrix of Doubles, for what is computed of trained weights.
struct Matrix: Hashable, Sendable {
  let rows, columns: Int
  private(set) var values: [Double]

  init(rows: Int, columns: Int, _ element: (_ row: Int, _ column: Int) throws -> Double) rethrows {
    (self.rows, self.columns) = (rows, columns)
    values = try (0..<rows * columns).map { try element($0 / columns, $0 % columns) }
  }

  /// - Precondition: The tensor is a matrix.
  init(_ tensor: Tensor) {
    precondition(tensor.shape.rank == 2, "A matrix cannot have the shape \(tensor.shape)")
    (rows, columns) = (tensor.shape[0], tensor.shape[1])
    values = tensor.scalars.map(Double.init)
  }

  subscript(row: Int, column: Int) -> Double {
    get { values[row * columns + column] }
    set { values[row * columns + column] = newValue }
  }

  var transposed: Matrix { Matrix(rows: columns, columns: rows) { self[$1, $0] } }

  /// The square root of the sum of all squares, Frobenius's.
  var norm: Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }

  static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows, "The matrices do not fit each other")
    return Matrix(rows: left.rows, columns: right.columns) { row, column in
      (0..<left.columns).reduce(0) { $0 + left[row, $1] * right[$1, column] }
    }
  }
}
