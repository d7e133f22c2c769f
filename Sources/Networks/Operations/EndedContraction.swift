import Tensors

/// A contraction to whose every number another is joined before it is written; only `fused` makes one.
///
/// Operands: the two that are contracted, and what is joined, broadcast to the result.
struct EndedContraction: Operation {
  let contraction: Contraction
  let ending: ContractionEnding

  let name = "ended_einsum"
  let documentation = "An einsum of two operands, to which the third is joined."

  func results(of operands: [ValueType]) throws -> [ValueType] {
    try contraction.results(of: Array(operands.prefix(2)))
  }

  func takesShared(_ slot: Int, of node: Node) -> Bool { contraction.takesShared(slot, of: node) }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    contraction.kernel(binding, ending)
  }
}
