import Tensors

/// The singular values of a matrix and the directions that belong to them.
///
/// Columns are turned against each other in pairs until all are orthogonal (the one-sided Jacobi method); their lengths
/// are the singular values. All is done in double precision.
///
/// ```swift
/// let swap = try Tensor([0, 1, 0, 1, 0, 0, 0, 0, 1], shape: [3, 3])
/// SingularValues(of: swap).rank()  // 3
/// ```
///
/// The baseline is a matrix of `randomMatrices`.
///
/// Hestenes 1958, "Inversion of matrices by biorthogonalization and related results", DOI 10.1137/0106005.
public struct SingularValues: Sendable, Hashable {
  /// As many as the smaller side of the matrix, the largest first.
  public let values: [Double]
  /// The direction that each value stretches: unit vectors of as many numbers as the matrix has columns.
  public let directions: [[Double]]

  /// Takes a matrix apart.
  ///
  /// - Shape: `[rows, columns]`
  /// - Precondition: The tensor has two axes.
  public init(of matrix: Tensor) { self.init(ofRows: rows(of: matrix)) }

  /// The number of singular values above a share of the largest.
  public func rank(threshold: Double = 0.1) -> Int {
    let limit = threshold * (values.first ?? 0)
    return values.count { $0 > limit }
  }

  init(ofRows rows: [[Double]]) {
    let width = rows.first?.count ?? 0
    var columns = (0..<width).map { column in rows.map { $0[column] } }
    var turned = (0..<width).map { unit in (0..<width).map { $0 == unit ? 1.0 : 0 } }
    let total = columns.reduce(0.0) { $0 + dot($1, $1) }
    var isDone = false
    for _ in 0..<100 where !isDone {
      isDone = true
      for first in 0..<width {
        for second in first + 1..<max(width, first + 1) {
          let (x, y) = (columns[first], columns[second])
          let (xx, yy, xy) = (dot(x, x), dot(y, y), dot(x, y))
          // Orthogonal up to rounding: of the pair, or of the matrix.
          guard xy.magnitude > 1e-15 * (xx * yy).squareRoot(), xy.magnitude > 1e-32 * total else {
            continue
          }
          isDone = false
          let ratio = (yy - xx) / (2 * xy)
          let tangent = (ratio < 0 ? -1 : 1) / (ratio.magnitude + (1 + ratio * ratio).squareRoot())
          let cosine = 1 / (1 + tangent * tangent).squareRoot()
          Self.turn(&columns, first, second, cosine, cosine * tangent)
          Self.turn(&turned, first, second, cosine, cosine * tangent)
        }
      }
    }
    let lengths = columns.map(length)
    let order = lengths.indices
      .sorted { (lengths[$1], $0) < (lengths[$0], $1) }.prefix(min(width, rows.count))
    values = order.map { lengths[$0] }
    directions = order.map { place in
      // Of a direction and its opposite, that whose largest number is positive.
      let largest = turned[place].max { $0.magnitude < $1.magnitude } ?? 0
      return largest < 0 ? turned[place].map { -$0 } : turned[place]
    }
  }

  /// Turns two vectors in their plane.
  private static func turn(
    _ vectors: inout [[Double]], _ first: Int, _ second: Int, _ cosine: Double, _ sine: Double
  ) {
    for index in vectors[first].indices {
      let (x, y) = (vectors[first][index], vectors[second][index])
      vectors[first][index] = cosine * x - sine * y
      vectors[second][index] = sine * x + cosine * y
    }
  }
}

/// Random matrices, each of the same Frobenius norm as the one in whose place it stands: the baseline of ranks and of
/// replaced weights.
///
/// - Shape: `[..., rows, columns]`, as given.
/// - Precondition: There are two axes at least.
public func randomMatrices(like matrices: Tensor, using generator: inout Generator) -> Tensor {
  let size = matrices.shape.dropFirst(matrices.shape.rank - 2).count
  var scalars: [Float] = []
  for first in stride(from: 0, to: matrices.count, by: max(size, 1)) {
    let own = matrices.scalars[first..<first + size].map { Double($0) }
    let drawn = (0..<size).map { _ in Double(generator.normal()) }
    let scale = length(own) / max(length(drawn), .leastNormalMagnitude)
    scalars += drawn.map { Float($0 * scale) }
  }
  return Tensor(shape: matrices.shape) { scalars[$0] }
}
