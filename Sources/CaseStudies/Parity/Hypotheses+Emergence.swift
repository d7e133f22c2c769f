import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity {
  /// When the specimen finds the deciding bits, and when only its templates are left.
  func noteEmergence(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let name = "seed \(try evidence.specimen().seed)"
    let emergence = try Emergence(over: try evidence.checkpoints()) { weights in
      let score = try perceptron.network.scores(
        weights, on: probes.examples, threads: evidence.threads)[0][0]
      let alive = Templates.alive(in: weights, network: 0).count
      return [Double(score.accuracy), decidingShare(weights, network: 0), Double(alive)]
    }
    let from = ["main/checkpoints"]
    notebook.keep("emergence", try Self.table(emergence.values))
    notebook.keep("emergence-steps", Tensor(emergence.steps.map(Float.init)))
    let count = emergence.steps.count
    let moments: [(String, Int?)] = [
      ("right-after", emergence.settled { $0[0] == 1 }),
      ("bits-found-after", emergence.settled { $0[1] > 0.9 }),
      ("eight-left-after", emergence.settled { $0[2] == Double(Templates.expected) }),
    ]
    for (moment, step) in moments {
      notebook.note(
        moment, Double(step ?? -1), unit: "steps", n: count, seeds: name, from: from)
    }
    notebook.note(
      "deciding-share-first", emergence.values.first?[1] ?? 0, unit: "share of all weight",
      n: 1, seeds: name, from: from)
    if let right = emergence.steps.firstIndex(of: emergence.settled { $0[0] == 1 } ?? -1) {
      notebook.note(
        "alive-when-right", emergence.values[right][2], unit: "neurons", n: 1, seeds: name,
        from: from)
      notebook.note(
        "deciding-share-when-right", emergence.values[right][1], unit: "share of all weight",
        n: 1, seeds: name, from: from)
    }
    let population = try evidence.population()
    let weights = population.final
    notebook.noteMean(
      "deciding-share", of: (0..<weights.count).map { decidingShare(weights, network: $0) },
      unit: "share of all weight", seeds: Self.all(population.variant), from: [population.path])
  }

  /// How much of the size of the first layer's weights hangs on the deciding bits.
  private func decidingShare(_ weights: Weights, network: Int) -> Double {
    let w1 = weights[perceptron.w1]
    let byBit = (0..<Self.bitCount).map { bit in
      (0..<w1.shape[2]).reduce(0.0) { $0 + Double(w1[network, bit, $1].magnitude) }
    }
    let total = byBit.reduce(0, +)
    return total == 0 ? 0 : Self.decidingBits().reduce(0) { $0 + byBit[$1] } / total
  }

  /// Which algorithms the small networks use for three deciding bits.
  func noteThreeBits(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population("three-bits")
    let (weights, from) = (population.final, [population.path])
    let seeds = Self.all(population.variant)
    let rulers = (0..<weights.count).map { Ruler(in: weights, network: $0) }
    notebook.noteShare(
      "rulers", rulers.count { $0 != nil }, of: rulers.count, unit: "share of networks",
      seeds: seeds, from: from)
    notebook.note(
      "small-neurons", Double(small.hidden.shape.count), unit: "neurons", n: 1, from: from)
    let others = rulers.indices.filter { rulers[$0] == nil }
    let counts = others.map { Double(Templates.alive(in: weights, network: $0).count) }
    notebook.note(
      "neurons-without-ruler", Statistics.median(counts), unit: "neurons", n: counts.count,
      seeds: seeds, from: from)
    notebook.keep("is-ruler", Tensor(rulers.map { $0 == nil ? 0 : 1 }))
    guard let network = population.variant.exploreSeeds.first(where: { rulers[$0] != nil }),
      let ruler = rulers[network]
    else { return }
    let one = weights.network(network)
    let run = try small.network.run(
      one, on: try Self.domain(deciding: Ruler.bits), recording: [small.hidden, small.output])
    let curves = (0...3).map { count in
      let inputs = (0..<probes.examples.count).filter { ruler.agreements($0) == count }
      let parts = ruler.neurons.map { neuron in
        Statistics.mean(
          inputs.map { Double(run[small.hidden][0, $0, neuron] * one[small.w2][0, neuron, 0]) })
      }
      let answer = Statistics.mean(inputs.map { Double(run[small.output][0, $0, 0]) })
      return parts + [Double(one[small.b2][0, 0]), answer]
    }
    notebook.keep("ruler-curves", try Self.table(curves))
    notebook.note(
      "ruler-seed", Double(network), n: 1, seeds: "seed \(network)", from: from)
    let counted = (0...3).map { curves[$0][ruler.neurons.count + 1] }
    notebook.note(
      "ruler-answers",
      Finding(.numbers(counted), unit: "output", n: 4, seeds: "seed \(network)", from: from))
  }
}
