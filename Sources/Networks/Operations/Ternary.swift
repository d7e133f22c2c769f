import Tensors

/// Two functions of two numbers in one pass over memory; only `fused` makes one.
struct Ternary: Operation {
  let function: TernaryFunction

  var name: String { function.rawValue }
  func takesShared(_ slot: Int, of node: Node) -> Bool { slot != 1 }
  let documentation = "Two elementwise operations, one after the other."

  func results(of operands: [ValueType]) throws -> [ValueType] { [try broadcastType(operands)] }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let (x, z) = (binding.operand(0), binding.operand(2))
    return bound(function, x, binding.operands[1], z, into: binding.result, binding.broadcast)
  }
}

/// x · (y · (z − w)) in one pass over memory; only `fused` makes one.
struct TimesTimesDifference: Operation {
  let name = "times_times_difference"
  let documentation = "x * (y * (z - w)), the last two of one shape."
  func takesShared(_ slot: Int, of node: Node) -> Bool { slot == 0 || slot == 3 }

  func results(of operands: [ValueType]) throws -> [ValueType] { [try broadcastType(operands)] }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void {
    let layout = BroadcastLayout(
      sizes: binding.resultSizes, operands: (0..<3).map(binding.strides))
    return boundTimesTimesDifference(
      binding.operand(0), binding.operands[1], binding.operands[2], binding.operand(3),
      into: binding.result, layout)
  }
}
