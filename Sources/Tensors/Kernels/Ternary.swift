/// What two functions of two numbers make together, so that what lies between them is not written to memory.
///
/// Each rounds as the two would, one after the other.
public enum TernaryFunction: String, Hashable, Sendable, CaseIterable {
  /// x · (y · z).
  case timesProduct
  /// x · (y − z).
  case timesDifference
  /// x + y · z.
  case plusProduct
  /// x + y · sign z.
  case plusSigned
  /// x − y · z.
  case minusProduct
  /// x − eʸ · z.
  case minusPower
}

/// Applies two functions of two numbers, each operand broadcast as the layout says.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func apply<L: Lane>(
  _ function: TernaryFunction, _ x: Operand<L>, _ y: UnsafePointer<L>,
  _ z: Operand<L>, into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  switch function {
  case .timesProduct: apply(TimesProduct.self, x, y, z, into: result, layout)
  case .timesDifference: apply(TimesDifference.self, x, y, z, into: result, layout)
  case .plusProduct: apply(PlusProduct.self, x, y, z, into: result, layout)
  case .plusSigned: apply(PlusSigned.self, x, y, z, into: result, layout)
  case .minusProduct: apply(MinusProduct.self, x, y, z, into: result, layout)
  case .minusPower: apply(MinusPower.self, x, y, z, into: result, layout)
  }
}

/// `apply` of three numbers, to be called as often as needed.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func bound<L: Lane>(
  _ function: TernaryFunction, _ x: Operand<L>, _ y: UnsafePointer<L>,
  _ z: Operand<L>, into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) -> () -> Void {
  { apply(function, x, y, z, into: result, layout) }
}

/// A function as a type, so that a loop is compiled for it.
private protocol Body {
  static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L
}

private enum TimesProduct: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x * (y * z) }
}

private enum TimesDifference: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x * (y - z) }
}

private enum PlusProduct: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x + y * z }
}

private enum PlusSigned: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x + y * L.sign(z) }
}

private enum MinusProduct: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x - y * z }
}

private enum MinusPower: Body {
  @inline(__always) static func of<L: Lane>(_ x: L, _ y: L, _ z: L) -> L { x - L.exp(y) * z }
}

private func apply<L: Lane, Function: Body>(
  _ function: Function.Type, _ x: Operand<L>, _ y: UnsafePointer<L>, _ z: Operand<L>,
  into result: UnsafeMutablePointer<L>, _ layout: BroadcastLayout
) {
  let (dx, dy, dz) = layout.strides
  switch (x.present, z.present) {
  case _ where L.width == 1:
    loop(function, x.numbers, y.numbers, z.numbers, into: result.numbers, layout, each: 1)
  case (.lanes(let x), .lanes(let z)) where dx & dy & dz == 1:
    loop(
      function, x.numbers, y.numbers, z.numbers, into: result.numbers, layout, each: L.width)
  case (.lanes(let x), .lanes(let z)):
    loop(function, LaneSource(numbers: x), y, LaneSource(numbers: z), into: result, layout)
  case (.lanes(let x), .shared(let z)):
    loop(function, LaneSource(numbers: x), y, SharedSource(numbers: z), into: result, layout)
  case (.shared(let x), .lanes(let z)):
    loop(function, SharedSource(numbers: x), y, LaneSource(numbers: z), into: result, layout)
  case (.shared(let x), .shared(let z)):
    loop(function, SharedSource(numbers: x), y, SharedSource(numbers: z), into: result, layout)
  default: preconditionFailure("Where numbers lie at present is known")
  }
}

@inline(never)
private func loop<A: Source, C: Source, Function: Body>(
  _: Function.Type, _ x: A, _ y: UnsafePointer<A.Element>, _ z: C,
  into result: UnsafeMutablePointer<A.Element>, _ layout: BroadcastLayout
) where A.Element == C.Element {
  let (dx, dy, dz) = layout.strides
  let count = layout.runLength
  var out = result
  for index in layout.starts.indices {
    let start = layout.starts[index]
    let (a, b, c) = (x + start.first, y + start.second, z + start.third)
    if dx & dy & dz == 1 {
      for i in 0..<count { out[i] = Function.of(a[i], b[i], c[i]) }
    } else {
      var (i, j, k) = (0, 0, 0)
      for place in 0..<count {
        out[place] = Function.of(a[i], b[j], c[k])
        (i, j, k) = (i &+ dx, j &+ dy, k &+ dz)
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
  _ z: UnsafePointer<Float>, into result: UnsafeMutablePointer<Float>, _ layout: BroadcastLayout,
  each width: Int
) {
  let (dx, dy, dz) = layout.strides
  var out = result
  for index in layout.starts.indices {
    let start = layout.starts[index]
    let a = Neighbours(x + start.first &* width, step: dx)
    let b = Neighbours(y + start.second &* width, step: dy)
    let c = Neighbours(z + start.third &* width, step: dz)
    let count = layout.runLength &* width
    var place = 0
    while count &- place >= 16 {
      Function.write(a, b, c, out, place, SIMD16<Float>.self)
      place &+= 16
    }
    let left = count &- place
    if left == 1 {
      Function.write(a, b, c, out, place, Float.self)
    } else if left > 1 {
      Function.write(a, b, c, out, place, few: left)
    }
    out += count
  }
}

extension Body {
  @inline(__always)
  fileprivate static func write<V: Lane & BitwiseCopyable>(
    _ x: Neighbours, _ y: Neighbours, _ z: Neighbours, _ to: UnsafeMutablePointer<Float>,
    _ place: Int, _: V.Type
  ) {
    let value = of(
      x.vector(place, as: V.self), y.vector(place, as: V.self), z.vector(place, as: V.self))
    UnsafeMutableRawPointer(to + place).storeBytes(of: value, as: V.self)
  }

  @inline(__always)
  fileprivate static func write(
    _ x: Neighbours, _ y: Neighbours, _ z: Neighbours, _ to: UnsafeMutablePointer<Float>,
    _ place: Int, few count: Int
  ) {
    (to + place).store(
      of(x.few(place, count), y.few(place, count), z.few(place, count)), few: count)
  }
}
