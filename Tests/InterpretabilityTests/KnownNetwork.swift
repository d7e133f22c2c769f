import Networks
import Tensors

/// A network whose mechanism is known, since its weights are written down: XOR by two detectors, beside four decoys.
///
/// Units 1 and 4 detect the corners (+, −) and (−, +). Unit 0 is dead, unit 2 fires everywhere and is not read, unit 3 is
/// read but never fires, unit 5 follows the first input and is not read.
struct KnownNetwork {
  let hidden: Site
  let output: Site
  let network: Network
  let weights: Weights
  let examples: Examples

  static let width = 6
  static let pair = [1, 4]
  static let corners: [[Float]] = [[-1, -1], [-1, 1], [1, -1], [1, 1]]

  init() throws {
    let x = Input("x", [2], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    let w1 = Parameter("W1", [2, 6], .values([0, 1, 0, 0, -1, 1, 0, -1, 0, 0, 1, 0]))
    let b1 = Parameter("b1", [6], .values([0, 0, 1, -1, 0, 0]))
    let w2 = Parameter("W2", [6, 1], .values([0, 1, 0, 1, 1, 0]))
    let b2 = Parameter("b2", [1], .values([-1]))
    hidden = Site("hidden", relu(x • w1 + b1))
    output = Site("output", hidden • w2 + b2)
    network = try Network(
      output: output, loss: square(output - target), correct: step(output * target))
    weights = network.initialWeights(seeds: [0, 1, 2])
    examples = try Examples([
      "x": Tensor(Self.corners.flatMap(\.self), shape: [4, 2]),
      "target": Tensor([-1, 1, 1, -1], shape: [4, 1]),
    ])
  }

  /// What the hidden units of one network hold at every corner.
  func activations() throws -> Tensor {
    try network.run(weights, on: examples, recording: [hidden])[hidden].slice(0)
  }
}
