import Tensors

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
/// Wide lanes come first. The last is as narrow as what is left allows, so that few places stay empty; two networks or
/// one go by themselves, and so do up to eight that are left of those that fill vectors, since they are dealt out to
/// threads more evenly. Large ones, too, go by themselves: their products fill a vector each, and sixteen side by side
/// would fit no cache. No bit depends on it, and it does not depend on the number of threads.
///
/// ```swift
/// laneGroups(of: 20, weights: 100).map(\.width)  // [16, 4]
/// ```
func laneGroups(of count: Int, weights: Int, fillsVectors: Bool = false) -> [LaneGroup] {
  func alone(_ networks: Range<Int>) -> [LaneGroup] {
    networks.map { LaneGroup(networks: $0..<$0 + 1, width: 1) }
  }
  if weights > mostWeightsOfALane || count < 3 { return alone(0..<count) }
  var groups: [LaneGroup] = []
  var first = 0
  while first < count {
    let left = count - first
    if fillsVectors, left <= 8 { return groups + alone(first..<count) }
    let width = left > 8 ? 16 : left > 4 ? 8 : 4
    groups.append(LaneGroup(networks: first..<min(first + width, count), width: width))
    first += width
  }
  return groups
}

extension Network {
  /// Whether most weights lie in rows that fill four vectors, so that one network alone is computed fast.
  var fillsVectors: Bool {
    let wide = parameters.filter { ($0.shape.sizes.last ?? 1) >= 64 }
    return 3 * wide.reduce(0) { $0 + $1.shape.count } >= 2 * parameterCount
  }
}
