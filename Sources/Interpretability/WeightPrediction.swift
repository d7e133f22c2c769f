import Networks
import Tensors

/// Weights that an explanation predicts, beside those that training found.
///
/// ```swift
/// let own = try WeightPrediction(predicted, of: trained)
/// let others = try WeightPrediction.ofOthers(predicted, of: trained)  // the baseline
/// ```
public struct WeightPrediction: Sendable, Hashable {
  /// ‖predicted − trained‖ / ‖trained‖ of each network.
  public let relativeErrors: [Double]
  /// 1 − Σ(trained − predicted)² / Σ(trained − their mean)² of each network: 1 if all is explained, 0 or less if the mean
  /// of the weights would say as much.
  public let explainedShares: [Double]

  /// Compares the weights of every network.
  ///
  /// - Shape: `[networks, ...]` both.
  /// - Throws: `NetworkError` if the shapes differ.
  public init(_ predicted: Tensor, of trained: Tensor) throws {
    guard predicted.shape == trained.shape, trained.shape.rank > 1 else {
      throw NetworkError(
        "predicted weights of shape \(predicted.shape) do not fit trained ones of \(trained.shape)")
    }
    let pairs = (0..<trained.shape[0]).map { network in
      (predicted.slice(network).scalars, trained.slice(network).scalars.map { Double($0) })
    }
    let errors = pairs.map { predicted, trained in
      length(zip(predicted, trained).map { Double($0) - $1 })
    }
    relativeErrors = zip(errors, pairs).map { $0 / length($1.1) }
    explainedShares = zip(errors, pairs).map { error, pair in
      let mean = pair.1.reduce(0, +) / Double(pair.1.count)
      let spread = length(pair.1.map { $0 - mean })
      return 1 - error * error / (spread * spread)
    }
  }

  /// The baseline: each network's weights beside what is predicted for the next network.
  ///
  /// - Shape: `[networks, ...]` both.
  /// - Throws: `NetworkError` if the shapes differ, or if there is no other network.
  public static func ofOthers(_ predicted: Tensor, of trained: Tensor) throws -> WeightPrediction {
    let count = predicted.shape.sizes.first ?? 0
    guard count > 1 else {
      throw NetworkError("\(count) networks have no other one whose prediction is compared")
    }
    return try WeightPrediction(
      predicted.slices((0..<count).map { ($0 + 1) % count }), of: trained)
  }
}
