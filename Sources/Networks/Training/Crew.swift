/// Groups that one thread trains, side by side or one after the other, or a group that several share.
struct Crew: Equatable, Sendable {
  /// Which groups of a population.
  let groups: [Int]
  /// How many threads share the examples of each step.
  var threads = 1

  /// The most groups of a crew, so that their memory stays small.
  private static let most = 8

  /// Deals groups out to threads, each of which has about equally much to do.
  ///
  /// - Parameters:
  ///   - groups: The groups of a population.
  ///   - threads: How many threads there are; no bit depends on it.
  ///   - areAlone: Whether groups go one after the other, since they have nothing to gain from each other's company.
  ///   - sharesExamples: Whether a network has so much to do that threads may share its examples.
  /// - Returns: The crews; those that several threads share come last.
  static func dealt(
    _ groups: [LaneGroup], threads: Int, areAlone: Bool, sharesExamples: Bool
  ) -> [Crew] {
    let threads = max(threads, 1)
    let left = sharesExamples ? groups.count % threads : 0
    // Only the examples of networks that go by themselves can be shared.
    let last = groups.indices.dropFirst(groups.count - left).filter { groups[$0].width == 1 }
    let even = groups.indices.prefix(groups.count - last.count)
    // As many for each thread; several where they may be small, so that a slow thread takes fewer.
    let each = max((even.count + threads * most - 1) / (threads * most), areAlone ? 4 : 1)
    let count = each * threads
    var (crews, loads) = ([[Int]](repeating: [], count: count), [Int](repeating: 0, count: count))
    // The largest first, each to whoever has least to do.
    for index in even.sorted(by: { groups[$0].cost > groups[$1].cost }) {
      guard let crew = loads.indices.min(by: { loads[$0] < loads[$1] }) else { break }
      crews[crew].append(index)
      loads[crew] += groups[index].cost
    }
    return crews.filter { !$0.isEmpty }.map { Crew(groups: $0) }
      + last.map { Crew(groups: [$0], threads: max(threads / left, 1)) }
  }
}

extension LaneGroup {
  /// About how many times as long as one network alone its step takes.
  fileprivate var cost: Int {
    switch width {
    case 1: 1
    case 4: 3
    case 8: 5
    default: 7
    }
  }
}
