import Experiments
import Findings
import InductionTask
import Interpretability
import Investigations
import Networks
import Tensors

extension Induction: Investigation {
  public func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let (weights, threads) = (try trial.networks(), trial.threads)
    var generator = Generator(seed: 2, stream: .analysis)
    let margins = Margins(self, weights, threads: threads)
    let strangers = try Strangers(self, weights, using: &generator, threads: threads)
    let right = tunes.right
    func share(_ way: Margins.Way) throws -> [Double] { try margins.share(of: right, under: way) }

    let unheard = try Tunes.medleys(count: 48, using: &generator)
    let longer = try Tunes.repeated(
      of: Self.periods.upperBound + 1...Self.vocabulary, each: 12, stream: .split)
    func elsewhere(_ way: Margins.Way) throws -> [Double] {
      let shares = try [unheard, longer].map { tunes in
        try margins.share(of: tunes.right, on: tunes, under: way)
      }
      return zip(shares[0], shares[1]).map { min($0, $1) }
    }
    let opened = try Tunes.withOpening(count: 50, using: &generator)
    func late(_ way: Margins.Way) throws -> [Double] {
      try margins.share(of: opened.right, on: opened, under: way) { tune, place in
        Tunes.margin(for: place, in: opened.notes[tune]) > Self.lastMargin
      }
    }
    let composition = try compositions(weights, using: &generator)
    let ahead = tunes.ahead(2)
    return [
      (
        Hypothesis(
          name: "one-back-is-enough",
          claim: "All that the first head has to do is to look at the note before.",
          rival: "It needs the rest of what it looks at as well.",
          intervention: "the first head made to look at exactly the note before, everywhere",
          control: "made to look at all notes so far alike",
          predicted: "nearly all answers stay right", unit: "share of answers right",
          .atLeast(0.98)),
        Outcome(effects: try share(.back(1)), controls: try share(.blurred(Array(0..<Self.length))))
      ),
      (
        Hypothesis(
          name: "first-round-only",
          claim:
            "The first head looks back only as long as a tune can be new, and later nobody needs it to.",
          rival: "A head that looks back does so everywhere.",
          intervention:
            "the first head made to look at all notes so far alike, at every place after the longest tune's first round",
          control: "the same at every place before",
          predicted: "nearly all answers stay right", unit: "share of answers right",
          .atLeast(0.98)),
        Outcome(
          effects: try share(.blurred(Self.laterRounds)),
          controls: try share(.blurred(Self.firstRound)))
      ),
      (
        Hypothesis(
          name: "only-through-keys",
          claim: "What the first head writes reaches the second by way of its keys alone.",
          rival: "It reaches it as the question that it asks, or as what it then says.",
          intervention:
            "the first head's output taken from a stranger's tune, for the second head's query alone or its value alone (the worse of both)",
          control: "the same for its key alone",
          predicted: "nearly all answers stay right", unit: "share of answers right",
          .atLeast(0.95)),
        Outcome(
          effects: zip(strangers.right[.query] ?? [], strangers.right[.value] ?? [])
            .map { min($0, $1) },
          controls: strangers.right[.key] ?? [])
      ),
      (
        Hypothesis(
          name: "strangers-margins",
          claim: "The key is a margin note: the name of the note before.",
          rival: "A key that does not belong there spoils the answer in no particular way.",
          intervention:
            "the first head's output taken from a stranger's tune, for the second head's key alone",
          control: "the answers that yet another stranger's margins predict",
          predicted:
            "of the answers that should change, most become what the stranger's margins say",
          unit: "share of answers", .atLeast(0.85)),
        Outcome(effects: strangers.asPredicted[.key] ?? [], controls: strangers.asOtherPredicted)
      ),
      (
        Hypothesis(
          name: "two-back-skips-one",
          claim: "The second head believes what stands in the margin.",
          rival: "It knows the tune some other way and notices.",
          intervention: "the first head made to look at the note before the one before",
          control: "made to look one note further still",
          predicted: "the network says the note after the next", unit: "share of answers",
          .atLeast(0.9)),
        Outcome(
          effects: try margins.share(of: ahead, under: .back(2)),
          controls: try margins.share(of: ahead, under: .back(3)))
      ),
      (
        Hypothesis(
          name: "any-melody",
          claim: "The network follows the notes, not the beat: it needs no tune to come round.",
          rival: "It has found out the period and looks that far back.",
          intervention:
            "tunes longer than any it was trained on, and medleys of pieces of a tune from anywhere (the worse of both)",
          control: "the same with the first head looking at all notes so far alike",
          predicted: "nearly all answers are right", unit: "share of answers right",
          .atLeast(0.95)),
        Outcome(
          effects: try elsewhere(.untouched),
          controls: try elsewhere(.blurred(Array(0..<Self.length))))
      ),
      (
        Hypothesis(
          name: "repaired",
          claim:
            "Where a tune begins too late for the first head, the second could still do its work.",
          rival: "Both have learnt no more than they were shown.",
          intervention:
            "an opening before the tune, and the first head made to look at exactly the note before",
          control: "the opening alone",
          predicted: "nine in ten of the late answers are right",
          unit: "share of late answers right",
          .atLeast(0.9)),
        Outcome(effects: try late(.back(1)), controls: try late(.untouched))
      ),
      (
        Hypothesis(
          name: "fits-the-key",
          claim: "By their weights alone, the first head writes what the second reads as keys.",
          rival: "Two heads of this size fit by chance.", intervention: nil,
          control: "the largest of: its queries, its values, random weights of the same shapes",
          predicted: "a composition score of a quarter at least", unit: "composition score",
          .atLeast(0.25)),
        Outcome(effects: composition.key, controls: composition.control)
      ),
    ]
  }

  /// The composition score of each network's keys, and the largest of what it is compared with.
  func compositions(_ weights: Weights, using generator: inout Generator) throws -> (
    key: [Double], control: [Double]
  ) {
    let model = pair.transformer
    let scores = try TransformerBlock.Reading.allCases.map { reading in
      try compositionScores(reading, from: 0, to: 1, of: model, weights).scalars.map(Double.init)
    }
    let random = randomCompositionScore(.key, of: model.configuration, using: &generator)
    return (scores[1], (0..<weights.count).map { max(scores[0][$0], scores[2][$0], random) })
  }
}
