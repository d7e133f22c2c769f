import Networks
import Tensors

/// Networks of eight neurons, which start with what eight neurons of a large network had before it was trained.
///
/// Frankle and Carbin 2019, "The lottery ticket hypothesis", arXiv 1803.03635.
enum Lottery {
  /// Takes the largest neuron of each template of the trained network; where there are not eight, the eight largest.
  static func survivors(initial: Weights, final: Weights) -> Weights {
    taking(from: initial) { network in
      let sizes = Templates.sizes(final, network: network)
      let largest = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
      guard let templates = Templates(in: final, network: network) else {
        return Array(largest.prefix(Templates.expected))
      }
      return templates.all.compactMap { template in
        largest.first { template.neurons.contains($0) }
      }
    }
  }

  /// Takes eight neurons drawn at random.
  static func randomEight(_ initial: Weights) -> Weights {
    let width = initial["b1"]?.shape[1] ?? 0
    return taking(from: initial) { network in
      var generator = Generator(seed: network, stream: .analysis)
      return Array(generator.permutation(of: width).prefix(Templates.expected))
    }
  }

  private static func taking(from initial: Weights, _ choose: (Int) -> [Int]) -> Weights {
    guard let w1 = initial["W1"], let b1 = initial["b1"], let w2 = initial["W2"] else {
      return initial
    }
    let (count, bits, width) = (initial.count, w1.shape[1], Templates.expected)
    let chosen = (0..<count).map(choose)
    return
      initial
      .replacing(
        "W1",
        with: Tensor(shape: [count, bits, width]) { index in
          let network = index / (bits * width)
          return w1[network, index / width % bits, chosen[network][index % width]]
        }
      )
      .replacing(
        "b1",
        with: Tensor(shape: [count, width]) { b1[$0 / width, chosen[$0 / width][$0 % width]] }
      )
      .replacing(
        "W2",
        with: Tensor(shape: [count, width, 1]) {
          w2[$0 / width, chosen[$0 / width][$0 % width], 0]
        })
  }
}
