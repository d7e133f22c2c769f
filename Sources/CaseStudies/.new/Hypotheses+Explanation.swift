import Interpretability
import Investigations
import NAMETask
import Networks
import Tensors

extension NAME {
  /// What this case claims to have understood; from it comes the file that every case has.
  ///
  /// Say where the component is, what it computes, and on what inputs that must show.
  public func explanation() throws -> Explanation? {
    // Where two neurons count, one for each side or both for one, silencing the stronger alone would say little.
    let component = Component("all that count", at: model.hidden, members: ["they"]) { weights in
      Located(
        groups: weights.indices.map { network in
          let units = counters(weights, network: network)
          return units.isEmpty ? nil : [units]
        }, count: 1)
    }
    /// The algorithm, as a short function.
    @Sendable func vote(_ signs: [Float]) -> [Float] { [signs.reduce(0, +) > 0 ? 1 : -1] }
    let program = Program(
      "a count of the signs", from: ["x"], to: "target",
      // What the neuron holds can be taken from another input, in the program and in the network.
      variables: [.init("the count", in: component) { _, source in vote(source["x"]) }]
    ) { vote($0["x"]) }
    return Explanation(
      of: component, programs: [program], examples: probes.examples, isExhaustive: true,
      beyond: [
        // Weak and strong votes: the program adds them up, so it is wrong about who has more of them.
        .init("weighted", "votes of any strength", in: model.network) { generator in
          var rows: [[Float]] = []
          while rows.count < 256 {
            let row = (0..<Self.voterCount).map { _ in 2 * generator.uniform() - 1 }
            if row.reduce(0, +).magnitude > 1 { rows.append(row) }
          }
          return try Examples([
            "x": Tensor(rows.flatMap { $0 }, shape: [rows.count, Self.voterCount]),
            "target": Tensor(
              rows.map { row in row.count { $0 > 0 } * 2 > row.count ? 1 : -1 },
              shape: [rows.count, 1]),
          ])
        }
      ]
    ) { weights, network in "\(living(weights, network: network).count) neurons alive" }
  }
}
