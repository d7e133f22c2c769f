import CVectors

// The lanes that hold several networks. The three are alike: a generic one would not be compiled to vectors.

extension SIMD4<Float>: Lane {
  public typealias Bits = SIMD4<Int32>
  public typealias Condition = SIMD4<Int32>

  @inlinable public static var width: Int { 4 }
  @inlinable @inline(__always) public init(bits: SIMD4<Int32>) {
    self = unsafeBitCast(bits, to: Self.self)
  }
  @inlinable @inline(__always) public var bits: SIMD4<Int32> {
    unsafeBitCast(self, to: SIMD4<Int32>.self)
  }
  /// The sign turned over, that of zero too; the standard library's `0 − x` makes 0 of 0.
  @inlinable @inline(__always)
  public static prefix func - (value: Self) -> Self {
    Self(bits: value.bits ^ SIMD4<Int32>(repeating: .min))
  }
  @inlinable @inline(__always)
  public static func roundedRoot(_ x: Self) -> Self { square_roots_4(x) }
  @inlinable @inline(__always)
  public static func less(_ left: Self, _ right: Self) -> Condition { less_4(left, right) }
  @inlinable @inline(__always)
  public static func equal(_ left: Self, _ right: Self) -> Condition { equal_4(left, right) }
  @inlinable @inline(__always)
  public static func either(_ left: Condition, _ right: Condition) -> Condition {
    either_4(left, right)
  }
  @inlinable @inline(__always)
  public static func select(_ condition: Condition, _ yes: Self, _ no: Self) -> Self {
    select_4(condition, yes, no)
  }
}

extension SIMD8<Float>: Lane {
  public typealias Bits = SIMD8<Int32>
  public typealias Condition = SIMD8<Int32>

  @inlinable public static var width: Int { 8 }
  @inlinable @inline(__always) public init(bits: SIMD8<Int32>) {
    self = unsafeBitCast(bits, to: Self.self)
  }
  @inlinable @inline(__always) public var bits: SIMD8<Int32> {
    unsafeBitCast(self, to: SIMD8<Int32>.self)
  }
  @inlinable @inline(__always)
  public static prefix func - (value: Self) -> Self {
    Self(bits: value.bits ^ SIMD8<Int32>(repeating: .min))
  }
  @inlinable @inline(__always)
  public static func roundedRoot(_ x: Self) -> Self { square_roots_8(x) }
  @inlinable @inline(__always)
  public static func less(_ left: Self, _ right: Self) -> Condition { less_8(left, right) }
  @inlinable @inline(__always)
  public static func equal(_ left: Self, _ right: Self) -> Condition { equal_8(left, right) }
  @inlinable @inline(__always)
  public static func either(_ left: Condition, _ right: Condition) -> Condition {
    either_8(left, right)
  }
  @inlinable @inline(__always)
  public static func select(_ condition: Condition, _ yes: Self, _ no: Self) -> Self {
    select_8(condition, yes, no)
  }
}

extension SIMD16<Float>: Lane {
  public typealias Bits = SIMD16<Int32>
  public typealias Condition = SIMD16<Int32>

  @inlinable public static var width: Int { 16 }
  @inlinable @inline(__always) public init(bits: SIMD16<Int32>) {
    self = unsafeBitCast(bits, to: Self.self)
  }
  @inlinable @inline(__always) public var bits: SIMD16<Int32> {
    unsafeBitCast(self, to: SIMD16<Int32>.self)
  }
  @inlinable @inline(__always)
  public static prefix func - (value: Self) -> Self {
    Self(bits: value.bits ^ SIMD16<Int32>(repeating: .min))
  }
  @inlinable @inline(__always)
  public static func roundedRoot(_ x: Self) -> Self { square_roots_16(x) }
  @inlinable @inline(__always)
  public static func less(_ left: Self, _ right: Self) -> Condition { less_16(left, right) }
  @inlinable @inline(__always)
  public static func equal(_ left: Self, _ right: Self) -> Condition { equal_16(left, right) }
  @inlinable @inline(__always)
  public static func either(_ left: Condition, _ right: Condition) -> Condition {
    either_16(left, right)
  }
  @inlinable @inline(__always)
  public static func select(_ condition: Condition, _ yes: Self, _ no: Self) -> Self {
    select_16(condition, yes, no)
  }
}

extension SIMD4<Int32>: LaneBits {
  @inlinable @inline(__always) public func adding(_ other: Self) -> Self { self &+ other }
  @inlinable @inline(__always) public func subtracting(_ other: Self) -> Self { self &- other }
  @inlinable @inline(__always) public func shiftedLeft(by count: Int32) -> Self {
    self &<< Self(repeating: count)
  }
  @inlinable @inline(__always) public func shiftedRight(by count: Int32) -> Self {
    self &>> Self(repeating: count)
  }
  @inlinable @inline(__always) public func intersection(_ other: Self) -> Self { self & other }
  @inlinable @inline(__always) public func union(_ other: Self) -> Self { self | other }
  // The standard library's comparison of vectors goes number by number.
  @inlinable @inline(__always) public var areZero: Bool {
    let two = lowHalf | highHalf
    return two[0] | two[1] == 0
  }
}

extension SIMD8<Int32>: LaneBits {
  @inlinable @inline(__always) public func adding(_ other: Self) -> Self { self &+ other }
  @inlinable @inline(__always) public func subtracting(_ other: Self) -> Self { self &- other }
  @inlinable @inline(__always) public func shiftedLeft(by count: Int32) -> Self {
    self &<< Self(repeating: count)
  }
  @inlinable @inline(__always) public func shiftedRight(by count: Int32) -> Self {
    self &>> Self(repeating: count)
  }
  @inlinable @inline(__always) public func intersection(_ other: Self) -> Self { self & other }
  @inlinable @inline(__always) public func union(_ other: Self) -> Self { self | other }
  @inlinable @inline(__always) public var areZero: Bool { (lowHalf | highHalf).areZero }
}

extension SIMD16<Int32>: LaneBits {
  @inlinable @inline(__always) public func adding(_ other: Self) -> Self { self &+ other }
  @inlinable @inline(__always) public func subtracting(_ other: Self) -> Self { self &- other }
  @inlinable @inline(__always) public func shiftedLeft(by count: Int32) -> Self {
    self &<< Self(repeating: count)
  }
  @inlinable @inline(__always) public func shiftedRight(by count: Int32) -> Self {
    self &>> Self(repeating: count)
  }
  @inlinable @inline(__always) public func intersection(_ other: Self) -> Self { self & other }
  @inlinable @inline(__always) public func union(_ other: Self) -> Self { self | other }
  @inlinable @inline(__always) public var areZero: Bool { (lowHalf | highHalf).areZero }
}
