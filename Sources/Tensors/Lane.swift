/// What a kernel computes with: one number, or one number of each of four, eight or sixteen networks.
///
/// Every kernel is written once, for any lane. `Float` is the reference: one network, one number at a time.
/// `SIMD4<Float>`, `SIMD8<Float>` and `SIMD16<Float>` carry so many networks side by side. All do the same
/// operations in the same order, so they give the same bits.
public protocol Lane: Sendable, Equatable {
  associatedtype Bits: LaneBits
  associatedtype Condition

  /// The number of networks side by side.
  static var width: Int { get }

  init(repeating value: Float)
  init(bits: Bits)
  var bits: Bits { get }

  /// The number of one network.
  subscript(network: Int) -> Float { get set }

  prefix static func - (value: Self) -> Self
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  static func / (left: Self, right: Self) -> Self

  /// `self + left · right`, rounded once.
  func addingProduct(_ left: Self, _ right: Self) -> Self

  /// The processor's square root, rounded correctly; some NaN below zero.
  static func roundedRoot(_ x: Self) -> Self

  static func less(_ left: Self, _ right: Self) -> Condition
  static func equal(_ left: Self, _ right: Self) -> Condition
  static func either(_ left: Condition, _ right: Condition) -> Condition
  static func select(_ condition: Condition, _ yes: Self, _ no: Self) -> Self
}

/// The bits of a lane's numbers, for the functions that take numbers apart.
public protocol LaneBits {
  init(repeating value: Int32)

  /// The sum modulo 2³².
  func adding(_ other: Self) -> Self
  /// The difference modulo 2³².
  func subtracting(_ other: Self) -> Self
  func shiftedLeft(by count: Int32) -> Self
  /// Shifted right, the sign kept.
  func shiftedRight(by count: Int32) -> Self
  func intersection(_ other: Self) -> Self
  func union(_ other: Self) -> Self
  /// Whether all are 0.
  var areZero: Bool { get }
}

extension Lane {
  public static var zero: Self { Self(repeating: 0) }
  public static var one: Self { Self(repeating: 1) }

  /// The absolute value.
  @inlinable @inline(__always)
  public var magnitude: Self {
    Self(bits: bits.intersection(Bits(repeating: 0x7FFF_FFFF)))
  }

  /// Whether all networks have the same bits.
  @inlinable @inline(__always)
  public var isUniform: Bool {
    bits.subtracting(Self(repeating: self[0]).bits).areZero
  }

  /// Zero where the number is finite, and NaN where it is infinite or NaN.
  @inlinable @inline(__always)
  public var nonFiniteMark: Self { self - self }
}

extension Float: Lane {
  public typealias Bits = Int32
  public typealias Condition = Bool

  @inlinable public static var width: Int { 1 }
  @inlinable @inline(__always) public init(repeating value: Float) { self = value }
  @inlinable @inline(__always) public init(bits: Int32) {
    self = Float(bitPattern: UInt32(bitPattern: bits))
  }
  @inlinable @inline(__always) public var bits: Int32 { Int32(bitPattern: bitPattern) }
  @inlinable @inline(__always) public subscript(network: Int) -> Float {
    get { self }
    set { self = newValue }
  }
  @inlinable @inline(__always) public static func roundedRoot(_ x: Float) -> Float {
    x.squareRoot()
  }
  @inlinable @inline(__always) public static func less(_ left: Float, _ right: Float) -> Bool {
    left < right
  }
  @inlinable @inline(__always) public static func equal(_ left: Float, _ right: Float) -> Bool {
    left == right
  }
  @inlinable @inline(__always) public static func either(_ left: Bool, _ right: Bool) -> Bool {
    left || right
  }
  @inlinable @inline(__always)
  public static func select(_ condition: Bool, _ yes: Float, _ no: Float) -> Float {
    condition ? yes : no
  }
}

extension Int32: LaneBits {
  @inlinable @inline(__always) public init(repeating value: Int32) { self = value }
  @inlinable @inline(__always) public func adding(_ other: Self) -> Self { self &+ other }
  @inlinable @inline(__always) public func subtracting(_ other: Self) -> Self { self &- other }
  @inlinable @inline(__always) public func shiftedLeft(by count: Int32) -> Self {
    self &<< count
  }
  @inlinable @inline(__always) public func shiftedRight(by count: Int32) -> Self {
    self &>> count
  }
  @inlinable @inline(__always) public func intersection(_ other: Self) -> Self { self & other }
  @inlinable @inline(__always) public func union(_ other: Self) -> Self { self | other }
  @inlinable @inline(__always) public var areZero: Bool { self == 0 }
}
