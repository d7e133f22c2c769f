import Tensors

/// The gradient of a number with respect to parameters: a transformation of the graph.
///
/// Each operation says what the cotangents of its operands are, given those of its results; this walks the
/// graph backwards and adds them up.
///
/// - Parameters:
///   - loss: A single number that does not vary by example.
///   - parameters: What to differentiate by.
/// - Returns: One expression a parameter, of the parameter's shape.
func gradient(of loss: Expression, by parameters: [Expression]) -> [Expression] {
  pullback(of: [loss], [constant(Tensor(repeating: 1, shape: loss.shape))], to: parameters)
    .enumerated().map { index, cotangent in
      cotangent ?? constant(Tensor(repeating: 0, shape: parameters[index].shape))
    }
}

/// The cotangents of some expressions, given those of others that depend on them.
func pullback(of roots: [Expression], _ cotangents: [Expression?], to targets: [Expression])
  -> [Expression?]
{
  let order = topological(roots)
  var depends: Set<Node> = Set(targets.map(\.node))
  for node in order where node.operands.contains(where: { depends.contains($0.node) }) {
    depends.insert(node)
  }
  var known: [Expression: Expression] = [:]
  func accumulate(_ cotangent: Expression, at expression: Expression) {
    if let slice = expression.node.operation as? Slice, slice.isTransparent {
      let pulled = slice.gradient(of: expression.node, cotangents: [cotangent], needed: [true])
      if let inner = pulled[0] { accumulate(inner, at: expression.node.operands[0]) }
      return
    }
    known[expression] = known[expression].map { $0 + cotangent } ?? cotangent
  }
  for (root, cotangent) in zip(roots, cotangents) {
    if let cotangent { accumulate(cotangent, at: root) }
  }
  let ends = Set(targets.map(\.node))
  for node in order.reversed() where depends.contains(node) && !ends.contains(node) {
    let results = node.results.indices.map { known[Expression(node, index: $0)] }
    guard results.contains(where: { $0 != nil }) else { continue }
    let needed = node.operands.map { depends.contains($0.node) }
    let pulled = node.operation.gradient(of: node, cotangents: results, needed: needed)
    for (operand, cotangent) in zip(node.operands, pulled) where depends.contains(operand.node) {
      if let cotangent { accumulate(cotangent.broadcast(to: operand.type), at: operand) }
    }
  }
  return targets.map { known[$0] }
}
