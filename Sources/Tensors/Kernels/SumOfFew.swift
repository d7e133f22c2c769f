/// `sum` of at most eight members a result, which need no memory: each is a lane of the tree by itself.
///
/// Every lane begins with zero there, and so here: 0 + −0 is 0.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func sumOfFew<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) {
  precondition(layout.members.count <= 8, "More than eight members")
  let count = layout.members.count
  layout.members.withUnsafeBufferPointer { members in
    @inline(__always) func lane(_ j: Int, _ from: UnsafePointer<L>) -> L {
      j < count ? L.zero + from[members[j]] : L.zero
    }
    for (index, start) in layout.starts.enumerated() {
      let from = x + start
      var (a, b) = (lane(0, from), lane(1, from))
      if count > 2 {
        var (c, d) = (lane(2, from), lane(3, from))
        if count > 4 {
          (a, b) = (a + lane(4, from), b + lane(5, from))
          (c, d) = (c + lane(6, from), d + lane(7, from))
        }
        (a, b) = (a + c, b + d)
      }
      result[index] = count > 1 ? a + b : a
    }
  }
}
