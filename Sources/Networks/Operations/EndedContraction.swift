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

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, y, result) = (binding.operands[0], binding.operands[1], binding.result)
    let (joined, layout) = (binding.operands[2], contraction.layout(binding))
    let run = boundContract(x, y, into: result, layout, ending: ending, joined: joined)
    return { run(false) }
  }
}
