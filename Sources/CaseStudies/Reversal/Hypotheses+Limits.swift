import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  /// Whether any sequence at all is answered wrongly, by networks with less and less room.
  func noteHardest(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let rows = [("main", reader)] + zip(Self.narrowWidths.map { "width-\($0)" }, narrow)
    var fooled: (variant: String, network: Int, sequence: HardestSequence, margin: Double)?
    for (name, reader) in rows {
      let population = try evidence.population(name)
      let training = try evidence.training(name)
      let weights = population.final
      let found = try Self.hardest(reader, weights, threads: evidence.threads)
      let margins = try Self.margins(found, of: reader, weights, threads: evidence.threads)
      let (seeds, from) = (Self.all(population.variant), [population.path])
      notebook.noteShare(
        "never-wrong-\(name)", margins.count { $0 > 0 }, of: margins.count,
        unit: "share of networks", seeds: seeds, from: from)
      let passed = margins.indices.filter { training.solvedAt[$0] != nil }
      let wrong = passed.filter { margins[$0] <= 0 }
      notebook.note(
        "passed-but-fooled-\(name)", Double(wrong.count), unit: "networks", n: passed.count,
        seeds: seeds, from: from)
      notebook.note(
        "least-margin-\(name)", margins.min() ?? 0, unit: "logits", n: margins.count,
        seeds: seeds, from: from)
      notebook.note(
        "margin-mismatch-\(name)",
        zip(found, margins).map { abs($0.margin - $1) }.max() ?? 0, unit: "logits",
        n: margins.count, seeds: seeds, from: from)
      notebook.keep("margins-\(name)", Tensor(margins.map(Float.init)))
      if let network = wrong.first, fooled == nil {
        fooled = (name, network, found[network], margins[network])
      }
    }
    guard let fooled else { return }
    let network = try evidence.population(fooled.variant)
    let narrow = rows.first { $0.0 == fooled.variant }?.1 ?? reader
    let tokens = Tensor(fooled.sequence.tokens.map(Float.init))
    let run = try narrow.network.run(
      network.final.network(fooled.network),
      on: try Examples(["tokens": try tokens.reshaped(to: [1, Self.length])]),
      recording: [narrow.heads.pattern, narrow.logits])
    notebook.keep("fooled-tokens", tokens)
    notebook.keep("fooled-pattern", run[narrow.heads.pattern].slice(0).slice(0).slice(0))
    let logits = run[narrow.logits].slice(0).slice(0).slice(fooled.sequence.place)
    notebook.keep("fooled-logits", logits)
    let said = logits.scalars
    let seed = "seed \(fooled.network)"
    let values = [
      ("fooled-seed", Double(fooled.network)), ("fooled-place", Double(fooled.sequence.place)),
      ("fooled-width", Double(narrow.model.configuration.dModel)),
      ("fooled-says", Double(said.indices.max { said[$0] < said[$1] } ?? 0)),
      (
        "fooled-right",
        Double(fooled.sequence.tokens[Self.length - 1 - fooled.sequence.place])
      ),
    ]
    for (name, value) in values {
      notebook.note(name, value, n: 1, seeds: seed, from: [network.path])
    }
  }

  /// Who is missed among four heads.
  func noteCrew(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population("four-heads")
    let (variant, from) = (population.variant, [population.path])
    let weights = population.final.networks(variant.exploreSeeds)
    let seeds = Self.explore(variant)
    let some = probes.examples
    for ablation in [Ablation.mean, .zero] {
      let subsets = try Crew(
        crew, weights, on: some, by: ablation, threads: evidence.threads)
      let way = ablation == .mean ? "" : "-\(ablation)"
      for count in 0...subsets.headCount {
        notebook.noteMean(
          "keeping-\(count)\(way)", of: subsets.keeping(count).flatMap(\.self),
          unit: "share of tokens", seeds: seeds, from: from)
      }
      notebook.note(
        "worst-without-one\(way)", subsets.withoutOne.flatMap(\.self).min() ?? 0,
        unit: "share of tokens", n: weights.count * subsets.headCount, seeds: seeds, from: from)
      notebook.note(
        "best-alone\(way)", subsets.oneAlone.flatMap(\.self).max() ?? 0,
        unit: "share of tokens", n: weights.count * subsets.headCount, seeds: seeds, from: from)
      guard ablation == .mean else { continue }
      notebook.keep("subset-shares", try Self.table(subsets.shares))
      // Two ways to share out the credit of each network among its heads.
      let full = subsets.shares.count - 1
      let missed = weights.indices.map { network in
        (0..<subsets.headCount).map { head in
          subsets.shares[full][network] - subsets.shares[full ^ 1 << head][network]
        }
      }
      let credit = weights.indices.map { subsets.subsets.shapleyValues(network: $0) }
      notebook.keep("heads-missed", try Self.table(missed))
      notebook.keep("heads-credit", try Self.table(credit))
      for (name, values) in [("missed", missed), ("credit", credit)] {
        notebook.noteMean(
          "head-\(name)", of: values.flatMap(\.self), unit: "share of tokens", seeds: seeds,
          from: from)
        notebook.noteMean(
          "heads-\(name)-sum", of: values.map { $0.reduce(0, +) }, unit: "share of tokens",
          seeds: seeds, from: from)
      }
      let sufficient = weights.indices.map { network in
        subsets.subsets.minimalSufficientSets(network: network) { $0.accuracy >= 0.95 }
      }
      notebook.noteMean(
        "sufficient-sets", of: sufficient.map { Double($0.count) }, unit: "sets", seeds: seeds,
        from: from)
      notebook.note(
        "smallest-sufficient",
        Statistics.mean(sufficient.map { Double($0.map(\.count).min() ?? 0) }),
        unit: "heads", n: weights.count, seeds: seeds, from: from)
    }
    let scores = try headScores(
      .positions(Self.backwards), of: crew.model, in: crew.network, weights, on: some,
      threads: evidence.threads)
    notebook.noteMean(
      "crew-attention-on-route", of: scores.scalars.map(Double.init), unit: "attention",
      seeds: seeds, from: from)
  }

  /// What becomes of places whose answers were never asked for.
  func noteUnasked(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population("unasked")
    let variant = population.variant
    let weights = population.final.networks(variant.exploreSeeds)
    let shares = try Workbench(
      unasked, weights, on: probes.examples, threads: evidence.threads
    ).shareByPlace()
    let byPlace = (0..<Self.length).map { place in Statistics.mean(shares.map { $0[place] }) }
    notebook.note(
      "unasked-by-place",
      Finding(
        .numbers(byPlace), unit: "share of tokens", n: weights.count,
        seeds: Self.explore(variant), from: [population.path]))
    let never = (0..<Self.length).filter { !Self.asked.contains($0) }
    notebook.noteMean(
      "unasked-right", of: shares.map { own in Statistics.mean(never.map { own[$0] }) },
      unit: "share of tokens", seeds: Self.explore(variant), from: [population.path])
    let patterns = try attentionPatterns(
      of: unasked.model, in: unasked.network, weights, on: probes.examples,
      threads: evidence.threads)
    notebook.keep("unasked-pattern", patterns.slice(0).slice(0).slice(0))
  }
}
