import Tensors

/// What each hidden unit adds to the output: its activation times its read-out weight.
///
/// The parts, with the output's bias, add up to the output exactly, up to rounding: for the last layer of a network
/// attribution is no approximation.
///
/// - Shape: activations `[examples, units]`, read-out `[units]` → `[examples, units]`
public func readOutAttribution(of activations: Tensor, through readOut: [Float]) -> Tensor {
  let units = activations.shape[1]
  return Tensor(shape: activations.shape) { activations.scalars[$0] * readOut[$0 % units] }
}

/// The baseline of attribution: the same activations through the same weights, dealt out among the units at random.
///
/// - Shape: activations `[examples, units]`, read-out `[units]` → `[examples, units]`
public func shuffledAttribution(
  of activations: Tensor, through readOut: [Float], using generator: inout Generator
) -> Tensor {
  let order = generator.permutation(of: readOut.count)
  return readOutAttribution(of: activations, through: order.map { readOut[$0] })
}
