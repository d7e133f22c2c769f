/// What a case claims about its component, and how an intervention would show it wrong.
///
/// It is written before its trial: name, rival, intervention, threshold and control are fixed here,
/// and `judged` computes the verdict from what was measured.
///
/// ```swift
/// Hypothesis(
///   name: "parity-unit-needed", claim: "The suspect unit carries the parity.",
///   rival: "Any unit is needed as much.", intervention: "mean ablation of the suspect unit",
///   control: "mean ablation of another unit, drawn at random",
///   predicted: "accuracy falls by at least 0.2", unit: "accuracy", .atLeast(0.2))
/// ```
public struct Hypothesis: Hashable, Sendable {
  /// The side of the threshold on which the predicted effect lies; the threshold itself counts.
  public enum Direction: Hashable, Sendable {
    case atLeast(Double)
    case atMost(Double)

    public var threshold: Double {
      switch self {
      case .atLeast(let threshold), .atMost(let threshold): threshold
      }
    }

    /// Whether an effect reaches the threshold.
    public func isReached(by effect: Double) -> Bool {
      switch self {
      case .atLeast(let threshold): effect >= threshold
      case .atMost(let threshold): effect <= threshold
      }
    }

    /// Whether an effect lies strictly beyond its control.
    public func isBeyond(_ effect: Double, control: Double) -> Bool {
      switch self {
      case .atLeast: effect > control
      case .atMost: effect < control
      }
    }
  }

  public var name: String
  public var claim: String
  public var rival: String

  /// What is done to the network; nil for a claim from observation, which is labelled
  /// correlational.
  public var intervention: String?

  /// What the effect is measured against.
  public var control: String?

  /// The predicted effect, in words.
  public var predicted: String
  public var unit: String?
  public var direction: Direction

  /// The share of networks of which the effect is claimed.
  public var claimedShare: Double

  /// Whether each network was tested on everything there is: all inputs, all subsets.
  public var exhaustive: Bool

  public init(
    name: String, claim: String, rival: String, intervention: String?, control: String?,
    predicted: String, unit: String? = nil, _ direction: Direction, claimedShare: Double = 0.8,
    exhaustive: Bool = false
  ) {
    self.name = name
    self.claim = claim
    self.rival = rival
    self.intervention = intervention
    self.control = control
    self.predicted = predicted
    self.unit = unit
    self.direction = direction
    self.claimedShare = claimedShare
    self.exhaustive = exhaustive
  }
}

/// What the trial of a hypothesis measured, one entry a trial seed.
public struct Outcome: Hashable, Sendable {
  public var effects: [Double]

  /// The effect of the control on the same seeds.
  public var controls: [Double]?

  /// Whether the locator found the component; where it did not, the seed does not pass.
  public var present: [Bool]

  /// The seeds in words, where they are not those of the other hypotheses: `trial 5-39`.
  public var seeds: String?

  /// The tensors or files of this hypothesis alone.
  public var from: [String]

  /// The outcome on as many trial seeds as there are effects; without `present`, all have the
  /// component.
  public init(
    effects: [Double], controls: [Double]? = nil, present: [Bool]? = nil, seeds: String? = nil,
    from: [String] = []
  ) {
    self.effects = effects
    self.controls = controls
    self.present = present ?? effects.map { _ in true }
    self.seeds = seeds
    self.from = from
  }
}
