import Networks
import Tensors

/// What a circuit reads from the stream: the embeddings as they are, or as an earlier head writes them.
///
/// ```swift
/// // What the keys of layer 1 are if head 0 of layer 0 has moved the tokens.
/// let moved = Reads.written(by: Head(layer: 0), reading: .tokens)
/// ```
public indirect enum Reads: Hashable, Sendable {
  /// The rows of `W_E`, one a token.
  case tokens
  /// The rows of `W_pos`, one a position.
  case positions
  /// x W_V W_O: what a head writes where it attends to nothing but x.
  case written(by: Head, reading: Reads)
}

extension Transformer {
  /// The QK circuits of a layer's heads: the score before the softmax that each pair would add.
  ///
  /// x W_Q W_Kᵀ yᵀ / √d_head, where x and y are rows of embeddings. Biases and LayerNorms are left out: without
  /// them the score of two positions is the sum of four such circuits (tokens or positions of either) plus what
  /// earlier layers add. Baselines: untrained weights, and `shufflingRows` of an embedding.
  ///
  /// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
  ///
  /// - Parameters:
  ///   - layer: Which heads.
  ///   - weights: A population of networks.
  ///   - queries: What the queries are made of.
  ///   - keys: What the keys are made of.
  /// - Returns: The scores.
  /// - Shape: `[networks, heads, query's token or position, key's]`
  /// - Throws: `NetworkError` if there is no such layer or head, or the weights are not of this transformer.
  public func qkCircuit(
    layer: Int, _ weights: Weights, queries: Reads = .tokens, keys: Reads = .tokens
  ) throws -> Tensor {
    let block = try block(layer)
    return try circuits(weights) { network, head in
      let q =
        try rows(queries, weights, network)
        * matrix(
          block.wQ, of: weights, network: network, head: head)
      let k =
        try rows(keys, weights, network)
        * matrix(
          block.wK, of: weights, network: network, head: head)
      let scale = Double(configuration.dHead).squareRoot()
      let scores = q * k.transposed
      return Matrix(rows: scores.rows, columns: scores.columns) { scores[$0, $1] / scale }
    }
  }

  /// The OV circuits of a layer's heads: the logits that attending to each token, or position, would add.
  ///
  /// x W_V W_O W_U, where x is a row of embeddings. Biases and LayerNorms are left out, and what later layers make
  /// of it. Baselines: untrained weights, and `shufflingRows` of an embedding.
  ///
  /// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
  ///
  /// - Shape: `[networks, heads, token or position, output]`
  /// - Throws: `NetworkError` if there is no such layer or head, or the weights are not of this transformer.
  public func ovCircuit(layer: Int, _ weights: Weights, reading: Reads = .tokens) throws -> Tensor {
    _ = try block(layer)
    return try circuits(weights) { network, head in
      let written = Reads.written(by: Head(layer: layer, index: head), reading: reading)
      return try rows(written, weights, network) * matrix(wU, of: weights, network: network)
    }
  }

  /// The vectors that a circuit reads, a row each.
  private func rows(_ reads: Reads, _ weights: Weights, _ network: Int) throws -> Matrix {
    switch reads {
    case .tokens: return try matrix(wE, of: weights, network: network)
    case .positions: return try matrix(wPos, of: weights, network: network)
    case .written(let head, let reads):
      let block = try block(of: head)
      let values =
        try rows(reads, weights, network)
        * matrix(
          block.wV, of: weights, network: network, head: head.index)
      return try values * matrix(block.wO, of: weights, network: network, head: head.index)
    }
  }

  private func circuits(
    _ weights: Weights, _ circuit: (_ network: Int, _ head: Int) throws -> Matrix
  ) throws -> Tensor {
    try Tensor(
      stacking: (0..<weights.count).map { network in
        try Tensor(
          stacking: (0..<configuration.headCount).map { head in
            let matrix = try circuit(network, head)
            return Tensor(shape: [matrix.rows, matrix.columns]) { Float(matrix.values[$0]) }
          })
      })
  }
}

/// The share of a circuit's rows whose largest number stands where it should.
///
/// The first of equal numbers counts as the largest. A row without an expected column does not count.
///
/// - Shape: `[networks, heads, row, column]` → `[networks, heads]`
public func rowAgreement(_ circuits: Tensor, with column: (_ row: Int) -> Int?) -> Tensor {
  let (rows, columns) = (circuits.shape[2], circuits.shape[3])
  let expected = (0..<rows).map(column)
  let count = expected.count { $0 != nil }
  return Tensor(shape: [circuits.shape[0], circuits.shape[1]]) { index in
    let right = (0..<rows).count { row in
      let start = (index * rows + row) * columns
      let numbers = circuits.scalars[start..<start + columns]
      guard let expected = expected[row], let largest = numbers.max() else { return false }
      return numbers.firstIndex(of: largest) == start + expected
    }
    return Float(right) / Float(max(count, 1))
  }
}

/// The weights with the rows of a parameter dealt out anew in each network: the baseline of circuits.
public func shufflingRows(
  of parameter: Parameter, in weights: Weights, using generator: inout Generator
) -> Weights {
  let tensor = weights[parameter]
  let rows = (0..<weights.count).flatMap { network in
    tensor.slice(network).slices(generator.permutation(of: parameter.shape[0])).scalars
  }
  return weights.replacing(parameter.name, with: Tensor(shape: tensor.shape) { rows[$0] })
}
