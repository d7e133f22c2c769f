import Tensors

/// A value of the graph that a forward pass records: what ordinary-looking code computes with.
///
/// ```swift
/// let x = Input("x", [2], kind: .signs)
/// let w = Parameter("W", [2, 16], .normal(deviation: 0.7))
/// let hidden = Site("hidden", relu(x • w))
/// ```
///
/// An expression is written for *one* example of *one* network. Examples and networks are axes that the
/// executor adds: a value that depends on an input exists once for each example, and every value exists once
/// for each network. Nothing is computed while expressions are written. A mistake in a shape does not stop
/// the code that writes it: it is remembered, and `Network.init` throws it.
public struct Expression: Sendable, Hashable {
  let node: Node
  let index: Int

  init(_ node: Node, index: Int = 0) {
    self.node = node
    self.index = index
  }

  var type: ValueType { node.results[index] }

  /// The shape for one example.
  public var shape: Shape { type.shape }

  /// Whether the value differs from example to example.
  public var variesByExample: Bool { type.variesByExample }

  /// What a site stands for; what is no site stands for itself.
  var bare: Expression {
    var value = self
    while value.node.operation is SiteOperation { value = value.node.operands[0] }
    return value
  }
}

/// What stands in for an expression: an expression, an input, a parameter, a site or a number.
public protocol Traced: Sendable {
  var expression: Expression { get }
}

extension Expression: Traced {
  public var expression: Expression { self }
}

/// The shape of a value for one example, and whether it differs between examples.
struct ValueType: Hashable, Sendable {
  var shape: Shape
  var variesByExample: Bool

  /// Elements held for a number of examples.
  func count(examples: Int) -> Int { shape.count * (variesByExample ? examples : 1) }
}

/// One operation applied to its operands: a vertex of the graph, compared by identity.
final class Node: Sendable {
  let operation: any Operation
  let operands: [Expression]
  let results: [ValueType]
  /// The first mistake in this node or those before it.
  let problem: String?

  init(_ operation: any Operation, _ operands: [Expression]) {
    self.operation = operation
    self.operands = operands
    let types = operands.map(\.type)
    var problem = operands.lazy.compactMap(\.node.problem).first
    var results = [ValueType(shape: [], variesByExample: types.contains { $0.variesByExample })]
    if problem == nil {
      do {
        results = try operation.results(of: types)
      } catch {
        let names = operands.map { $0.node.operation.label ?? $0.node.operation.name }
        problem = "\(operation.name)(\(names.joined(separator: ", "))): \(error)"
      }
    }
    self.results = results
    self.problem = problem
  }
}

extension Node: Hashable {
  static func == (left: Node, right: Node) -> Bool { left === right }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

extension Expression {
  init(_ operation: any Operation, _ operands: [any Traced]) {
    self.init(Node(operation, operands.map(\.expression)))
  }
}

/// The nodes that the roots depend on, each after its operands.
func topological(_ roots: [Expression]) -> [Node] {
  var order: [Node] = []
  var seen: Set<Node> = []
  var stack: [(node: Node, next: Int)] = []
  for root in roots where seen.insert(root.node).inserted {
    stack.append((root.node, 0))
    while let (node, next) = stack.last {
      if next < node.operands.count {
        stack[stack.count - 1].next += 1
        let operand = node.operands[next].node
        if seen.insert(operand).inserted { stack.append((operand, 0)) }
      } else {
        order.append(node)
        stack.removeLast()
      }
    }
  }
  return order
}

/// How often each value is read, by a node or as a root; what reads a site reads what the site stands for.
func readCounts(_ roots: [Expression]) -> [Expression: Int] {
  let nodes = topological(roots).filter { !($0.operation is SiteOperation) }
  return (nodes.flatMap(\.operands) + roots).reduce(into: [:]) { $0[$1.bare, default: 0] += 1 }
}

/// The roots with some expressions replaced by others, and all that depends on them written anew.
func substituting(_ replacements: [Expression: Expression], in roots: [Expression]) -> [Expression]
{
  var rewritten: [Node: Node] = [:]
  func current(_ expression: Expression) -> Expression {
    replacements[expression]
      ?? Expression(rewritten[expression.node] ?? expression.node, index: expression.index)
  }
  for node in topological(roots) {
    let operands = node.operands.map(current)
    if operands != node.operands { rewritten[node] = Node(node.operation, operands) }
  }
  return roots.map(current)
}
