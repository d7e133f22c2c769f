import Networks
import Tensors

extension TransformerBlock {
  /// Makes heads attend to one key each query, whatever queries and keys say.
  ///
  /// A query that the target has no key for attends to itself.
  ///
  /// ```swift
  /// let skip = model.blocks[0].imposing(.back(2), .units([1]))  // head 1 looks two back
  /// ```
  ///
  /// - Parameters:
  ///   - target: The key of each query; one that does not look at the tokens.
  ///   - part: Which heads, along axis 0.
  /// - Returns: A patch of the pattern.
  /// - Precondition: Every key is a position.
  public func imposing(
    _ target: AttentionTarget, _ part: Intervention.Part = .all
  ) -> Intervention {
    let tokens = [Int](repeating: 0, count: pattern.shape[1])
    return Intervention(at: pattern, part, .patch(imposed(target, on: [tokens], pattern.shape)))
  }

  /// Makes heads attend to one key each query, as the tokens of the examples have it.
  ///
  /// - Shape: tokens `[examples, position]`, those of the examples that the intervention is for.
  /// - Precondition: Every key is a position.
  public func imposing(
    _ target: AttentionTarget, _ part: Intervention.Part = .all, tokens: Tensor
  ) -> Intervention {
    let rows = (0..<tokens.shape[0]).map { tokens.slice($0).scalars.map { Int($0) } }
    let shape = pattern.shape.prepending(rows.count)
    return Intervention(at: pattern, part, .patch(imposed(target, on: rows, shape)))
  }

  /// Makes heads attend to every key alike: to all, or if causal to the query's own position and those before.
  public func imposingUniform(
    _ part: Intervention.Part = .all, isCausal: Bool
  ) -> Intervention {
    let length = pattern.shape[1]
    let uniform = Tensor(shape: pattern.shape) { index in
      let (query, key) = (index / length % length, index % length)
      guard isCausal else { return 1 / Float(length) }
      return key <= query ? 1 / Float(query + 1) : 0
    }
    return Intervention(at: pattern, part, .patch(uniform))
  }

  private func imposed(_ target: AttentionTarget, on rows: [[Int]], _ shape: Shape) -> Tensor {
    let (heads, length) = (pattern.shape[0], pattern.shape[1])
    let keys = rows.map { tokens in
      (0..<length).map { query in
        let key = target.key(query, tokens) ?? query
        precondition(0..<length ~= key, "'\(target.name)' sends query \(query) to key \(key)")
        return key
      }
    }
    return Tensor(shape: shape) { index in
      let (row, query) = (index / (heads * length * length), index / length % length)
      return keys[row][query] == index % length ? 1 : 0
    }
  }
}

extension Transformer {
  /// Deals the position vectors out anew: position i gets the vector of position `order[i]`.
  ///
  /// - Throws: `NetworkError` if the order is not one of all positions.
  public func permutingPositions(by order: [Int], _ weights: Weights) throws -> Intervention {
    guard order.sorted() == Array(0..<configuration.context) else {
      throw NetworkError("\(order) is no order of \(configuration.context) positions")
    }
    let vectors = weights[wPos]
    let size = configuration.dModel
    return Intervention(
      at: wPos,
      .patch(
        Tensor(shape: vectors.shape) { index in
          let row = index / size
          let (network, position) = (row / order.count, row % order.count)
          return vectors.scalars[(network * order.count + order[position]) * size + index % size]
        }))
  }

  /// The control of a permutation: for every position a random direction, as long as the vector it replaces.
  public func randomPositions(
    _ weights: Weights, using generator: inout Generator
  ) -> Intervention {
    let vectors = weights[wPos]
    let size = configuration.dModel
    let numbers = stride(from: 0, to: vectors.count, by: size).flatMap { start in
      let own = vectors.scalars[start..<start + size]
      let drawn = own.map { _ in generator.normal() }
      let length = drawn.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
      let scale = own.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot() / length
      return drawn.map { Float(Double($0) * scale) }
    }
    return Intervention(at: wPos, .patch(Tensor(shape: vectors.shape) { numbers[$0] }))
  }
}
