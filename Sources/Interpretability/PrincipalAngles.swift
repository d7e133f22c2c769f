import Networks
import Tensors

/// The angles between two subspaces, in degrees.
///
/// With orthonormal rows P and Q, the cosines are the singular values of P Qᵀ, and the sines those of what Q has outside of
/// the span of P; both together are exact for small and for large angles. Equal subspaces have angles of 0, whatever their
/// rows; orthogonal ones have 90. The baseline is a subspace of `randomSubspaces`.
///
/// ```swift
/// let plane = try Tensor([1, 0, 0, 0, 1, 0], shape: [2, 3])
/// let line = try Tensor([0, 1, 1], shape: [1, 3])
/// try principalAngles(between: plane, and: line)  // [45]
/// ```
///
/// Björck and Golub 1973, "Numerical methods for computing angles between linear subspaces",
/// DOI 10.1090/S0025-5718-1973-0348991-3.
///
/// - Parameters:
///   - first: Independent rows that span a subspace, `[k, width]`.
///   - second: Independent rows that span another, `[l, width]`.
/// - Returns: As many as the smaller subspace has dimensions, from 0 to 90, the smallest first.
/// - Throws: `NetworkError` if the rows are of different widths, or not independent.
public func principalAngles(between first: Tensor, and second: Tensor) throws -> [Double] {
  guard first.shape.rank == 2, second.shape.rank == 2, first.shape[1] == second.shape[1] else {
    throw NetworkError("subspaces \(first.shape) and \(second.shape) do not lie in one space")
  }
  let (large, small) = first.shape[0] >= second.shape[0] ? (first, second) : (second, first)
  let p = try orthonormalized(rows(of: large))
  let q = try orthonormalized(rows(of: small))
  let products = p.map { row in q.map { dot(row, $0) } }
  let outside = q.indices.map { index in
    p.indices.reduce(q[index]) { rest, row in
      zip(rest, p[row]).map { $0 - products[row][index] * $1 }
    }
  }
  let cosines = SingularValues(ofRows: products).values
  let sines = SingularValues(ofRows: outside).values.reversed()
  return zip(cosines, sines).map { angle(cosine: $0, sine: $1) * 180 / .pi }
}
