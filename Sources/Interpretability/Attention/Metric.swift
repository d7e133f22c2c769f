import Networks
import Tensors

/// The number by which patching is judged, of one network on all examples.
public enum Metric: Sendable {
  /// Of the share of right answers and the mean loss.
  case score(@Sendable (Score) -> Double)
  /// Of the network's answers, `[examples, shape of the output...]`; it takes longer, as more is kept.
  case output(@Sendable (_ output: Tensor) -> Double)

  /// The share of right answers.
  public static let accuracy = Metric.score { Double($0.accuracy) }
  /// The mean loss.
  public static let loss = Metric.score { Double($0.loss) }

  /// How far the logit of one answer lies above that of another, on average.
  ///
  /// - Shape: both `[examples]` or `[examples, position]`, as the outputs without their last axis.
  public static func logitDifference(of right: Tensor, against wrong: Tensor) -> Metric {
    .output { output in
      let answers = output.shape.sizes.last ?? 1
      let total = right.scalars.indices.reduce(0.0) { total, row in
        total + Double(output.scalars[row * answers + Int(right.scalars[row])])
          - Double(output.scalars[row * answers + Int(wrong.scalars[row])])
      }
      return total / Double(max(right.count, 1))
    }
  }

  /// The metric of every network under each of many sets of interventions: `[sets][networks]`.
  func values(
    of network: Network, _ weights: Weights, on examples: Examples, under sets: [[Intervention]],
    threads: Int
  ) throws -> [[Double]] {
    switch self {
    case .score(let measure):
      try network.scores(weights, on: examples, under: sets, threads: threads).map {
        $0.map(measure)
      }
    case .output(let measure):
      try sets.map { set in
        let output = try network.run(weights, on: examples, with: set, threads: threads)
        return (0..<weights.count).map { measure(output[network.output].slice($0)) }
      }
    }
  }
}
