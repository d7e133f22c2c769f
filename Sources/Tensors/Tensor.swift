/// An array of numbers with a shape, in row-major order.
///
/// In memory every number is a `Float`. A tensor of whole numbers (tokens, moves, labels) says so by its
/// `kind`, and is stored as such; a `Float` holds every whole number up to 2²⁴ exactly.
///
/// ```swift
/// let corners = try Tensor([-1, -1, -1, 1, 1, -1, 1, 1], shape: [4, 2])
/// corners[1, 0]  // -1
/// ```
public struct Tensor: Hashable, Sendable {
  /// How the numbers of a tensor are stored in a file.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// Little-endian 32-bit floating point, `F32`.
    case real
    /// Little-endian 32-bit integers, `I32`.
    case whole
  }

  public let shape: Shape
  public var kind: Kind
  public private(set) var scalars: [Float]

  /// Makes a tensor from its numbers in row-major order.
  ///
  /// - Throws: `ShapeError` if there are not exactly as many numbers as the shape has elements.
  public init(_ scalars: [Float], shape: Shape, kind: Kind = .real) throws {
    guard scalars.count == shape.count else {
      throw ShapeError(
        "shape \(shape) needs \(shape.count) numbers, but [\(scalars.count)] were given")
    }
    self.init(unchecked: scalars, shape: shape, kind: kind)
  }

  /// Makes a tensor whose every element is the same.
  public init(repeating value: Float, shape: Shape, kind: Kind = .real) {
    self.init(
      unchecked: [Float](repeating: value, count: shape.count), shape: shape, kind: kind)
  }

  /// Makes a tensor of shape `[count]`.
  public init(_ scalars: [Float]) {
    self.init(unchecked: scalars, shape: [scalars.count], kind: .real)
  }

  /// Makes a tensor from a function of an element's place in row-major order.
  public init(shape: Shape, kind: Kind = .real, _ element: (Int) throws -> Float) rethrows {
    self.init(unchecked: try (0..<shape.count).map(element), shape: shape, kind: kind)
  }

  private init(unchecked scalars: [Float], shape: Shape, kind: Kind) {
    self.shape = shape
    self.kind = kind
    self.scalars = scalars
  }

  public var count: Int { scalars.count }

  /// The element at a place given by one index an axis.
  public subscript(indices: Int...) -> Float {
    get { scalars[offset(of: indices)] }
    set { scalars[offset(of: indices)] = newValue }
  }

  /// The part at one index of the first axis.
  ///
  /// - Shape: `[n, rest...]` → `[rest...]`
  public func slice(_ index: Int) -> Tensor {
    let size = shape.count / max(shape[0], 1)
    precondition(index >= 0 && index < shape[0], "Slice \(index) of a tensor \(shape)")
    return Tensor(
      unchecked: Array(scalars[index * size..<(index + 1) * size]), shape: shape.dropFirst(),
      kind: kind)
  }

  /// The parts at the given indices of the first axis, in that order.
  ///
  /// - Shape: `[n, rest...]` → `[indices.count, rest...]`
  public func slices(_ indices: some Collection<Int>) -> Tensor {
    let size = shape.dropFirst().count
    var picked: [Float] = []
    picked.reserveCapacity(indices.count * size)
    for index in indices {
      precondition(index >= 0 && index < shape[0], "Slice \(index) of a tensor \(shape)")
      picked += scalars[index * size..<(index + 1) * size]
    }
    return Tensor(
      unchecked: picked, shape: shape.dropFirst().prepending(indices.count), kind: kind)
  }

  /// The tensors stacked along a new first axis.
  ///
  /// - Throws: `ShapeError` naming both shapes if they differ.
  public init(stacking parts: [Tensor]) throws {
    let shape = parts.first?.shape ?? [0]
    for part in parts where part.shape != shape {
      throw ShapeError("cannot stack shape \(part.shape) on shape \(shape)")
    }
    self.init(
      unchecked: parts.flatMap(\.scalars), shape: shape.prepending(parts.count),
      kind: parts.first?.kind ?? .real)
  }

  /// The same numbers in another shape.
  ///
  /// - Throws: `ShapeError` naming both shapes if their element counts differ.
  public func reshaped(to shape: Shape) throws -> Tensor {
    guard shape.count == count else {
      throw ShapeError("cannot reshape \(self.shape) to \(shape)")
    }
    return Tensor(unchecked: scalars, shape: shape, kind: kind)
  }

  /// Each element put through a function.
  public func mapped(_ transform: (Float) throws -> Float) rethrows -> Tensor {
    Tensor(unchecked: try scalars.map(transform), shape: shape, kind: kind)
  }

  /// Lends the numbers for writing.
  public mutating func withUnsafeMutableScalars<R>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> R
  ) rethrows -> R {
    try scalars.withUnsafeMutableBufferPointer { try body($0) }
  }

  private func offset(of indices: [Int]) -> Int {
    precondition(
      indices.count == shape.rank, "\(indices.count) indices for a tensor of shape \(shape)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      precondition(
        index >= 0 && index < shape[axis], "Index \(indices) outside a tensor of shape \(shape)")
      offset = offset * shape[axis] + index
    }
    return offset
  }
}

extension Tensor: CustomStringConvertible {
  public var description: String {
    let shown = scalars.prefix(8).map(\.description).joined(separator: ", ")
    return "Tensor\(shape)(\(shown)\(count > 8 ? ", …" : ""))"
  }
}

extension Tensor: Codable {
  private enum CodingKeys: String, CodingKey { case shape, kind, scalars = "values" }

  public init(from decoder: Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      container.decode([Float].self, forKey: .scalars),
      shape: container.decode(Shape.self, forKey: .shape),
      kind: container.decodeIfPresent(Kind.self, forKey: .kind) ?? .real)
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(kind, forKey: .kind)
    try container.encode(scalars, forKey: .scalars)
  }
}
