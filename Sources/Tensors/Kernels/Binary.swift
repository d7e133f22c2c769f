/// A function of two numbers.
public enum BinaryFunction: String, Hashable, Sendable, CaseIterable {
  case add, subtract, multiply, divide, less, equal, maximum
}

/// Applies a function of two numbers, each operand broadcast as the layout says.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func apply<L: Lane>(
  _ function: BinaryFunction, _ x: Operand<L>, _ y: Operand<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  switch function {
  case .add: apply(Add.self, x, y, into: result, layout)
  case .subtract: apply(Subtract.self, x, y, into: result, layout)
  case .multiply: apply(Multiply.self, x, y, into: result, layout)
  case .divide: apply(Divide.self, x, y, into: result, layout)
  case .less: apply(Less.self, x, y, into: result, layout)
  case .equal: apply(Equal.self, x, y, into: result, layout)
  case .maximum: apply(Maximum.self, x, y, into: result, layout)
  }
}

/// `apply` of two numbers, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func bound<L: Lane>(
  _ function: BinaryFunction, _ x: Operand<L>, _ y: Operand<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) -> () -> Void {
  { apply(function, x, y, into: result, layout) }
}

/// A function as a type, so that a loop is compiled for it.
private protocol Body {
  static func of<L: Lane>(_ x: L, _ y: L) -> L
}

private enum Add: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L { x + y }
}

private enum Subtract: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L { x - y }
}

private enum Multiply: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L { x * y }
}

private enum Divide: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L { x / y }
}

private enum Less: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L {
    L.select(L.less(x, y), L.one, L.zero)
  }
}

private enum Equal: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L {
    L.select(L.equal(x, y), L.one, L.zero)
  }
}

private enum Maximum: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L) -> L { L.maximum(x, y) }
}

private func apply<L: Lane, Function: Body>(
  _ function: Function.Type, _ x: Operand<L>, _ y: Operand<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  let (dx, dy, _) = layout.strides
  switch (x.present, y.present) {
  case _ where L.width == 1:
    loop(function, x.numbers, y.numbers, into: result.numbers, layout, each: 1)
  case (.lanes(let x), .lanes(let y)) where dx & dy == 1:
    loop(function, x.numbers, y.numbers, into: result.numbers, layout, each: L.width)
  case (.lanes(let x), .lanes(let y)):
    loop(function, LaneSource(numbers: x), LaneSource(numbers: y), into: result, layout)
  case (.lanes(let x), .shared(let y)):
    loop(function, LaneSource(numbers: x), SharedSource(numbers: y), into: result, layout)
  case (.shared(let x), .lanes(let y)):
    loop(function, SharedSource(numbers: x), LaneSource(numbers: y), into: result, layout)
  case (.shared(let x), .shared(let y)):
    loop(function, SharedSource(numbers: x), SharedSource<L>(numbers: y), into: result, layout)
  default: preconditionFailure("Where numbers lie at present is known")
  }
}

@inline(never)
private func loop<A: Source, B: Source, Function: Body>(
  _: Function.Type, _ x: A, _ y: B, into result: UnsafeMutablePointer<A.Element>,
  _ layout: BroadcastLayout
) where A.Element == B.Element {
  let (dx, dy) = (layout.strides.first, layout.strides.second)
  let count = layout.runLength
  var out = result
  for index in layout.starts.indices {
    let start = layout.starts[index]
    let (a, b) = (x + start.first, y + start.second)
    if dx & dy == 1 {
      for i in 0..<count { out[i] = Function.of(a[i], b[i]) }
    } else {
      var (i, j) = (0, 0)
      for place in 0..<count {
        out[place] = Function.of(a[i], b[j])
        (i, j) = (i &+ dx, j &+ dy)
      }
    }
    out += count
  }
}

/// The loop over numbers one by one, whose neighbours are taken together: those of one network, or of several where none
/// is broadcast.
@inline(never)
private func loop<Function: Body>(
  _: Function.Type, _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>,
  into result: UnsafeMutablePointer<Float>, _ layout: BroadcastLayout, each width: Int
) {
  var out = result
  for index in layout.starts.indices {
    let start = layout.starts[index]
    let a = Neighbours(x + start.first &* width, step: layout.strides.first)
    let b = Neighbours(y + start.second &* width, step: layout.strides.second)
    let count = layout.runLength &* width
    var place = 0
    while count &- place >= 16 {
      Function.write(a, b, out, place, SIMD16<Float>.self)
      place &+= 16
    }
    let left = count &- place
    if left == 1 {
      Function.write(a, b, out, place, Float.self)
    } else if left > 1 {
      Function.write(a, b, out, place, few: left)
    }
    out += count
  }
}

extension Body {
  @inline(__always)
  fileprivate static func write<V: Lane & BitwiseCopyable>(
    _ x: Neighbours, _ y: Neighbours, _ to: UnsafeMutablePointer<Float>, _ place: Int, _: V.Type
  ) {
    let value = of(x.vector(place, as: V.self), y.vector(place, as: V.self))
    UnsafeMutableRawPointer(to + place).storeBytes(of: value, as: V.self)
  }

  @inline(__always)
  fileprivate static func write(
    _ x: Neighbours, _ y: Neighbours, _ to: UnsafeMutablePointer<Float>,
    _ place: Int, few count: Int
  ) {
    (to + place).store(of(x.few(place, count), y.few(place, count)), few: count)
  }
}
