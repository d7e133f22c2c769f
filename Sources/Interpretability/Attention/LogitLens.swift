import Networks
import Tensors

/// What a transformer would answer if its layers ended early: the scores of the stream, read out after each layer.
///
/// The stream after some layers takes the place of the last one's and goes through what reads it out, the last LayerNorm
/// included. The first score is that of the embeddings alone, which is the baseline; the last is the network's own.
///
/// nostalgebraist 2020, "interpreting GPT: the logit lens", https://www.lesswrong.com/posts/AcKRB8wDpdaN6v6ru.
///
/// - Shape: `[layers + 1][networks]`
/// - Throws: `NetworkError` if weights or examples do not fit the network.
public func logitLens(
  of model: Transformer, in network: Network, _ weights: Weights, on examples: Examples,
  threads: Int = 1
) throws -> [[Score]] {
  let lenses = try model.lenses(network, weights, examples, threads)
  return try network.scores(weights, on: examples, under: lenses, threads: threads)
}

/// What a transformer would answer after each layer, itself: see `logitLens`.
///
/// - Shape: for each of layers + 1 `[networks, examples, shape of the output...]`
/// - Throws: `NetworkError` if weights or examples do not fit the network.
public func logitLensOutputs(
  of model: Transformer, in network: Network, _ weights: Weights, on examples: Examples,
  threads: Int = 1
) throws -> [Tensor] {
  try model.lenses(network, weights, examples, threads).map {
    try network.run(weights, on: examples, with: $0, threads: threads)[network.output]
  }
}

extension Transformer {
  /// For each number of layers what makes the network end there.
  fileprivate func lenses(
    _ network: Network, _ weights: Weights, _ examples: Examples, _ threads: Int
  ) throws -> [[Intervention]] {
    let last = blocks[blocks.count - 1].residPost
    let run = try network.run(
      weights, on: examples, recording: blocks.map(\.residPre), threads: threads)
    return blocks.map { [Intervention(at: last, .patch(run[$0.residPre]))] } + [[]]
  }
}
