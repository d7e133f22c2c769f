/// x · (y · (z − w)), as a weighted squared error's slope is, to be called as often as needed.
///
/// It rounds as three functions of two numbers would. The first three operands are broadcast as the layout says, and w lies
/// as z does.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundTimesTimesDifference<L: Lane>(
  _ x: Operand<L>, _ y: UnsafePointer<L>, _ z: UnsafePointer<L>, _ w: Operand<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) -> () -> Void {
  {
    if L.width == 1 {
      return loop(
        LaneSource(numbers: x.numbers), y.numbers, z.numbers, LaneSource(numbers: w.numbers),
        into: result.numbers, layout)
    }
    switch (x.present, w.present) {
    case (.lanes(let x), .lanes(let w)):
      loop(LaneSource(numbers: x), y, z, LaneSource(numbers: w), into: result, layout)
    case (.lanes(let x), .shared(let w)):
      loop(LaneSource(numbers: x), y, z, SharedSource(numbers: w), into: result, layout)
    case (.shared(let x), .lanes(let w)):
      loop(SharedSource(numbers: x), y, z, LaneSource(numbers: w), into: result, layout)
    case (.shared(let x), .shared(let w)):
      loop(SharedSource(numbers: x), y, z, SharedSource(numbers: w), into: result, layout)
    default: preconditionFailure("Where numbers lie at present is known")
    }
  }
}

@inline(never)
private func loop<A: Source, D: Source>(
  _ x: A, _ y: UnsafePointer<A.Element>, _ z: UnsafePointer<A.Element>, _ w: D,
  into result: UnsafeMutablePointer<A.Element>, _ layout: BroadcastLayout
) where A.Element == D.Element {
  let (dx, dy, dz) = layout.strides
  let count = layout.runLength
  var out = result
  for index in layout.starts.indices {
    let start = layout.starts[index]
    let (a, b) = (x + start.first, y + start.second)
    let (c, d) = (z + start.third, w + start.third)
    if dx & dz == 1, dy == 0 {
      // One number times the difference, as of a mean over examples.
      let factor = b[0]
      for i in 0..<count { out[i] = a[i] * (factor * (c[i] - d[i])) }
    } else {
      var (i, j, k) = (0, 0, 0)
      for place in 0..<count {
        out[place] = a[i] * (b[j] * (c[k] - d[k]))
        (i, j, k) = (i &+ dx, j &+ dy, k &+ dz)
      }
    }
    out += count
  }
}
