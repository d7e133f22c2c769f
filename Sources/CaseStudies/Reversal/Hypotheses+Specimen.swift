import Artifacts
import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  /// What is inside the specimen, and what it answers when it is rewired.
  func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    let name = "seed \(seed)"
    notebook.note("specimen-seed", Double(seed), n: 1, seeds: name, from: ["main/training.json"])
    let model = reader.model
    let circuits: [(String, Reads, Reads)] = [
      ("qk-positions", .positions, .positions), ("qk-places-tokens", .positions, .tokens),
      ("qk-tokens", .tokens, .tokens),
    ]
    for (name, queries, keys) in circuits {
      let circuit = try model.qkCircuit(layer: 0, weights, queries: queries, keys: keys)
      notebook.keep(name, circuit.slice(0).slice(0))
    }
    notebook.keep("ov-tokens", try model.ovCircuit(layer: 0, weights).slice(0).slice(0))

    // The first sequence whose tokens all differ, so that one can follow them.
    let all = try evidence.activations().tensor("inputs")
    let shown = (0..<all.shape[0]).first { Set(all.slice($0).scalars).count == Self.length } ?? 0
    notebook.keep("shown-tokens", all.slice(shown))

    // What comes out of it with other queries, other keys, or another pattern: the renumbering is the one with
    // which it matters most whether queries or keys are given other numbers.
    let one = Workbench(reader, weights, on: probes.examples.rows([shown]), threads: 1)
    func difference(_ order: [Int]) -> Int {
      zip(Workbench.byQueries(order), Workbench.byKeys(order)).count { $0.0 != $0.1 }
    }
    let order = Self.renumberings.max { difference($0) < difference($1) } ?? Self.backwards
    let renumbering = [try model.permutingPositions(by: order, weights)]
    let rewirings: [(name: String, order: [Int], interventions: [Intervention])] = [
      ("clean", Self.backwards, []),
      (
        "queries", Workbench.byQueries(order),
        try one.patches([one.heads.q], with: renumbering)
      ),
      ("keys", Workbench.byKeys(order), try one.patches([one.heads.k], with: renumbering)),
      ("rotate", Self.rotation(by: 2), [one.heads.imposing(.rotated(by: 2))]),
    ]
    for rewiring in rewirings {
      let run = try reader.network.run(
        weights, on: one.examples, with: rewiring.interventions,
        recording: [reader.logits, reader.heads.pattern])
      let logits = run[reader.logits].slice(0).slice(0)
      let said = (0..<Self.length).map { place in
        let own = logits.slice(place).scalars
        return own.indices.max { own[$0] < own[$1] } ?? 0
      }
      let foretold = one.taken(in: rewiring.order).scalars
      notebook.keep("said-\(rewiring.name)", Tensor(said.map(Float.init)))
      notebook.keep("foretold-\(rewiring.name)", Tensor(foretold))
      notebook.keep(
        "pattern-\(rewiring.name)", run[reader.heads.pattern].slice(0).slice(0).slice(0))
      notebook.note(
        "as-foretold-\(rewiring.name)",
        Double(zip(said, foretold).count { Float($0.0) == $0.1 }), unit: "tokens",
        n: Self.length, seeds: name, from: ["main/checkpoints"])
    }
    notebook.keep(
      "renumberings", try Self.table(Self.renumberings.map { $0.map(Double.init) }))
    notebook.note(
      "renumbering",
      Finding(
        .numbers(order.map(Double.init)), n: Self.length, seeds: name, from: ["main/checkpoints"]))
  }

  /// What the specimen learns first: to copy, or where to look.
  func noteEmergence(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let name = "seed \(try evidence.specimen().seed)"
    let some = probes.examples
    let emergence = try Emergence(over: try evidence.checkpoints()) { weights in
      let right = try Workbench(reader, weights, on: some, threads: evidence.threads).share()[0]
      let attention = try headScores(
        .positions(Self.backwards), of: reader.model, in: reader.network, weights, on: some)
      let circuits = try (
        reader.model.qkCircuit(layer: 0, weights, queries: .positions, keys: .positions),
        reader.model.ovCircuit(layer: 0, weights)
      )
      return [
        right, Double(attention[0, 0, 0]),
        Double(rowAgreement(circuits.0) { Self.backwards[$0] }[0, 0]),
        Double(copiedShares(of: circuits.1)[0, 0]),
      ]
    }
    notebook.keep("emergence", try Self.table(emergence.values))
    notebook.keep("emergence-steps", Tensor(emergence.steps.map(Float.init)))
    let from = ["main/checkpoints"]
    for (moment, column) in [("right", 0), ("route-found", 2), ("copying", 3)] {
      notebook.note(
        "\(moment)-after", Double(emergence.settled { $0[column] == 1 } ?? -1), unit: "steps",
        n: emergence.steps.count, seeds: name, from: from)
    }
    // The same in the population, at the few steps at which it was kept.
    let population = try evidence.population()
    var rows: [[Double]] = []
    for step in population.steps {
      let weights = population.weights(at: step).networks(population.variant.exploreSeeds)
      let route = rowAgreement(
        try reader.model.qkCircuit(layer: 0, weights, queries: .positions, keys: .positions)
      ) { Self.backwards[$0] }
      let copied = copiedShares(of: try reader.model.ovCircuit(layer: 0, weights))
      rows.append([route, copied].map { Statistics.mean($0.scalars.map(Double.init)) })
    }
    notebook.note(
      "stored-steps",
      Finding(
        .numbers(population.steps.map(Double.init)), unit: "steps", n: population.steps.count,
        from: [population.path]))
    for (name, column) in [("route-over-training", 0), ("copying-over-training", 1)] {
      notebook.note(
        name,
        Finding(
          .numbers(rows.map { $0[column] }), unit: "share", n: population.steps.count,
          seeds: Self.explore(population.variant), from: [population.path]))
    }
  }
}
