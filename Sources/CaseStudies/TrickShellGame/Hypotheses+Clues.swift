import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import Tensors
import TrickShellGameTask

extension TrickShellGame {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteGames(evidence, &notebook)
    try noteRanks(evidence, &notebook)
    try noteTrials(evidence, &notebook)
    try noteSpecimen(evidence, &notebook)
  }

  /// How big the game and the network are, and who learns it.
  private func noteGames(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    for variant in variants where variant.name != "shuffled-labels" {
      let training = try evidence.training(variant.name)
      let (seeds, from) = (Self.all(training.seedCount), ["\(variant.name)/training.json"])
      notebook.noteShare(
        "solved-\(variant.name)", training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: seeds, from: from)
      notebook.noteMean(
        "right-\(variant.name)", of: training.finalAccuracy, unit: "share of games", seeds: seeds,
        from: from)
    }
    let population = try evidence.population()
    let training = try evidence.training()
    let steps = training.solvedAt.compactMap { $0.map(Double.init) }
    notebook.note(
      "steps-to-solve", steps.isEmpty ? 0 : Statistics.median(steps), unit: "steps",
      n: steps.count, from: ["main/training.json"])
    notebook.note(
      "weights", Double(ledger.network.parameterCount), unit: "weights", n: 1,
      from: ["main/network.json"])
    notebook.note(
      "moves", Double(Self.functions.moveCount), unit: "moves", n: 1, from: ["main/network.json"])
    for size in 1...3 {
      let moves = Self.functions.transitions.indices.filter { Self.imageSize(of: $0) == size }
      notebook.note(
        "moves-leaving-\(size)", Double(moves.count), unit: "moves", n: Self.functions.moveCount,
        from: ["main/network.json"])
    }
    notebook.note(
      "games", Double(probes.examples.count), unit: "games", n: probes.examples.count,
      from: ["activations.safetensors"])
    let right = try right(population.final, threads: evidence.threads)
    notebook.noteShare(
      "right-on-all", right.count { $0 == 1 }, of: right.count, unit: "share of networks",
      seeds: Self.all(right.count), from: [population.path])
    let before = try self.right(population.initial, threads: evidence.threads)
    notebook.noteMean(
      "right-untrained", of: before, unit: "share of games", seeds: Self.all(before.count),
      from: [population.path])
    // Games that each kind of network gets wrong when it has only a plane, by what their one move leaves.
    let plane = try evidence.population("width-2-centred")
    for size in 1...3 {
      let games = Self.functions.games(of: 1...1).filter { Self.imageSize(of: $0.moves[0]) == size }
      let scores = try plane.network.scores(
        plane.final, on: Self.functions.examples(games, steps: Self.trainedMoves),
        threads: evidence.threads)[0]
      notebook.noteMean(
        "plane-leaving-\(size)", of: scores.map { Double($0.accuracy) }, unit: "share of games",
        seeds: Self.all(scores.count), from: [plane.path])
    }
  }

  /// The ranks of all matrices, by what their moves leave.
  private func noteRanks(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let main = try evidence.population()
    let wide = try evidence.population("width-4")
    let free = try evidence.population("no-decay")
    let matrices = main.final[ledger.matrices]
    var generator = Generator(seed: 4, stream: .analysis)
    let kinds = [
      ("main", matrices, main.path),
      ("width-4", wide.final["W"] ?? matrices, wide.path),
      ("no-decay", free.final["W"] ?? matrices, free.path),
      ("untrained", main.initial[ledger.matrices], main.path),
      ("random", randomMatrices(like: matrices, using: &generator), main.path),
    ]
    for (name, matrices, path) in kinds {
      let values = singularValues(matrices)
      let seeds = Self.all(values.count)
      let shares = Self.ranksAsPredicted(values)
      notebook.noteMean(
        "ranks-\(name)", of: shares, unit: "share of matrices", seeds: seeds, from: [path])
      notebook.noteShare(
        "all-ranks-\(name)", shares.count { $0 == 1 }, of: shares.count, unit: "share of networks",
        seeds: seeds, from: [path])
      // Rows: what a move leaves; columns: the rank.
      var table = [[Double]](repeating: [Double](repeating: 0, count: 5), count: 3)
      for moves in values {
        for (move, value) in moves.enumerated() {
          table[Self.imageSize(of: move) - 1][value.rank()] += 1
        }
      }
      let rows = table.map { row in row.map { $0 / max(row.reduce(0, +), 1) } }
      notebook.keep("rank-table-\(name)", try Self.table(rows))
      guard name == "main" else { continue }
      let beyond = values.flatMap { moves in
        moves.enumerated().flatMap { move, value in
          value.values.dropFirst(Self.imageSize(of: move)).map { $0 / value.values[0] }
        }
      }
      let within = values.flatMap { moves in
        moves.enumerated().map { move, value in
          value.values[Self.imageSize(of: move) - 1] / value.values[0]
        }
      }
      notebook.note(
        "largest-beyond", beyond.max() ?? 0, unit: "share of the largest", n: beyond.count,
        seeds: seeds, from: [path])
      notebook.note(
        "smallest-within", within.min() ?? 0, unit: "share of the largest", n: within.count,
        seeds: seeds, from: [path])
    }
    // With a dimension to spare, what a matrix does to the three corners still has the rank that the rule says.
    let corners = wide.final["E"] ?? Tensor([])
    let stacks = wide.final["W"] ?? matrices
    let onCorners = (0..<wide.final.count).map { network -> Double in
      let e = corners.slice(network).plotted
      let hits = (0..<27).count { move in
        let w = stacks.slice(network).slice(move).plotted
        let images = e.flatMap { corner in w.map { Float(dot($0, corner)) } }
        let matrix = Tensor(shape: [3, 4]) { images[$0] }
        return SingularValues(of: matrix).rank() == Self.imageSize(of: move)
      }
      return Double(hits) / 27
    }
    // How far apart a move leaves two corners that it should bring together, as a share of their distance.
    for (name, weights) in [("main", main.final), ("width-4", wide.final)] {
      let apart = secrets(weights)
      notebook.note(
        "apart-\(name)",
        Finding(
          .numbers(apart), unit: "share of the distance", n: apart.count,
          seeds: Self.all(apart.count), from: ["\(name)/population.safetensors"]))
      notebook.note(
        "apart-\(name)-median", Statistics.median(apart), unit: "share of the distance",
        n: apart.count, seeds: Self.all(apart.count), from: ["\(name)/population.safetensors"])
    }
    notebook.noteMean(
      "ranks-on-corners-width-4", of: onCorners, unit: "share of matrices",
      seeds: Self.all(onCorners.count), from: [wide.path])
    let order = (0..<main.final.count).map { ($0 + 1) % main.final.count }
    let predicted = rebuilt(ledger, main.final).matrices
    for (name, comparison) in [
      ("own", try WeightPrediction(predicted, of: matrices)),
      ("others", try WeightPrediction(predicted.slices(order), of: matrices)),
    ] {
      notebook.noteMean(
        "prediction-error-\(name)", of: comparison.relativeErrors,
        unit: "share of the weights' size", seeds: Self.all(main.final.count), from: [main.path])
    }
  }

  /// For each network how far apart some move leaves two corners that it brings under one cup, at most.
  private func secrets(_ weights: Weights) -> [Double] {
    let (corners, stacks) = (weights["E"] ?? Tensor([]), weights["W"] ?? Tensor([]))
    return (0..<weights.count).map { network in
      let e = corners.slice(network).plotted
      var largest = 0.0
      for (move, places) in Self.functions.transitions.enumerated() {
        let w = stacks.slice(network).slice(move).plotted
        for (one, other) in [(0, 1), (1, 2), (0, 2)] where places[one] == places[other] {
          let difference = zip(e[one], e[other]).map { (x: Double, y: Double) -> Double in x - y }
          let image = w.map { dot($0, difference) }
          let share = (dot(image, image) / dot(difference, difference)).squareRoot()
          largest = max(largest, share)
        }
      }
      return largest
    }
  }

  /// How the interventions went on the explore seeds.
  private func noteTrials(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let explore = population.variant.exploreSeeds
    let weights = population.final.networks(explore)
    for (suffix, games) in [("short", nil), ("long", try Self.longerGames())] {
      let cut = try cutting(weights, games, threads: evidence.threads)
      for (name, values) in [
        ("cut-all", cut.toRank), ("cut-one-less", cut.oneLess), ("cut-random", cut.random),
      ] {
        notebook.noteMean(
          "\(name)-\(suffix)", of: values, unit: "share of games",
          seeds: "explore 0-\(explore.upperBound - 1)", from: [population.path])
      }
    }
  }

  /// The specimen: its singular values, its matrices multiplied along games, and a ball that nobody showed it.
  private func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    notebook.note(
      "specimen-seed", Double(seed), n: 1, seeds: "seed \(seed)", from: ["main/training.json"])
    let values = singularValues(weights[ledger.matrices])[0]
    notebook.keep("singular-values", try Self.table(values.map(\.values)))

    // Some moves that bring together first two cups and then all: ranks of the products, and the scores from not knowing.
    let moves = [Self.move(1, 0, 2), Self.move(0, 0, 2), Self.move(2, 1, 0), Self.move(2, 1, 2)]
    notebook.note(
      "walk-moves",
      Finding(.numbers(moves.map(Double.init)), n: moves.count, from: ["main/checkpoints"]))
    let games = (0...moves.count).map { (start: 0, moves: Array(moves.prefix($0))) }
    let e = weights[ledger.embedding]
    let middle = Tensor(shape: [3]) { (e[0, 0, $0] + e[0, 1, $0] + e[0, 2, $0]) / 3 }
    let examples = try Self.functions.examples(games, steps: Self.trainedMoves)
    for (name, interventions) in [
      ("told", []), ("not-told", [Intervention(at: ledger.initial, .patch(middle))]),
    ] {
      let run = try ledger.network.run(weights, on: examples, with: interventions)
      notebook.keep("walk-\(name)", run[ledger.network.output].slice(0))
    }
    try noteProducts(weights, seed, &notebook)
  }

  /// The move that takes the ball from the three cups to these.
  static func move(_ a: Int, _ b: Int, _ c: Int) -> Int { 9 * a + 3 * b + c }

  /// The ranks of products of matrices along random games, and the cups that are left.
  private func noteProducts(_ weights: Weights, _ seed: Int, _ notebook: inout Notebook) throws {
    let own = Ledger(ledger, weights, network: 0)
    var generator = Generator(seed: 5, stream: .analysis)
    let games = Self.functions.randomGames(300, of: 8, using: &generator)
    var ranks = [Double](repeating: 0, count: 9)
    var lefts = [Double](repeating: 0, count: 9)
    var hits = 0
    for game in games {
      // The images of the three unit vectors, and of the three cups.
      var columns = (0..<3).map { unit in (0..<3).map { $0 == unit ? 1.0 : 0 } }
      var cups = [0, 1, 2]
      for step in 0...game.moves.count {
        if step > 0 {
          let move = game.moves[step - 1]
          columns = columns.map { column in own.matrices[move].map { dot($0, column) } }
          cups = cups.map { Self.functions.transitions[move][$0] }
        }
        let flat = columns.flatMap { $0.map(Float.init) }
        let rank = SingularValues(of: Tensor(shape: [3, 3]) { flat[$0] }).rank()
        ranks[step] += Double(rank) / Double(games.count)
        lefts[step] += Double(Set(cups).count) / Double(games.count)
        if rank == Set(cups).count { hits += 1 }
      }
    }
    notebook.noteShare(
      "product-ranks", hits, of: games.count * 9, unit: "share of products", seeds: "seed \(seed)",
      from: ["main/checkpoints"])
    for (name, values) in [("product-rank", ranks), ("cups-left", lefts)] {
      notebook.note(
        name,
        Finding(.numbers(values), n: games.count, seeds: "seed \(seed)", from: ["main/checkpoints"])
      )
    }
  }

  static func all(_ count: Int) -> String { "all 0-\(count - 1)" }

  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows.first?.count ?? 0])
  }
}

extension Tensor {
  /// The rows of a matrix.
  fileprivate var plotted: [[Double]] {
    (0..<shape[0]).map { slice($0).scalars.map(Double.init) }
  }
}
