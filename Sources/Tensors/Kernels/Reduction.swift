/// Which elements of an array are reduced together: one list of offsets a result, relative to its start.
public struct ReductionLayout: Sendable {
  let starts: [Int]
  let members: [Int]
  /// Whether the members of a result lie next to each other, sixteen at least.
  let hasNeighbours: Bool
  /// Whether each sixteen results begin next to each other.
  let isInSixteens: Bool
  /// Whether the results are sums of rows of neighbours, sixteen at most, one row after the other.
  let isOfShortRows: Bool

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
    isOfShortRows =
      (1...16).contains(members.count)
      && members.indices.allSatisfy { members[$0] == $0 }
      && starts.indices.allSatisfy { starts[$0] == $0 * members.count }
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
    let x = x.numbers
    let result = result.numbers
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
  /// The numbers of a row, those of networks side by side one by one.
  private let count: Int
  /// Lanes that no row reaches are zero, and left out.
  private let span: Int
  /// How far lanes lie apart: not a multiple of the 4 KiB after which a cache's places come round again.
  private let apart: Int
  private let lanes: UnsafeMutablePointer<SIMD16<Float>>

  /// Makes room for sums of `count` columns over so many rows.
  public init(count: Int, rows: Int) {
    self.count = count * L.width
    span = laneCount(of: rows)
    let vectors = (self.count + 15) / 16 | 1
    apart = 16 * vectors
    lanes = .zeros(span * vectors)
  }

  deinit { lanes.deallocate() }

  /// Adds some neighbouring rows; those that begin with row 0 begin a new sum.
  public func add(_ x: UnsafePointer<L>, rows: Int, from first: Int) {
    let (x, lanes, count) = (x.numbers, lanes.numbers, count)
    for lane in 0..<min(span, rows) {
      // The rows that are added to this lane, two at a time.
      let to = lanes + ((first &+ lane) & (span &- 1)) &* apart
      var row = lane
      while row < rows {
        // The first row of a lane is added to zero.
        let begins = first &+ row < span
        let (one, two) = (x + row &* count, x + (row &+ span) &* count)
        if row &+ span < rows {
          for i in 0..<count { to[i] = ((begins ? 0 : to[i]) + one[i]) + two[i] }
        } else {
          for i in 0..<count { to[i] = (begins ? 0 : to[i]) + one[i] }
        }
        row &+= 2 &* span
      }
    }
  }

  /// Writes the sum of each column, divided by a number.
  public func total(into result: UnsafeMutablePointer<L>, dividedBy divisor: Float) {
    let (lanes, result) = (UnsafePointer(lanes.numbers), result.numbers)
    var i = 0
    while count &- i >= 16 {
      addTogether(lanes + i, span, apart, divisor, into: result + i, SIMD16<Float>.self)
      i &+= 16
    }
    while i < count {
      addTogether(lanes + i, span, apart, divisor, into: result + i, Float.self)
      i &+= 1
    }
  }
}

/// Adds the lanes of some neighbouring sums by the tree, and divides them.
@inline(__always)
private func addTogether<V: Lane & BitwiseCopyable>(
  _ lanes: UnsafePointer<Float>, _ span: Int, _ apart: Int, _ divisor: Float,
  into result: UnsafeMutablePointer<Float>, _: V.Type
) {
  @inline(__always) func lane(_ j: Int) -> V {
    UnsafeRawPointer(lanes + j &* apart).loadUnaligned(as: V.self)
  }
  @inline(__always) func two(_ j: Int) -> V { span > 8 ? lane(j) + lane(j &+ 8) : lane(j) }
  @inline(__always) func four(_ j: Int) -> V { span > 4 ? two(j) + two(j &+ 4) : two(j) }
  @inline(__always) func eight(_ j: Int) -> V { span > 2 ? four(j) + four(j &+ 2) : four(j) }
  let sum = span > 1 ? eight(0) + eight(1) : eight(0)
  UnsafeMutableRawPointer(result).storeBytes(of: sum / V(repeating: divisor), as: V.self)
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
