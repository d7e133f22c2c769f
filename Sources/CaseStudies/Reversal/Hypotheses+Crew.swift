import Interpretability
import Networks
import ReversalTask
import Tensors

/// Networks of several heads, with every subset of the heads left alone and the others ablated.
struct Crew {
  let subsets: SubsetAblation
  /// The share of right tokens with each subset kept: `[subsets][networks]`.
  let shares: [[Double]]

  init(
    _ reader: Reader, _ weights: Weights, on examples: Examples, by ablation: Ablation,
    threads: Int
  ) throws {
    let heads = Array(0..<reader.model.configuration.headCount)
    subsets = try SubsetAblation(
      of: (0..<weights.count).map { _ in heads }, at: reader.heads.z, axis: 1,
      in: reader.byToken, weights, on: examples, by: ablation, threads: threads)
    shares = subsets.scores.map { $0.map { Double($0.accuracy) } }
  }

  var headCount: Int { subsets.unitCount }

  /// The share of right tokens by network, for each subset of so many heads.
  func keeping(_ count: Int) -> [[Double]] {
    let sets = shares.indices.filter { $0.nonzeroBitCount == count }
    return shares[0].indices.map { network in sets.map { shares[$0][network] } }
  }

  /// With one head ablated, each in turn: `[networks][heads]`, the last head first.
  var withoutOne: [[Double]] { keeping(headCount - 1) }

  /// With one head left alone, each in turn: `[networks][heads]`.
  var oneAlone: [[Double]] { keeping(1) }
}
