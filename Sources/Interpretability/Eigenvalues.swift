import Networks
import Tensors

/// The eigenvalues of any square matrix, complex ones included.
///
/// ```swift
/// let turn = try Tensor([0, -1, 1, 0], shape: [2, 2])
/// try Eigenvalues(of: turn).values  // i and −i
/// ```
///
/// Hessenberg form by elimination, then QR steps with Wilkinson's shift, in complex Doubles: Golub and Van Loan 2013,
/// "Matrix Computations", sections 7.4 and 7.5. The same bits everywhere.
public struct Eigenvalues: Sendable {
  /// A complex number.
  public struct Value: Hashable, Sendable {
    public var real: Double
    public var imaginary: Double

    public var magnitude: Double { (real * real + imaginary * imaginary).squareRoot() }
  }

  /// As many as the matrix has rows, in no particular order.
  public let values: [Value]

  /// Finds the eigenvalues.
  ///
  /// - Throws: `ShapeError` if the matrix is not square or has numbers that are not finite; `NetworkError` if they are not
  ///   found in thirty steps a row, three times what is ever needed.
  public init(of matrix: Tensor) throws {
    guard matrix.shape.rank == 2, matrix.shape[0] == matrix.shape[1] else {
      throw ShapeError("only a square matrix has eigenvalues, not one of shape \(matrix.shape)")
    }
    guard matrix.scalars.allSatisfy(\.isFinite) else {
      throw ShapeError("a matrix with numbers that are not finite has no eigenvalues")
    }
    var reduction = QRReduction(matrix)
    values = try reduction.eigenvalues()
  }
}

extension Eigenvalues.Value {
  fileprivate static let zero = Self(real: 0, imaginary: 0)

  fileprivate static func + (x: Self, y: Self) -> Self {
    Self(real: x.real + y.real, imaginary: x.imaginary + y.imaginary)
  }
  fileprivate static func - (x: Self, y: Self) -> Self {
    Self(real: x.real - y.real, imaginary: x.imaginary - y.imaginary)
  }
  fileprivate static func * (x: Self, y: Self) -> Self {
    Self(
      real: x.real * y.real - x.imaginary * y.imaginary,
      imaginary: x.real * y.imaginary + x.imaginary * y.real)
  }
  fileprivate static func * (x: Double, y: Self) -> Self {
    Self(real: x * y.real, imaginary: x * y.imaginary)
  }

  fileprivate var conjugate: Self { Self(real: real, imaginary: -imaginary) }

  /// The root with a real part that is not negative.
  fileprivate var squareRoot: Self {
    let size = magnitude
    let (a, b) = (max((size + real) / 2, 0).squareRoot(), max((size - real) / 2, 0).squareRoot())
    return Self(real: a, imaginary: imaginary < 0 ? -b : b)
  }
}

/// A matrix on its way to triangular form.
private struct QRReduction {
  typealias Value = Eigenvalues.Value

  let size: Int
  var h: [[Value]]

  /// Takes the matrix to Hessenberg form, zero below the first subdiagonal, by elimination with exchanges.
  init(_ matrix: Tensor) {
    size = matrix.shape[0]
    var a = Matrix(matrix)
    for column in 0..<max(size - 2, 0) {
      let next = column + 1
      var pivot = next
      for row in next..<size where a[row, column].magnitude > a[pivot, column].magnitude {
        pivot = row
      }
      guard a[pivot, column] != 0 else { continue }
      if pivot != next {
        for k in 0..<size { (a[pivot, k], a[next, k]) = (a[next, k], a[pivot, k]) }
        for k in 0..<size { (a[k, pivot], a[k, next]) = (a[k, next], a[k, pivot]) }
      }
      for row in next + 1..<size where a[row, column] != 0 {
        let factor = a[row, column] / a[next, column]
        for k in 0..<size { a[row, k] -= factor * a[next, k] }
        for k in 0..<size { a[k, next] += factor * a[k, row] }
        a[row, column] = 0
      }
    }
    h = (0..<a.rows).map { row in
      (0..<a.columns).map { Value(real: a[row, $0], imaginary: 0) }
    }
  }

  mutating func eigenvalues() throws -> [Value] {
    let tiny = 0x1p-52
    let norm = h.joined().reduce(0) { $0 + $1.magnitude }
    var last = size - 1
    var steps = 0
    while last > 0 {
      // The window that is still joined to the last row.
      var first = last
      while first > 0 {
        let around = h[first - 1][first - 1].magnitude + h[first][first].magnitude
        if h[first][first - 1].magnitude <= tiny * (around > 0 ? around : norm) {
          h[first][first - 1] = .zero
          break
        }
        first -= 1
      }
      guard first < last else {
        (last, steps) = (last - 1, 0)
        continue
      }
      steps += 1
      step(first, last, shift: steps % 10 == 0 ? h[last][last - 1] : shift(last))
      guard steps <= 30 * size else {
        throw NetworkError("the eigenvalues of a matrix of \(size) rows were not found")
      }
    }
    return (0..<size).map { h[$0][$0] }
  }

  /// The eigenvalue of the last two rows and columns that is closer to the last number.
  private func shift(_ last: Int) -> Value {
    let (a, b) = (h[last - 1][last - 1], h[last - 1][last])
    let (c, d) = (h[last][last - 1], h[last][last])
    let half = 0.5 * (a - d)
    let root = (half * half + b * c).squareRoot
    let (one, other) = (half + root, half - root)
    return d + (one.magnitude < other.magnitude ? one : other)
  }

  /// One QR step with a shift on the rows and columns of a window.
  private mutating func step(_ first: Int, _ last: Int, shift: Value) {
    for k in first...last { h[k][k] = h[k][k] - shift }
    var rotations: [(cosine: Value, sine: Value)] = []
    for k in first..<last {
      let (x, y) = (h[k][k], h[k + 1][k])
      let (m, n) = (x.magnitude, y.magnitude)
      let length = (m * m + n * n).squareRoot()
      let scale = length > 0 ? 1 / length : 0
      let rotation = length > 0 ? (scale * x, scale * y) : (Value(real: 1, imaginary: 0), .zero)
      rotations.append(rotation)
      for column in k...last {
        let (upper, lower) = (h[k][column], h[k + 1][column])
        h[k][column] = rotation.0.conjugate * upper + rotation.1.conjugate * lower
        h[k + 1][column] = rotation.0 * lower - rotation.1 * upper
      }
    }
    for (offset, (cosine, sine)) in rotations.enumerated() {
      let k = first + offset
      for row in first...min(k + 1, last) {
        let (left, right) = (h[row][k], h[row][k + 1])
        h[row][k] = left * cosine + right * sine
        h[row][k + 1] = right * cosine.conjugate - left * sine.conjugate
      }
    }
    for k in first...last { h[k][k] = h[k][k] + shift }
  }
}
