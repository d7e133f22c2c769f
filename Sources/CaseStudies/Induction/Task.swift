import Experiments
import Networks
import Tensors

/// A tune of distinct notes, over and over: say the next note as soon as the tune has come round.
public struct Induction: Experiment {
  /// The network of the story: two layers of one head.
  public let pair: AttentionOnly
  public let variants: [Variant]
  public let probes: Probes
  /// The tunes of the probes.
  public let tunes: Tunes

  /// The number of different notes.
  public static let vocabulary = 16

  /// The number of notes that are heard.
  public static let length = 24

  /// How many notes a tune may have before it comes round.
  public static let periods = 4...12

  public init() throws {
    pair = try AttentionOnly(layers: 2)
    tunes = try Tunes.repeated(of: Self.periods, each: 4, stream: .analysis)
    probes = Probes(tunes.examples, isWholeDomain: false)
    let test = try Tunes.repeated(of: Self.periods, each: 12, stream: .split)

    func variant(
      _ name: String, _ model: AttentionOnly, periods: ClosedRange<Int> = Self.periods,
      seeds: Int = 10, shuffled: Bool = false
    ) -> Variant {
      Variant(
        name, model.network,
        data: .made(inputs: ["tokens", "next", "asked"], batch: 64) { generator, example in
          let period = periods.lowerBound + generator.index(below: periods.count)
          let notes = Tunes.tune(of: period, using: &generator)
          let (_, asked) = Tunes.answers(to: notes)
          // Shuffled, the answers are those to a tune as long that is never heard.
          let answered = shuffled ? Tunes.tune(of: period, using: &generator) : notes
          let (next, _) = Tunes.answers(to: answered)
          example = [notes, next, asked].map { $0.map(Float.init) }
        },
        evaluation: Evaluation(test.examples),
        schedule: Schedule(
          optimizer: .adam(weightDecay: 0.1), learningRate: 0.006, steps: 400, warmUp: 50,
          decay: .cosine(to: 0.04), gradientClip: 1),
        seedCount: seeds)
    }
    variants = [
      variant("main", pair, seeds: 40),
      variant("one-layer", try AttentionOnly(layers: 1)),
      variant("one-layer-four-heads", try AttentionOnly(layers: 1, heads: 4, width: 64)),
      variant("one-period", pair, periods: 8...8),
      variant("shuffled-labels", pair, shuffled: true),
    ]
  }
}
