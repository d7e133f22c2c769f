import Tensors

/// A value that a network is given: a question, or the answer that training compares with.
public struct Input: Traced, Hashable {
  /// What the numbers mean, and so how a page lets a reader set them.
  public enum Kind: Hashable, Sendable {
    /// −1 or 1 each.
    case signs
    /// 0 or 1 each.
    case bits
    /// Any number.
    case reals
    /// Whole numbers below the size of the vocabulary.
    case tokens(vocabulary: Int)
    /// How many steps of a sequence count.
    case lengths

    public var isWhole: Bool {
      switch self {
      case .tokens, .lengths: true
      case .signs, .bits, .reals: false
      }
    }
  }

  public let name: String
  public let kind: Kind
  public let expression: Expression

  /// Declares an input.
  ///
  /// - Shape: `shape` for one example.
  public init(_ name: String, _ shape: Shape, kind: Kind) {
    self.name = name
    self.kind = kind
    let type = ValueType(shape: shape, variesByExample: true)
    expression = Expression(Leaf(role: .input(kind), label: name, type: type), [])
  }

  init?(_ node: Node) {
    guard let leaf = node.operation as? Leaf, case .input(let kind) = leaf.role,
      let name = leaf.label
    else { return nil }
    (self.name, self.kind, expression) = (name, kind, Expression(node))
  }

  public var shape: Shape { expression.shape }
}

/// A tensor that training adjusts.
public struct Parameter: Traced, Hashable {
  public let name: String
  public let initialization: Initialization
  public let expression: Expression

  public init(_ name: String, _ shape: Shape, _ initialization: Initialization) {
    self.name = name
    self.initialization = initialization
    let type = ValueType(shape: shape, variesByExample: false)
    expression = Expression(
      Leaf(role: .parameter(initialization), label: name, type: type), [])
  }

  init?(_ node: Node) {
    guard let leaf = node.operation as? Leaf, case .parameter(let initialization) = leaf.role,
      let name = leaf.label
    else { return nil }
    (self.name, self.initialization, expression) = (name, initialization, Expression(node))
  }

  public var shape: Shape { expression.shape }
}

/// What a parameter is before training.
public enum Initialization: Hashable, Sendable {
  case zeros
  case constant(Float)
  /// Independent draws of N(0, deviation²).
  case normal(deviation: Float)
  /// Independent draws between −bound and bound.
  case uniform(bound: Float)
  /// Given numbers, the same for every seed.
  case values([Float])

  func scalars(count: Int, using generator: inout Generator) -> [Float] {
    switch self {
    case .zeros: [Float](repeating: 0, count: count)
    case .constant(let value): [Float](repeating: value, count: count)
    case .normal(let deviation): (0..<count).map { _ in deviation * generator.normal() }
    case .uniform(let bound): (0..<count).map { _ in bound * (2 * generator.uniform() - 1) }
    case .values(let values): values
    }
  }
}

/// A named place in the network that can be looked at and intervened on.
///
/// A site is a property of the network that has it, so a misspelt one does not compile.
public struct Site: Traced, Hashable {
  public let name: String
  public let expression: Expression

  /// Names a value.
  ///
  /// - Parameters:
  ///   - name: How interventions, recordings and files name the site; no other site or parameter of the network has it.
  ///   - value: The value of the forward pass that the site stands for.
  ///   - axes: What the axes of one example run over, for tables and plots: `["head", "query", "key"]`.
  public init(_ name: String, _ value: some Traced, axes: [String]? = nil) {
    self.name = name
    let rank = value.expression.shape.rank
    let usual = rank == 1 ? ["unit"] : (0..<rank).map { "axis \($0)" }
    expression = Expression(SiteOperation(site: name, axes: axes ?? usual), [value])
  }

  init(_ operation: SiteOperation, _ expression: Expression) {
    (name, self.expression) = (operation.site, expression)
  }

  /// What the axes of one example run over.
  public var axes: [String] { (expression.node.operation as? SiteOperation)?.axes ?? [] }

  public var shape: Shape { expression.shape }
}

extension Float: Traced {
  public var expression: Expression { constant(Tensor(repeating: self, shape: [])) }
}

/// A literal in a forward pass: `0.5 * x`.
extension Double: Traced {
  public var expression: Expression { Float(self).expression }
}

/// A literal in a forward pass: `less(x, 0)`.
extension Int: Traced {
  public var expression: Expression { Float(self).expression }
}

/// A fixed tensor, the same for all examples and networks.
public func constant(_ value: Tensor) -> Expression { Expression(Constant(value: value), []) }

/// A place that receives its numbers from outside: an input, a parameter, or a slot in the body of a scan.
struct Leaf: Operation {
  enum Role: Sendable {
    case input(Input.Kind)
    case parameter(Initialization)
    case slot
  }

  let role: Role
  let label: String?
  let type: ValueType

  var name: String {
    switch role {
    case .input: "input"
    case .parameter: "parameter"
    case .slot: "slot"
    }
  }
  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    label.map { ["name": .text($0)] } ?? [:]
  }
  var documentation: String {
    switch role {
    case .input: "The input called `name`, a row an example."
    case .parameter: "The tensor called `name`, from the checkpoint."
    case .slot: "One of the body's `slots`, filled in by the scan at each step."
    }
  }

  func results(of operands: [ValueType]) -> [ValueType] { [type] }
  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { {} }
  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

/// Numbers that are part of the graph.
struct Constant: Operation {
  let value: Tensor
  let name = "constant"
  let documentation =
    "The `values`, in the node's shape, row by row; one that is not finite is text, \"-Infinity\"."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    ["values": .numbers(value.scalars)]
  }

  func results(of operands: [ValueType]) -> [ValueType] {
    [ValueType(shape: value.shape, variesByExample: false)]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    for (index, number) in value.scalars.enumerated() {
      binding.result[index] = L(repeating: number)
    }
    return {}
  }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}

/// The identity, with a name.
struct SiteOperation: Operation {
  let site: String
  let axes: [String]
  let name = "site"
  let documentation = "The operand itself, as the site called `name`."

  var label: String? { site }
  func attributes(_ operands: [ValueType]) -> [String: Attribute] { ["name": .text(site)] }

  func results(of operands: [ValueType]) -> [ValueType] { operands }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    cotangents
  }

  func part(_ box: Box, of node: Node) -> Part? { Part(result: box, operands: [box]) }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { {} }
  var isView: Bool { true }

  func operationCount(_: [ValueType], _: [ValueType], examples: Int) -> Int { 0 }
}
