import Networks
import Tensors

/// The directions along which activations of one network vary, the loudest first.
///
/// They are the eigenvectors of the covariance, whose eigenvalues are the variances. Loud is not important: what a
/// direction does is seen by an interchange of it. The baseline is a random direction, of `randomSubspaces`.
///
/// Hotelling 1933, "Analysis of a complex of statistical variables into principal components", DOI 10.1037/h0071325.
public struct PrincipalComponents: Sendable, Hashable {
  /// The mean activation.
  public let mean: [Double]
  /// The variance along each direction, the largest first.
  public let variances: [Double]
  /// Unit vectors, orthogonal to each other.
  public let directions: [[Double]]

  /// Finds the components of some activations.
  ///
  /// - Shape: `[examples, width]`
  /// - Throws: `NetworkError` if there are no activations or they are not finite.
  public init(of activations: Tensor) throws {
    guard activations.shape.rank == 2, activations.count > 0 else {
      throw NetworkError("activations of shape \(activations.shape) have no components")
    }
    guard activations.scalars.allSatisfy(\.isFinite) else {
      throw NetworkError("activations that are not finite have no components")
    }
    let rows = rows(of: activations)
    let width = activations.shape[1]
    let mean = (0..<width).map { unit in
      rows.reduce(0.0) { $0 + $1[unit] } / Double(rows.count)
    }
    var covariance = mean.map { _ in [Double](repeating: 0, count: width) }
    for row in rows {
      let offset = zip(row, mean).map { $0 - $1 }
      for first in 0..<width {
        for second in 0..<width { covariance[first][second] += offset[first] * offset[second] }
      }
    }
    let singular = SingularValues(
      ofRows: covariance.map { row in row.map { $0 / Double(rows.count) } })
    (self.mean, variances, directions) = (mean, singular.values, singular.directions)
  }

  /// Each component's share of all variance.
  public var shares: [Double] {
    let total = variances.reduce(0, +)
    return variances.map { total > 0 ? $0 / total : 0 }
  }

  /// The directions of some components.
  ///
  /// - Shape: `[components, width]`
  public func subspace(_ components: Range<Int>) -> Tensor {
    let picked = directions[components].flatMap { $0.map { Float($0) } }
    return Tensor(shape: [components.count, mean.count]) { picked[$0] }
  }

  /// Where activations lie along some components, seen from the mean.
  ///
  /// - Shape: `[examples, width]` → `[examples, components]`
  /// - Throws: `NetworkError` if the activations have another width.
  public func coordinates(of activations: Tensor, _ components: Range<Int>) throws -> Tensor {
    guard activations.shape.rank == 2, activations.shape[1] == mean.count else {
      throw NetworkError(
        "components of \(mean.count) units do not fit activations of shape \(activations.shape)")
    }
    let scalars = rows(of: activations).flatMap { row in
      let offset = zip(row, mean).map { $0 - $1 }
      return directions[components].map { Float(dot(offset, $0)) }
    }
    return Tensor(shape: [activations.shape[0], components.count]) { scalars[$0] }
  }
}

/// The mean activation of each class; its principal components are where the classes differ.
///
/// - Parameters:
///   - activations: The activations of one network.
///   - classes: The class of each example.
///   - count: The number of classes.
/// - Returns: A row a class.
/// - Shape: `[examples, width]` → `[classes, width]`
/// - Throws: `NetworkError` if there is not one class an example, or a class without examples.
public func classMeans(of activations: Tensor, classes: [Int], count: Int) throws -> Tensor {
  guard activations.shape.rank == 2, classes.count == activations.shape[0] else {
    throw NetworkError(
      "\(classes.count) classes do not fit activations of shape \(activations.shape)")
  }
  let rows = rows(of: activations)
  let means = try (0..<count).flatMap { kind in
    let own = rows.indices.filter { classes[$0] == kind }
    guard !own.isEmpty else { throw NetworkError("the class \(kind) has no examples") }
    return (0..<activations.shape[1]).map { unit in
      Float(own.reduce(0.0) { $0 + rows[$1][unit] } / Double(own.count))
    }
  }
  return Tensor(shape: [count, activations.shape[1]]) { means[$0] }
}
