/// `sum` of at most sixteen members a result, which need no memory: each is a lane of the tree by itself.
///
/// Every lane begins with zero there, and so here: 0 + −0 is 0.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func sumOfFew<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) {
  let count = layout.members.count
  precondition(count <= 16, "More than sixteen members")
  layout.members.withUnsafeBufferPointer { members in
    @inline(__always) func lane(_ j: Int, _ from: UnsafePointer<L>) -> L {
      j < count ? L.zero + from[members[j]] : L.zero
    }
    if count > 8 {
      for (index, start) in layout.starts.enumerated() {
        let from = x + start
        @inline(__always) func two(_ j: Int) -> L { lane(j, from) + lane(j + 8, from) }
        @inline(__always) func four(_ j: Int) -> L { two(j) + two(j + 4) }
        result[index] = (four(0) + four(2)) + (four(1) + four(3))
      }
      return
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

/// The sum of at most sixteen neighbours by the tree of sixteen lanes: lanes that no number reaches are zero.
@inline(__always)
func sumOfSixteen<L: Lane>(_ x: UnsafePointer<L>, _ count: Int) -> L {
  @inline(__always) func lane(_ j: Int) -> L { j < count ? L.zero + x[j] : L.zero }
  @inline(__always) func two(_ j: Int) -> L { count > 8 ? lane(j) + lane(j + 8) : lane(j) }
  @inline(__always) func four(_ j: Int) -> L { two(j) + two(j + 4) }
  return (four(0) + four(2)) + (four(1) + four(3))
}
