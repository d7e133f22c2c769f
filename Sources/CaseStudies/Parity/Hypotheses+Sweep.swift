import Experiments
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity: Sweeping {
  static let sweptWidths = [8, 12, 16, 24, 32, 48, 64]
  static let sweptPenalties: [Float] = [0.001, 0.003]

  public func sweep() throws -> Sweep {
    let main = try variant("main")
    let settings = try Self.sweptPenalties.flatMap { penalty in
      try Self.sweptWidths.map { width in
        let name = "penalty-\("\(penalty)".dropFirst(2))-width-\(width)"
        return Sweep.Setting(
          panel: "Penalty \(penalty)", label: "\(width)",
          Variant(
            name, try Perceptron(width: width, penalty: penalty).network, data: main.data,
            evaluation: main.evaluation, schedule: main.schedule, seedCount: 300))
      }
    }
    return Sweep(
      settings, seedsPerShard: 100,
      algorithms: [
        .init("face", "a face: eight templates"),
        .init("doubled-face", "a face, not every template in one neuron"),
        .init("fold", "four templates and a fold over two bits"),
        .init("line", "four templates and a line along one bit"),
        .init("blend", "more than eight templates, faces blended"),
      ], axis: "hidden neurons",
      title: { tally in
        let (wide, narrow) = ("penalty-003-width-64", "penalty-003-width-16")
        return
          "At a penalty of 0.003, \(tally.percent([0, 1], of: wide)) of the networks with 64 neurons find a face; with 16, \(tally.percent([2, 3], of: narrow)) fold or draw a line instead"
      },
      subtitle:
        "Told apart by the neurons that are left and the bits that each of them hears."
    ) { weights, network in
      Self.algorithm(of: weights, network)
    }
  }

  /// Which algorithm a network runs that has every input right, by its place in the sweep's list.
  private static func algorithm(of weights: Weights, _ network: Int) -> Int? {
    if let templates = Templates(in: weights, network: network), templates.pivot != nil,
      hasTemplatesAlone(weights, network)
    {
      return templates.neurons.count == Templates.expected ? 0 : 1
    }
    let alive = Templates.alive(in: weights, network: network)
    let heard = alive.map { heardBits(of: $0, in: weights, network) }
    let few = alive.indices.filter { heard[$0].count < decidingBits().count }
    if alive.count - few.count == Templates.expected / 2, let first = few.first,
      few.allSatisfy({ heard[$0] == heard[first] })
    {
      // Both halves of a fold are zero in its middle; a line has a bias that keeps it from bending.
      if heard[first].count == 2, few.count == 2 { return 2 }
      if heard[first].count == 1 { return 3 }
    }
    let count = Templates(allOf: weights, network: network).all.count
    return count > Templates.expected && hasTemplatesAlone(weights, network) ? 4 : nil
  }

  /// The deciding bits on which a neuron has more than a tenth of its largest weight.
  private static func heardBits(of neuron: Int, in weights: Weights, _ network: Int) -> [Int] {
    let sizes = Templates.decidingWeights(of: neuron, in: weights, network: network)
      .map(\.magnitude)
    let most = sizes.max() ?? 0
    return sizes.indices.filter { sizes[$0] > 0.1 * most }
  }

  /// Whether all living neurons of a network are templates: weights of one size on the deciding bits, and no bias.
  static func hasTemplatesAlone(_ weights: Weights, _ network: Int) -> Bool {
    guard let biases = weights["b1"] else { return false }
    return Templates.alive(in: weights, network: network).allSatisfy { neuron in
      let sizes = Templates.decidingWeights(of: neuron, in: weights, network: network)
        .map(\.magnitude)
      let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
      return most - least < 0.1 * most && biases[network, neuron].magnitude < 0.1 * most
    }
  }
}
