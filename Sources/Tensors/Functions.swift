// The functions that a processor does not have. They are made of +, ×, fused multiply-add and bits alone,
// because the C library's differ from processor to processor in the last bit.

extension Lane {
  /// The number where it is positive and zero elsewhere; NaN stays NaN.
  @inlinable @inline(__always)
  public static func relu(_ x: Self) -> Self { select(less(x, zero), zero, x) }

  /// One where the number is positive and zero elsewhere.
  @inlinable @inline(__always)
  public static func step(_ x: Self) -> Self { select(less(zero, x), one, zero) }

  /// −1, 0 or 1.
  @inlinable @inline(__always)
  public static func sign(_ x: Self) -> Self {
    select(less(zero, x), one, select(less(x, zero), -one, zero))
  }

  /// The larger of two numbers; NaN if the second is.
  @inlinable @inline(__always)
  public static func maximum(_ x: Self, _ y: Self) -> Self { select(less(y, x), x, y) }

  /// The square root, rounded correctly; NaN below zero.
  @inlinable @inline(__always)
  public static func squareRoot(_ x: Self) -> Self {
    // Processors differ in the sign of the NaN that they make.
    select(less(x, zero), Self(repeating: .nan), roundedRoot(x))
  }

  /// eˣ within 1.5 units in the last place; 0 below −87.3 and infinite above 88.7.
  ///
  /// x = n·ln 2 + r with |r| ≤ ln 2 / 2; eʳ by a polynomial of degree 6 (Cephes `expf`, Moshier 1992), times 2ⁿ.
  @inlinable @inline(__always)
  public static func exp(_ x: Self) -> Self {
    let magic = Self(repeating: 12_582_912)  // 1.5 · 2²³: adding it rounds to a whole number
    let low = Self(repeating: -87.336_54)
    let high = Self(repeating: 88.722_83)
    let inside = select(less(x, low), low, select(less(high, x), high, x))
    let shifted = magic.addingProduct(inside, Self(repeating: 1.442_695))
    let n = shifted - magic
    var r = inside.addingProduct(n, Self(repeating: -0.693_359_4))
    r = r.addingProduct(n, Self(repeating: 2.121_944_4e-4))
    var p = Self(repeating: 1.987_569_1e-4)
    p = Self(repeating: 1.398_2e-3).addingProduct(p, r)
    p = Self(repeating: 8.333_452e-3).addingProduct(p, r)
    p = Self(repeating: 4.166_579_6e-2).addingProduct(p, r)
    p = Self(repeating: 1.666_666_5e-1).addingProduct(p, r)
    p = Self(repeating: 5e-1).addingProduct(p, r)
    let e = (one + r).addingProduct(p, r * r)
    // Times 2ⁿ by adding n to the exponent: nothing leaves its range, since e < 1 where n is 128.
    let result = Self(bits: e.bits.adding(shifted.bits.shiftedLeft(by: 23)))
    let bounded = select(
      less(x, low), zero, select(less(high, x), Self(repeating: .infinity), result))
    return select(equal(x, x), bounded, x)
  }

  /// The natural logarithm within 1.5 units in the last place of the larger of it and 1; NaN below zero.
  ///
  /// x = 2ⁿ·m with m in [√½, √2); ln m by a polynomial of degree 9 (Cephes `logf`, Moshier 1992).
  @inlinable @inline(__always)
  public static func log(_ x: Self) -> Self {
    let tiny = less(x, Self(repeating: 1.175_494_4e-38))
    let scaled = select(tiny, x * Self(repeating: 8_388_608), x)
    let offset = scaled.bits.subtracting(Bits(repeating: 0x3F35_04F3))  // √½
    let n = offset.shiftedRight(by: 23)
    let m = Self(bits: scaled.bits.subtracting(n.shiftedLeft(by: 23))) - one
    let biased = n.adding(Bits(repeating: 512)).union(Bits(repeating: 0x4B00_0000))
    let exponent =
      Self(bits: biased) - Self(repeating: 8_389_120)
      - select(tiny, Self(repeating: 23), zero)
    var p = Self(repeating: 7.037_683_6e-2)
    p = Self(repeating: -1.151_461e-1).addingProduct(p, m)
    p = Self(repeating: 1.167_699_9e-1).addingProduct(p, m)
    p = Self(repeating: -1.242_014_1e-1).addingProduct(p, m)
    p = Self(repeating: 1.424_932_3e-1).addingProduct(p, m)
    p = Self(repeating: -1.666_805_8e-1).addingProduct(p, m)
    p = Self(repeating: 2.000_071_5e-1).addingProduct(p, m)
    p = Self(repeating: -2.499_999_4e-1).addingProduct(p, m)
    p = Self(repeating: 3.333_333_1e-1).addingProduct(p, m)
    let square = m * m
    var y = p * m * square
    y = y.addingProduct(exponent, Self(repeating: -2.121_944_4e-4))
    y = y.addingProduct(square, Self(repeating: -0.5))
    let result = (m + y).addingProduct(exponent, Self(repeating: 0.693_359_4))
    let infinite = Self(repeating: .infinity)
    let bounded = select(
      equal(x, infinite), infinite, select(equal(x, zero), -infinite, result))
    return select(less(x, zero), Self(repeating: .nan), select(equal(x, x), bounded, x))
  }

  /// The hyperbolic tangent within 2 units in the last place.
  ///
  /// A polynomial below 0.625 (Cephes `tanhf`, Moshier 1992), 1 − 2 / (e²ˣ + 1) above.
  @inlinable @inline(__always)
  public static func tanh(_ x: Self) -> Self {
    let size = x.magnitude
    let square = x * x
    var p = Self(repeating: -5.704_988_7e-3)
    p = Self(repeating: 2.063_908_9e-2).addingProduct(p, square)
    p = Self(repeating: -5.373_971_6e-2).addingProduct(p, square)
    p = Self(repeating: 1.333_144_2e-1).addingProduct(p, square)
    p = Self(repeating: -3.333_328_2e-1).addingProduct(p, square)
    let small = x.addingProduct(p * square, x)
    let large = one - Self(repeating: 2) / (exp(size + size) + one)
    let signed = select(less(x, zero), -large, large)
    return select(less(size, Self(repeating: 0.625)), small, signed)
  }

  /// 1 / (1 + e⁻ˣ).
  @inlinable @inline(__always)
  public static func sigmoid(_ x: Self) -> Self { one / (one + exp(-x)) }
}

/// The cosine of an angle between 0 and π, by its Taylor series about 0 after two halvings.
///
/// - Precondition: `0 ≤ angle ≤ π`.
public func cosine(ofHalfTurn angle: Double) -> Double {
  let square = (angle / 4) * (angle / 4)
  var quarter = 0.0
  for n in stride(from: 18, to: 0, by: -2) {
    quarter = (1 + quarter) * -square / Double(n * (n - 1))
  }
  quarter += 1
  let half = 2 * quarter * quarter - 1
  return 2 * half * half - 1
}

/// The angle of a point of the plane in radians, above −π and up to π: what atan2 is, without the C library.
///
/// The tangent of half the angle is halved thrice more and put into the series t − t³/3 + t⁵/5 − …
///
/// ```swift
/// angle(cosine: 0, sine: 2)  // 1.5707963267948966
/// ```
///
/// - Returns: 0 for the origin, whose angle is none.
public func angle(cosine: Double, sine: Double) -> Double {
  guard cosine >= 0 else {
    let rest = angle(cosine: -cosine, sine: sine)
    return (sine < 0 ? -Double.pi : Double.pi) - rest
  }
  let radius = (cosine * cosine + sine * sine).squareRoot()
  guard radius > 0 else { return 0 }
  var tangent = sine / (radius + cosine)
  for _ in 0..<3 { tangent = tangent / (1 + (1 + tangent * tangent).squareRoot()) }
  let square = tangent * tangent
  var series = 0.0
  for n in stride(from: 19, through: 1, by: -2) { series = 1 / Double(n) - square * series }
  return 16 * tangent * series
}
