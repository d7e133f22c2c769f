/// Some neighbouring networks of a population that run side by side, in lanes of so many.
struct LaneGroup: Hashable, Sendable {
  let networks: Range<Int>
  /// How many networks a lane holds: 1, 4, 8 or 16.
  let width: Int
}

/// The weights above which a network goes by itself: two MiB of sixteen networks.
let mostWeightsOfALane = 1 << 15

/// Deals a population out over lanes.
///
/// Wide lanes come first. Towards the end they become narrower, so that few places stay empty and several
/// threads end together; two networks or one go by themselves. So do large ones, whose products fill a vector
/// each, and of which sixteen side by side would fill no cache. No bit depends on it, and it does not depend on the
/// number of threads.
///
/// ```swift
/// laneGroups(of: 20, weights: 100).map(\.width)  // [16, 4]
/// ```
func laneGroups(of count: Int, weights: Int) -> [LaneGroup] {
  if weights > mostWeightsOfALane {
    return (0..<count).map { LaneGroup(networks: $0..<$0 + 1, width: 1) }
  }
  var groups: [LaneGroup] = []
  var first = 0
  while first < count {
    let left = count - first
    let width = count < 3 ? 1 : left > 8 ? 16 : left > 4 ? 8 : 4
    groups.append(LaneGroup(networks: first..<min(first + width, count), width: width))
    first += width
  }
  return groups
}
