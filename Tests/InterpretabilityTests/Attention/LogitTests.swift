import Interpretability
import Networks
import Tensors
import Testing

@Suite("Whose doing a logit is, where it is known")
struct LogitTests {
  let reversal: HandWrittenReversal
  let induction: HandWrittenInduction

  init() throws { (reversal, induction) = (try HandWrittenReversal(), try HandWrittenInduction()) }

  @Test("The reverser adds ten to the right logit; the decoys add nothing")
  func attribution() throws {
    let answers = try #require(reversal.examples["target"])
    let attribution = try LogitAttribution(
      of: answers, in: reversal.model, reversal.network, reversal.weights, on: reversal.examples)
    #expect(attribution.values.shape == [3, 6, 40, 6])
    for network in 0..<HandWritten.networks {
      func mean(_ head: Int, _ positions: [Int]? = nil) -> Double {
        let place = HandWrittenReversal.places(of: head)[network][0]
        return attribution.mean(
          of: .head(Head(layer: 0, index: place)), positions: positions)[network]
      }
      #expect((mean(0) - 10).magnitude < 1e-5 && (mean(0, [2]) - 10).magnitude < 1e-5)
      #expect(mean(1) == 0 && mean(2) == 0 && mean(3) < 1e-3)
      #expect(attribution.mean(of: .tokens)[network] == 0)
      #expect(attribution.mean(of: .positions)[network] == 0)
    }
  }

  @Test("To an answer at random the reverser adds nothing")
  func randomBaseline() throws {
    var generator = Generator(seed: 8, stream: .analysis)
    let answers = try #require(reversal.examples["target"])
    let others = randomAnswers(besides: answers, of: 5, using: &generator)
    #expect(zip(answers.scalars, others.scalars).allSatisfy { $0 != $1 && (0..<5).contains($1) })
    let random = try LogitAttribution(
      of: others, in: reversal.model, reversal.network, reversal.weights, on: reversal.examples)
    let difference = try LogitAttribution(
      of: answers, against: others, in: reversal.model, reversal.network, reversal.weights,
      on: reversal.examples)
    let reverser = LogitAttribution.Part.head(Head(layer: 0, index: 0))
    #expect(random.mean(of: reverser)[0].magnitude < 1e-5)
    #expect((difference.mean(of: reverser)[0] - 10).magnitude < 1e-5)
  }

  @Test(
    "The parts add up to the logit, LayerNorm, MLPs and biases included", arguments: [false, true])
  func sums(normalizes: Bool) throws {
    let random = try RandomTransformer(normalizes: normalizes)
    let answers = Tensor(shape: [5, 4]) { Float($0 % 3) }
    let others = Tensor(shape: [5, 4]) { Float(3 + $0 % 2) }
    let attribution = try LogitAttribution(
      of: answers, against: others, in: random.model, random.network, random.weights,
      on: random.examples)
    let logits = try random.network.run(random.weights, on: random.examples)[random.network.output]
    for network in 0..<4 {
      for row in 0..<20 {
        let sum = attribution.parts.indices.reduce(Float(0)) {
          $0 + attribution.values[network, $1, row / 4, row % 4]
        }
        let logit = { (answer: Tensor) in
          logits[network, row / 4, row % 4, Int(answer.scalars[row])]
        }
        #expect((sum - (logit(answers) - logit(others))).magnitude < 1e-4)
      }
    }
  }

  @Test("The lens sees the answer after the induction head and not before")
  func lens() throws {
    let scores = try logitLens(
      of: induction.model, in: induction.network, induction.weights, on: induction.examples)
    #expect(scores.count == 3)
    // Before, all logits are zero, and the first token is taken for the largest.
    let zeros = induction.tokens.flatMap { $0.prefix(6) }.count { $0 == 0 }
    for network in 0..<HandWritten.networks {
      #expect((scores[0][network].accuracy - Float(zeros) / 240).magnitude < 1e-6)
      #expect(scores[1][network] == scores[0][network])
      #expect(scores[2][network].accuracy == 1)
    }
  }

  @Test("The lens reads through the last LayerNorm as if the layers did nothing")
  func lensOutputs() throws {
    let random = try RandomTransformer(normalizes: true)
    let outputs = try logitLensOutputs(
      of: random.model, in: random.network, random.weights, on: random.examples)
    func run(_ silent: [TransformerBlock]) throws -> Tensor {
      let cut = silent.flatMap { block in
        [block.attentionOut, block.mlpOut].compactMap { $0 }.map { Intervention(at: $0, .zero) }
      }
      return try random.network.run(random.weights, on: random.examples, with: cut)[
        random.network.output]
    }
    #expect(outputs.count == 3)
    for (output, expected) in zip(
      outputs, [try run(random.model.blocks), try run([random.model.blocks[1]]), try run([])])
    {
      #expect(zip(output.scalars, expected.scalars).allSatisfy { ($0 - $1).magnitude < 1e-5 })
    }
  }

  @Test("Answers that are none are refused")
  func refusals() {
    for answers in [
      Tensor(repeating: 5, shape: [40, 6]), Tensor(repeating: -1, shape: [40, 6]),
      Tensor(repeating: 0.5, shape: [40, 6]), Tensor(repeating: 0, shape: [40]),
    ] {
      #expect(throws: NetworkError.self) {
        try LogitAttribution(
          of: answers, in: reversal.model, reversal.network, reversal.weights,
          on: reversal.examples)
      }
    }
  }
}

/// Four transformers of two layers with everything in them, weights at random.
struct RandomTransformer {
  let model: Transformer
  let network: Network
  let weights: Weights
  let examples: Examples

  init(normalizes: Bool, layers: Int = 2) throws {
    model = try Transformer(
      .init(
        vocabulary: 6, outputs: 5, context: 4, dModel: 8, headCount: 2, dHead: 3,
        layerCount: layers, dMLP: 7, isCausal: true, normalizes: normalizes, hasBiases: true),
      embeddings: .normal(deviation: 1)
    ) { .normal(deviation: 1 / Float($0).squareRoot()) }
    let logits = Site("logits", model.logits)
    network = try Network(output: logits, loss: square(logits))
    var weights = network.initialWeights(seeds: [1, 2, 3, 4])
    var generator = Generator(seed: 12, stream: .analysis)
    // Biases and scales begin at zero and one; here they are anything.
    for parameter in network.parameters {
      let moved = weights[parameter].mapped { $0 + 0.3 * generator.normal() }
      weights = weights.replacing(parameter.name, with: moved)
    }
    self.weights = weights
    examples = try Examples([
      "tokens": Tensor(shape: [5, 4]) { _ in Float(generator.index(below: 6)) }
    ])
  }
}
