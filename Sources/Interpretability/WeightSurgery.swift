import Networks
import Tensors

/// Operations on a stack of matrices, one a move or a head, as interventions on the weights of every network.
///
/// ```swift
/// let surgery = try WeightSurgery(on: net.w, of: weights)
/// let relabelled = try surgery.exchanging(0, 1)
/// let scores = try net.network.scores(weights, on: examples, under: [[relabelled]])
/// ```
///
/// The baseline is the same place filled by `randomMatrices`.
public struct WeightSurgery: Sendable {
  public let stack: Parameter
  private let tensor: Tensor

  /// Takes up the matrices of some networks.
  ///
  /// - Shape: the stack `[count, rows, columns]`
  /// - Throws: `NetworkError` if the parameter is no stack of matrices, or not of these weights.
  public init(on stack: Parameter, of weights: Weights) throws {
    guard stack.shape.rank == 3 else {
      throw NetworkError("'\(stack.name)' of shape \(stack.shape) is no stack of matrices")
    }
    guard let tensor = weights[stack.name], tensor.shape == stack.shape.prepending(weights.count)
    else { throw NetworkError("the weights have no stack '\(stack.name)' \(stack.shape)") }
    (self.stack, self.tensor) = (stack, tensor)
  }

  /// One matrix of every network.
  ///
  /// - Shape: `[networks, rows, columns]`
  /// - Throws: `NetworkError` if the stack is not as high.
  public func matrices(_ index: Int) throws -> Tensor {
    try check(index)
    return try Tensor(stacking: (0..<networks).map { tensor.slice($0).slice(index) })
  }

  /// Two matrices in each other's place.
  ///
  /// - Throws: `NetworkError` if the stack is not as high.
  public func exchanging(_ first: Int, _ second: Int) throws -> Intervention {
    try putting([(first, matrices(second)), (second, matrices(first))])
  }

  /// Other matrices in the place of one: `[networks, rows, columns]`, or `[rows, columns]` for all networks alike.
  ///
  /// - Throws: `NetworkError` if the stack is not as high, or its matrices are of another shape.
  public func replacing(_ index: Int, with matrices: Tensor) throws -> Intervention {
    let isAlike = matrices.shape == stack.shape.dropFirst()
    return try putting([
      (
        index,
        isAlike ? Tensor(stacking: Array(repeating: matrices, count: networks)) : matrices
      )
    ])
  }

  /// The identity in the place of a matrix: the move that does nothing.
  ///
  /// - Throws: `NetworkError` if the stack is not as high, or its matrices are not square.
  public func replacingWithIdentity(_ index: Int) throws -> Intervention {
    try checkSquare()
    let width = stack.shape[2]
    return try replacing(
      index, with: Tensor(shape: [width, width]) { $0 / width == $0 % width ? 1 : 0 })
  }

  /// The product W[first] · W[second] in the place of a matrix.
  ///
  /// Where states are columns, h ← W · h, it is the second move and then the first.
  ///
  /// - Throws: `NetworkError` if the stack is not as high, or its matrices are not square.
  public func replacing(_ index: Int, withProductOf first: Int, _ second: Int) throws
    -> Intervention
  {
    try checkSquare()
    let (left, right) = (try matrices(first), try matrices(second))
    let width = stack.shape[2]
    let product = Tensor(shape: left.shape) { place in
      let (row, column) = (place / width, place % width)
      let base = row / width * width * width
      return Float(
        (0..<width).reduce(0.0) { sum, inner in
          sum + Double(left.scalars[row * width + inner])
            * Double(right.scalars[base + inner * width + column])
        })
    }
    return try replacing(index, with: product)
  }

  /// A matrix multiplied by a number.
  ///
  /// - Throws: `NetworkError` if the stack is not as high.
  public func multiplying(_ index: Int, by factor: Float) throws -> Intervention {
    try replacing(index, with: matrices(index).mapped { $0 * factor })
  }

  private var networks: Int { tensor.shape[0] }

  private func check(_ index: Int) throws {
    guard 0..<stack.shape[0] ~= index else {
      throw NetworkError(
        "'\(stack.name)' has the matrices 0 to \(stack.shape[0] - 1), not \(index)")
    }
  }

  private func checkSquare() throws {
    guard stack.shape[1] == stack.shape[2] else {
      throw NetworkError("'\(stack.name)' of shape \(stack.shape) has no square matrices")
    }
  }

  private func putting(_ parts: [(index: Int, matrices: Tensor)]) throws -> Intervention {
    let size = stack.shape.dropFirst().count
    var scalars = tensor.scalars
    for (index, matrices) in parts {
      try check(index)
      guard matrices.shape == stack.shape.dropFirst().prepending(networks) else {
        throw NetworkError(
          "matrices of shape \(matrices.shape) do not fit '\(stack.name)' \(stack.shape) of "
            + "\(networks) networks")
      }
      for network in 0..<networks {
        let place = (network * stack.shape[0] + index) * size
        scalars.replaceSubrange(
          place..<place + size, with: matrices.scalars[network * size..<(network + 1) * size])
      }
    }
    return Intervention(
      at: stack, .units(parts.map(\.index)), .patch(try Tensor(scalars, shape: tensor.shape)))
  }
}
