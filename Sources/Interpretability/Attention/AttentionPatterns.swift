import Networks
import Tensors

/// What every head of every network attends to, on average over the examples.
///
/// - Shape: `[networks, layers, heads, query, key]`; each query's weights add up to one.
/// - Throws: `NetworkError` if weights, examples or interventions do not fit the network.
public func attentionPatterns(
  of model: Transformer, in network: Network, _ weights: Weights, on examples: Examples,
  with interventions: [Intervention] = [], threads: Int = 1
) throws -> Tensor {
  let run = try network.run(
    weights, on: examples, with: interventions, recording: model.blocks.map(\.pattern),
    threads: threads)
  let means = (0..<weights.count).flatMap { network in
    model.blocks.flatMap { block in
      let pattern = run[block.pattern]
      let size = block.pattern.shape.count
      let base = network * examples.count * size
      return (0..<size).map { place in
        let total = (0..<examples.count).reduce(0.0) {
          $0 + Double(pattern.scalars[base + $1 * size + place])
        }
        return Float(total / Double(examples.count))
      }
    }
  }
  let shape = model.blocks[0].pattern.shape
  return try Tensor(
    means, shape: shape.prepending(model.blocks.count).prepending(weights.count))
}

/// How much each head attends to what it is expected to: the mean weight from a query to its key.
///
/// A previous-token head has a score near one for `.previousToken`, an induction head for `.induction`. The baselines
/// are `uniformHeadScore`, a target that is `shuffled`, and heads that are expected to do something else.
///
/// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework; Olsson et al. 2022, arXiv 2209.11895.
///
/// - Parameters:
///   - target: The key that each query should attend to; queries without one do not count.
///   - model: The transformer.
///   - network: The network that was made of it.
///   - weights: A population of networks.
///   - examples: What they are run on.
///   - interventions: Applied together.
///   - threads: How many threads compute; the result does not depend on it.
/// - Returns: The scores, from 0 to 1.
/// - Shape: `[networks, layers, heads]`
/// - Throws: `NetworkError` if weights or examples do not fit, no query has a key, or a key is not there.
public func headScores(
  _ target: AttentionTarget, of model: Transformer, in network: Network, _ weights: Weights,
  on examples: Examples, with interventions: [Intervention] = [], threads: Int = 1
) throws -> Tensor {
  let pairs = try model.pairs(target, on: examples)
  let run = try network.run(
    weights, on: examples, with: interventions, recording: model.blocks.map(\.pattern),
    threads: threads)
  let (heads, length) = (model.configuration.headCount, model.tokens.shape[0])
  let shape: Shape = [weights.count, model.blocks.count, heads]
  return Tensor(shape: shape) { index in
    let (network, block) = (index / (model.blocks.count * heads), index / heads % shape[1])
    let pattern = run[model.blocks[block].pattern].scalars
    let total = pairs.reduce(0.0) { total, pair in
      let row = (network * examples.count + pair.example) * heads + index % heads
      return total + Double(pattern[(row * length + pair.query) * length + pair.key])
    }
    return Float(total / Double(pairs.count))
  }
}

/// The baseline of `headScores`: the score of a head that attends to all it may see alike.
///
/// - Throws: `NetworkError` if examples do not fit, no query has a key, or a key is not there.
public func uniformHeadScore(
  _ target: AttentionTarget, of model: Transformer, on examples: Examples
) throws -> Double {
  let pairs = try model.pairs(target, on: examples)
  let length = model.tokens.shape[0]
  let isCausal = model.configuration.isCausal
  let total = pairs.reduce(0.0) { total, pair in
    guard isCausal else { return total + 1 / Double(length) }
    return total + (pair.key <= pair.query ? 1 / Double(pair.query + 1) : 0)
  }
  return total / Double(pairs.count)
}

extension Transformer {
  /// Every query that has a key, in every example.
  fileprivate func pairs(
    _ target: AttentionTarget, on examples: Examples
  ) throws -> [(example: Int, query: Int, key: Int)] {
    let pairs = try tokens(of: examples).enumerated().flatMap { example, tokens in
      try tokens.indices.compactMap { query in
        try target.checkedKey(query, tokens).map { (example: example, query: query, key: $0) }
      }
    }
    guard !pairs.isEmpty else {
      throw NetworkError("no query of the examples has a key by '\(target.name)'")
    }
    return pairs
  }
}

extension AttentionTarget {
  /// The key of a query, once it is known to be a position.
  func checkedKey(_ query: Int, _ tokens: [Int]) throws -> Int? {
    guard let key = key(query, tokens) else { return nil }
    guard tokens.indices.contains(key) else {
      throw NetworkError(
        "'\(name)' sends query \(query) to key \(key), but there are \(tokens.count) positions")
    }
    return key
  }
}
