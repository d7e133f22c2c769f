// Transformers of every kind that a case can have, with biases and scales that are not what they begin with.

import Artifacts
import Networks
import Tensors

private let transformers: KeyValuePairs<String, Transformer.Configuration> = [
  "one-head": .init(vocabulary: 10, context: 8, dModel: 16, headCount: 1, dHead: 16),
  "heads-and-biases": .init(
    vocabulary: 7, context: 6, dModel: 10, headCount: 4, dHead: 3, hasBiases: true),
  "cube-of-heads": .init(
    vocabulary: 6, outputs: 3, context: 5, dModel: 4, headCount: 4, dHead: 4, layerCount: 2),
  "causal-layers": .init(
    vocabulary: 9, outputs: 4, context: 7, dModel: 12, headCount: 2, dHead: 5, layerCount: 2,
    isCausal: true),
  "layer-norm": .init(
    vocabulary: 8, context: 6, dModel: 12, headCount: 3, dHead: 4, layerCount: 2, isCausal: true,
    normalizes: true),
  "mlp": .init(
    vocabulary: 5, outputs: 11, context: 4, dModel: 9, headCount: 2, dHead: 4, dMLP: 20,
    hasBiases: true),
  "layer-norm-and-mlp": .init(
    vocabulary: 6, context: 6, dModel: 8, headCount: 2, dHead: 3, layerCount: 2, dMLP: 7,
    normalizes: true),
  "all-at-once": .init(
    vocabulary: 12, outputs: 5, context: 10, dModel: 16, headCount: 4, dHead: 4, layerCount: 3,
    dMLP: 32, isCausal: true, normalizes: true, hasBiases: true),
]

func writeTransformers(to gallery: Gallery) throws {
  for (name, configuration) in transformers {
    let length = name == "all-at-once" ? 6 : configuration.context
    let model = try Transformer(
      configuration, length: length, embeddings: .normal(deviation: 1),
      weights: { .normal(deviation: 1 / Float($0).squareRoot()) })
    let output = Site("logits", model.logits)
    let network = try Network(output: output, loss: output)
    var generator = Generator(seed: 0, stream: .order)
    let batch = try Examples([
      "tokens": Tensor(shape: [16, length], kind: .whole) { _ in
        Float(generator.index(below: configuration.vocabulary))
      }
    ])
    try write(network, scattered(network), on: batch, to: gallery.case("transformer-\(name)"))
  }
}

/// The weights that a network begins with, where those that all seeds share are drawn too.
private func scattered(_ network: Network) -> Weights {
  var generator = Generator(seed: 1, stream: .initialization)
  return network.parameters.reduce(network.initialWeights(seeds: [0])) { weights, parameter in
    switch parameter.initialization {
    case .zeros, .constant:
      let start = weights[parameter]
      return weights.replacing(
        parameter.name,
        with: Tensor(shape: start.shape) { start.scalars[$0] + 0.5 * generator.normal() })
    default: return weights
    }
  }
}
