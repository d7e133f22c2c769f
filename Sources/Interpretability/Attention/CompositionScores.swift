import Networks
import Tensors

/// How well what a head writes fits what a later head reads, by their weights alone.
///
/// ‖W_OV W_QK‖ / (‖W_OV‖ ‖W_QK‖) for queries, ‖W_QK W_OVᵀ‖ / ... for keys and ‖W_OV W_OV′‖ / ... for values, where
/// W_QK = W_Q W_Kᵀ, W_OV = W_V W_O and ‖ ‖ is Frobenius's norm: 0 if the sender writes nothing that is read, 1/√r if
/// it writes r directions alike and the receiver reads just these alike. LayerNorms are left out. The baseline is
/// `randomCompositionScore`, about 1/√d_model.
///
/// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
///
/// - Parameters:
///   - reading: What the receiver reads: queries, keys or values.
///   - sender: The layer of the heads that write.
///   - receiver: The layer of the heads that read, a later one.
///   - model: The transformer.
///   - weights: A population of networks.
/// - Returns: The scores, from 0 to 1; zero for a head without weights.
/// - Shape: `[networks, senders, receivers]`
/// - Throws: `NetworkError` if a layer is not there or not later, or the weights are not of this transformer.
public func compositionScores(
  _ reading: TransformerBlock.Reading, from sender: Int, to receiver: Int, of model: Transformer,
  _ weights: Weights
) throws -> Tensor {
  let (first, second) = (try model.block(sender), try model.block(receiver))
  guard sender < receiver else {
    throw NetworkError("nothing is composed from layer \(sender) to layer \(receiver)")
  }
  let heads = model.configuration.headCount
  return try Tensor(shape: [weights.count, heads, heads]) { index in
    func matrix(_ parameter: Parameter, _ head: Int) throws -> Matrix {
      try model.matrix(parameter, of: weights, network: index / (heads * heads), head: head)
    }
    let (i, j) = (index / heads % heads, index % heads)
    let written = try matrix(first.wV, i) * matrix(first.wO, i)
    let read =
      reading == .value
      ? try matrix(second.wV, j) * matrix(second.wO, j)
      : try matrix(second.wQ, j) * matrix(second.wK, j).transposed
    return Float(composition(reading, written, read))
  }
}

/// The baseline of composition scores: the mean over pairs of heads with random normal weights of the same shapes.
public func randomCompositionScore(
  _ reading: TransformerBlock.Reading, of configuration: Transformer.Configuration,
  draws: Int = 100, using generator: inout Generator
) -> Double {
  let (d, e) = (configuration.dModel, configuration.dHead)
  func product() -> Matrix {
    let left = Matrix(rows: d, columns: e) { _, _ in Double(generator.normal()) }
    return left * Matrix(rows: e, columns: d) { _, _ in Double(generator.normal()) }
  }
  let total = (0..<draws).reduce(0.0) { total, _ in
    total + composition(reading, product(), product())
  }
  return total / Double(max(draws, 1))
}

/// The score of one pair, for vectors that are rows and multiplied from the left.
private func composition(
  _ reading: TransformerBlock.Reading, _ written: Matrix, _ read: Matrix
) -> Double {
  let size = written.norm * read.norm
  guard size > 0 else { return 0 }
  let product =
    switch reading {
    case .query, .value: written * read
    case .key: read * written.transposed
    }
  return product.norm / size
}
