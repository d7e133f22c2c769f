import Networks
import Tensors

/// Whether a component is the circuit: faithful, complete and minimal, member by member.
///
/// With M the network, C the component, and F the share of right answers with everything else of the site ablated:
/// - faithfulness: |F(M) − F(C)|,
/// - incompleteness: the largest |F(C ∖ K) − F(M ∖ K)| over sets K of members,
/// - minimality: for each member v the largest |F(C ∖ (K ∪ {v})) − F(C ∖ K)| over sets K without it.
///
/// All sets are tried where there are at most `exactLimit` members. Else K is grown greedily, one member at a time, by
/// what makes the difference largest, from the empty set to the whole: a lower bound of both.
///
/// Wang et al. 2022, "Interpretability in the wild", arXiv 2211.00593.
public struct CircuitCriteria: Hashable, Sendable {
  /// The most members whose sets are all tried.
  public static let exactLimit = 16

  /// How far the component alone falls short, per network.
  public let faithfulness: [Double]
  /// How far the component and the network come apart at most when both lose the same members, per network.
  public let incompleteness: [Double]
  /// What each member adds at most, per network.
  ///
  /// - Shape: `[networks][members]`
  public let contributions: [[Double]]
  /// Pairs of members that stand in for each other: either can go, but not both.
  public let redundant: [[[Int]]]
  /// Pairs of members of which the loss of one is repaired by losing the other, too.
  public let repairing: [[[Int]]]
  /// Whether all sets of members were tried.
  public let isExact: Bool
  /// How many sets were tried.
  public let setCount: Int

  /// What counts as a difference in the share of right answers.
  public static let tolerance = 0.05

  /// Tries sets of members.
  ///
  /// - Parameters:
  ///   - bench: The networks, run once.
  ///   - located: Where their members lie.
  ///   - ablation: What takes the place of what is cut.
  /// - Throws: `NetworkError` if a member does not fit the site.
  public init(_ bench: ComponentAblation, _ located: Located, by ablation: Ablation) throws {
    let count = located.members.count
    let whole = try SitePart.union(located.members)
    let isRestEmpty = whole.isAll(ofSite: bench.component.size)
    var known: [[Int]: (circuit: [Double], network: [Double])] = [:]

    /// Looks at sets of members: at the component alone without them, and at the network without them.
    func look(at sets: [[Int]]) throws {
      let new = sets.filter { known[$0] == nil }
      let cuts = try new.flatMap { set -> [ComponentAblation.Cut] in
        let cut =
          set.isEmpty
          ? whole.none : try SitePart.union(set.map { located.members[$0] })
        return [.part(cut)] + (isRestEmpty ? [] : [.allBut(whole, besides: cut)])
      }
      let scores = try bench.scores(cuts, by: ablation).map { $0.map { Double($0.accuracy) } }
      for (index, set) in new.enumerated() {
        let own = isRestEmpty ? scores[index] : scores[2 * index]
        known[set] = (circuit: isRestEmpty ? own : scores[2 * index + 1], network: own)
      }
    }
    func shares(without set: [Int]) throws -> (circuit: [Double], network: [Double]) {
      try look(at: [set])
      return known[set] ?? ([], [])
    }

    let networks = bench.weights.indices
    isExact = count <= Self.exactLimit
    var sets: [[Int]] = []
    if isExact {
      sets = (0..<1 << count).map { set in (0..<count).filter { set >> $0 & 1 == 1 } }
    } else {
      // One by one and two by two, and the greedy way down.
      sets = [[]] + (0..<count).map { [$0] }
      var grown: [Int] = []
      while grown.count < count {
        try look(at: (0..<count).filter { !grown.contains($0) }.map { (grown + [$0]).sorted() })
        let next = try (0..<count).filter { !grown.contains($0) }.max { left, right in
          func gap(_ member: Int) throws -> Double {
            let shares = try shares(without: (grown + [member]).sorted())
            return zip(shares.circuit, shares.network).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
          }
          let gaps = try (gap(left), gap(right))
          return gaps.0 == gaps.1 ? right < left : gaps.0 < gaps.1
        }
        grown.append(next ?? 0)
        sets.append(grown.sorted())
      }
    }
    let ordered = Set(sets).sorted {
      $0.count == $1.count ? $0.lexicographicallyPrecedes($1) : $0.count < $1.count
    }
    try look(at: ordered)
    let tables = known
    setCount = ordered.count
    let whole0 = try shares(without: [])
    faithfulness = networks.map { (whole0.network[$0] - whole0.circuit[$0]).magnitude }
    incompleteness = networks.map { network in
      ordered.reduce(0) { largest, set in
        guard let shares = tables[set] else { return largest }
        return max(largest, (shares.circuit[network] - shares.network[network]).magnitude)
      }
    }
    contributions = networks.map { network in
      (0..<count).map { member in
        ordered.filter { !$0.contains(member) }.reduce(0) { largest, set in
          guard let without = tables[(set + [member]).sorted()], let with = tables[set] else {
            return largest
          }
          return max(largest, (without.circuit[network] - with.circuit[network]).magnitude)
        }
      }
    }
    func pairs(_ isPair: (_ none: Double, _ one: [Double], _ both: Double) -> Bool) -> [[[Int]]] {
      networks.map { network in
        (0..<count).flatMap { first in
          (first + 1..<max(count, first + 1)).compactMap { second -> [Int]? in
            guard let both = tables[[first, second]], let one = tables[[first]],
              let other = tables[[second]]
            else { return nil }
            return isPair(
              whole0.network[network], [one.network[network], other.network[network]],
              both.network[network]) ? [first, second] : nil
          }
        }
      }
    }
    redundant = pairs { none, one, both in
      one.allSatisfy { none - $0 < Self.tolerance } && none - both > 2 * Self.tolerance
    }
    repairing = pairs { _, one, both in both - (one.min() ?? both) > Self.tolerance }
  }

  /// The smallest of what a network's members add: small where one of them could be left out.
  public var minimality: [Double] { contributions.map { $0.min() ?? 0 } }
}
