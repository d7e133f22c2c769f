// One network's kernels, sixteen neighbours at a time, where the loop for any lane would go one by one.

extension UnsafePointer<Float> {
  @inline(__always)
  func sixteen(at offset: Int) -> SIMD16<Float> {
    UnsafeRawPointer(self + offset).loadUnaligned(as: SIMD16<Float>.self)
  }

  /// The first of sixteen numbers, fewer than all, and zeros.
  @inline(__always)
  func few(_ count: Int) -> SIMD16<Float> {
    @inline(__always) func part<V: BitwiseCopyable>(_ offset: Int, _: V.Type) -> V {
      UnsafeRawPointer(self + offset).loadUnaligned(as: V.self)
    }
    var two = SIMD2<Float>()
    if count & 1 != 0 { two[0] = self[count & 14] }
    var four = SIMD4(lowHalf: two, highHalf: SIMD2())
    if count & 2 != 0 { four = SIMD4(lowHalf: part(count & 12, SIMD2.self), highHalf: two) }
    var eight = SIMD8(lowHalf: four, highHalf: SIMD4())
    if count & 4 != 0 { eight = SIMD8(lowHalf: part(count & 8, SIMD4.self), highHalf: four) }
    guard count & 8 != 0 else { return SIMD16(lowHalf: eight, highHalf: SIMD8()) }
    return SIMD16(lowHalf: part(0, SIMD8.self), highHalf: eight)
  }
}

extension UnsafeMutablePointer<Float> {
  @inline(__always)
  func store(_ values: SIMD16<Float>, at offset: Int) {
    UnsafeMutableRawPointer(self + offset).storeBytes(of: values, as: SIMD16<Float>.self)
  }

  /// Writes the first of sixteen numbers, fewer than all.
  @inline(__always)
  func store(_ values: SIMD16<Float>, few count: Int) {
    var (to, eight) = (UnsafeMutableRawPointer(self), values.lowHalf)
    if count & 8 != 0 {
      to.storeBytes(of: eight, as: SIMD8<Float>.self)
      (to, eight) = (to + 32, values.highHalf)
    }
    var four = eight.lowHalf
    if count & 4 != 0 {
      to.storeBytes(of: four, as: SIMD4<Float>.self)
      (to, four) = (to + 16, eight.highHalf)
    }
    var two = four.lowHalf
    if count & 2 != 0 {
      to.storeBytes(of: two, as: SIMD2<Float>.self)
      (to, two) = (to + 8, four.highHalf)
    }
    if count & 1 != 0 { to.storeBytes(of: two[0], as: Float.self) }
  }
}

/// Adds lanes 8 apart, then 4 apart, 2 apart, 1 apart.
@inline(__always)
private func tree(_ lanes: SIMD16<Float>) -> Float {
  let eight = lanes.lowHalf + lanes.highHalf
  let four = eight.lowHalf + eight.highHalf
  let two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// `sum` where the members of a result, sixteen at least, lie next to each other.
func sumOfNeighbours(
  _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ layout: ReductionLayout
) {
  let (first, count) = (layout.members[0], layout.members.count)
  for (index, start) in layout.starts.enumerated() {
    let from = x + (start + first)
    var lanes = SIMD16<Float>()
    for place in stride(from: 0, to: count & ~15, by: 16) { lanes += from.sixteen(at: place) }
    for place in count & ~15..<count { lanes[place & 15] += from[place] }
    result[index] = tree(lanes)
  }
}

/// `sumOfSquares` of one network.
func sumOfSquaresOfNeighbours(_ x: UnsafePointer<Float>, count: Int) -> Float {
  var lanes = SIMD16<Float>()
  for place in stride(from: 0, to: count & ~15, by: 16) {
    let numbers = x.sixteen(at: place)
    lanes = lanes.addingProduct(numbers, numbers)
  }
  for place in count & ~15..<count {
    lanes[place & 15] = lanes[place & 15].addingProduct(x[place], x[place])
  }
  return tree(lanes)
}

/// `nonFiniteMark` of one network.
func nonFiniteMarkOfNeighbours(_ x: UnsafePointer<Float>, count: Int) -> Float {
  var marks = SIMD16<Float>()
  for place in stride(from: 0, to: count & ~15, by: 16) {
    marks += x.sixteen(at: place).nonFiniteMark
  }
  return tree(marks + (x + (count & ~15)).few(count & 15).nonFiniteMark)
}

/// `sum` where each sixteen results begin next to each other.
func sumOfSixteens(
  _ x: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ layout: ReductionLayout,
  span: Int
) {
  withUnsafeTemporaryAllocation(of: SIMD16<Float>.self, capacity: 16) { lanes in
    for first in stride(from: 0, to: layout.starts.count, by: 16) {
      let from = x + layout.starts[first]
      for lane in 0..<span { lanes[lane] = SIMD16() }
      for (position, member) in layout.members.enumerated() {
        lanes[position & (span - 1)] += from.sixteen(at: member)
      }
      result.store(
        tree(UnsafeMutableBufferPointer(rebasing: lanes[0..<span])), at: first)
    }
  }
}

/// One row of a softmax or of its logarithm.
func softmaxRow(
  _ x: UnsafePointer<Float>, largest: Float, into result: UnsafeMutablePointer<Float>, size: Int,
  logarithm: Bool
) {
  let whole = size & ~15
  var lanes = SIMD16<Float>()
  for place in stride(from: 0, to: whole, by: 16) {
    let difference = x.sixteen(at: place) - largest
    let power = SIMD16<Float>.exp(difference)
    result.store(logarithm ? difference : power, at: place)
    lanes += power
  }
  for place in whole..<size {
    let difference = x[place] - largest
    let power = Float.exp(difference)
    result[place] = logarithm ? difference : power
    lanes[place & 15] += power
  }
  let total = tree(lanes)
  if logarithm {
    let total = Float.log(total)
    for place in 0..<size { result[place] = result[place] - total }
  } else {
    for place in 0..<size { result[place] = result[place] / total }
  }
}
