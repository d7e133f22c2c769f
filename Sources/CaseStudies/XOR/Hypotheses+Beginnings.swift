import Experiments
import Findings
import Investigations
import Networks
import Tensors
import XORTask

extension XOR {
  /// What networks were like before training, and what that has to do with their end.
  func noteBeginnings(
    _ evidence: Evidence, _ population: Population, _ notebook: inout Notebook
  ) throws {
    let (start, end, from) = (population.initial, population.final, [population.path])
    let width = perceptron.hidden.shape.count
    let seeds = "all 0-\(end.count - 1)"
    var (tuned, stayed, survivors, allTuned, good) = (0, 0, 0, 0, 0)
    var hits = [0, 0, 0]
    for network in 0..<end.count {
      let units = Pair(in: end, network: network)?.units ?? []
      survivors += units.count
      let own = units.count { Lottery.isInTune(start, network: network, unit: $0) }
      tuned += own
      let corners = units.map { Lottery.corner(start, network: network, unit: $0) }
      stayed += zip(units, corners).count {
        $1 == Lottery.corner(end, network: network, unit: $0)
      }
      if own == 2, corners.reduce(0, +) == 3 { good += 1 }
      allTuned += (0..<width).count { Lottery.isInTune(start, network: network, unit: $0) }
      hits[Lottery.foretoldPair(start, network: network).count { units.contains($0) }] += 1
    }
    func note(_ name: String, _ passed: Int, of n: Int, _ unit: String) {
      notebook.noteShare(name, passed, of: n, unit: "share of \(unit)", seeds: seeds, from: from)
    }
    note("winners-in-tune", tuned, of: survivors, "neurons")
    note("winners-kept-corner", stayed, of: survivors, "neurons")
    note("all-in-tune", allTuned, of: end.count * width, "neurons")
    note("winners-began-good", good, of: end.count, "networks")
    note("foretold-are-survivors", hits[2], of: end.count, "networks")
    note("foretold-shares-one", hits[1], of: end.count, "networks")
    let hasGood = (0..<start.count).map { Lottery.goodPair(start, network: $0) != nil }
    note("good-start-16", hasGood.count { $0 }, of: start.count, "networks")
    let picked = try evidence.training("foretold").solvedAt
    let failed = picked.indices.filter { picked[$0] == nil }
    if !failed.isEmpty {
      note(
        "foretold-failed-without-pair", failed.count { !hasGood[$0] }, of: failed.count, "networks")
    }
    let other = try evidence.training("other-good-pair").solvedAt
    let spare = other.indices.filter { seed in
      let survivors = Pair(in: end, network: seed)?.units ?? []
      return Lottery.goodPair(start, network: seed, besides: survivors) != nil
    }
    notebook.noteShare(
      "solved-good-without-survivors", spare.count { other[$0] != nil }, of: spare.count,
      unit: "share of networks", seeds: seeds, from: from + ["other-good-pair/training.json"])
    try noteNarrowBeginnings(evidence, &notebook)
  }

  /// How narrow networks fare that begin with a good pair, and those that do not.
  private func noteNarrowBeginnings(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let narrow = try evidence.population("width-2")
    let solved = try evidence.training("width-2").solvedAt.map { $0 != nil }
    let good = solved.indices.map { Lottery.goodPair(narrow.initial, network: $0) != nil }
    let seeds = "all 0-\(solved.count - 1)"
    for (name, kind) in [("good", true), ("bad", false)] {
      let these = solved.indices.filter { good[$0] == kind }
      notebook.noteShare(
        "solved-\(name)-start", these.count { solved[$0] }, of: these.count,
        unit: "share of networks", seeds: seeds,
        from: [narrow.path, "width-2/training.json"])
    }
    notebook.noteShare(
      "good-start-2", good.count { $0 }, of: good.count, unit: "share of networks", seeds: seeds,
      from: [narrow.path])
    let winners = solved.indices.filter { solved[$0] }
    notebook.noteShare(
      "narrow-winners-began-good", winners.count { good[$0] }, of: winners.count,
      unit: "share of networks", seeds: seeds, from: [narrow.path, "width-2/training.json"])
  }

  /// What becomes of twins without a penalty, and with answers dealt out at random.
  func noteTwins(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let free = try evidence.population("wide-no-penalty")
    let counts = (0..<free.final.count).map {
      Double(Pair.alive(in: free.final, network: $0).count)
    }
    notebook.noteMean(
      "alive-no-penalty", of: counts, unit: "neurons", seeds: "all 0-\(counts.count - 1)",
      from: [free.path])
    let shuffled = try evidence.population("shuffled-labels")
    // One shuffle in three leaves the answers across from each other, and only then is there XOR to do.
    let rows = (0..<shuffled.final.count).filter { seed in
      var generator = Generator(seed: seed, stream: .labels)
      let order = generator.permutation(of: Self.answers.count)
      return Self.answers[order[0]] != Self.answers[order[3]]
    }
    notebook.noteShare(
      "pair-found-shuffled", rows.count { Pair(in: shuffled.final, network: $0) != nil },
      of: rows.count, unit: "share of networks", from: [shuffled.path])
  }
}
