import Tensors

/// What sites held while networks ran.
public struct Recording: Sendable, Hashable {
  public let networks: Int
  public let examples: Int
  let values: [String: Tensor]

  /// The values of a site.
  ///
  /// - Shape: `[networks, examples, shape of the site...]`; a site of a scan's body has the axis of steps first.
  /// - Precondition: The site was among those to record.
  public subscript(site: Site) -> Tensor {
    guard let tensor = values[site.name] else {
      preconditionFailure(
        "Site '\(site.name)' was not recorded, only \(values.keys.sorted())")
    }
    return tensor
  }

  /// The values of the site of that name, or nil if it was not recorded.
  public subscript(name name: String) -> Tensor? { values[name] }
}

/// How a network did on examples.
public struct Score: Sendable, Hashable {
  /// The mean loss, without the penalty.
  public var loss: Float
  /// The share of right answers.
  public var accuracy: Float

  public init(loss: Float, accuracy: Float) {
    (self.loss, self.accuracy) = (loss, accuracy)
  }
}

extension Network {
  /// Runs every network of a population on the same examples and keeps what some sites hold.
  ///
  /// - Parameters:
  ///   - weights: The population, a row a network.
  ///   - examples: The inputs that every network is given.
  ///   - interventions: Applied together.
  ///   - sites: The sites to keep; the output if none is named.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Returns: What the sites held, for each network on each example.
  /// - Throws: `NetworkError` if weights, examples, an intervention or a site do not fit the network.
  public func run(
    _ weights: Weights, on examples: Examples, with interventions: [Intervention] = [],
    recording sites: [Site]? = nil, threads: Int = 1
  ) throws -> Recording {
    let names = (sites ?? [output]).map(\.name)
    return try run(
      weights, on: examples, with: interventions, recordingNamed: names, threads: threads)
  }

  /// Runs every network and keeps the sites of some names.
  ///
  /// - Throws: `NetworkError` if weights, examples, an intervention or a name do not fit the network.
  public func run(
    _ weights: Weights, on examples: Examples, with interventions: [Intervention] = [],
    recordingNamed names: [String], threads: Int = 1
  ) throws -> Recording {
    let parts = try grouped(
      weights, examples, interventions, recording: names, scored: false, threads,
      Reading(interventions: interventions, names: names))
    var values: [String: Tensor] = [:]
    for (index, name) in names.enumerated() {
      let pieces = parts.map { $0[index] }
      let shape = pieces[0].shape.dropFirst().prepending(weights.count)
      values[name] = try Tensor(pieces.flatMap(\.scalars), shape: shape)
    }
    return Recording(networks: weights.count, examples: examples.count, values: values)
  }

  /// Scores every network under each of many sets of interventions, computing again only what lies
  /// downstream of them.
  ///
  /// - Returns: For each set, the score of each network.
  /// - Throws: `NetworkError` if weights, examples or an intervention do not fit the network.
  public func scores(
    _ weights: Weights, on examples: Examples, under sets: [[Intervention]] = [[]],
    threads: Int = 1
  ) throws -> [[Score]] {
    try check(examples, forTraining: true)
    let parts = try grouped(
      weights, examples, sets.flatMap { $0 }, recording: [], scored: true, threads,
      Scoring(sets: sets))
    return sets.indices.map { set in parts.flatMap { $0[set] } }
  }

  private func grouped<Work: LaneWork>(
    _ weights: Weights, _ examples: Examples, _ interventions: [Intervention],
    recording: [String], scored: Bool, _ threads: Int, _ work: Work
  ) throws -> [Work.Result] {
    try check(weights)
    try check(examples)
    guard weights.count > 0 else { throw NetworkError("there are no networks to run") }
    let form = RunPlan.Form(
      interventions, recording: recording, isScored: scored, examples: examples.count)
    let plan = try plans.plan(form) {
      try Instrumentation(
        self, interventions: interventions, recording: recording, scored: scored)
    }
    defer { plan.trim() }
    let groups = laneGroups(of: weights.count, weights: parameterCount)
    let draws = interventions.contains(where: \.drawsFromClean)
    return try parallelMap(groups.count, threads: threads) { index in
      let networks = groups[index].networks
      func running<L: Lane>(_ lane: L.Type) throws -> Work.Result {
        try plan.lend(lane) { group in
          try group.load(self, weights, examples, networks, drawsFromClean: draws)
          return try work.done(by: group)
        }
      }
      return switch groups[index].width {
      case 1: try running(Float.self)
      case 4: try running(SIMD4<Float>.self)
      case 8: try running(SIMD8<Float>.self)
      default: try running(SIMD16<Float>.self)
      }
    }
  }
}

/// What the networks of one lane are run for.
///
/// It is generic, so that it is compiled for each width of lane.
private protocol LaneWork: Sendable {
  associatedtype Result: Sendable
  func done<L: Lane>(by group: InstrumentedGroup<L>) throws -> Result
}

private struct Reading: LaneWork {
  let interventions: [Intervention]
  let names: [String]

  func done<L: Lane>(by group: InstrumentedGroup<L>) throws -> [Tensor] {
    try group.apply(interventions)
    return names.map { group.values($0) }
  }
}

private struct Scoring: LaneWork {
  let sets: [[Intervention]]

  func done<L: Lane>(by group: InstrumentedGroup<L>) throws -> [[Score]] {
    try sets.map { set in
      try group.apply(set)
      return group.scores()
    }
  }
}
