import Tensors

/// A kind of vertex of the graph: its shape rule, its gradient, its kernel and its description, side by side.
///
/// Each operation is a type in a file of its own in `Operations/`.
protocol Operation: Sendable {
  /// The name that `network.json` and error messages use.
  var name: String { get }

  /// The name of the thing itself where it has one (`W1`, `hidden`).
  var label: String? { get }

  /// What besides the operands decides the result, as `network.json` states it.
  func attributes(_ operands: [ValueType]) -> [String: Attribute]

  /// The operation as a sentence that somebody else can program from.
  var documentation: String { get }

  /// The types of the results.
  ///
  /// - Throws: `ShapeError` quoting the shapes that do not fit.
  func results(of operands: [ValueType]) throws -> [ValueType]

  /// The cotangent of each operand, given those of the results.
  ///
  /// - Parameters:
  ///   - node: The application that is differentiated.
  ///   - cotangents: One a result; nil where the root does not depend on it.
  ///   - needed: Which operands' cotangents are asked for.
  /// - Returns: One an operand; nil where none is asked for or no gradient flows.
  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?]

  /// How a part of the only result is computed from parts of the operands.
  ///
  /// - Parameters:
  ///   - box: The places that are read.
  ///   - node: The application whose result is read in part.
  /// - Returns: Nil if the result is always computed whole, from whole operands.
  func part(_ box: Box, of node: Node) -> Part?

  /// The work of one run, with all places in memory settled.
  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void

  /// Whether the kernel can read an operand as numbers that all networks have alike.
  func takesShared(_ slot: Int, of node: Node) -> Bool

  /// Floating-point operations of one run for one network.
  func operationCount(_ operands: [ValueType], _ results: [ValueType], examples: Int) -> Int

  /// Whether the result is the operand's numbers in the operand's place.
  var isView: Bool { get }

  /// Whether a kernel that sums over examples goes on where the chunk before has ended.
  var continuesSums: Bool { get }
}

extension Operation {
  var label: String? { nil }
  var isView: Bool { false }
  var continuesSums: Bool { false }
  func takesShared(_ slot: Int, of node: Node) -> Bool { false }
  func part(_ box: Box, of node: Node) -> Part? { nil }
  func attributes(_ operands: [ValueType]) -> [String: Attribute] { [:] }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    node.operands.map { _ in nil }
  }

  func operationCount(_ operands: [ValueType], _ results: [ValueType], examples: Int) -> Int {
    results.reduce(0) { $0 + $1.count(examples: examples) }
  }
}

/// What an operation's attribute is, in `network.json`.
///
/// JSON has no infinity: a number that is not finite stands there as text, `"-Infinity"`.
public enum Attribute: Hashable, Sendable, Codable {
  case text(String)
  case whole(Int)
  case wholes([Int])
  case numbers([Float])
  case graph(GraphDescription)

  public init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Int.self) {
      self = .whole(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([Int].self) {
      self = .wholes(value)
    } else if let value = try? container.decode([JSONNumber].self) {
      self = .numbers(value.map(\.value))
    } else {
      self = .graph(try container.decode(GraphDescription.self))
    }
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .whole(let value): try container.encode(value)
    case .wholes(let value): try container.encode(value)
    case .numbers(let value): try container.encode(value.map(JSONNumber.init))
    case .graph(let value): try container.encode(value)
    }
  }
}

/// A number of a JSON file, as text where it is not finite.
private struct JSONNumber: Codable {
  let value: Float

  init(_ value: Float) { self.value = value }

  init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    switch try? container.decode(String.self) {
    case "Infinity": value = .infinity
    case "-Infinity": value = -.infinity
    case "NaN": value = .nan
    default: value = try container.decode(Float.self)
    }
  }

  func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    if value.isFinite {
      try container.encode(value)
    } else {
      try container.encode(value.isNaN ? "NaN" : value < 0 ? "-Infinity" : "Infinity")
    }
  }
}

/// A place at which it stands where numbers lie that all networks have alike.
typealias SharedPlace = UnsafeMutablePointer<UnsafePointer<Float>>

/// Where a kernel finds its operands and puts its results.
struct Binding<L: Lane> {
  var operands: [UnsafeMutablePointer<L>]
  /// Where it stands where the operands lie that all networks have alike; their places among `operands` mean nothing.
  var shared: [Int: SharedPlace] = [:]
  var operandTypes: [ValueType]
  var results: [UnsafeMutablePointer<L>]
  var resultTypes: [ValueType]
  /// Which results anybody reads.
  var used: [Bool]
  /// How many examples a run sees.
  var examples: Int
  /// Which of all examples these are.
  var chunk: ExampleChunk
  /// What the kernels of one application for different chunks have in common.
  var memory: SharedMemory

  var result: UnsafeMutablePointer<L> { results[0] }

  /// An operand of a kernel that may be the same for all networks.
  func operand(_ slot: Int) -> Operand<L> {
    shared[slot].map { .given($0) } ?? .lanes(operands[slot])
  }

  var resultCount: Int { resultTypes[0].count(examples: examples) }

  /// The axes of the first result, the examples' before the others where it varies by example.
  var resultSizes: [Int] { sizes(of: resultTypes[0]) }

  func sizes(of type: ValueType) -> [Int] {
    (type.variesByExample ? [examples] : []) + type.shape.sizes
  }

  /// An operand's stride along each axis of the first result, 0 where it is broadcast.
  func strides(_ operand: Int) -> [Int] {
    let (type, result) = (operandTypes[operand], resultTypes[0])
    let own = type.shape.strides
    let missing = result.shape.rank - type.shape.rank
    let inner = result.shape.sizes.indices.map { axis in
      axis < missing || type.shape[axis - missing] == 1 ? 0 : own[axis - missing]
    }
    let outer = result.variesByExample ? [type.variesByExample ? type.shape.count : 0] : []
    return outer + inner
  }

  /// How all operands are broadcast to the first result.
  var broadcast: BroadcastLayout {
    BroadcastLayout(sizes: resultSizes, operands: operands.indices.map(strides))
  }
}

/// Something that is made once and then shared.
final class SharedMemory {
  private var made: AnyObject?

  func callAsFunction<Object: AnyObject>(_ make: () -> Object) -> Object {
    let object = made as? Object ?? make()
    made = object
    return object
  }
}
