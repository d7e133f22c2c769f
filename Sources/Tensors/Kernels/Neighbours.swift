/// Numbers of one network that a kernel reads: neighbours, or one again and again.
///
/// Where networks lie side by side every number is a vector. One network's are taken as vectors of neighbours, with the
/// same operation on each and so the same bits.
struct Neighbours {
  let numbers: UnsafePointer<Float>
  /// 1 for neighbours, 0 for one number.
  let step: Int

  @inline(__always)
  init(_ numbers: UnsafePointer<Float>, step: Int) { (self.numbers, self.step) = (numbers, step) }

  @inline(__always)
  func vector<V: Lane & BitwiseCopyable>(_ place: Int, as: V.Type) -> V {
    step == 0
      ? V(repeating: numbers[0])
      : UnsafeRawPointer(numbers + place).loadUnaligned(as: V.self)
  }

  /// Fewer than sixteen of them.
  @inline(__always)
  func few(_ place: Int, _ count: Int) -> SIMD16<Float> {
    step == 0 ? SIMD16(repeating: numbers[0]) : (numbers + place).few(count)
  }
}

extension Operand {
  /// The numbers one by one, where they are at present.
  public var numbers: UnsafePointer<Float> {
    switch self {
    case .lanes(let numbers): numbers.numbers
    case .shared(let numbers): numbers
    case .given(let place): place.pointee
    }
  }
}

extension UnsafePointer where Pointee: Lane {
  @inline(__always)
  var numbers: UnsafePointer<Float> {
    UnsafeRawPointer(self).assumingMemoryBound(to: Float.self)
  }
}

extension UnsafeMutablePointer where Pointee: Lane {
  @inline(__always)
  var numbers: UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: Float.self)
  }
}
