/// A hypothesis after its trial: what was predicted, what was measured and the verdict.
public struct Prediction: Hashable, Sendable {
  public var name: String
  public var hypothesis: String
  public var rival: String
  public var intervention: String?
  public var control: String?

  /// The predicted effect, in words.
  public var predicted: String
  public var unit: String?

  /// What an effect must reach: at least this, or at most, as `predicted` says.
  public var threshold: Double

  /// The share of networks of which the effect was claimed.
  public var claimedShare: Double

  /// How many trial seeds passed, of `n`, and on how many of them the component was not found.
  public var passed: Int
  public var absent: Int
  public var n: Int

  /// `passed / n` and its 95 % Wilson interval.
  public var share: Double
  public var interval: Interval

  /// The mean effect over the seeds that have the component; nil if none has.
  public var effect: Double?

  /// The effect's 95 % bootstrap interval; nil where it is the same in all.
  public var effectInterval: Interval?

  /// The mean effect of the control over the same seeds.
  public var controlEffect: Double?

  /// The probability, if the true share were only the claimed one, that so many seeds pass;
  /// Holm-corrected.
  public var p: Double

  /// The same of so few, on which the verdict `failed` rests.
  public var reverseP: Double
  public var verdict: Verdict
  public var grade: Grade
  public var seeds: String
  public var from: [String]
}

/// What the trial says of a prediction.
public enum Verdict: String, Hashable, Sendable, Codable {
  /// More networks pass than the claimed share alone would explain.
  case held
  /// Fewer pass than the claimed share would allow.
  case failed
  /// Neither is shown.
  case inconclusive
}

/// How strong the evidence behind a prediction is, whatever its verdict.
public enum Grade: String, Hashable, Sendable, Codable {
  /// An intervention, tested on all there is.
  case causalExhaustive = "causal, exhaustive"
  /// An intervention, tested on a sample.
  case causalSampled = "causal, sampled"
  /// No intervention: something seen together with something else.
  case correlational = "correlational only"
}
