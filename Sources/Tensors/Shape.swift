/// The sizes of a tensor's axes, outermost first; `[]` is the shape of a single number.
///
/// ```swift
/// let shape: Shape = [4, 16]
/// shape.count  // 64
/// ```
public struct Shape: Hashable, Sendable {
  public let sizes: [Int]

  /// The number of elements: the product of the sizes, 1 for `[]`.
  public let count: Int

  /// Makes a shape from the sizes of its axes.
  ///
  /// - Precondition: No size is negative and the product fits an `Int`.
  public init(_ sizes: [Int]) {
    precondition(sizes.allSatisfy { $0 >= 0 }, "A shape has a negative size: \(sizes)")
    self.sizes = sizes
    self.count = sizes.reduce(1, *)
  }

  /// Makes a shape from sizes that somebody else wrote; nil if one is negative, or if the shape, with its empty axes
  /// counted as one, has more than 2³² elements.
  ///
  /// What is computed of such shapes fits an `Int`, their strides included.
  public init?(bounded sizes: [Int]) {
    var bound = 1
    for size in sizes {
      let (product, overflows) = bound.multipliedReportingOverflow(by: max(size, 1))
      guard size >= 0, !overflows, product <= 1 << 32 else { return nil }
      bound = product
    }
    self.init(sizes)
  }

  public var rank: Int { sizes.count }

  public subscript(axis: Int) -> Int { sizes[axis] }

  /// The distance in memory between neighbours along each axis, in elements.
  public var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in stride(from: rank - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    return strides
  }

  /// The shape with an axis put before the others.
  public func prepending(_ size: Int) -> Shape { Shape([size] + sizes) }

  /// The shape without its first axis; `[]` stays `[]`.
  public func dropFirst(_ count: Int = 1) -> Shape { Shape(Array(sizes.dropFirst(count))) }

  /// The shape of both broadcast against each other from the last axis on, or nil where they clash.
  ///
  /// ```swift
  /// Shape([8, 1]).broadcast(with: [4])  // [8, 4]
  /// ```
  public func broadcast(with other: Shape) -> Shape? {
    var sizes: [Int] = []
    for back in 1..<(max(rank, other.rank) + 1) {
      let mine = back <= rank ? self[rank - back] : 1
      let theirs = back <= other.rank ? other[other.rank - back] : 1
      guard mine == theirs || mine == 1 || theirs == 1 else { return nil }
      sizes.append(mine == 1 ? theirs : mine)
    }
    return Shape(sizes.reversed())
  }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral sizes: Int...) { self.init(sizes) }
}

extension Shape: CustomStringConvertible {
  public var description: String { "\(sizes)" }
}

extension Shape: Codable {
  public init(from decoder: Decoder) throws {
    let sizes = try decoder.singleValueContainer().decode([Int].self)
    guard sizes.allSatisfy({ $0 >= 0 }) else {
      throw ShapeError("a shape has a negative size: \(sizes.prefix(8))")
    }
    guard let shape = Shape(bounded: sizes) else {
      throw ShapeError("a shape has too many elements: \(sizes.prefix(8))")
    }
    self = shape
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(sizes)
  }
}

/// Two shapes that do not fit each other, or a shape and a number of elements.
public struct ShapeError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
