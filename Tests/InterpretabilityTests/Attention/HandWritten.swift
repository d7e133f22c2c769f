import Interpretability
import Networks
import Tensors

/// A head as somebody would write it down: which dimension of the stream goes to which of its own, and back.
struct HandWrittenHead {
  typealias Links = [(from: Int, to: Int, weight: Float)]

  var query: Links = []
  var key: Links = []
  var value: Links = []
  var output: Links = []
}

/// Three networks whose weights are written down, each with the same heads in another order.
struct HandWritten {
  static let networks = 3

  let model: Transformer
  let network: Network
  let weights: Weights
  let examples: Examples

  /// Writes the weights: tokens and positions one-hot, then the heads.
  ///
  /// - Parameters:
  ///   - configuration: What the transformer is made of; its vocabulary and context come first in the stream.
  ///   - answer: The dimension of the stream where the answers begin.
  ///   - graded: The positions whose answers count.
  ///   - tokens: The questions.
  ///   - targets: The answers.
  ///   - heads: The heads of each layer in each network: `[networks][layers][heads]`.
  /// - Throws: `NetworkError` or `ShapeError` if something does not fit.
  init(
    _ configuration: Transformer.Configuration, answer: Int, graded: Range<Int>, tokens: [[Int]],
    targets: [[Int]], heads: (_ network: Int) -> [[HandWrittenHead]]
  ) throws {
    let (vocabulary, length) = (configuration.vocabulary, configuration.context)
    let model = try Transformer(configuration, embeddings: .zeros) { _ in .zeros }
    let target = Input("target", [length], kind: .tokens(vocabulary: vocabulary))
    let error = -sum(oneHot(target, count: vocabulary) * logSoftmax(model.logits), axes: [-1])
    let right = equal(argmax(model.logits), target)
    network = try Network(
      output: Site("logits", model.logits, axes: ["position", "token"]),
      loss: error.sliced(axis: 0, graded), correct: mean(right.sliced(axis: 0, graded)))
    self.model = model
    var weights = network.initialWeights(seeds: Array(0..<Self.networks))
    func write(_ parameter: Parameter, _ entries: (_ network: Int) -> [(place: [Int], Float)]) {
      var tensor = weights[parameter]
      for network in 0..<Self.networks {
        for (place, value) in entries(network) {
          let index = zip([network] + place, tensor.shape.strides).reduce(0) { $0 + $1.0 * $1.1 }
          tensor.withUnsafeMutableScalars { $0[index] = value }
        }
      }
      weights = weights.replacing(parameter.name, with: tensor)
    }
    write(model.wE) { _ in (0..<vocabulary).map { ([$0, $0], 1) } }
    write(model.wPos) { _ in (0..<length).map { ([$0, vocabulary + $0], 1) } }
    write(model.wU) { _ in (0..<vocabulary).map { ([answer + $0, $0], 1) } }
    for (layer, block) in model.blocks.enumerated() {
      func link(_ parameter: Parameter, _ links: KeyPath<HandWrittenHead, HandWrittenHead.Links>) {
        write(parameter) { network in
          heads(network)[layer].enumerated().flatMap { index, head in
            head[keyPath: links].map { ([index, $0.from, $0.to], $0.weight) }
          }
        }
      }
      link(block.wQ, \.query)
      link(block.wK, \.key)
      link(block.wV, \.value)
      link(block.wO, \.output)
    }
    self.weights = weights
    examples = try Examples([
      "tokens": Tensor(tokens.flatMap { $0.map(Float.init) }, shape: [tokens.count, length]),
      "target": Tensor(targets.flatMap { $0.map(Float.init) }, shape: [targets.count, length]),
    ])
  }

  /// The token with the largest logit at each position: `[networks][examples][position]`.
  func answers(with interventions: [Intervention] = []) throws -> [[[Int]]] {
    let logits = try network.run(weights, on: examples, with: interventions)[network.output]
    return (0..<Self.networks).map { network in
      (0..<examples.count).map { example in
        let rows = logits.slice(network).slice(example)
        return (0..<rows.shape[0]).map { position in
          let row = rows.slice(position).scalars
          return row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
        }
      }
    }
  }

  /// The share of right answers of each network under interventions.
  func accuracies(under interventions: [Intervention] = []) throws -> [Float] {
    try network.scores(weights, on: examples, under: [interventions])[0].map(\.accuracy)
  }
}

extension [HandWrittenHead] {
  /// The heads moved on, so that the first is where `place` says in each network.
  func turned(by places: Int) -> [HandWrittenHead] {
    indices.map { self[(($0 - places) % count + count) % count] }
  }
}

/// How sure a head is: a key that fits lies this far above one that does not, before the softmax.
func sharp(_ dHead: Int) -> Float { 30 * Float(dHead).squareRoot() }

/// A link from each of some dimensions to its counterpart.
func links(_ from: Int, _ to: Int, _ count: Int, _ weight: Float = 1) -> HandWrittenHead.Links {
  (0..<count).map { (from: from + $0, to: to + $0, weight: weight) }
}
