import Networks
import Tensors

/// The scores of networks under the ablation of every subset of some of their units, or of groups of these.
///
/// Subsets are numbered by what is *kept*: bit i of the number is set if unit i of the list is left alone. Subset 0
/// ablates all of the listed units, the last one none. Units that are not listed are left alone throughout, or
/// ablated throughout.
public struct SubsetAblation: Sendable, Hashable {
  /// For each network the groups of units that are kept or ablated together, equally many in all.
  public let groups: [[[Int]]]
  /// The score of each network under each subset.
  ///
  /// - Shape: `[subsets][networks]`
  public let scores: [[Score]]

  /// The most units whose subsets are enumerated.
  public static let unitLimit = 16

  /// Scores every subset.
  ///
  /// - Parameters:
  ///   - units: For each network the units to choose from, at most sixteen.
  ///   - site: Where the units are.
  ///   - axis: The site's axis that they stand along: 1 for the heads of `z`.
  ///   - network: The graph that all networks of the population share.
  ///   - weights: A population of networks, each with a list of its own.
  ///   - examples: What the networks are scored on.
  ///   - ablation: What takes the place of an ablated unit.
  ///   - ablatesOthers: Whether all other units of the site are ablated, too.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if networks have different numbers of units or more than sixteen.
  public init(
    of units: [[Int]], at site: Site, axis: Int = 0, in network: Network, _ weights: Weights,
    on examples: Examples, by ablation: Ablation, ablatesOthers: Bool = false, threads: Int = 1
  ) throws {
    try self.init(
      ofGroups: units.map { own in own.map { [$0] } }, at: site, axis: axis, in: network, weights,
      on: examples, by: ablation, ablatesOthers: ablatesOthers, threads: threads)
  }

  /// Scores every subset of groups of units, where the units of a group are kept or ablated together.
  ///
  /// - Parameters:
  ///   - groups: For each network the groups to choose from, at most sixteen.
  ///   - site: Where the units are.
  ///   - axis: The site's axis that they stand along: 1 for the heads of `z`.
  ///   - network: The graph that all networks of the population share.
  ///   - weights: A population of networks, each with a list of its own.
  ///   - examples: What the networks are scored on.
  ///   - ablation: What takes the place of an ablated unit.
  ///   - ablatesOthers: Whether all units of the site that are in no group are ablated, too.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if networks have different numbers of groups or more than sixteen.
  public init(
    ofGroups groups: [[[Int]]], at site: Site, axis: Int = 0, in network: Network,
    _ weights: Weights, on examples: Examples, by ablation: Ablation, ablatesOthers: Bool = false,
    threads: Int = 1
  ) throws {
    let count = groups.first?.count ?? 0
    guard groups.count == weights.count, groups.allSatisfy({ $0.count == count }) else {
      throw NetworkError("subset ablation needs equally many units of every network")
    }
    guard count <= Self.unitLimit else {
      throw NetworkError(
        "2^\(count) subsets are too many to enumerate: at most \(Self.unitLimit) units")
    }
    let all = Array(0..<(try site.size(along: axis)))
    let cuts = (0..<1 << count).map { subset in
      groups.map { own in
        let kept = Set(own.indices.filter { subset >> $0 & 1 == 1 }.flatMap { own[$0] })
        return (ablatesOthers ? all : own.flatMap(\.self)).filter { !kept.contains($0) }
      }
    }
    self.groups = groups
    scores = try network.scores(
      cutting: cuts, in: weights, on: examples, threads: threads
    ) { Intervention(at: site, .unitsByNetwork($0, axis: axis), ablation.action()) }
  }

  /// The number of units or groups in each list.
  public var unitCount: Int { groups.first?.count ?? 0 }

  /// The subsets that are enough for a network, and of which no part is.
  ///
  /// - Parameters:
  ///   - network: The network's place in the population.
  ///   - isEnough: Whether a score counts as enough; all right, if nothing else is said.
  /// - Returns: For each such subset the positions of what it keeps, in the network's list of units or groups.
  public func minimalSufficientSets(
    network: Int, where isEnough: (Score) -> Bool = { $0.accuracy == 1 }
  ) -> [[Int]] {
    let enough = scores.map { isEnough($0[network]) }
    return enough.indices.filter { subset in
      guard enough[subset] else { return false }
      // No proper subset: go through all of them by counting down within the mask.
      var part = subset
      while part > 0 {
        part = (part - 1) & subset
        if enough[part] { return false }
      }
      return true
    }.map { subset in (0..<unitCount).filter { subset >> $0 & 1 == 1 } }
  }

  /// Each unit's Shapley value in a network: what it adds to the accuracy, over all orders of switching units on.
  ///
  /// φᵢ = Σ over S without i of |S|! (n − |S| − 1)! / n! · (v(S ∪ i) − v(S)); they add up to v(all) − v(none).
  ///
  /// Shapley 1953, "A value for n-person games", DOI 10.1515/9781400881970-018.
  ///
  /// - Shape: `[units]`
  public func shapleyValues(
    network: Int, of value: (Score) -> Double = { Double($0.accuracy) }
  ) -> [Double] {
    let n = unitCount
    let values = scores.map { value($0[network]) }
    // |S|! (n − |S| − 1)! / n! = 1 / (n · C(n − 1, |S|))
    var binomials = [1.0]
    for size in 1..<max(n, 1) {
      binomials.append(binomials[size - 1] * Double(n - size) / Double(size))
    }
    return (0..<n).map { unit in
      values.indices.reduce(0.0) { total, subset in
        guard subset >> unit & 1 == 0 else { return total }
        let share = 1 / (Double(n) * binomials[subset.nonzeroBitCount])
        return total + share * (values[subset | 1 << unit] - values[subset])
      }
    }
  }
}
