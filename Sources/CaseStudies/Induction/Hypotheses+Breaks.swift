import Experiments
import Findings
import InductionTask
import Interpretability
import Investigations
import Networks
import Tensors

extension Induction {
  /// Where the explanation, or the network, ends.
  func noteBreaks(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let (seeds, from) = (Self.explore(population.variant), [population.path])
    let weights = population.final.networks(population.variant.exploreSeeds)
    let margins = Margins(self, weights, threads: evidence.threads)
    var generator = Generator(seed: 6, stream: .analysis)
    func note(_ name: String, _ values: [Double], _ unit: String = "share of answers right") {
      notebook.noteMean(name, of: values, unit: unit, seeds: seeds, from: from)
    }

    // Tunes that begin after an opening, by the place of the margin that must be read.
    let opened = try Tunes.withOpening(count: 100, using: &generator)
    let places = Array(9...16)
    var byMargin: [[Double]] = []
    for way in [Margins.Way.untouched, .back(1)] {
      let said = try margins.answers(on: opened, under: way)
      byMargin.append(
        places.map { place in
          Statistics.mean(
            said.share(of: opened.right) {
              Tunes.margin(for: $1, in: opened.notes[$0]) == place
            })
        })
      for (name, isLate) in [("early", false), ("late", true)] {
        note(
          "opened-\(name)\(byMargin.count == 1 ? "" : "-repaired")",
          said.share(of: opened.right) {
            (Tunes.margin(for: $1, in: opened.notes[$0]) > Self.lastMargin) == isLate
          })
      }
    }
    notebook.keep("right-by-margin", try Self.table(byMargin))
    notebook.keep("margins", Tensor(places.map(Float.init)))

    let medleys = try Tunes.medleys(count: 48, using: &generator)
    for name in ["one-layer", "one-layer-four-heads", "one-period"] {
      let other = try evidence.population(name)
      let said = try Answers(
        of: other.network, other.final, on: medleys, under: [], threads: evidence.threads)
      notebook.noteMean(
        "right-medleys-\(name)", of: said.share(of: medleys.right),
        unit: "share of answers right", seeds: Self.all(other.variant), from: [other.path])
    }

    // A note that is heard twice in a tune: what followed it the first time, the second, or neither.
    let stutters = try Tunes.stuttering(count: 50, using: &generator)
    let said = try margins.answers(on: stutters, under: .untouched)
    func follower(_ which: (_ notes: [Int], _ places: [Int]) -> Int?) -> [[Int?]] {
      zip(stutters.notes, stutters.right).map { notes, right in
        notes.indices.map { place in
          let before = (0..<place).filter { notes[$0] == notes[place] }
          guard right[place] == nil, before.count > 1 else { return nil }
          return which(notes, before)
        }
      }
    }
    note("stutter-elsewhere", said.share(of: stutters.right))
    note("stutter-first", said.share(of: follower { $0[$1[0] + 1] }), "share of answers")
    note("stutter-second", said.share(of: follower { $0[$1[1] + 1] }), "share of answers")

    try noteShortcuts(evidence, &notebook)
  }

  /// What networks do that have one look, or have heard tunes of one length alone: they count places.
  private func noteShortcuts(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let one = try evidence.population("one-period")
    let looks = try Looks(self, one.final, threads: evidence.threads)
    let circuits = try Circuits(pair.transformer, one.final)
    for (name, values, unit) in [
      ("one-period-looks-back", looks.backInFirstRound, "share of attention"),
      ("one-period-knows-the-name", circuits.namesAgree, "share of rows"),
    ] {
      notebook.noteMean(
        name, of: values, unit: unit, seeds: Self.all(one.variant), from: [one.path])
    }
    let single = try evidence.population("one-layer")
    let byDistance = try [
      distances(AttentionOnly(layers: 1), single, evidence.threads),
      distances(pair, one, evidence.threads),
      distances(pair, try evidence.population(), evidence.threads),
    ]
    notebook.keep("attention-by-distance", try Self.table(byDistance))
    let favourite = byDistance[0].indices.max { byDistance[0][$0] < byDistance[0][$1] } ?? 0
    let served = Self.periods.filter { (favourite + 1).isMultiple(of: $0) }
    for (name, value, unit) in [
      ("favourite-distance", favourite, "places"), ("favourite-period", favourite + 1, "places"),
      ("periods-served", served.count, "periods"), ("periods", Self.periods.count, "periods"),
    ] {
      notebook.note(
        name, Double(value), unit: unit, n: single.final.count, seeds: Self.all(single.variant),
        from: [single.path])
    }
    notebook.note(
      "served",
      Finding(
        .numbers(served.map(Double.init)), unit: "notes", n: single.final.count,
        seeds: Self.all(single.variant), from: [single.path]))
  }

  /// How much the last layer looks back by each distance, from places in the second half.
  private func distances(
    _ model: AttentionOnly, _ population: Population, _ threads: Int
  ) throws -> [Double] {
    let patterns = try attentionPatterns(
      of: model.transformer, in: model.network, population.final, on: probes.examples,
      threads: threads)
    let (layer, length) = (patterns.shape[1] - 1, Self.length)
    let queries = length / 2..<length
    return (0..<length).map { distance in
      Statistics.mean(
        (0..<patterns.shape[0]).flatMap { network in
          queries.map { query in
            query < distance ? 0 : Double(patterns[network, layer, 0, query, query - distance])
          }
        })
    }
  }

  /// When the specimen finds its voice, the tune, and the two heads.
  func noteEmergence(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let name = "seed \(try evidence.specimen().seed)"
    let emergence = try Emergence(over: try evidence.checkpoints()) { weights in
      let looks = try Looks(self, weights, threads: evidence.threads)
      let said = try answers(weights, on: tunes, threads: evidence.threads)
      let score = try pair.network.scores(
        weights, on: probes.examples, threads: evidence.threads)[0][0]
      return [
        Double(score.loss), said.share(of: tunes.right)[0], said.shareOfTheTune(tunes)[0],
        looks.backInFirstRound[0], looks.forLastTime[0],
      ]
    }
    notebook.keep("emergence", try Self.table(emergence.values))
    notebook.keep("emergence-steps", Tensor(emergence.steps.map(Float.init)))
    let moments: [(String, Int?)] = [
      ("of-the-tune-after", emergence.settled { $0[2] >= 0.9 }),
      ("last-time-after", emergence.settled { $0[4] >= 0.5 }),
      ("back-after", emergence.settled { $0[3] >= 0.5 }),
    ]
    for (moment, step) in moments {
      notebook.note(
        moment, Double(step ?? -1), unit: "steps", n: emergence.steps.count, seeds: name,
        from: ["main/checkpoints"])
    }
    if let place = emergence.steps.firstIndex(of: emergence.settled { $0[2] >= 0.9 } ?? -1) {
      notebook.note(
        "right-when-of-the-tune", emergence.values[place][1], unit: "share of answers right",
        n: 1, seeds: name, from: ["main/checkpoints"])
    }
  }
}
