import Experiments
import Findings
import Interpretability
import Investigations
import Networks
import ShellGameTask
import Tensors

extension ShellGame {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteGames(evidence, &notebook)
    try noteGeometry(evidence, &notebook)
    try noteLongGames(evidence, &notebook)
    try noteStaircase(evidence, &notebook)
    try noteUnseen(evidence, &notebook)
    try noteTrials(evidence, &notebook)
    try noteSpecimen(evidence, &notebook)
  }

  /// How big the game and the network are, and who learns it.
  private func noteGames(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let (weights, from) = (population.final, [population.path])
    for name in ["main", "no-decay", "cross-entropy", "slow", "heavy-decay"] {
      let training = try evidence.training(name)
      notebook.noteShare(
        "solved-\(name)", training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: Self.all(training.seedCount),
        from: ["\(name)/training.json"])
    }
    let training = try evidence.training()
    let steps = training.solvedAt.compactMap { $0.map(Double.init) }
    notebook.note(
      "steps-to-solve", steps.isEmpty ? 0 : Statistics.median(steps), unit: "steps",
      n: steps.count, from: ["main/training.json"])
    notebook.note(
      "weights", Double(mirrors.network.parameterCount), unit: "weights", n: 1,
      from: ["main/network.json"])
    notebook.note(
      "games", Double(probes.examples.count), unit: "games", n: probes.examples.count,
      from: ["activations.safetensors"])
    let right = try rightOnAll(weights, threads: evidence.threads)
    notebook.noteShare(
      "right-on-all", right.count { $0 == 1 }, of: right.count, unit: "share of networks",
      seeds: Self.all(right.count), from: from)
    let explore = population.variant.exploreSeeds
    notebook.noteMean(
      "right-untrained",
      of: try self.right(
        population.initial.networks(explore), Self.trainedGames, threads: evidence.threads),
      unit: "share of games", seeds: "explore 0-\(explore.upperBound - 1)", from: from)
  }

  /// Triangles and mirrors, with and without weight decay, and before training.
  private func noteGeometry(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let main = try evidence.population()
    let kinds = try [
      ("main", main.final, "main"), ("untrained", main.initial, "main"),
      ("no-decay", evidence.population("no-decay").final, "no-decay"),
      ("cross-entropy", evidence.population("cross-entropy").final, "cross-entropy"),
    ]
    for (name, weights, variant) in kinds {
      let triangles = Triangle.all(mirrors, weights)
      let from = ["\(variant)/population.safetensors"]
      func note(_ what: String, _ unit: String, _ number: (Triangle) -> Double) {
        let numbers = triangles.map(number)
        notebook.note(
          "\(what)-\(name)",
          Finding(
            .numbers(numbers), unit: unit, n: numbers.count, seeds: Self.all(numbers.count),
            from: from))
        notebook.note(
          "\(what)-\(name)-median", Statistics.median(numbers), unit: unit, n: numbers.count,
          seeds: Self.all(numbers.count), from: from)
      }
      note("side-ratio", "longest side / shortest") { $0.sideRatio }
      note("mirror-error", "share of the corners' distance") {
        max($0.errors.bystander, $0.errors.exchanged)
      }
      note("stretch", "largest number of WᵀW − 1") { $0.stretch }
      // 1 if a matrix keeps areas; its root is what lengths are multiplied by.
      note("growth", "length / length before") {
        Statistics.mean($0.determinants.map { $0.magnitude.squareRoot() })
      }
      note("determinant-error", "distance from −1") {
        $0.determinants.map { ($0 + 1).magnitude }.max() ?? 0
      }
      note("read-out-error", "share of the corners' length") { $0.readOutError }
      note("angle-error", "degrees from 60") {
        ($0.mirrorAngles ?? [0]).map { ($0 - 60).magnitude }.max() ?? 0
      }
    }
    let weights = main.final
    let predicted = predictedWeights(Triangle.all(mirrors, weights))
    let trained = trainedWeights(mirrors, weights)
    for (name, comparison) in [
      ("own", try WeightPrediction(predicted, of: trained)),
      ("others", try WeightPrediction.ofOthers(predicted, of: trained)),
    ] {
      notebook.noteMean(
        "prediction-error-\(name)", of: comparison.relativeErrors,
        unit: "share of the weights' size",
        seeds: Self.all(weights.count), from: [main.path])
    }
    let order = (0..<weights.count).map { ($0 + 1) % weights.count }
    notebook.keep("weights-trained", trained)
    notebook.keep("weights-predicted", predicted)
    notebook.keep("weights-predicted-others", predicted.slices(order))
  }

  /// Games of a thousand moves.
  private func noteLongGames(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    notebook.note(
      "long-moves", Double(Self.longGames.moves), unit: "moves", n: Self.longGames.count,
      from: ["main/population.safetensors"])
    notebook.note(
      "long-games", Double(Self.longGames.count), unit: "games", n: Self.longGames.count,
      from: ["main/population.safetensors"])
    for name in ["main", "cross-entropy", "slow"] {
      let population = try evidence.population(name)
      let seeds = Self.all(population.final.count)
      let played = try Self.playingLong(population.final, threads: evidence.threads)
      notebook.noteShare(
        "long-right-\(name)", played.throughout.count { $0 == 1 }, of: played.throughout.count,
        unit: "share of networks", seeds: seeds, from: [population.path])
      let curve = (0..<Self.longGames.moves).map { move in
        Statistics.mean(played.after.map { $0[move] })
      }
      notebook.keep("long-curve-\(name)", Tensor(curve.map(Float.init)))
      for move in [40, 200, 1000] {
        notebook.noteMean(
          "long-after-\(move)-\(name)", of: played.after.map { $0[move - 1] },
          unit: "share of games", seeds: seeds, from: [population.path])
      }
    }
  }

  /// How the operations, and the controls of interchanges, went on the explore seeds.
  private func noteTrials(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let explore = population.variant.exploreSeeds
    let weights = population.final.networks(explore)
    let threads = evidence.threads
    func note(_ name: String, _ values: [Double], _ unit: String) {
      notebook.noteMean(
        name, of: values, unit: unit, seeds: "explore 0-\(explore.upperBound - 1)",
        from: [population.path])
    }
    for operation in try operated(weights, threads: threads) {
      note("\(operation.name)-new", operation.new, "share of games")
      note("\(operation.name)-old", operation.old, "share of games")
      note("\(operation.name)-control", operation.control, "share of games")
    }
    let states = try Self.exchangingStates(
      weights, untrained: population.initial.networks(explore), isWhole: false, threads: threads)
    note("interchange-random", states.random, "share of interchanges")
    note("interchange-untrained", states.untrained, "share of interchanges")
    notebook.note(
      "interchanges", Double(try Self.cupInterchanges().count), unit: "interchanges", n: 1,
      from: [population.path])
  }

  /// The specimen: one game, and how its corners came to be where they are.
  private func noteSpecimen(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let (seed, weights) = try evidence.specimen()
    notebook.note(
      "specimen-seed", Double(seed), n: 1, seeds: "seed \(seed)", from: ["main/training.json"])
    let triangle = Triangle(mirrors, weights, network: 0)
    // AB, BC, AC, AB, AC: every swap, and one that moves nothing.
    let moves = [0, 2, 1, 0, 1]
    notebook.note(
      "walk-moves",
      Finding(.numbers(moves.map(Double.init)), n: moves.count, from: ["main/checkpoints"]))
    notebook.keep("walk", try Self.table(triangle.walk(from: 0, moves)))
    let population = try evidence.population("cross-entropy")
    let other = Triangle(mirrors, population.final, network: seed)
    var generator = Generator(seed: 6, stream: .analysis)
    let long = (0..<60).map { _ in generator.index(below: 3) }
    notebook.keep("walk-long", try Self.table(triangle.walk(from: 0, long)))
    notebook.keep("walk-long-cross-entropy", try Self.table(other.walk(from: 0, long)))
    let free = try evidence.population("no-decay").final
    // The most skewed of the explore seeds.
    let skewed = (0..<10).map { Triangle(mirrors, free, network: $0) }
      .max { $0.sideRatio < $1.sideRatio }
    notebook.keep("corners-no-decay", try Self.table(skewed?.corners ?? []))
    notebook.note(
      "skewed-ratio", skewed?.sideRatio ?? 1, unit: "longest side / shortest", n: 10,
      seeds: "explore 0-9", from: ["no-decay/population.safetensors"])

    let emergence = Emergence(over: try evidence.checkpoints()) {
      Triangle(mirrors, $0, network: 0)
    }
    notebook.keep("emergence-steps", Tensor(emergence.steps.map(Float.init)))
    notebook.keep(
      "emergence",
      try Self.table(
        emergence.values.map { triangle in
          let errors = triangle.errors
          return [max(errors.bystander, errors.exchanged), triangle.sideRatio - 1]
        }))
    notebook.keep(
      "emergence-corners", try Self.table(emergence.values.map { $0.corners.flatMap(\.self) }))
    let found = emergence.settled { max($0.errors.bystander, $0.errors.exchanged) < 0.05 }
    let even = emergence.settled { $0.sideRatio < 1.02 }
    for (name, step) in [("mirrors-after", found), ("equilateral-after", even)] {
      notebook.note(
        name, Double(step ?? -1), unit: "steps", n: emergence.steps.count, seeds: "seed \(seed)",
        from: ["main/checkpoints"])
    }
  }

  static func all(_ count: Int) -> String { "all 0-\(count - 1)" }

  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0.map(Float.init) }, shape: [rows.count, rows.first?.count ?? 0])
  }
}
