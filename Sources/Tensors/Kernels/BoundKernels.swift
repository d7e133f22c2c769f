// Kernels bound to their places. Which kind of lane it is is asked once, when a graph is planned, and not again at
// every call, where it would cost as much as the arithmetic of a small network.

/// `select`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundSelect<L: Lane>(
  _ condition: UnsafePointer<L>, _ yes: UnsafePointer<L>, _ no: UnsafePointer<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) -> () -> Void {
  { select(condition, yes, no, into: result, layout) }
}

/// `copy`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundCopy<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) -> () -> Void {
  { copy(x, into: result, layout) }
}

/// `sum`, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundSum<L: Lane>(
  _ x: UnsafePointer<L>, into result: UnsafeMutablePointer<L>, _ layout: ReductionLayout
) -> () -> Void {
  if L.self == Float.self, layout.isOfShortRows, layout.starts.count >= 8 {
    let (x, result) = (x.numbers, result.numbers)
    let (rows, size) = (layout.starts.count, layout.members.count)
    // The sum of one number is that number, but for the sign of zero.
    if size == 1 { return { for row in 0..<rows { result[row] = 0 + x[row] } } }
    return { sumOfRows(x, rows: rows, size: size, into: result) }
  }
  if layout.members.count <= 16 { return { sumOfFew(x, into: result, layout) } }
  return { sum(x, into: result, layout) }
}

/// `adam` of some parameters, to be called at every step with its numbers, the gradient's scale and who is alive.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundAdam<L: Lane>(
  _ parameters: [(
    w: UnsafeMutablePointer<L>, g: UnsafePointer<L>, m: UnsafeMutablePointer<L>,
    v: UnsafeMutablePointer<L>, count: Int
  )]
) -> (_ step: AdamStep, _ scale: L, _ alive: L) -> L {
  { step, scale, alive in
    let numbers = AdamNumbers(step, scale: scale, alive: alive)
    var mark = L.zero
    for index in parameters.indices {
      let (w, g, m, v, count) = parameters[index]
      mark = mark + adam(w, g, m, v, count: count, numbers)
    }
    return mark
  }
}

/// The sum of `sumOfSquares` of some places, to be called at every step.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundSumOfSquares<L: Lane>(_ places: [(UnsafePointer<L>, count: Int)]) -> () -> L {
  {
    var total = L.zero
    for (x, count) in places { total = total + sumOfSquares(x, count: count) }
    return total
  }
}

/// `nonFiniteMark` of all numbers at some places, to be called at every step.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func boundNonFiniteMark<L: Lane>(_ places: [(UnsafePointer<L>, count: Int)]) -> () -> L {
  {
    var mark = L.zero
    for index in places.indices {
      mark = mark + nonFiniteMark(places[index].0, count: places[index].count)
    }
    return mark
  }
}
