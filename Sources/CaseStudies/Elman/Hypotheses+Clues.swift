import ElmanTask
import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors

extension Elman {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTraining(evidence, &notebook)
    let population = try evidence.population()
    let explore = population.variant.exploreSeeds
    let weights = population.final.networks(explore)
    let planes = try Planes(follower, weights, threads: evidence.threads)
    let clues = Clues(
      evidence: evidence, weights: weights, planes: planes, seeds: explore,
      label: "explore 0-\(explore.upperBound - 1)", from: [population.path])
    try noteLoudness(clues, &notebook)
    let found = try noteExchanges(clues, untrained: population.initial.networks(explore), &notebook)
    try noteAngles(clues, found, &notebook)
    try noteNoise(clues, &notebook)
    try noteSpecimen(evidence, &notebook)
  }

  /// What the clues are looked for in: the explore seeds.
  struct Clues {
    let evidence: Evidence
    let weights: Weights
    let planes: Planes
    let seeds: Range<Int>
    let label: String
    let from: [String]

    var networks: Range<Int> { 0..<weights.count }
    var threads: Int { evidence.threads }

    func note(_ name: String, _ values: [Double], _ unit: String, _ notebook: inout Notebook) {
      notebook.noteMean(name, of: values, unit: unit, seeds: label, from: from)
    }
  }

  /// How fast each variant learns, and how it does in games far longer than those.
  private func noteTraining(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    var curves: [[Double]] = []
    for variant in variants where variant.name != "shuffled-labels" {
      let (name, training) = (variant.name, try evidence.training(variant.name))
      let (all, file) = ("all 0-\(variant.seedCount - 1)", ["\(name)/training.json"])
      notebook.noteShare(
        "solved-\(name)", training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: all, from: file)
      let steps = training.solvedAt.compactMap { $0.map(Double.init) }
      if !steps.isEmpty {
        notebook.note(
          "steps-to-solve-\(name)", Statistics.median(steps), unit: "steps", n: steps.count,
          seeds: all, from: file)
      }
      let population = try evidence.population(name)
      let long = try playingLong(population.final, threads: evidence.threads)
      notebook.noteShare(
        "long-\(name)", long.count { $0.last == 1 }, of: long.count, unit: "share of networks",
        seeds: all, from: [population.path])
      notebook.noteMean(
        "long-games-\(name)", of: long.map { $0.last ?? 0 }, unit: "share of games", seeds: all,
        from: [population.path])
      curves.append((0..<long[0].count).map { at in Statistics.mean(long.map { $0[at] }) })
    }
    notebook.keep("long-curves", try Self.table(curves))
    let main = try evidence.population()
    let whole = try follower.network.scores(
      main.final, on: probes.examples, threads: evidence.threads)[0]
    let rounding = 0.5 / Float(probes.examples.count)
    notebook.noteShare(
      "right-on-all", whole.count { $0.accuracy > 1 - rounding }, of: whole.count,
      unit: "share of networks", seeds: "all 0-\(whole.count - 1)", from: [main.path])
    let sizes = [
      ("cups", Follower.cups), ("moves", Self.trainedMoves),
      ("neurons", follower.hidden.shape.count), ("weights", follower.network.parameterCount),
      ("games", probes.examples.count), ("long-moves", Self.longGames.moves),
      ("long-count", Self.longGames.count), ("planes-games", Planes.games.count),
      ("interchanges", try Exchange(after: 2).changing.count),
      ("blobs", Follower.cups * Follower.moves),
      ("unheard-directions", follower.hidden.shape.count - Planes.dimensions),
    ]
    for (name, size) in sizes {
      notebook.note(name, Double(size), n: 1, from: ["main/network.json"])
    }
    notebook.note(
      "noise", Double((Self.noise[0].deviation * 100).rounded()) / 100, unit: "deviation", n: 1,
      from: ["main/network.json"])
  }

  /// Where the variance lies, what it goes with, and what is heard of it.
  private func noteLoudness(_ clues: Clues, _ notebook: inout Notebook) throws {
    let planes = clues.planes
    let subspaces = [("loud", planes.loud), ("heard", planes.heard), ("cups", planes.cups)]
    for (name, subspace) in subspaces {
      clues.note(
        "variance-\(name)", clues.networks.map { planes.variance(in: subspace, network: $0) },
        "share of variance", &notebook)
    }
    for factor in Planes.Factor.allCases {
      for (name, subspace) in [("all", nil)] + subspaces.prefix(2).map({ ($0.0, Optional($0.1)) }) {
        clues.note(
          "\(factor)-in-\(name)",
          try clues.networks.map { try planes.share(of: factor, network: $0, in: subspace) },
          "share of variance", &notebook)
      }
    }
    let nine = try clues.networks.map { network in
      try Planes.Factor.allCases.reduce(0) { try $0 + planes.share(of: $1, network: network) }
    }
    clues.note("variance-of-blobs", nine, "share of variance", &notebook)
    // How well W hears each component: the length of what a unit of it becomes.
    let heard = clues.networks.map { network in
      let columns = Planes.doubles(
        Planes.transposed(clues.weights[follower.w].slice(network)))
      return planes.components[network].directions.map { direction in
        let image = columns.map { Planes.product($0, direction) }
        return Planes.product(image, image).squareRoot()
      }
    }
    notebook.keep("component-heard", try Self.table(heard))
    notebook.keep("component-variance", try Self.table(planes.components.map(\.shares)))
    clues.note("gain-of-loud", heard.map { ($0[0] + $0[1]) / 2 }, "gain", &notebook)
    clues.note("gain-of-heard", planes.hearing.map { ($0[0] + $0[1]) / 2 }, "gain", &notebook)
    clues.note("gain-of-third", planes.hearing.map { $0[2] }, "gain", &notebook)
    let twins = try clues.evidence.population("no-noise").final.networks(clues.seeds)
    let still = try Planes(follower, twins, threads: clues.threads)
    clues.note("gain-of-third-no-noise", still.hearing.map { $0[2] }, "gain", &notebook)
    clues.note(
      "variance-loud-no-noise", clues.networks.map { still.variance(in: still.loud, network: $0) },
      "share of variance", &notebook)
    var generator = Generator(seed: 2, stream: .analysis)
    let random = randomMatrices(like: clues.weights[follower.w], using: &generator)
    let strange = clues.networks.map { SingularValues(of: random.slice($0)).values }
    notebook.keep(
      "hearing",
      try Self.table(
        [planes.hearing, still.hearing, strange].map { all in
          all[0].indices.map { at in Statistics.mean(all.map { $0[at] }) }
        }))
  }

  /// What an exchange of each part of the state does.
  ///
  /// - Returns: The planes that alignment search finds.
  private func noteExchanges(
    _ clues: Clues, untrained: Weights, _ notebook: inout Notebook
  ) throws -> Tensor {
    let (weights, planes, threads) = (clues.weights, clues.planes, clues.threads)
    let exchange = try Exchange(after: 2)
    let brief = try Exchange(after: 1)
    var generator = Generator(seed: 3, stream: .analysis)
    let random = randomSubspaces(
      networks: weights.count, dimensions: Planes.dimensions, of: follower.hidden.shape.count,
      using: &generator)
    let found = try brief.aligned(weights, seeds: clues.seeds, threads: threads)
    let shuffled = try Exchange(
      after: 1,
      model: Exchange.model.shuffled(among: Exchange.beginnings(1), using: &generator))
    let parts: [(String, Weights, Tensor?)] = [
      ("loud", weights, planes.loud), ("random", weights, random), ("heard", weights, planes.heard),
      ("cups", weights, planes.cups), ("aligned", weights, found),
      ("unheard", weights, planes.unheard),
      ("all", weights, nil),
      ("shuffled", weights, try shuffled.aligned(weights, seeds: clues.seeds, threads: threads)),
      ("untrained", untrained, try brief.aligned(untrained, seeds: clues.seeds, threads: threads)),
    ]
    for (name, networks, subspace) in parts {
      clues.note(
        "moved-\(name)", try exchange.moved(networks, subspace, threads: threads),
        "share of answers", &notebook)
    }
    for (name, subspace) in [("loud", planes.loud), ("unheard", planes.unheard)] {
      clues.note(
        "kept-\(name)", try exchange.kept(weights, subspace, threads: threads), "share of answers",
        &notebook)
    }
    let pair = try brief.bestPair(weights, threads: threads)
    clues.note("moved-pair", pair.best, "share of answers", &notebook)
    notebook.note("pairs", Double(pair.pairs), n: pair.pairs, from: ["main/network.json"])
    // Each component alone.
    let width = follower.hidden.shape.count
    let alone = try (0..<width).map { at in
      let lines = try Tensor(
        stacking: planes.components.map { $0.subspace(at..<at + 1) })
      return try exchange.moved(weights, lines, threads: threads)
    }
    notebook.keep(
      "component-moved", try Self.table(clues.networks.map { net in alone.map { $0[net] } }))
    let means = try meansAlone(weights, planes, threads: threads)
    clues.note("right-means", means.kept, "share of games", &notebook)
    clues.note("right-without-means", means.removed, "share of games", &notebook)
    return found
  }

  /// The angles between planes that were found in different ways.
  private func noteAngles(_ clues: Clues, _ found: Tensor, _ notebook: inout Notebook) throws {
    let planes = clues.planes
    // What the answer is read from: the differences between the columns of U.
    let readOut = try Tensor(
      stacking: clues.networks.map { network in
        let u = Planes.doubles(Planes.transposed(clues.weights[follower.readOut].slice(network)))
        return try Planes.rows([1, 2].map { cup in zip(u[cup], u[0]).map { $0 - $1 } })
      })
    let all = [
      ("loud", planes.loud), ("cups", planes.cups), ("heard", planes.heard), ("aligned", found),
      ("read", readOut),
    ]
    var table: [[Double]] = []
    for (place, (first, one)) in all.enumerated() {
      var row: [Double] = []
      for (second, other) in all {
        let angles = try clues.networks.map {
          try planes.angle(one, other, network: $0, amongBlobs: true)
        }
        row.append(Statistics.mean(angles))
        if row.count > place + 1 {
          clues.note("angle-\(first)-\(second)", angles, "degrees", &notebook)
        }
      }
      table.append(row)
    }
    notebook.keep("angles", try Self.table(table))
    // What no game shows counts here, too.
    clues.note(
      "angle-heard-aligned-outright",
      try clues.networks.map { try planes.angle(planes.heard, found, network: $0) }, "degrees",
      &notebook)
    clues.note(
      "variance-outside-blobs",
      planes.components.map {
        $0.shares.dropFirst(Follower.cups * Follower.moves - 1).reduce(0, +)
      },
      "share of variance", &notebook)
  }

  /// What pushes do, and what a network without noise loses that hears two directions only.
  private func noteNoise(_ clues: Clues, _ notebook: inout Notebook) throws {
    let twins = try clues.evidence.population("no-noise").final.networks(clues.seeds)
    let deviations = [0, 0.3, 0.6, 1, 1.5, 2]
    let curves = try [clues.weights, twins].map { weights in
      try deviations.map {
        Statistics.mean(try pushed(weights, by: $0, seeds: clues.seeds, threads: clues.threads))
      }
    }
    notebook.keep("pushes", try Self.table([deviations] + curves))
    let still = try Planes(follower, twins, threads: clues.threads)
    for (name, weights, planes) in [
      ("main", clues.weights, clues.planes), ("no-noise", twins, still),
    ] {
      let heard = try hearingOnly(planes.heard, weights, planes)
      let ends = try playingLong(heard, threads: clues.threads).map { $0.last ?? 0 }
      clues.note("two-ears-\(name)", ends, "share of games", &notebook)
    }
  }

  /// The specimen's states as points of its two planes.
  private func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    let from = ["main/checkpoints"]
    notebook.note("specimen-seed", Double(seed), n: 1, from: from)
    let planes = try Planes(follower, weights, threads: evidence.threads)
    notebook.keep(
      "specimen-loud",
      try planes.components[0].coordinates(of: planes.states.slice(0), 0..<Planes.dimensions))
    notebook.keep("specimen-heard", try coordinates(planes, of: planes.states.slice(0)))
    for factor in Planes.Factor.allCases {
      let kinds = try Planes.games.map { Double(try factor.kind(of: $0)) }
      notebook.note(
        "specimen-\(factor)",
        Finding(.numbers(kinds), n: kinds.count, seeds: "seed \(seed)", from: from))
    }
    notebook.note(
      "specimen-variance-loud", planes.variance(in: planes.loud, network: 0),
      unit: "share of variance", n: Planes.games.count, seeds: "seed \(seed)", from: from)
    notebook.note(
      "specimen-variance-heard", planes.variance(in: planes.heard, network: 0),
      unit: "share of variance", n: Planes.games.count, seeds: "seed \(seed)", from: from)
  }

  /// Where states lie in the plane that is heard, seen from their mean.
  private func coordinates(_ planes: Planes, of states: Tensor) throws -> Tensor {
    let directions = Planes.doubles(planes.heard.slice(0))
    return try Planes.rows(
      Planes.doubles(states).map { state in
        let offset = zip(state, planes.mean(0)).map { $0 - $1 }
        return directions.map { Planes.product($0, offset) }
      })
  }

  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map { Float($0) } }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
