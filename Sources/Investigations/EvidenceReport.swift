import Experiments
import Findings
import Interpretability
import Networks
import Tensors

/// Gathers the evidence for an explanation, the same for every case: what stands in `findings.json` under `evidence-…`.
///
/// Each part is a file of its own: where the component is found, what each way of ablating it costs, whether it is
/// faithful, complete and minimal, how it comes to be, what the program foretells, and what twins make of all that.
struct EvidenceReport {
  let explanation: Explanation
  let evidence: Evidence
  let population: Population
  /// All networks after training.
  let all: Examination
  /// Those in which the component was found.
  let found: [Int]
  let generatorSeed = 5

  init(_ explanation: Explanation, _ evidence: Evidence) throws {
    (self.explanation, self.evidence) = (explanation, evidence)
    population = try evidence.population()
    let all = try Examination(
      explanation, of: population.network, population.final, threads: evidence.threads)
    self.all = all
    found = all.located.present.indices.filter { all.located.present[$0] }
  }

  /// Notes everything.
  ///
  /// - Parameters:
  ///   - notebook: Where it is noted.
  ///   - standard: What the trial networks made of the standard tests.
  /// - Throws: `StageError` if a population is missing, `NetworkError` if the explanation does not fit it.
  func note(
    _ notebook: inout Notebook, standard: [(hypothesis: Hypothesis, outcome: Outcome)]
  ) throws {
    notebook.note(
      "evidence-component",
      Finding(.text(explanation.component.name), n: 1, from: [population.path]))
    try noteUniversality(&notebook)
    if !found.isEmpty {
      try noteSensitivity(&notebook)
      try noteCriteria(&notebook)
    }
    try noteEmergence(&notebook)
    try noteProgram(&notebook)
    try noteTwins(&notebook, standard: standard)
  }

  var seeds: String { "all 0-\(population.variant.seedCount - 1)" }

  /// Some networks of the trained population.
  func examination(of networks: [Int]) throws -> Examination {
    try Examination(
      explanation, of: population.network, population.final.networks(networks),
      threads: evidence.threads)
  }
}

// MARK: Universality

extension EvidenceReport {
  /// In how many networks the component is found, and what the others do instead.
  private func noteUniversality(_ notebook: inout Notebook) throws {
    let trial = population.variant.trialSeeds
    notebook.noteShare(
      "evidence-found", trial.count { all.located.present[$0] }, of: trial.count,
      unit: "share of networks", seeds: "trial \(trial.lowerBound)-\(trial.upperBound - 1)",
      from: [population.path])
    notebook.noteShare(
      "evidence-found-all", found.count, of: population.final.count, unit: "share of networks",
      seeds: seeds, from: [population.path])
    let kinds = try population.final.indices.map { network in
      all.located.present[network]
        ? "found" : try explanation.instead(population.final, network)
    }
    let counts = Dictionary(grouping: kinds.indices, by: { kinds[$0] })
      .map { (kind: $0.key, networks: $0.value) }
      .sorted {
        ($1.networks.count, $0.kind) < ($0.networks.count, $1.kind)
      }
    let clean = try all.bench.scores()
    let others = counts.filter { $0.kind != "found" }
    notebook.note(
      "evidence-others", Double(others.reduce(0) { $0 + $1.networks.count }), unit: "networks",
      n: kinds.count, seeds: seeds, from: [population.path])
    notebook.note(
      "evidence-others-kinds",
      Finding(
        .text(
          others.isEmpty
            ? "none"
            : others.map { kind, networks in
              let right = Statistics.mean(networks.map { Double(clean[$0].accuracy) })
              let many = networks.count == 1 ? "network" : "networks"
              return
                "\(kind) in \(networks.count) \(many), with \(percent(right)) of the answers right (the first is seed \(networks[0]))"
            }.joined(separator: "; ")), n: kinds.count, seeds: seeds, from: [population.path]))
  }

  private func percent(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
  }
}

// MARK: Ways of ablating

extension EvidenceReport {
  /// What is cut for the panel of ways of ablating, in its order.
  static let cuts = ["one", "set", "rest"]

  /// The share of answers that stay right under every way of ablating one member, all, and all but them, and the same of
  /// placebos.
  private func noteSensitivity(_ notebook: inout Notebook) throws {
    let networks = try examination(of: found)
    var generator = Generator(seed: generatorSeed, stream: .analysis)
    let whole = try networks.whole()
    let placebo = try networks.placebo(whole, using: &generator)
    let members = networks.located.members
    let one = try members[0].placebo(
      ofSite: explanation.component.size, among: explanation.component.comparable,
      using: &generator)
    let isAll = try networks.isRestEmpty()
    let clean = Examination.accuracies(try networks.bench.scores())
    notebook.noteMean(
      "evidence-clean", of: clean, unit: "share of answers right", seeds: seeds,
      from: [population.path])
    var claims: [(alone: Double, needed: Double, enough: Double)] = []
    for way in Ablation.allCases {
      let cuts =
        members.map { ComponentAblation.Cut.part($0) }
        + [.part(whole), .allBut(whole), .part(one), .part(placebo), .allBut(placebo)]
      let scores = try networks.bench.scores(cuts, by: way).map(Examination.accuracies)
      let rest = Array(scores.dropFirst(members.count))
      let alone = found.indices.map { network in
        Statistics.mean(members.indices.map { scores[$0][network] })
      }
      for (name, values) in [
        ("one", alone), ("set", rest[0]), ("rest", rest[1]), ("one-placebo", rest[2]),
        ("set-placebo", rest[3]), ("rest-placebo", rest[4]),
      ] where !isAll || !name.hasPrefix("rest") {
        notebook.noteMean(
          "evidence-\(way)-\(name)", of: values, unit: "share of answers right", seeds: seeds,
          from: [population.path])
      }
      notebook.note(
        "evidence-\(way)-members",
        Finding(
          .numbers(members.indices.map { Statistics.mean(scores[$0]) }),
          unit: "share of answers right", n: found.count, seeds: seeds, from: [population.path]))
      func share(_ passes: (Int) -> Bool) -> Double {
        Double(found.indices.count(where: passes)) / Double(found.count)
      }
      claims.append(
        (
          share { network in
            clean[network] - alone[network] >= CircuitCriteria.tolerance
              && alone[network] < rest[2][network]
          },
          share { network in
            1 - rest[0][network] / max(clean[network], .leastNormalMagnitude)
              >= StandardTest.isNeeded.threshold
              && (isAll || rest[0][network] < rest[3][network])
          },
          share { rest[1][$0] >= StandardTest.suffices.threshold && rest[1][$0] > rest[4][$0] }
        ))
    }
    notebook.note(
      "evidence-alone-by-way",
      Finding(
        .numbers(claims.map(\.alone)), unit: "share of networks", n: found.count, seeds: seeds,
        from: [population.path]))
    notebook.note(
      "evidence-needed-by-way",
      Finding(
        .numbers(claims.map(\.needed)), unit: "share of networks", n: found.count, seeds: seeds,
        from: [population.path]))
    if !isAll {
      notebook.note(
        "evidence-enough-by-way",
        Finding(
          .numbers(claims.map(\.enough)), unit: "share of networks", n: found.count, seeds: seeds,
          from: [population.path]))
    }
    // A claim holds under a way of ablating if four networks in five bear it out.
    func flips(_ shares: [Double]) -> Bool { Set(shares.map { $0 >= 0.8 }).count > 1 }
    let flipping =
      (flips(claims.map(\.alone)) ? ["that each member is missed"] : [])
      + (flips(claims.map(\.needed)) ? ["that the whole is needed"] : [])
      + (!isAll && flips(claims.map(\.enough)) ? ["that the whole is enough"] : [])
    notebook.note(
      "evidence-flips",
      Finding(
        .text(flipping.isEmpty ? "none" : flipping.joined(separator: " and ")), n: found.count,
        seeds: seeds, from: [population.path]))
    notebook.note(
      "evidence-rest",
      Finding(.text(isAll ? "none" : "some"), n: found.count, from: [population.path]))
    notebook.note(
      "evidence-members", Double(members.count), unit: "members", n: found.count, seeds: seeds,
      from: [population.path])
  }
}

// MARK: Faithful, complete, minimal

extension EvidenceReport {
  /// The most runs of a network on an example that the search through sets of members may take.
  private static let runLimit = 4_000_000

  private func noteCriteria(_ notebook: inout Notebook) throws {
    let count = explanation.component.members.count
    let isExact = count <= CircuitCriteria.exactLimit
    let sets = isExact ? 1 << count : count * (count + 3) / 2
    let affordable = max(
      1, Self.runLimit / max(2 * sets * explanation.examples.count, 1))
    let explore = found.filter { population.variant.exploreSeeds.contains($0) }
    let chosen = Array((explore.isEmpty ? found : explore).prefix(affordable))
    let networks = try examination(of: chosen)
    let criteria = try CircuitCriteria(networks.bench, networks.located, by: .mean)
    let from = [population.path]
    let seeds = "\(chosen.count) explore, \(chosen[0])-\(chosen[chosen.count - 1])"
    for (name, values) in [
      ("faithfulness", criteria.faithfulness), ("incompleteness", criteria.incompleteness),
      ("minimality", criteria.minimality),
    ] {
      notebook.noteMean(
        "evidence-\(name)", of: values, unit: "share of answers", seeds: seeds, from: from)
    }
    notebook.note(
      "evidence-contributions",
      Finding(
        .numbers(
          (0..<count).map { member in
            Statistics.mean(criteria.contributions.map { $0[member] })
          }), unit: "share of answers", n: chosen.count, seeds: seeds, from: from))
    notebook.note(
      "evidence-sets", Double(criteria.setCount), unit: "sets of members", n: chosen.count,
      seeds: seeds, from: from)
    notebook.note(
      "evidence-search",
      Finding(.text(criteria.isExact ? "exact" : "greedy"), n: criteria.setCount, from: from))
    for (name, pairs) in [
      ("redundant", criteria.redundant), ("repairing", criteria.repairing),
    ] {
      notebook.noteMean(
        "evidence-\(name)-pairs", of: pairs.map { Double($0.count) }, unit: "pairs a network",
        seeds: seeds, from: from)
      let groups = Self.groups(pairs[0])
      notebook.note(
        "evidence-\(name)-groups",
        Finding(
          .text(
            groups.isEmpty
              ? "none"
              : groups.map { group in
                group.count == count && count > 2
                  ? "all of them"
                  : group.map { explanation.component.members[$0] }.joined(separator: " and ")
              }.joined(separator: "; ")), n: pairs[0].count, seeds: "seed \(chosen[0])", from: from)
      )
    }
  }

  /// The members that pairs join, the smallest first.
  private static func groups(_ pairs: [[Int]]) -> [[Int]] {
    var groups: [Set<Int>] = []
    for pair in pairs {
      let touched = groups.filter { !$0.isDisjoint(with: pair) }
      groups.removeAll { touched.contains($0) }
      groups.append(touched.reduce(Set(pair)) { $0.union($1) })
    }
    return groups.map { $0.sorted() }.sorted { $0[0] < $1[0] }
  }
}
