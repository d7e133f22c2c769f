/// The seeded source of all randomness: SplitMix64, one stream for each seed and purpose.
///
/// Two streams of one seed, and equal streams of two seeds, share nothing.
///
/// ```swift
/// var generator = Generator(seed: 7, stream: .initialization)
/// let weight = generator.normal()
/// ```
///
/// Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators",
/// DOI 10.1145/2660193.2660195.
public struct Generator: RandomNumberGenerator, Sendable {
  /// What a stream of random numbers is for.
  public struct Stream: RawRepresentable, Hashable, Sendable {
    public let rawValue: UInt64
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The weights that a network begins with.
    public static let initialization = Stream(rawValue: 1)
    /// Which examples come in which order.
    public static let order = Stream(rawValue: 2)
    /// Which inputs are trained on and which are held out.
    public static let split = Stream(rawValue: 3)
    /// Noise inside the network while it trains.
    public static let noise = Stream(rawValue: 4)
    /// The labels of a twin that is trained on shuffled ones.
    public static let labels = Stream(rawValue: 5)
    /// Draws that an analysis makes: resamples, random directions, bootstrap.
    public static let analysis = Stream(rawValue: 6)
  }

  @usableFromInline var state: UInt64

  public init(seed: Int, stream: Stream) {
    state = Self.mixed(Self.mixed(UInt64(bitPattern: Int64(seed))) &+ stream.rawValue)
  }

  @inlinable
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number of [0, 1) that is a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// A whole number of `0..<bound`.
  ///
  /// - Precondition: `bound` is positive.
  @inlinable
  public mutating func index(below bound: Int) -> Int {
    precondition(bound > 0, "There is no whole number below \(bound)")
    return Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// A draw from the standard normal distribution.
  ///
  /// Of each pair that is made, one is kept.
  public mutating func normal() -> Float { normalPair().0 }

  /// Two independent draws from the standard normal distribution, for the price of one.
  ///
  /// The polar method: Marsaglia and Bray 1964, DOI 10.1137/1006063.
  public mutating func normalPair() -> (Float, Float) {
    while true {
      let u = uniform() * 2 - 1
      let v = uniform() * 2 - 1
      let s = u * u + v * v
      if s < 1, s > 0 {
        let scale = (-2 * Float.log(s) / s).squareRoot()
        return (u * scale, v * scale)
      }
    }
  }

  /// The whole numbers of `0..<count` in random order.
  public mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, index(below: last + 1))
    }
    return order
  }

  @inlinable static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
