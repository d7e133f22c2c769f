import Networks
import Tensors

/// How often networks answer as a program predicts when one of its variables is taken from another input.
///
/// Pairs of a base and a source are all there are, or as many as a limit drawn at random, and only those whose answer
/// should change: a site that does nothing gets none of them right.
///
/// Geiger et al. 2021, "Causal abstractions of neural networks", arXiv 2106.02997.
public struct VariableInterchange: Sendable {
  /// The share of pairs that each network answers as predicted, IIA; 0 where the component is absent.
  public let accuracies: [Double]
  /// The same with a part as large, drawn at random, in the place of the one that is claimed to hold the variable.
  public let placebo: [Double]
  /// The number of pairs.
  public let pairs: Int
  /// Whether these are all pairs there are whose answer should change.
  public let isExhaustive: Bool

  /// The most pairs that are tried.
  public static let pairLimit = 512

  /// The most pairs that are tried with a network: fewer where each run takes many operations.
  private static func limit(of network: Network) -> Int {
    min(pairLimit, max(128, 3_000_000 / max(network.operationsPerExample, 1)))
  }

  /// Exchanges a variable.
  ///
  /// - Parameters:
  ///   - variable: The variable, and what is claimed to hold it.
  ///   - program: The program that has it.
  ///   - network: The graph that all networks of the population share.
  ///   - weights: The networks.
  ///   - later: The same networks at another time, in which the holder is looked for instead.
  ///   - examples: The inputs that bases and sources are drawn from.
  ///   - most: The most pairs that are tried; if nil, as many as can be afforded.
  ///   - generator: Draws pairs and the placebo.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if something does not fit the network, or if no pair should change an answer.
  public init(
    of variable: Program.Variable, in program: Program, _ network: Network, _ weights: Weights,
    locatedIn later: Weights? = nil, on examples: Examples, atMost most: Int? = nil,
    using generator: inout Generator,
    threads: Int = 1
  ) throws {
    let rows = program.rows(of: examples)
    let own = rows.map(program.answer)
    let count = examples.count
    let (all, limit) = (count * count, most ?? Self.limit(of: network))
    // Few pairs are all tried, and of many some at random.
    let isWhole = all <= 4 * Self.pairLimit
    var pairs: [(base: Int, source: Int, answer: [Float])] = []
    for number in 0..<min(all, 4 * Self.pairLimit) where isWhole || pairs.count < limit {
      let (base, source) =
        isWhole
        ? number.quotientAndRemainder(dividingBy: count)
        : (generator.index(below: count), generator.index(below: count))
      let answer = variable.swapped(rows[base], rows[source])
      if answer != own[base] { pairs.append((base, source, answer)) }
    }
    isExhaustive = isWhole && pairs.count <= limit
    if pairs.count > limit {
      pairs = generator.permutation(of: pairs.count).prefix(limit).map { pairs[$0] }
    }
    guard !pairs.isEmpty else {
      throw NetworkError(
        "\(variable.name) of '\(program.name)' changes no answer, whatever it holds")
    }
    self.pairs = pairs.count

    let located = try variable.holder.located(in: later ?? weights)
    let part = try SitePart.union(located.members)
    let other = try part.placebo(
      ofSite: variable.holder.size, among: variable.holder.comparable, using: &generator)
    // Each input that is in a pair is run once, whatever the number of its pairs.
    let inputs = Set(pairs.flatMap { [$0.base, $0.source] }).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(inputs, inputs.indices))
    let states = try ComponentAblation(
      of: variable.holder, in: network, weights, on: examples.rows(inputs), threads: threads
    ).states()
    var right = [[Double]](repeating: [Double](repeating: 0, count: weights.count), count: 2)
    // Few pairs at once, so that what is patched stays small.
    for first in stride(from: 0, to: pairs.count, by: 512) {
      let some = pairs[first..<min(first + 512, pairs.count)]
      let bases = try program.answering(
        some.map(\.answer), examples.rows(some.map(\.base)))
      let bench = ComponentAblation(
        of: variable.holder, in: network, weights, on: bases, threads: threads)
      let (own, sources) = (
        states.examples(some.compactMap { place[$0.base] }),
        states.examples(some.compactMap { place[$0.source] })
      )
      let scores = try bench.scores(
        holding: [part, other].map { $0.replaced(in: own, by: sources) })
      for (kind, scores) in scores.enumerated() {
        for (network, score) in scores.enumerated() {
          right[kind][network] += (Double(score.accuracy) * Double(some.count)).rounded()
        }
      }
    }
    let shares = right.map { counts in
      zip(counts, located.present).map { $1 ? $0 / Double(pairs.count) : 0 }
    }
    (accuracies, placebo) = (shares[0], shares[1])
  }
}

extension Tensor {
  /// The states of some examples, in that order.
  ///
  /// - Shape: `[networks, examples, shape of the site...]`
  fileprivate func examples(_ indices: [Int]) -> Tensor {
    let (networks, count) = (shape[0], shape[1])
    let size = self.count / max(networks * count, 1)
    var chosen: [Float] = []
    chosen.reserveCapacity(networks * indices.count * size)
    for network in 0..<networks {
      for index in indices {
        let first = (network * count + index) * size
        chosen += scalars[first..<first + size]
      }
    }
    let all = chosen
    return Tensor(
      shape: shape.dropFirst(2).prepending(indices.count).prepending(networks)
    ) { all[$0] }
  }
}
