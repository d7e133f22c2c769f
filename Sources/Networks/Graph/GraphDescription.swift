import Tensors

/// A graph as data: what `network.json` holds.
///
/// Values are numbered; each node names the values that it reads and those that it makes.
public struct GraphDescription: Hashable, Sendable, Codable {
  /// One operation applied.
  public struct Node: Hashable, Sendable, Codable {
    public var operation: String
    public var operands: [Int]
    public var values: [Int]
    /// The shape of each value for one example.
    public var shapes: [[Int]]
    /// Whether each value has an axis of examples before its shape.
    public var batched: [Bool]
    public var attributes: [String: Attribute]
  }

  public var nodes: [Node]
  /// The values that somebody else fills in, in the order in which they are handed over.
  public var slots: [Int]
  public var results: [Int]
}

extension GraphDescription {
  init(_ roots: [Expression], slots: [Expression] = []) {
    var numbers: [Expression: Int] = [:]
    var described: [Node] = []
    for node in topological(slots + roots) {
      for index in node.results.indices {
        numbers[Expression(node, index: index)] = numbers.count
      }
      described.append(
        Node(
          operation: node.operation.name, operands: node.operands.compactMap { numbers[$0] },
          values: node.results.indices.compactMap { numbers[Expression(node, index: $0)] },
          shapes: node.results.map(\.shape.sizes), batched: node.results.map(\.variesByExample),
          attributes: node.operation.attributes(node.operands.map(\.type))))
    }
    nodes = described
    self.slots = slots.compactMap { numbers[$0] }
    results = roots.compactMap { numbers[$0] }
  }

  /// What each operation that the graph uses does, in words.
  static func documentation(_ roots: [Expression]) -> [String: String] {
    var texts: [String: String] = [:]
    for node in topological(roots) {
      texts[node.operation.name] = node.operation.documentation
      if let scan = node.operation as? Scan {
        texts.merge(documentation(scan.next + scan.outputs)) { first, _ in first }
      }
    }
    return texts
  }
}

/// Floating-point operations of one run of a graph for one network.
func graphOperationCount(_ roots: [Expression], examples: Int) -> Int {
  topological(roots).reduce(0) { total, node in
    total
      + node.operation.operationCount(
        node.operands.map(\.type), node.results, examples: examples)
  }
}
