import Experiments
import Findings
import InductionTask
import Interpretability
import Investigations
import Networks
import Tensors

extension Induction {
  public func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    try noteTask(evidence, &notebook)
    try noteHeads(evidence, &notebook)
    try noteCircuits(evidence, &notebook)
    try noteRewiring(evidence, &notebook)
    try noteAblations(evidence, &notebook)
    try noteBreaks(evidence, &notebook)
    try noteEmergence(evidence, &notebook)
  }

  static func all(_ variant: Variant) -> String { "all 0-\(variant.seedCount - 1)" }
  static func explore(_ variant: Variant) -> String {
    "explore 0-\(variant.exploreSeeds.upperBound - 1)"
  }

  /// Rows of equal length as a matrix.
  static func table(_ rows: [[Double]]) throws -> Tensor {
    try Tensor(rows.joined().map(Float.init), shape: [rows.count, rows.first?.count ?? 0])
  }

  /// Who learns the task, and how many answers are right where it is not learnt.
  private func noteTask(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let training = try evidence.training()
    let steps = training.solvedAt.compactMap { $0.map(Double.init) }
    if !steps.isEmpty {
      notebook.note(
        "steps-to-solve", Statistics.median(steps), unit: "steps", n: steps.count,
        from: ["main/training.json"])
    }
    let right = tunes.right
    let answers = right.joined().count { $0 != nil }
    let facts: [(String, Int, String)] = [
      ("vocabulary", Self.vocabulary, "notes"), ("heard", Self.length, "notes"),
      ("shortest", Self.periods.lowerBound, "notes"), ("longest", Self.periods.upperBound, "notes"),
      ("weights", training.parameterCount, "weights"), ("answers", answers, "answers"),
      ("explored", training.exploreCount, "seeds"),
    ]
    for (name, number, unit) in facts {
      notebook.note(name, Double(number), unit: unit, n: 1, from: ["main/network.json"])
    }
    let guesses = right.indices.flatMap { tune in
      let share = 1 / Double(Tunes.period(of: tunes.notes[tune]))
      return [Double](repeating: share, count: right[tune].count { $0 != nil })
    }
    notebook.note(
      "guessing", Statistics.mean(guesses), unit: "share of answers", n: guesses.count,
      from: ["activations.safetensors"])

    for variant in variants {
      let population = try evidence.population(variant.name)
      let (path, seeds) = (population.path, Self.all(variant))
      let training = try evidence.training(variant.name)
      notebook.noteShare(
        "solved-\(variant.name)", training.solvedAt.count { $0 != nil }, of: training.seedCount,
        unit: "share of networks", seeds: seeds, from: ["\(variant.name)/training.json"])
      let said = try Answers(
        of: variant.network, population.final, on: tunes, under: [], threads: evidence.threads)
      notebook.noteMean(
        "right-\(variant.name)", of: said.share(of: right), unit: "share of answers right",
        seeds: seeds, from: [path])
      let byPeriod = Self.periods.map { period in
        Statistics.mean(
          said.share(of: right) { tune, _ in Tunes.period(of: tunes.notes[tune]) == period })
      }
      notebook.note(
        "by-period-\(variant.name)",
        Finding(
          .numbers(byPeriod), unit: "share of answers right", n: variant.seedCount,
          seeds: seeds, from: [path]))
    }
  }

  /// Where the two heads look.
  private func noteHeads(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let seeds = Self.all(population.variant)
    let untrained = population.initial
    for (suffix, weights) in [("", population.final), ("-untrained", untrained)] {
      let looks = try Looks(self, weights, threads: evidence.threads)
      let scores = [
        ("looks-back", looks.back), ("looks-back-first-round", looks.backInFirstRound),
        ("looks-back-later", looks.backLater), ("looks-for-last-time", looks.forLastTime),
      ]
      for (name, values) in scores {
        notebook.noteMean(
          name + suffix, of: values, unit: "share of attention", seeds: seeds,
          from: [population.path])
      }
      if suffix.isEmpty {
        notebook.keep("looks-back-by-place", Tensor(looks.backByPlace.map(Float.init)))
      }
    }
    let (seed, specimen) = try evidence.specimen()
    let own = try Looks(self, specimen, threads: evidence.threads)
    notebook.note(
      "specimen-looks-back", own.backInFirstRound[0], unit: "share of attention", n: 1,
      seeds: "seed \(seed)", from: [population.path])
    notebook.note(
      "specimen-looks-for-last-time", own.forLastTime[0], unit: "share of attention", n: 1,
      seeds: "seed \(seed)", from: [population.path])
    notebook.note(
      "specimen-seed", Double(seed), n: 1, seeds: "seed \(seed)", from: ["main/training.json"])
    let lasts = try headScores(
      .induction, of: pair.transformer, in: pair.network, population.final, on: probes.examples,
      threads: evidence.threads)
    notebook.noteMean(
      "looks-at-the-latest", of: (0..<population.final.count).map { Double(lasts[$0, 1, 0]) },
      unit: "share of attention", seeds: seeds, from: [population.path])
  }

  /// What the weights say without any tune.
  private func noteCircuits(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let (seeds, from) = (Self.all(population.variant), [population.path])
    for (suffix, weights) in [("", population.final), ("-untrained", population.initial)] {
      let circuits = try Circuits(pair.transformer, weights)
      for (name, values) in [
        ("names-the-one-before", circuits.placesAgree), ("knows-the-name", circuits.namesAgree),
        ("says-what-it-sees", circuits.voiceAgrees),
      ] {
        notebook.noteMean(
          name + suffix, of: values, unit: "share of rows", seeds: seeds, from: from)
      }
    }
    let (_, specimen) = try evidence.specimen()
    let own = try Circuits(pair.transformer, specimen)
    notebook.keep("circuit-places", own.places.slice(0).slice(0))
    notebook.keep("circuit-names", own.names.slice(0).slice(0))
    notebook.keep("circuit-voice", own.voice.slice(0).slice(0))
    let model = pair.transformer
    for (suffix, weights) in [("", population.final), ("-untrained", population.initial)] {
      for reading in TransformerBlock.Reading.allCases {
        let scores = try compositionScores(reading, from: 0, to: 1, of: model, weights)
        notebook.noteMean(
          "composition-\(reading.rawValue)\(suffix)", of: scores.scalars.map(Double.init),
          unit: "composition score", seeds: seeds, from: from)
      }
    }
    var generator = Generator(seed: 3, stream: .analysis)
    for reading in TransformerBlock.Reading.allCases {
      notebook.note(
        "composition-\(reading.rawValue)-random",
        randomCompositionScore(reading, of: model.configuration, using: &generator),
        unit: "composition score", n: 100, from: ["main/network.json"])
    }
  }
}

/// Where the heads of a population look, in shares of attention.
struct Looks {
  /// The first head at the note before: at all places, in the first round of the longest tune, and later.
  let back, backInFirstRound, backLater: [Double]
  /// The second head, where something is asked: at any place whose left neighbour is the present note.
  let forLastTime: [Double]
  /// The first head at the note before, by place, on average over the networks.
  let backByPlace: [Double]

  init(_ task: Induction, _ weights: Weights, threads: Int) throws {
    let (tunes, length) = (task.tunes, Induction.length)
    let sites = [task.copyist.pattern, task.reader.pattern]
    let run = try task.pair.network.run(
      weights, on: tunes.examples, recording: sites, threads: threads)
    func weight(_ layer: Int, _ network: Int, _ tune: Int, _ query: Int, _ key: Int) -> Double {
      Double(run[sites[layer]][network, tune, 0, query, key])
    }
    let rows = tunes.notes.indices
    let byPlace = (0..<weights.count).map { network in
      (1..<length).map { place in
        Statistics.mean(rows.map { weight(0, network, $0, place, place - 1) })
      }
    }
    back = byPlace.map(Statistics.mean)
    backInFirstRound = byPlace.map { own in
      Statistics.mean(Induction.firstRound.map { own[$0 - 1] })
    }
    backLater = byPlace.map { own in Statistics.mean(Induction.laterRounds.map { own[$0 - 1] }) }
    backByPlace = (0..<length - 1).map { place in Statistics.mean(byPlace.map { $0[place] }) }
    let asked = zip(tunes.notes, tunes.right).map { notes, right in
      notes.indices.filter { right[$0] != nil }.map { query in
        (query: query, keys: (1...query).filter { notes[$0 - 1] == notes[query] })
      }
    }
    forLastTime = (0..<weights.count).map { network in
      Statistics.mean(
        rows.flatMap { tune in
          asked[tune].map { query, keys in
            keys.reduce(0) { $0 + weight(1, network, tune, query, $1) }
          }
        })
    }
  }
}

/// What the weights of a population say, whatever is heard.
struct Circuits {
  /// How the first head's scores depend on the two places alone: `[networks, 1, query, key]`.
  let places: Tensor
  /// How the second head's scores depend on the present note and on the note in a margin.
  let names: Tensor
  /// What the second head says of a note that it looks at.
  let voice: Tensor
  /// The share of rows whose largest number is where the mechanism wants it.
  let placesAgree, namesAgree, voiceAgrees: [Double]

  init(_ model: Transformer, _ weights: Weights) throws {
    let written = Reads.written(by: Head(layer: 0), reading: .tokens)
    places = Self.causal(
      try model.qkCircuit(layer: 0, weights, queries: .positions, keys: .positions))
    names = try model.qkCircuit(layer: 1, weights, queries: .tokens, keys: written)
    voice = try model.ovCircuit(layer: 1, weights)
    func numbers(_ shares: Tensor) -> [Double] { shares.scalars.map(Double.init) }
    placesAgree = numbers(
      rowAgreement(places) { Induction.firstRound.contains($0) ? $0 - 1 : nil })
    namesAgree = numbers(rowAgreement(names) { $0 })
    voiceAgrees = numbers(copiedShares(of: voice))
  }

  /// Scores of keys that a query cannot see count for nothing: below all others.
  private static func causal(_ circuits: Tensor) -> Tensor {
    let length = circuits.shape[3]
    let least = (circuits.scalars.min() ?? 0) - 1
    return Tensor(shape: circuits.shape) { index in
      index % length > index / length % length ? least : circuits.scalars[index]
    }
  }
}
