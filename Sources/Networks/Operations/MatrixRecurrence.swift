import Tensors

/// The roots with each scan that only multiplies its state by a matrix of each step made one operation.
///
/// Its numbers stay in registers, and its examples can go through in chunks. No bit changes.
func withMatrixRecurrences(_ roots: [Expression]) -> [Expression] {
  var replaced: [Expression: Expression] = [:]
  let order = topological(roots)
  var reads: [Expression: Int] = [:]
  for node in order {
    for operand in Set(node.operands) { reads[operand, default: 0] += 1 }
  }
  for node in order {
    guard let scan = node.operation as? Scan,
      let operands = scan.matrixRecurrence(node.operands)
    else { continue }
    let recurrence = Node(MatrixRecurrence(), readingTable(operands, reads))
    for index in node.results.indices {
      replaced[Expression(node, index: index)] = Expression(recurrence, index: index)
    }
  }
  return replaced.isEmpty ? roots : substituting(replaced, in: roots)
}

/// The operands of a recurrence with the table and the tokens that its matrices come from, if they come from one.
///
/// Only where nothing else reads the matrices, and one thing more at most the table: then cotangents add up as they did.
private func readingTable(_ operands: [Expression], _ reads: [Expression: Int]) -> [Expression] {
  let matrices = operands[1]
  guard matrices.node.operation is Gather, reads[matrices] == 1,
    reads[matrices.node.operands[0], default: 0] <= 2
  else { return operands }
  return [operands[0]] + matrices.node.operands + [operands[2]]
}

extension Scan {
  /// The first state, the matrices and which steps count, if the body is h ← counts ? M h : h.
  fileprivate func matrixRecurrence(_ operands: [Expression]) -> [Expression]? {
    guard !reversed, carry.count == 1, slices.count == 2, captures.isEmpty, outputs.count == 1,
      carry[0].shape.rank == 1, next[0].node.operation is Select
    else { return nil }
    let (h, matrix, counts) = (carry[0], slices[0], slices[1])
    let choice = next[0].node.operands.map(\.bare)
    let product = choice[1]
    guard choice[0] == counts, choice[2] == h, outputs[0].bare == product,
      counts.shape.count == 1, counts.variesByExample, matrix.variesByExample, h.variesByExample,
      let contraction = product.node.operation as? Contraction, contraction.left.count == 2,
      contraction.right == [contraction.left[1]], contraction.result == [contraction.left[0]],
      product.node.operands.map(\.bare) == [matrix, h]
    else { return nil }
    return operands
  }
}

/// A scan over h ← M h; only `withMatrixRecurrences` makes one.
///
/// Operands: the first state, the matrices (or a table of them and the tokens that pick from it), which steps count.
/// Results: the last state, M h of every step, and the state before every step.
struct MatrixRecurrence: Operation {
  let name = "matrix_recurrence"
  let documentation = "h ← M[t] h at each step t that counts, from the first operand on."

  func results(of operands: [ValueType]) -> [ValueType] {
    let (state, counts) = (operands[0], operands[operands.count - 1])
    let stacked = ValueType(shape: state.shape.prepending(counts.shape[0]), variesByExample: true)
    return [state, stacked, stacked]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    let operation = MatrixRecurrenceGradient(
      readsTable: node.operands.count == 4, hasLast: cotangents[0] != nil,
      hasProducts: cotangents[1] != nil)
    let back = Node(
      operation,
      node.operands[1...] + [Expression(node, index: 2)]
        + cotangents.prefix(2).compactMap { $0 })
    return [Expression(back, index: 0), Expression(back, index: 1)]
      + node.operands.dropFirst(2).map { _ in nil }
  }

  func takesShared(_ slot: Int, of node: Node) -> Bool { slot >= 2 }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (operands, results) = (binding.operands, binding.results)
    return boundMatrixRecurrence(
      first: operands[0], matrices: stepMatrices(binding, at: 1, inTable: operands.count == 4),
      counts: binding.operand(operands.count - 1), last: results[0], products: results[1],
      before: results[2], layout(binding, binding.resultTypes[1]))
  }
}

/// The cotangents of a matrix recurrence's first state and of its matrices or their table.
///
/// Operands: the matrices (or table and tokens), which steps count, the state before every step, then the cotangents of
/// the last state and of the products, where there are any.
struct MatrixRecurrenceGradient: Operation {
  let readsTable: Bool
  let hasLast: Bool
  let hasProducts: Bool

  let name = "matrix_recurrence_gradient"
  let documentation = "The cotangents of a matrix_recurrence's first two operands."
  var continuesSums: Bool { true }

  func results(of operands: [ValueType]) -> [ValueType] {
    let states = operands[readsTable ? 3 : 2]
    return [ValueType(shape: states.shape.dropFirst(), variesByExample: true), operands[0]]
  }

  func takesShared(_ slot: Int, of node: Node) -> Bool {
    readsTable ? slot == 1 || slot == 2 : slot == 1
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (operands, results, chunk) = (binding.operands, binding.results, binding.chunk)
    let counts = readsTable ? 2 : 1
    let run = boundMatrixRecurrenceGradient(
      matrices: stepMatrices(binding, at: 0, inTable: readsTable), counts: binding.operand(counts),
      before: operands[counts + 1],
      lastSlope: hasLast ? UnsafePointer(operands[counts + 2]) : nil,
      productSlopes: hasProducts ? operands.last.map { UnsafePointer($0) } : nil,
      firstSlope: results[0], matrixSlopes: results[1],
      layout(binding, binding.operandTypes[counts + 1]))
    return { run(chunk.first > 0) }
  }
}

private func stepMatrices<L: Lane>(_ binding: Binding<L>, at slot: Int, inTable: Bool)
  -> StepMatrices<L>
{
  let matrices = binding.operands[slot]
  guard inTable else { return StepMatrices(matrices) }
  return StepMatrices(
    table: matrices, rows: binding.operandTypes[slot].shape[0], tokens: binding.operand(slot + 1))
}

private func layout<L: Lane>(_ binding: Binding<L>, _ states: ValueType) -> MatrixRecurrenceLayout {
  MatrixRecurrenceLayout(
    examples: binding.examples, steps: states.shape[0], width: states.shape[1])
}
