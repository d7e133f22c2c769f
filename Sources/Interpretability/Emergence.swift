import Networks

/// A measure of one network over its training.
public struct Emergence<Measure: Sendable>: Sendable {
  public let steps: [Int]
  public let values: [Measure]

  /// Takes a measure at every checkpoint.
  ///
  /// The baseline is the first value: the network before training.
  public init(
    over checkpoints: [(step: Int, weights: Weights)],
    _ measure: (Weights) throws -> Measure
  ) rethrows {
    steps = checkpoints.map(\.step)
    values = try checkpoints.map { try measure($0.weights) }
  }

  /// The first step from which on every value has a property.
  public func settled(where holds: (Measure) -> Bool) -> Int? {
    let first = values.lastIndex { !holds($0) }.map { $0 + 1 } ?? 0
    return first < steps.count ? steps[first] : nil
  }
}
