import Networks
import Tensors

extension Workload {
  /// One head that reads eight tokens backwards.
  static let reverse = Workload(
    name: "reverse", networks: 20, steps: 300,
    network: {
      let model = try transformer(
        .init(vocabulary: 10, context: 8, dModel: 16, headCount: 1, dHead: 16))
      let target = Input("target", [8], kind: .tokens(vocabulary: 10))
      return try Network(
        output: Site("logits", model.logits),
        loss: -sum(oneHot(target, count: 10) * logSoftmax(model.logits), axes: [-1]))
    },
    data: shared(
      .made(inputs: ["tokens", "target"], batch: 64) { generator, example in
        for place in 0..<8 {
          let token = Float(generator.index(below: 10))
          (example[0][place], example[1][7 - place]) = (token, token)
        }
      }), schedule: schedule(300))

  /// One transformer that adds modulo 113, read out at the last position.
  static let grok = Workload(
    name: "grok", networks: 1, steps: 20,
    network: {
      let model = try transformer(
        .init(
          vocabulary: 114, outputs: 113, context: 3, dModel: 128, headCount: 4, dHead: 32,
          dMLP: 512))
      let target = Input("target", [], kind: .tokens(vocabulary: 113))
      let logits = model.logits.sliced(axis: 0, 2..<3).reshaped([113])
      return try Network(
        output: Site("logits", logits), loss: -sum(oneHot(target, count: 113) * logSoftmax(logits)))
    },
    data: shared(.whole(sums(modulo: 113, count: 3830))), schedule: schedule(20))

  private static func transformer(
    _ configuration: Transformer.Configuration
  ) throws -> Transformer {
    try Transformer(configuration, embeddings: .normal(deviation: 0.5)) {
      .normal(deviation: 0.5 / Float($0).squareRoot())
    }
  }

  /// Some of all pairs below p, each with a third token that asks for the sum.
  private static func sums(modulo p: Int, count: Int) -> Examples {
    var generator = Generator(seed: 0, stream: .split)
    let pairs = generator.permutation(of: p * p).prefix(count).map { [$0 / p, $0 % p, p] }
    let tokens = Tensor(shape: [count, 3], kind: .whole) { Float(pairs[$0 / 3][$0 % 3]) }
    let target = Tensor(shape: [count], kind: .whole) { Float((pairs[$0][0] + pairs[$0][1]) % p) }
    do {
      return try Examples(["tokens": tokens, "target": target])
    } catch {
      preconditionFailure("Both tensors have a row a pair: \(error)")
    }
  }
}
