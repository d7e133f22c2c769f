import Experiments
import Investigations
import Networks
import Tensors
import XORTask

extension XOR: Sweeping {
  static let sweptWidths = [2, 3, 4, 6, 8, 12, 16]
  static let sweptPenalties: [Float] = [0, 0.001, 0.01, 0.1]

  public func sweep() throws -> Sweep {
    let main = try variant("main")
    let settings = try Self.sweptPenalties.flatMap { penalty in
      try Self.sweptWidths.map { width in
        let price = penalty == 0 ? "no-penalty" : "penalty-\("\(penalty)".dropFirst(2))"
        return Sweep.Setting(
          panel: penalty == 0 ? "No penalty" : "Penalty \(penalty)", label: "\(width)",
          Variant(
            "\(price)-width-\(width)", try Perceptron(width: width, penalty: penalty).network,
            data: main.data,
            evaluation: main.evaluation, schedule: main.schedule, seedCount: 1000))
      }
    }
    return Sweep(
      settings, seedsPerShard: 500,
      algorithms: [
        .init("differing", "a detector for each corner where the signs differ"),
        .init("agreeing", "a detector for each corner where they agree"),
        .init("one-line", "two neurons along one diagonal"),
        .init("crowd", "three neurons or more"),
      ], axis: "hidden neurons",
      title: { tally in
        "A third algorithm turns up where neurons are few and dear: in \(tally.percent([2], of: "penalty-1-width-3")) of the networks with three, in \(tally.percent([2], of: "penalty-01-width-16")) of those in the story"
      },
      subtitle:
        "Told apart by the neurons that are left; the story has sixteen, at a penalty of 0.01."
    ) { weights, network in
      Self.algorithm(of: weights, network)
    }
  }

  /// Which algorithm a network runs that has every corner right, by its place in the sweep's list.
  private static func algorithm(of weights: Weights, _ network: Int) -> Int? {
    if let pair = Pair(in: weights, network: network) {
      return pair.algorithm == .differing ? 0 : 1
    }
    let alive = Pair.alive(in: weights, network: network)
    if alive.count > 2 { return 3 }
    // One of them is early and one is late, and speaks against it.
    let corners = Set(alive.map { Lottery.corner(weights, network: network, unit: $0) })
    let tuned = alive.count { Lottery.isInTune(weights, network: network, unit: $0) }
    return alive.count == 2 && corners.count == 1 && tuned == 1 ? 2 : nil
  }
}
