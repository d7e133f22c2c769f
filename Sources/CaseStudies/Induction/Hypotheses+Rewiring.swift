import Experiments
import Findings
import InductionTask
import Interpretability
import Investigations
import Networks
import Tensors

extension Induction {
  /// How far back the first head is made to look, and how far ahead an answer may then be.
  static let stepsBack = 0...4

  /// What forged, blurred and strangers' margins make the explore seeds say.
  func noteRewiring(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let (seeds, from) = (Self.explore(population.variant), [population.path])
    let weights = population.final.networks(population.variant.exploreSeeds)
    let margins = Margins(self, weights, threads: evidence.threads)
    let right = tunes.right
    func note(_ name: String, _ values: [Double], _ unit: String = "share of answers right") {
      notebook.noteMean(name, of: values, unit: unit, seeds: seeds, from: from)
    }

    var dial: [[Double]] = []
    for steps in Self.stepsBack {
      let said = try margins.answers(on: tunes, under: .back(steps))
      let shares = Self.stepsBack.map { said.share(of: tunes.ahead($0)) }
      dial.append(shares.map(Statistics.mean))
      note("ahead-by-\(steps)", shares[steps], "share of answers")
    }
    notebook.keep("dial", try Self.table(dial))
    let ways: [(String, Margins.Way)] = [
      ("untouched", .untouched), ("blurred", .blurred(Array(0..<Self.length))),
      ("blurred-first-round", .blurred(Self.firstRound)),
      ("blurred-later", .blurred(Self.laterRounds)),
    ]
    for (name, way) in ways { note("right-\(name)", try margins.share(of: right, under: way)) }

    var generator = Generator(seed: 4, stream: .analysis)
    let strangers = try Strangers(self, weights, using: &generator, threads: evidence.threads)
    for reading in TransformerBlock.Reading.allCases {
      note("stranger-right-\(reading.rawValue)", strangers.right[reading] ?? [])
      note(
        "stranger-says-\(reading.rawValue)", strangers.asPredicted[reading] ?? [],
        "share of answers")
    }
    note("stranger-says-third", strangers.asOtherPredicted, "share of answers")

    // One tune of the probes, as it is answered with true margins and with forged ones.
    let (seed, specimen) = try evidence.specimen()
    let example = tunes.notes.firstIndex { Tunes.period(of: $0) == Self.examplePeriod } ?? 0
    let own = Margins(self, specimen, threads: evidence.threads)
    let said = try [Margins.Way.untouched, .back(2)].map { way in
      try own.answers(on: tunes, under: way).notes[0][example]
    }
    notebook.keep(
      "example", try Self.table(([tunes.notes[example]] + said).map { $0.map(Double.init) }))
    notebook.note(
      "example-row", Double(example), n: 1, seeds: "seed \(seed)", from: ["activations.safetensors"]
    )
  }

  /// The period of the tune that the figures show.
  static let examplePeriod = 8

  /// What is left of the answers without one head.
  func noteAblations(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let population = try evidence.population()
    let weights = population.final.networks(population.variant.exploreSeeds)
    var generator = Generator(seed: 5, stream: .analysis)
    for (layer, block) in pair.transformer.blocks.enumerated() {
      for ablation in Ablation.allCases {
        let cut = Intervention(at: block.z, ablation.action(seed: 1))
        let said = try answers(weights, on: tunes, under: [cut], threads: evidence.threads)
        notebook.noteMean(
          "right-\(ablation.rawValue)-\(layer)", of: said.share(of: tunes.right),
          unit: "share of answers right", seeds: Self.explore(population.variant),
          from: [population.path])
      }
      // The placebo: a random vector as long as what the head adds, added to it.
      let push = try randomPush(block.attentionOut, weights, using: &generator, evidence.threads)
      let said = try answers(weights, on: tunes, under: [push], threads: evidence.threads)
      notebook.noteMean(
        "right-push-\(layer)", of: said.share(of: tunes.right), unit: "share of answers right",
        seeds: Self.explore(population.variant), from: [population.path])
    }
  }

  private func randomPush(
    _ site: Site, _ weights: Weights, using generator: inout Generator, _ threads: Int
  ) throws -> Intervention {
    let held = try pair.network.run(
      weights, on: probes.examples, recording: [site], threads: threads)[site]
    let (places, width) = (site.shape[0], site.shape[1])
    var numbers: [Float] = []
    for network in 0..<weights.count {
      for place in 0..<places {
        let lengths = (0..<probes.examples.count).map { example in
          (0..<width).reduce(0.0) { $0 + Double(held[network, example, place, $1]).squared }
            .squareRoot()
        }
        let drawn = (0..<width).map { _ in Double(generator.normal()) }
        let scale = Statistics.mean(lengths) / drawn.reduce(0) { $0 + $1.squared }.squareRoot()
        numbers += drawn.map { Float($0 * scale) }
      }
    }
    return Intervention(
      at: site, .steer(along: try Tensor(numbers, shape: [weights.count, places, width])))
  }
}

extension Double {
  fileprivate var squared: Double { self * self }
}
