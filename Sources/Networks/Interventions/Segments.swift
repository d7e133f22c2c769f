import Tensors

extension Network {
  /// Runs a recurrence for longer than its graph is: in segments, of which each begins in the state that the one before
  /// ended in.
  ///
  /// Memory does not grow with the number of segments.
  ///
  /// ```swift
  /// // A thousand moves by a graph of forty.
  /// try net.network.run(
  ///   weights, inSegments: 25, from: net.last, to: net.initial, recording: [net.state],
  ///   on: { _ in try automaton.games(64, of: 40, using: &generator) }
  /// ) { segment, recording in … }
  /// ```
  ///
  /// - Parameters:
  ///   - weights: The population, a row a network.
  ///   - count: The number of segments.
  ///   - last: The site whose value is handed on.
  ///   - first: The site that it is patched into in the next segment, of the same shape.
  ///   - sites: The sites that are recorded in each segment.
  ///   - threads: How many threads compute; the result does not depend on it.
  ///   - examples: The inputs of a segment, equally many for each.
  ///   - body: Called with each segment and what was recorded in it.
  /// - Throws: `NetworkError` if weights, examples or sites do not fit the network.
  public func run(
    _ weights: Weights, inSegments count: Int, from last: Site, to first: Site,
    recording sites: [Site], threads: Int = 1, on examples: (_ segment: Int) throws -> Examples,
    _ body: (_ segment: Int, _ recording: Recording) throws -> Void
  ) throws {
    guard first.shape == last.shape else {
      throw NetworkError(
        "'\(last.name)' of shape \(last.shape) cannot be handed on to '\(first.name)' of shape "
          + "\(first.shape)")
    }
    var handedOn: [Intervention] = []
    for segment in 0..<count {
      let run = try run(
        weights, on: examples(segment), with: handedOn, recording: sites + [last], threads: threads)
      handedOn = [Intervention(at: first, .patch(run[last]))]
      try body(segment, run)
    }
  }
}
