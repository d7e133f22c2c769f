/// Some neighbouring networks of a population that run side by side, in lanes of so many.
struct LaneGroup: Hashable, Sendable {
  let networks: Range<Int>
  /// How many networks a lane holds: 1, 4, 8 or 16.
  let width: Int
}

/// Deals a population out over lanes.
///
/// Wide lanes come first. Towards the end they become narrower, so that few places stay empty and several
/// threads end together; two networks or one go by themselves. No bit depends on it, and it does not depend on
/// the number of threads.
///
/// ```swift
/// laneGroups(of: 20).map(\.width)  // [8, 8, 4]
/// ```
func laneGroups(of count: Int) -> [LaneGroup] {
  var groups: [LaneGroup] = []
  var first = 0
  while first < count {
    let left = count - first
    let width = count < 3 ? 1 : left >= 32 ? 16 : left > 8 ? 8 : 4
    groups.append(LaneGroup(networks: first..<min(first + width, count), width: width))
    first += width
  }
  return groups
}
