/// Which elements of an array are reduced together: one list of offsets a result, relative to its start.
public struct ReductionLayout: Sendable {
  let starts: [Int]
  let members: [Int]
  /// Whether the members of a result lie next to each other, sixteen at least.
  let hasNeighbours: Bool
  /// Whether each sixteen results begin next to each other.
  let isInSixteens: Bool

  /// Sorts the axes of an array into kept and reduced ones.
  ///
  /// - Parameters:
  ///   - sizes: The array's axes, outermost first.
  ///   - strides: The array's stride along each.
  ///   - reduced: The axes that disappear.
  public init(sizes: [Int], strides: [Int], reduced: Set<Int>) {
    func offsets(_ keep: (Int) -> Bool) -> [Int] {
      var all = [0]
      for axis in sizes.indices where keep(axis) {
        all = all.flatMap { base in (0..<sizes[axis]).map { base + $0 * strides[axis] } }
      }
      return all
    }
    let starts = offsets { !reduced.contains($0) }
    let members = offsets { reduced.contains($0) }
    hasNeighbours =
      members.count >= 16 && members.indices.allSatisfy { members[$0] == members[0] + $0 }
    isInSixteens =
      starts.count % 16 == 0
      && starts.indices.allSatisfy { starts[$0] == starts[$0 & ~15] + ($0 & 15) }
    (self.starts, self.members) = (starts, members)
  }

  /// The number of elements read.
  public var count: Int { starts.count * members.count }
}

/// Sums the members of each result by a fixed tree of sixteen lanes.
///
/// Lane j sums members j, j + 16, j + 32 … in order; then lanes 8 apart are added, 4 apart, 2 apart, 1 apart.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func sum<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) {
  // Lanes that no member reaches are zero, and adding them changes nothing: they are left out.
  let span = laneCount(of: layout.members.count)
  if L.self == Float.self, layout.hasNeighbours || layout.isInSixteens {
    let x = UnsafeRawPointer(x).assumingMemoryBound(to: Float.self)
    let result = UnsafeMutableRawPointer(result).assumingMemoryBound(to: Float.self)
    if layout.hasNeighbours { return sumOfNeighbours(x, into: result, layout) }
    return sumOfSixteens(x, into: result, layout, span: span)
  }
  // Four results at a time, since neighbours in memory are read together.
  // A kibibyte or less lies on the stack.
  let most = span * min(4, max(layout.starts.count, 1))
  withUnsafeTemporaryAllocation(of: L.self, capacity: most) { lanes in
    layout.members.withUnsafeBufferPointer { members in
      layout.starts.withUnsafeBufferPointer { starts in
        var first = 0
        while first < starts.count {
          let width = min(4, starts.count - first)
          for j in 0..<span * width { lanes[j] = L.zero }
          for position in members.indices {
            let from = x + members[position]
            let lane = position & (span - 1)
            for offset in 0..<width {
              let place = offset * span + lane
              lanes[place] = lanes[place] + from[starts[first + offset]]
            }
          }
          for offset in 0..<width {
            result[first + offset] = tree(
              UnsafeMutableBufferPointer(rebasing: lanes[offset * span..<(offset + 1) * span]))
          }
          first += width
        }
      }
    }
  }
}

/// Sums rows of numbers by the same tree as `sum`, where the rows come a few at a time.
public final class SummingTree<L: Lane> {
  private let count: Int
  /// Lanes that no row reaches are zero, and left out.
  private let span: Int
  private let lanes: UnsafeMutablePointer<L>

  /// Makes room for sums of `count` columns over so many rows.
  public init(count: Int, rows: Int) {
    self.count = count
    span = laneCount(of: rows)
    lanes = .zeros(span * count)
  }

  deinit { lanes.deallocate() }

  /// Adds some neighbouring rows; those that begin with row 0 begin a new sum.
  public func add(_ x: UnsafePointer<L>, rows: Int, from first: Int) {
    addRows(x, rows, into: lanes, span: span, from: first, count: count)
  }

  /// Writes the sum of each column, divided by a number.
  public func total(into result: UnsafeMutablePointer<L>, dividedBy divisor: Float) {
    addTogether(lanes, span: span, into: result, count: count, divisor: divisor)
  }
}

@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
private func addRows<L: Lane>(
  _ x: UnsafePointer<L>, _ rows: Int, into lanes: UnsafeMutablePointer<L>, span: Int,
  from first: Int, count: Int
) {
  for row in 0..<rows {
    let (from, to) = (x + row * count, lanes + ((first + row) & (span - 1)) * count)
    if first + row < span {
      // The first row of a lane, which begins with zero.
      for i in 0..<count { to[i] = L.zero + from[i] }
    } else {
      for i in 0..<count { to[i] = to[i] + from[i] }
    }
  }
}

@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
private func addTogether<L: Lane>(
  _ lanes: UnsafeMutablePointer<L>, span: Int, into result: UnsafeMutablePointer<L>, count: Int,
  divisor: Float
) {
  var apart = span / 2
  while apart > 0 {
    for i in 0..<apart * count { lanes[i] = lanes[i] + lanes[i + apart * count] }
    apart /= 2
  }
  for i in 0..<count { result[i] = lanes[i] / L(repeating: divisor) }
}

/// How many of the sixteen lanes so many members reach, as a power of two.
func laneCount(of members: Int) -> Int {
  1 << min(4, Int.bitWidth - max(members - 1, 0).leadingZeroBitCount)
}

/// Adds lanes pairwise, of sixteen first those 8 apart, then 4 apart, 2 apart, 1 apart.
@inline(__always)
func tree<L: Lane>(_ lanes: UnsafeMutableBufferPointer<L>) -> L {
  var apart = lanes.count / 2
  while apart > 0 {
    for j in 0..<apart { lanes[j] = lanes[j] + lanes[j + apart] }
    apart /= 2
  }
  return lanes[0]
}

/// The largest of the members of each result.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func maximum<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) {
  for (index, start) in layout.starts.enumerated() {
    var largest = L(repeating: -.infinity)
    for member in layout.members { largest = L.maximum(largest, x[start + member]) }
    result[index] = largest
  }
}

/// The place of the first largest member of each result, as a whole number.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func argmax<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) {
  for (index, start) in layout.starts.enumerated() {
    var largest = L(repeating: -.infinity)
    var place = L.zero
    for (position, member) in layout.members.enumerated() {
      let value = x[start + member]
      let better = L.less(largest, value)
      largest = L.select(better, value, largest)
      place = L.select(better, L(repeating: Float(position)), place)
    }
    result[index] = place
  }
}
