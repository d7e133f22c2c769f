import Tensors

/// The roots with each scan that only multiplies its state by a matrix of each step made one operation.
///
/// Its numbers stay in registers, and its examples can go through in chunks. No bit changes.
func withMatrixRecurrences(_ roots: [Expression]) -> [Expression] {
  var replaced: [Expression: Expression] = [:]
  for node in topological(roots) {
    guard let scan = node.operation as? Scan,
      let operands = scan.matrixRecurrence(node.operands)
    else { continue }
    let recurrence = Node(MatrixRecurrence(), operands)
    for index in node.results.indices {
      replaced[Expression(node, index: index)] = Expression(recurrence, index: index)
    }
  }
  return replaced.isEmpty ? roots : substituting(replaced, in: roots)
}

extension Scan {
  /// The first state, the matrices and which steps count, if the body is h ← counts ? M h : h.
  fileprivate func matrixRecurrence(_ operands: [Expression]) -> [Expression]? {
    func bare(_ value: Expression) -> Expression {
      value.node.operation is SiteOperation ? bare(value.node.operands[0]) : value
    }
    guard !reversed, carry.count == 1, slices.count == 2, captures.isEmpty, outputs.count == 1,
      carry[0].shape.rank == 1, next[0].node.operation is Select
    else { return nil }
    let (h, matrix, counts) = (carry[0], slices[0], slices[1])
    let choice = next[0].node.operands.map(bare)
    let product = choice[1]
    guard choice[0] == counts, choice[2] == h, bare(outputs[0]) == product,
      counts.shape.count == 1, counts.variesByExample, matrix.variesByExample, h.variesByExample,
      let contraction = product.node.operation as? Contraction, contraction.left.count == 2,
      contraction.right == [contraction.left[1]], contraction.result == [contraction.left[0]],
      product.node.operands.map(bare) == [matrix, h]
    else { return nil }
    return operands
  }
}

/// A scan over h ← M h; only `withMatrixRecurrences` makes one.
///
/// Operands: the first state, the matrices, which steps count. Results: the last state, M h of every step, and the
/// state before every step.
struct MatrixRecurrence: Operation {
  let name = "matrix_recurrence"
  let documentation = "h ← y[t] h at each step t where z[t] is not 0, from x on."

  func results(of operands: [ValueType]) -> [ValueType] {
    let state = operands[0]
    let stacked = ValueType(
      shape: state.shape.prepending(operands[1].shape[0]), variesByExample: true)
    return [state, stacked, stacked]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let operation = MatrixRecurrenceGradient(
      hasLast: cotangents[0] != nil, hasProducts: cotangents[1] != nil)
    let back = Node(
      operation,
      node.operands[1...] + [Expression(node, index: 2)]
        + cotangents.prefix(2).compactMap { $0 })
    return [Expression(back, index: 0), Expression(back, index: 1), nil]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (operands, results) = (binding.operands, binding.results)
    return boundMatrixRecurrence(
      first: operands[0], matrices: operands[1], counts: operands[2], last: results[0],
      products: results[1], before: results[2], layout(binding, matrices: 1))
  }
}

/// The cotangents of a matrix recurrence's first state and of its matrices.
///
/// Operands: the matrices, which steps count, the state before every step, then the cotangents of the last state and of
/// the products, where there are any.
struct MatrixRecurrenceGradient: Operation {
  let hasLast: Bool
  let hasProducts: Bool

  let name = "matrix_recurrence_gradient"
  let documentation = "The cotangents of a matrix_recurrence's first two operands."

  func results(of operands: [ValueType]) -> [ValueType] {
    let state = ValueType(shape: operands[2].shape.dropFirst(), variesByExample: true)
    return [state, operands[0]]
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (operands, results) = (binding.operands, binding.results)
    return boundMatrixRecurrenceGradient(
      matrices: operands[0], counts: operands[1], before: operands[2],
      lastSlope: hasLast ? UnsafePointer(operands[3]) : nil,
      productSlopes: hasProducts ? operands.last.map { UnsafePointer($0) } : nil,
      firstSlope: results[0], matrixSlopes: results[1], layout(binding, matrices: 0))
  }
}

private func layout<L: Lane>(_ binding: Binding<L>, matrices: Int) -> MatrixRecurrenceLayout {
  let shape = binding.operandTypes[matrices].shape
  return MatrixRecurrenceLayout(examples: binding.examples, steps: shape[0], width: shape[1])
}
