import Networks
import Tensors

/// The interchange intervention: a network plays one game, and at a site takes its state, or a part of it, from another.
///
/// With orthonormal rows P, the state becomes h_base + Pᵀ P (h_source − h_base); without, it becomes h_source. The accuracy
/// of interchanges (IIA) is the share after which the network answers as a `CausalModel` predicts.
///
/// ```swift
/// let plane = try Interchange(in: net.network, at: net.state, step: 2, dimensions: 2, answers: 3)
/// let share = try plane.accuracies(of: weights, on: interchanges, subspaces: cups)  // [1, 0.98, ...]
/// ```
///
/// The baselines are `randomSubspaces`, `randomStates`, and the accuracies of untrained weights.
///
/// Geiger et al. 2021, "Causal abstractions of neural networks", arXiv 2106.02997.
public struct Interchange: Sendable {
  public let network: Network
  public let site: Site
  /// The step of the scan that the site lies in.
  public let step: Int?
  /// How many directions of the state are taken over; nil for all of it.
  public let dimensions: Int?
  /// How many answers there are.
  public let answers: Int
  private let readOut: @Sendable (Expression) -> Expression

  /// The size of the state.
  public var width: Int { site.shape.count }

  /// Says where states are exchanged.
  ///
  /// - Parameters:
  ///   - network: The network that plays.
  ///   - site: Where its state is: a vector.
  ///   - step: The step after which the state is exchanged, counted from 0, if the site lies in a scan.
  ///   - dimensions: How many directions of the state are taken over; nil for all of it.
  ///   - answers: How many answers there are.
  ///   - readOut: From the network's output to a number for each answer, the largest of which is given.
  /// - Throws: `NetworkError` if the site, the step or the answers are not there, or if there are more dimensions than
  ///   the site has.
  public init(
    in network: Network, at site: Site, step: Int? = nil, dimensions: Int? = nil, answers: Int,
    readOut: @escaping @Sendable (Expression) -> Expression = { $0 }
  ) throws {
    guard site.shape.rank == 1 else {
      throw NetworkError("'\(site.name)' of shape \(site.shape) is no vector to interchange")
    }
    if let dimensions, !(1...site.shape.count).contains(dimensions) {
      throw NetworkError(
        "an alignment has from 1 to \(site.shape.count) dimensions, as '\(site.name)' has, not "
          + "\(dimensions)")
    }
    (self.network, self.site, self.step, self.dimensions) = (network, site, step, dimensions)
    (self.answers, self.readOut) = (answers, readOut)
    _ = try graph(sources: 1)
  }

  /// What the runs of the sources hold at the site.
  ///
  /// - Shape: `[networks, source games, width]`, in the order of `sourceGames`.
  /// - Throws: `NetworkError` if weights or games do not fit the network.
  public func states(of weights: Weights, _ interchanges: Interchanges, threads: Int = 1) throws
    -> Tensor
  {
    let games = interchanges.games.rows(interchanges.sourceGames)
    let held = try network.run(weights, on: games, recording: [site], threads: threads)[site]
    guard let step else { return held }
    let steps = held.shape[2]
    return Tensor(shape: [weights.count, games.count, width]) {
      held.scalars[($0 / width * steps + step) * width + $0 % width]
    }
  }

  /// The interchange intervention accuracy of each network.
  ///
  /// - Parameters:
  ///   - weights: The networks.
  ///   - interchanges: What is exchanged, and what should be answered.
  ///   - subspaces: What part of the state is taken over, `[networks, dimensions, width]`: independent rows that span it.
  ///   - states: What is put in instead of the sources' own states, in the shape of these.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Returns: The share of rows that are answered as predicted, from 0 to 1.
  /// - Throws: `NetworkError` if weights, games, subspaces or states do not fit the network.
  public func accuracies(
    of weights: Weights, on interchanges: Interchanges, subspaces: Tensor? = nil,
    states: Tensor? = nil, threads: Int = 1
  ) throws -> [Double] {
    let graph = try graph(sources: interchanges.sourceGames.count)
    let states = try states ?? self.states(of: weights, interchanges, threads: threads)
    let subspaces = try subspaces.map(orthonormalized)
    let populated = try graph.weights(weights, states: states, subspaces: subspaces)
    let examples = try graph.examples(interchanges)
    var right = [Double](repeating: 0, count: weights.count)
    // Few rows at once, so that they stay in the cache.
    for first in stride(from: 0, to: interchanges.count, by: Self.rowsAtOnce) {
      let rows = first..<min(first + Self.rowsAtOnce, interchanges.count)
      let scores = try graph.network.scores(
        populated, on: examples.rows(rows), threads: threads)[0]
      for (network, score) in scores.enumerated() {
        right[network] += (Double(score.accuracy) * Double(rows.count)).rounded()
      }
    }
    return right.map { $0 / Double(interchanges.count) }
  }

  private static let rowsAtOnce = 256

  func graph(sources: Int) throws -> InterchangeGraph {
    try InterchangeGraph(self, readOut, sources: sources)
  }
}

/// The graph of a network that is given its state: the network's own, with the exchange where the site was.
///
/// The sources' states are a parameter, since each network has its own.
struct InterchangeGraph {
  let network: Network
  let subspace: Parameter?
  private let states: Parameter
  private let source, answer: Input

  init(
    _ interchange: Interchange, _ readOut: (Expression) -> Expression, sources: Int
  ) throws {
    guard sources > 0 else { throw NetworkError("there are no interchanges to make") }
    let width = interchange.width
    let source = Input("interchange source", [], kind: .tokens(vocabulary: sources))
    let answer = Input("interchange answer", [], kind: .tokens(vocabulary: interchange.answers))
    let states = Parameter("interchange states", [sources, width], .zeros)
    let subspace = interchange.dimensions.map {
      Parameter("interchange subspace", [$0, width], .normal(deviation: 1))
    }
    let directions = subspace.map { orthonormalized($0) }
    let held = gather(states, source)
    let output = try interchange.network.output(
      transforming: interchange.site, steps: interchange.step.map { [$0] }
    ) { own in
      guard let directions else { return held }
      return own + contract("k,kd->d", contract("d,kd->k", held - own, directions), directions)
    }
    let scores = Site("interchange scores", readOut(output))
    guard scores.shape == [interchange.answers] else {
      throw NetworkError(
        "\(interchange.answers) answers need a number each, but the output has shape "
          + "\(scores.shape)")
    }
    network = try Network(
      output: scores, loss: -sum(oneHot(answer, count: interchange.answers) * logSoftmax(scores)),
      correct: equal(argmax(scores), answer))
    (self.subspace, self.states, self.source, self.answer) = (subspace, states, source, answer)
  }

  /// The weights of some networks, with what they take over.
  func weights(_ own: Weights, states: Tensor, subspaces: Tensor?) throws -> Weights {
    guard (subspace == nil) == (subspaces == nil) else {
      throw NetworkError(
        subspace == nil
          ? "an interchange of the whole state has no subspace"
          : "an interchange of a part of the state needs its subspace")
    }
    let names = Set(network.parameters.map(\.name))
    var tensors = own.tensors.filter { names.contains($0.key) }
    tensors[self.states.name] = states
    if let subspace { tensors[subspace.name] = subspaces }
    return try Weights(tensors)
  }

  /// The rows as examples of the network.
  func examples(_ interchanges: Interchanges) throws -> Examples {
    let places = Dictionary(
      uniqueKeysWithValues: interchanges.sourceGames.enumerated().map { ($1, Float($0)) })
    return try interchanges.games.rows(interchanges.bases)
      .replacing(source.name, with: Tensor(interchanges.sources.map { places[$0] ?? 0 }))
      .replacing(answer.name, with: Tensor(interchanges.answers.map(Float.init)))
  }
}
