import Tensors

/// A random subspace for each network: the baseline of an interchange of a part of the state.
///
/// - Returns: Independent rows that span it.
/// - Shape: `[networks, dimensions, width]`
public func randomSubspaces(
  networks: Int, dimensions: Int, of width: Int, using generator: inout Generator
) -> Tensor {
  Tensor(shape: [networks, dimensions, width]) { _ in generator.normal() }
}

/// States in random directions, each as far from its network's mean state as the one in whose place it stands: the
/// baseline of an interchange of the whole state.
///
/// - Shape: `[networks, states, width]`, as given.
public func randomStates(like states: Tensor, using generator: inout Generator) -> Tensor {
  let (count, width) = (states.shape[1], states.shape[2])
  var scalars: [Float] = []
  for network in 0..<states.shape[0] {
    let own = states.slice(network)
    let mean = (0..<width).map { unit in
      (0..<count).reduce(0.0) { $0 + Double(own[$1, unit]) } / Double(max(count, 1))
    }
    for state in 0..<count {
      let offset = (0..<width).map { Double(own[state, $0]) - mean[$0] }
      let direction = (0..<width).map { _ in Double(generator.normal()) }
      let scale = length(offset) / max(length(direction), .leastNormalMagnitude)
      scalars += zip(mean, direction).map { Float($0 + scale * $1) }
    }
  }
  return Tensor(shape: states.shape) { scalars[$0] }
}
