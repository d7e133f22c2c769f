import Foundation
import Tensors
import Testing

@testable import Networks

/// The transformer against plain loops, finite differences, and what a mask has to keep.
@Suite struct TransformerTests {
  private static let full = Transformer.Configuration(
    vocabulary: 6, outputs: 5, context: 5, dModel: 6, headCount: 2, dHead: 3, layerCount: 2,
    dMLP: 4, isCausal: true, normalizes: true, hasBiases: true)
  private static let plain = Transformer.Configuration(
    vocabulary: 4, context: 3, dModel: 4, headCount: 3, dHead: 2)
  private static let causal = Transformer.Configuration(
    vocabulary: 5, context: 4, dModel: 4, headCount: 1, dHead: 4, layerCount: 3, isCausal: true)
  private static let wide = Transformer.Configuration(
    vocabulary: 3, outputs: 7, context: 4, dModel: 5, headCount: 2, dHead: 2, dMLP: 9,
    normalizes: true)

  private func model(
    _ configuration: Transformer.Configuration, length: Int? = nil
  ) throws -> Transformer {
    try Transformer(configuration, length: length, embeddings: .normal(deviation: 1)) {
      .normal(deviation: 1 / Float($0).squareRoot())
    }
  }

  private func network(_ model: Transformer) throws -> Network {
    let logits = Site("logits", model.logits)
    return try Network(output: logits, loss: square(logits))
  }

  /// Networks whose biases and scales are no longer what they begin with.
  private func weights(_ network: Network, _ count: Int) -> Weights {
    network.parameters.enumerated().reduce(network.initialWeights(seeds: Array(0..<count))) {
      weights, parameter in
      let shift = randomTensor(parameter.element.shape.prepending(count), seed: parameter.offset)
      let begun = weights[parameter.element]
      return weights.replacing(
        parameter.element.name,
        with: Tensor(shape: begun.shape) { begun.scalars[$0] + 0.3 * shift.scalars[$0] })
    }
  }

  private func tokens(_ model: Transformer, _ examples: Int, seed: Int = 3) throws -> Examples {
    var generator = Generator(seed: seed, stream: .analysis)
    let shape = model.tokens.shape.prepending(examples)
    let vocabulary = model.configuration.vocabulary
    return try Examples([
      "tokens": Tensor(shape: shape) { _ in Float(generator.index(below: vocabulary)) }
    ])
  }

  @Test(arguments: [full, plain, causal, wide], [0, 2])
  func agreesWithPlainLoops(configuration: Transformer.Configuration, shorter: Int) throws {
    let model = try model(configuration, length: configuration.context - shorter)
    let network = try network(model)
    let (weights, examples) = (weights(network, 3), try tokens(model, 4))
    let sites = network.sites.map(\.name)
    let run = try network.run(weights, on: examples, recordingNamed: sites)
    var seen: Set<String> = []
    for index in 0..<3 {
      var reference = TransformerReference(configuration, weights, network: index)
      for example in 0..<4 {
        let row = examples["tokens"]?.slice(example).scalars.map { Int($0) } ?? []
        var expected = ["logits": reference.logits(row).flatMap(\.self)]
        expected.merge(reference.sites) { first, _ in first }
        for (name, values) in expected {
          let held = try #require(run[name: name]).slice(index).slice(example)
          #expect(isClose(held.scalars, values, 1e-5), "\(name) of network \(index)")
          seen.insert(name)
        }
      }
    }
    #expect(seen.contains("blocks.0.attn.hook_pattern") && seen.contains("blocks.0.attn.hook_z"))
    #expect(seen.contains("ln_final.hook_scale") == configuration.normalizes)
  }

  @Test(arguments: [full, plain, causal])
  func gradientAgreesWithFiniteDifferences(configuration: Transformer.Configuration) throws {
    let model = try model(configuration)
    let network = try network(model)
    let examples = 3
    let factor = Input("factor", model.logits.shape, kind: .reals)
    let factors = randomScalars(examples * factor.shape.count, seed: 99)
    let given = try #require(tokens(model, examples)["tokens"]).scalars
    var values = network.parameters.enumerated().map { index, parameter in
      randomScalars(parameter.shape.count, seed: index).map { ($0 * 32).rounded() / 64 }
    }
    for (index, parameter) in network.parameters.enumerated() {
      // Scales are about one, and neurons far from their kink on either side.
      if parameter.name.hasSuffix(".w") { values[index] = values[index].map { $0 / 2 + 1 } }
      if parameter.name.hasSuffix("mlp.b_in") {
        values[index] = values[index].indices.map { $0 % 2 == 0 ? 4 : -4 }
      }
    }
    func leaves() -> [(leaf: any Traced, scalars: [Float])] {
      zip(network.parameters, values).map { (leaf: $0, scalars: $1) } + [
        (leaf: model.tokens, scalars: given), (leaf: factor, scalars: factors),
      ]
    }
    let slopes = gradient(
      of: sum(exampleMean(model.logits * factor)), by: network.parameters.map(\.expression))
    let found = computed(slopes, examples: examples, leaves())
    func objective() -> Double {
      let logits = computed([model.logits], examples: examples, leaves())[0]
      return zip(logits, factors).reduce(0) { $0 + Double($1.0) * Double($1.1) } / Double(examples)
    }
    let h: Float = 1 / 64
    for (array, parameter) in network.parameters.enumerated() {
      let expected = values[array].indices.map { place in
        let start = values[array][place]
        func at(_ shift: Float) -> Double {
          values[array][place] = start + shift
          return objective()
        }
        let slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * Double(h))
        values[array][place] = start
        return slope
      }
      let agrees = isClose(found[array], expected, 5e-4)
      #expect(agrees, "by \(parameter.name): \(found[array]), not \(expected)")
    }
  }

  @Test func maskedKeysHaveNoWeightAtAll() throws {
    let model = try model(Self.full)
    let network = try network(model)
    let run = try network.run(
      weights(network, 3), on: tokens(model, 4),
      recording: model.blocks.flatMap { [$0.scores, $0.pattern] })
    for block in model.blocks {
      for (index, value) in run[block.pattern].scalars.enumerated() {
        let isMasked = index % 5 > index / 5 % 5
        #expect(isMasked ? value == 0 : value > 0)
        #expect((run[block.scores].scalars[index] == -.infinity) == isMasked)
      }
    }
  }

  @Test(arguments: [full, causal])
  func laterTokensChangeNoEarlierBit(configuration: Transformer.Configuration) throws {
    let model = try model(configuration)
    let network = try network(model)
    let (weights, examples) = (weights(network, 3), try tokens(model, 4))
    let before = try network.run(weights, on: examples)[network.output]
    let length = configuration.context
    let outputs = before.shape[3]
    let given = try #require(examples["tokens"])
    for changed in 0..<length {
      let other = Tensor(shape: given.shape) {
        $0 % length < changed
          ? given.scalars[$0]
          : Float((Int(given.scalars[$0]) + 1) % configuration.vocabulary)
      }
      let after = try network.run(weights, on: Examples(["tokens": other]))[network.output]
      for index in before.scalars.indices where index / outputs % length < changed {
        #expect(before.scalars[index].bitPattern == after.scalars[index].bitPattern)
      }
      #expect(!same(before, after))
    }
  }

  @Test func namesAndShapesAreTransformerLens() throws {
    let network = try network(model(Self.full))
    let shapes = Dictionary(
      uniqueKeysWithValues: network.parameters.map { ($0.name, $0.shape.sizes) })
    let own = (0..<2).flatMap { layer in
      [
        ("attn.W_Q", [2, 6, 3]), ("attn.W_K", [2, 6, 3]), ("attn.W_V", [2, 6, 3]),
        ("attn.W_O", [2, 3, 6]), ("attn.b_Q", [2, 3]), ("attn.b_K", [2, 3]), ("attn.b_V", [2, 3]),
        ("attn.b_O", [6]), ("mlp.W_in", [6, 4]), ("mlp.b_in", [4]), ("mlp.W_out", [4, 6]),
        ("mlp.b_out", [6]), ("ln1.w", [6]), ("ln1.b", [6]), ("ln2.w", [6]), ("ln2.b", [6]),
      ].map { ("blocks.\(layer).\($0)", $1) }
    }
    let whole = [
      ("embed.W_E", [6, 6]), ("pos_embed.W_pos", [5, 6]), ("unembed.W_U", [6, 5]),
      ("unembed.b_U", [5]), ("ln_final.w", [6]), ("ln_final.b", [6]),
    ]
    #expect(shapes == Dictionary(uniqueKeysWithValues: own + whole))
    let sites = Dictionary(
      uniqueKeysWithValues: network.sites.map { ($0.name, $0.shape.sizes) })
    #expect(sites["hook_embed"] == [5, 6] && sites["hook_pos_embed"] == [5, 6])
    #expect(sites["blocks.1.attn.hook_q"] == [5, 2, 3])
    #expect(sites["blocks.1.attn.hook_result"] == [5, 2, 6])
    #expect(sites["blocks.1.attn.hook_attn_scores"] == [2, 5, 5])
    #expect(sites["blocks.1.mlp.hook_post"] == [5, 4])
    #expect(sites["blocks.1.ln2.hook_scale"] == [5, 1])
  }

  @Test func theDescriptionKeepsInfinity() throws {
    let description = try network(model(Self.full)).description
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let written = try encoder.encode(description)
    let read = try JSONDecoder().decode(GraphDescription.self, from: written)
    #expect(try encoder.encode(read) == written)
    let isMinusInfinity = { (node: GraphDescription.Node) in
      node.attributes["values"] == .numbers([-.infinity])
    }
    #expect(description.nodes.contains(where: isMinusInfinity))
    #expect(
      read.nodes.count(where: isMinusInfinity) == description.nodes.count(where: isMinusInfinity))
  }

  @Test func whatDoesNotFitIsRefused() throws {
    #expect(
      message { try model(Self.plain, length: 4) }
        == "4 tokens are more than the context has positions, 3")
    var none = Self.plain
    none.headCount = 0
    #expect(message { try model(none) }.contains("0 for its headCount"))
    let plain = try model(Self.plain)
    let network = try self.network(plain)
    let weights = self.weights(network, 1)
    func said(_ tokens: Tensor) -> String {
      message { try network.run(weights, on: Examples(["tokens": tokens])) }
    }
    #expect(said(Tensor(repeating: 0, shape: [2, 4])).contains("shape [3] for one example"))
    for bad in [4, -1, 0.5] as [Float] {
      let told = said(Tensor(repeating: bad, shape: [2, 3]))
      #expect(told.contains("token \(bad)") && told.contains("0 to 3"))
    }
    #expect(message { try plain.block(1) } == "there is no layer 1: the transformer has 1")
    #expect(message { try plain.block(-1) }.contains("no layer -1"))
    let mlp = Site("blocks.0.hook_mlp_out", Float(0))
    #expect(
      message { try network.run(weights, on: tokens(plain, 1), recording: [mlp]) }
        .contains("no site 'blocks.0.hook_mlp_out'"))
  }
}
