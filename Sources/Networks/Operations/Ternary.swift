import Tensors

/// Two functions of two numbers in one pass over memory; only `fused` makes one.
struct Ternary: Operation {
  let function: TernaryFunction

  var name: String { function.rawValue }
  let documentation = "Two elementwise operations, one after the other."

  func results(of operands: [ValueType]) throws -> [ValueType] { [try broadcastType(operands)] }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, y, z) = (binding.operands[0], binding.operands[1], binding.operands[2])
    return bound(function, x, y, z, into: binding.result, binding.broadcast)
  }
}
