import Networks
import Tensors

/// Networks with parts of a site replaced: by zero, by its mean, by what it holds on other examples.
///
/// Only what lies downstream of the site is computed again.
///
/// Ways of ablating can disagree, so that a claim should say which one it rests on: Miller, Chughtai and Saunders 2024,
/// "Transformer circuit faithfulness metrics are not robust", arXiv 2407.08734.
public struct ComponentAblation: Sendable {
  public let network: Network
  public let component: Component
  public let weights: Weights
  public let examples: Examples
  private let threads: Int

  /// What is ablated.
  public enum Cut: Hashable, Sendable {
    /// A part of the site.
    case part(SitePart)
    /// All of the site but a part, and of that part perhaps a part again.
    case allBut(SitePart, besides: SitePart? = nil)
  }

  /// Says which networks are looked at, and on what.
  public init(
    of component: Component, in network: Network, _ weights: Weights, on examples: Examples,
    threads: Int = 1
  ) {
    (self.network, self.component, self.threads) = (network, component, threads)
    (self.weights, self.examples) = (weights, examples)
  }

  /// What the site holds, at the component's step.
  ///
  /// - Shape: `[networks, examples, shape of the site...]`
  /// - Throws: `NetworkError` if weights, examples or the component do not fit the network.
  public func states() throws -> Tensor {
    let held = try network.run(
      weights, on: examples, recording: [component.site], threads: threads)[component.site]
    guard let step = component.step else { return held }
    let (count, size) = (held.shape[2], component.size)
    guard (0..<count).contains(step) else {
      throw NetworkError("'\(component.site.name)' has \(count) steps, so none is number \(step)")
    }
    let shape = component.site.shape.prepending(examples.count).prepending(weights.count)
    var states: [Float] = []
    states.reserveCapacity(shape.count)
    for first in stride(from: step * size, to: held.count, by: count * size) {
      states += held.scalars[first..<first + size]
    }
    return try Tensor(states, shape: shape)
  }

  /// How often a resample ablation is drawn.
  public static let draws = 4

  /// The scores of every network under each of many cuts.
  ///
  /// - Returns: For each cut the score of every network; of a resample ablation the mean over `draws` draws.
  /// - Throws: `NetworkError` if a part does not fit the site, or if weights or examples do not fit the network.
  public func scores(_ cuts: [Cut], by ablation: Ablation) throws -> [[Score]] {
    let seeds = ablation == .resample ? Array(0..<Self.draws) : [0]
    let entries = try cuts.compactMap { try $0.entries(ofSite: component.size) }
    let draws: [[[Score]]]
    if entries.count == cuts.count {
      draws = try seeds.map { seed in
        try network.scores(cutting: entries, in: weights, on: examples, threads: threads) {
          Intervention(
            at: component.site, .entriesByNetwork($0), steps: component.step.map { [$0] },
            ablation.action(seed: seed))
        }
      }
    } else if entries.isEmpty {
      let clean = try states()
      draws = try seeds.map { seed in
        let donor = donor(ablation, seed: seed, clean)
        return try network.scores(
          weights, on: examples, under: cuts.map { [try patch($0.state(clean, donor))] },
          threads: threads)
      }
    } else {
      throw NetworkError(
        "entries and directions of '\(component.site.name)' cannot be cut together")
    }
    return cuts.indices.map { cut in
      weights.indices.map { network in
        let own = draws.map { $0[cut][network] }
        return Score(
          loss: own.reduce(0) { $0 + $1.loss } / Float(own.count),
          accuracy: own.reduce(0) { $0 + $1.accuracy } / Float(own.count))
      }
    }
  }

  /// The scores of untouched networks.
  ///
  /// - Throws: `NetworkError` if weights or examples do not fit the network.
  public func scores() throws -> [Score] {
    try network.scores(weights, on: examples, threads: threads)[0]
  }

  /// The scores with the site holding something else.
  ///
  /// - Parameter states: What it holds, each in the shape of `states()`.
  /// - Returns: For each state the score of every network.
  /// - Throws: `NetworkError` if a state has another shape.
  public func scores(holding states: [Tensor]) throws -> [[Score]] {
    try network.scores(
      weights, on: examples, under: states.map { [try patch($0)] }, threads: threads)
  }

  /// What takes the place of the site.
  private func donor(_ ablation: Ablation, seed: Int, _ clean: Tensor) -> Tensor {
    let (networks, count, size) = (weights.count, examples.count, component.size)
    switch ablation {
    case .zero: return Tensor(repeating: 0, shape: clean.shape)
    case .mean:
      var means = [Float]()
      for network in 0..<networks {
        var sums = [Double](repeating: 0, count: size)
        for example in 0..<count {
          let first = (network * count + example) * size
          for unit in 0..<size { sums[unit] += Double(clean.scalars[first + unit]) }
        }
        means += sums.map { Float($0 / Double(max(count, 1))) }
      }
      return Tensor(shape: clean.shape) { means[$0 / (count * size) * size + $0 % size] }
    case .resample:
      var generator = Generator(seed: seed, stream: .analysis)
      let order = generator.permutation(of: count)
      var other = Array(0..<count)
      for place in 0..<count { other[order[place]] = order[(place + 1) % count] }
      return Tensor(shape: clean.shape) {
        let (row, unit) = ($0 / size, $0 % size)
        return clean.scalars[(row / count * count + other[row % count]) * size + unit]
      }
    }
  }

  /// A state as what is patched: in a scan it stands at every step, of which one is reached.
  private func patch(_ state: Tensor) throws -> Intervention {
    guard let step = component.step else {
      return Intervention(at: component.site, .patch(state))
    }
    let size = component.size
    guard let shape = network.sites.first(where: { $0.name == component.site.name })?.shape else {
      throw NetworkError("the network has no site '\(component.site.name)'")
    }
    var spread: [Float] = []
    spread.reserveCapacity(state.count * shape[0])
    for first in stride(from: 0, to: state.count, by: max(size, 1)) {
      for _ in 0..<shape[0] { spread += state.scalars[first..<first + size] }
    }
    let whole = try Tensor(
      spread, shape: shape.prepending(examples.count).prepending(weights.count))
    return Intervention(at: component.site, steps: [step], .patch(whole))
  }
}

extension ComponentAblation.Cut {
  /// What the site holds after a cut of directions.
  fileprivate func state(_ clean: Tensor, _ donor: Tensor) -> Tensor {
    switch self {
    case .part(let part): return part.replaced(in: clean, by: donor)
    case .allBut(let kept, let besides):
      let state = kept.replaced(in: donor, by: clean)
      return besides?.replaced(in: state, by: donor) ?? state
    }
  }

  /// The entries that are cut in each network; nil of directions.
  fileprivate func entries(ofSite size: Int) throws -> [[Int]]? {
    switch self {
    case .part(.entries(let entries)): return entries
    case .allBut(.entries(let kept), let besides):
      var again = kept.map { _ in [Int]() }
      if let besides {
        guard case .entries(let entries) = besides else {
          throw NetworkError("entries are kept, but directions of them are cut")
        }
        again = entries
      }
      return zip(kept, again).map { kept, again in
        let kept = Set(kept).subtracting(again)
        return (0..<size).filter { !kept.contains($0) }
      }
    default: return nil
    }
  }
}

extension Weights {
  /// The places of the networks.
  public var indices: Range<Int> { 0..<count }
}
