import Networks
import Tensors

/// How an activation is ablated; each answers another question.
public enum Ablation: String, Hashable, Sendable, CaseIterable {
  /// Set to zero.
  case zero
  /// Set to its mean over the examples: its level stays, what it says is gone.
  case mean
  /// Set to what it was on another example, drawn at random: its distribution stays, what it says is gone.
  case resample

  /// The ablation as what an intervention does.
  public func action(seed: Int = 0) -> Intervention.Action {
    switch self {
    case .zero: .zero
    case .mean: .mean
    case .resample: .resample(seed: seed)
    }
  }
}

/// The scores of every network with each unit ablated alone, or whatever stands along another axis of the site.
///
/// The baseline is any unit that the hypothesis calls irrelevant: take its column of the same table.
///
/// - Shape: `[units][networks]`
/// - Throws: `NetworkError` if weights or examples do not fit the network.
public func ablatingEachUnit(
  of site: Site, axis: Int = 0, in network: Network, _ weights: Weights, on examples: Examples,
  by ablation: Ablation, threads: Int = 1
) throws -> [[Score]] {
  let sets = (0..<(try site.size(along: axis))).map {
    [Intervention(at: site, .units([$0], axis: axis), ablation.action())]
  }
  return try network.scores(weights, on: examples, under: sets, threads: threads)
}

/// The scores of every network with some units of its own ablated together, one choice of units after another.
///
/// The baseline is a choice made by `randomUnits`, among the others.
///
/// - Parameters:
///   - choices: For each choice the units of each network.
///   - site: Where the units are.
///   - axis: The site's axis that they stand along: 1 for the heads of `z`.
///   - network: The network of all of them.
///   - weights: The networks.
///   - examples: What they answer.
///   - ablation: What is put in the place of the units.
///   - threads: How many threads compute.
/// - Returns: The scores, `[choices][networks]`.
/// - Throws: `NetworkError` if weights, examples or units do not fit the network.
public func ablating(
  _ choices: [[[Int]]], of site: Site, axis: Int = 0, in network: Network, _ weights: Weights,
  on examples: Examples, by ablation: Ablation, threads: Int = 1
) throws -> [[Score]] {
  let sets = choices.map { units in
    [Intervention(at: site, .unitsByNetwork(units, axis: axis), ablation.action(seed: 1))]
  }
  return try network.scores(weights, on: examples, under: sets, threads: threads)
}

extension Site {
  /// How many stand along an axis.
  func size(along axis: Int) throws -> Int {
    guard shape.sizes.indices.contains(axis) else {
      throw NetworkError("site '\(name)' of shape \(shape) has no axis \(axis)")
    }
    return shape[axis]
  }
}

/// A unit of each network drawn at random from those that are not among some: the baseline of an ablation of these.
public func randomUnits(
  besides chosen: [[Int]], of unitCount: Int, count: Int, using generator: inout Generator
) -> [[Int]] {
  chosen.map { units in
    let others = (0..<unitCount).filter { !units.contains($0) }
    let order = generator.permutation(of: others.count)
    return order.prefix(count).map { others[$0] }
  }
}
