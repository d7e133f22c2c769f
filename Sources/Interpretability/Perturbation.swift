import Networks
import Tensors

/// What changing one input does to a site: for each input of some kind, how far the site moves when it alone is flipped.
///
/// The baseline is an input that the task ignores: take its row of the same table.
///
/// - Parameters:
///   - input: The name of an input of signs, whose values are −1 and 1.
///   - network: The graph that all networks of the population share.
///   - weights: A population of networks.
///   - examples: What every network is run on, first as it is and then with each element of the input flipped.
///   - site: The site that is watched.
///   - threads: How many threads compute; the result does not depend on it.
/// - Returns: The mean absolute change of each element of the site, over the examples.
/// - Shape: `[networks, input elements, site elements]`
/// - Throws: `NetworkError` if the input is not one of the network's, or is not of signs.
public func flippingEachInput(
  _ input: String, of network: Network, _ weights: Weights, on examples: Examples,
  watching site: Site, threads: Int = 1
) throws -> Tensor {
  guard let declared = network.inputs.first(where: { $0.name == input }),
    let values = examples[input], declared.kind == .signs
  else { throw NetworkError("the network has no input '\(input)' of signs to flip") }
  let size = declared.shape.count
  let clean = try network.run(weights, on: examples, recording: [site], threads: threads)[site]
  let width = site.shape.count
  var moved = [[Float]](repeating: [], count: weights.count)
  for place in 0..<size {
    let flipped = Tensor(shape: values.shape) {
      $0 % size == place ? -values.scalars[$0] : values.scalars[$0]
    }
    let changed = try network.run(
      weights, on: try examples.replacing(input, with: flipped), recording: [site],
      threads: threads)[site]
    for network in 0..<weights.count {
      let base = network * examples.count * width
      for element in 0..<width {
        let total = (0..<examples.count).reduce(Float(0)) { sum, example in
          let index = base + example * width + element
          return sum + (changed.scalars[index] - clean.scalars[index]).magnitude
        }
        moved[network].append(total / Float(examples.count))
      }
    }
  }
  return try Tensor(moved.flatMap(\.self), shape: [weights.count, size, width])
}
