import Networks
import Tensors

/// One attention head: a layer and its place there.
public struct Head: Hashable, Sendable {
  public let layer: Int
  public let index: Int

  public init(layer: Int, index: Int = 0) { (self.layer, self.index) = (layer, index) }
}

/// Heads of one layer, the same in every network or each network's own.
///
/// ```swift
/// let found = Heads(layer: 0, byNetwork: [[2], [0], [2]])
/// Intervention(at: model.blocks[0].z, found.part(axis: 1), .zero)
/// ```
public struct Heads: Hashable, Sendable {
  private enum Choice: Hashable, Sendable {
    case same([Int])
    case byNetwork([[Int]])
  }

  public let layer: Int
  private let choice: Choice

  public init(layer: Int, _ heads: [Int]) { (self.layer, choice) = (layer, .same(heads)) }

  public init(layer: Int, byNetwork heads: [[Int]]) {
    (self.layer, choice) = (layer, .byNetwork(heads))
  }

  public init(_ head: Head) { self.init(layer: head.layer, [head.index]) }

  /// The heads as a part of a site: axis 0 of patterns and scores, axis 1 of q, k, v, z and result.
  public func part(axis: Int) -> Intervention.Part {
    switch choice {
    case .same(let heads): .units(heads, axis: axis)
    case .byNetwork(let heads): .unitsByNetwork(heads, axis: axis)
    }
  }
}

extension Transformer {
  /// The block of a head, once it is known that the head is there.
  func block(of head: Head) throws -> TransformerBlock {
    let block = try block(head.layer)
    guard 0..<configuration.headCount ~= head.index else {
      throw NetworkError(
        "there is no head \(head.index): layer \(head.layer) has \(configuration.headCount)")
    }
    return block
  }

  /// One network's weights as a matrix, of one head if they have an axis of heads.
  ///
  /// - Throws: `NetworkError` if the weights are not of this transformer.
  func matrix(
    _ parameter: Parameter, of weights: Weights, network: Int, head: Int? = nil
  ) throws -> Matrix {
    guard let tensor = weights[parameter.name],
      tensor.shape == parameter.shape.prepending(weights.count)
    else {
      throw NetworkError(
        "the weights have no '\(parameter.name)' of shape \(parameter.shape) for each network")
    }
    let own = tensor.slice(network)
    return Matrix(head.map { own.slice($0) } ?? own)
  }
}
