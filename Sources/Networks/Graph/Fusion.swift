import Tensors

/// The same values with fewer passes over memory, for an executor of which only the roots are read.
///
/// A contraction that one sum or product alone reads is joined with it, and the rectifier of such a sum too.
/// Each operation rounds as it did, so no bit changes. Sites vanish, since nobody looks at them.
///
/// - Parameters:
///   - roots: What is asked for.
///   - rare: Which of them are seldom asked for, as a loss beside its gradients: what they read too may be joined for
///     the others, and is computed once more for them.
/// - Returns: The roots, in their order.
func fused(_ roots: [Expression], rare: Int = 0) -> [Expression] {
  var fusion = Fusion(Array(roots.dropFirst(rare)))
  for node in topological(roots) { fusion.add(node) }
  return roots.map { fusion.current($0) }
}

private struct Fusion {
  private let reads: [Expression: Int]
  /// What has taken the place of a value.
  private var replaced: [Expression: Expression] = [:]

  init(_ roots: [Expression]) { reads = readCounts(roots) }

  func current(_ value: Expression) -> Expression {
    replaced[value.bare] ?? value.bare
  }

  /// Takes a node whose operands have been taken.
  mutating func add(_ node: Node) {
    if node.operation is SiteOperation { return }
    let operands = node.operands.map(current)
    var new = node
    if let joined = joined(node, operands) ?? paired(node, operands) {
      new = joined
    } else if operands != node.operands {
      new = Node(node.operation, operands)
    }
    guard new !== node else { return }
    for index in node.results.indices {
      replaced[Expression(node, index: index)] = Expression(new, index: index)
    }
  }

  /// A node that does what this one and an elementwise one that it alone reads do.
  private func paired(_ node: Node, _ operands: [Expression]) -> Node? {
    guard let outer = (node.operation as? Binary)?.function else { return nil }
    for (slot, operand) in operands.enumerated() where isReadOnce(node.operands[slot]) {
      let read = operand.node.operands
      if outer == .multiply, let ternary = operand.node.operation as? Ternary,
        ternary.function == .timesDifference, read[1].type == read[2].type
      {
        return Node(TimesTimesDifference(), [operands[1 - slot]] + read)
      }
      guard let inner = operand.node.operation as? Binary,
        let function = TernaryFunction(outer, slot, inner.function)
      else { continue }
      let other = operands[1 - slot]
      let (y, z) = (operand.node.operands[0], operand.node.operands[1])
      let written = node.operands[slot].bare.node.operands
      // What comes of a function of one number first goes along with it.
      for (y, z, original) in [(y, z, written[0]), (z, y, written[1])] where isReadOnce(original) {
        switch (function, (y.node.operation as? Unary)?.function) {
        case (.plusProduct, .sign):
          return Node(Ternary(function: .plusSigned), [other, z, y.node.operands[0]])
        case (.minusProduct, .exp):
          return Node(Ternary(function: .minusPower), [other, y.node.operands[0], z])
        default: continue
        }
      }
      return Node(Ternary(function: function), [other, y, z])
    }
    return nil
  }

  private func isReadOnce(_ value: Expression) -> Bool { reads[value.bare] == 1 }

  /// A node that does what this one and a contraction that it reads do.
  private func joined(_ node: Node, _ operands: [Expression]) -> Node? {
    for (slot, operand) in operands.enumerated() {
      guard isReadOnce(node.operands[slot]), operand.type == node.results[0] else { continue }
      let inner = operand.node
      if let unary = node.operation as? Unary, unary.function == .relu,
        let ended = inner.operation as? EndedContraction, ended.ending == .add
      {
        return Node(
          EndedContraction(contraction: ended.contraction, ending: .addRelu), inner.operands)
      }
      guard let binary = node.operation as? Binary,
        let contraction = inner.operation as? Contraction, !contraction.sumsExamples
      else { continue }
      let other = operands[1 - slot]
      let isGate = (other.node.operation as? Unary)?.function == .step
      let ending: ContractionEnding? =
        switch binary.function {
        case .add: .add
        case .multiply: isGate ? .gate : .multiply
        default: nil
        }
      guard let ending else { continue }
      let joined = ending == .gate ? other.node.operands[0] : other
      return Node(
        EndedContraction(contraction: contraction, ending: ending), inner.operands + [joined])
    }
    return nil
  }
}

extension TernaryFunction {
  /// What a function makes of a number and, as its operand at a slot, of what another makes of two.
  fileprivate init?(_ outer: BinaryFunction, _ slot: Int, _ inner: BinaryFunction) {
    switch (outer, slot, inner) {
    case (.multiply, _, .multiply): self = .timesProduct
    case (.add, _, .multiply): self = .plusProduct
    case (.subtract, 1, .multiply): self = .minusProduct
    case (.multiply, _, .subtract): self = .timesDifference
    default: return nil
    }
  }
}
