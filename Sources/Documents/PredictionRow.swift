/// A prediction and its verdict, as words for a table.
public struct PredictionRow: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    case held, failed, inconclusive

    /// A sign that tells it from the others without colour.
    var mark: String {
      switch self {
      case .held: "✓"
      case .failed: "✗"
      case .inconclusive: "?"
      }
    }
  }

  public var name: String
  public var hypothesis: String
  public var rival: String
  /// What was done to the networks, or nil if nothing was.
  public var intervention: String?
  public var predicted: String
  public var control: String?
  /// How many of how many passed, `83 of 90`.
  public var passed: String
  /// The share that passed, its interval and the share that was claimed, each from 0 to 1.
  public var share: Double
  public var interval: ClosedRange<Double>
  public var claimedShare: Double
  /// The interval in words.
  public var intervalText: String
  /// The mean effect with its unit, and its interval or that there is no spread.
  public var effect: String
  public var effectInterval: String
  public var controlEffect: String?
  /// The p value, `p < 0.001`.
  public var p: String
  public var verdict: Verdict
  public var grade: String

  public init(
    name: String, hypothesis: String, rival: String, intervention: String?, predicted: String,
    control: String?, passed: String, share: Double, interval: ClosedRange<Double>,
    claimedShare: Double, intervalText: String, effect: String, effectInterval: String,
    controlEffect: String?, p: String, verdict: Verdict, grade: String
  ) {
    self.name = name
    self.hypothesis = hypothesis
    self.rival = rival
    self.intervention = intervention
    self.predicted = predicted
    self.control = control
    self.passed = passed
    self.share = share
    self.interval = interval
    self.claimedShare = claimedShare
    self.intervalText = intervalText
    self.effect = effect
    self.effectInterval = effectInterval
    self.controlEffect = controlEffect
    self.p = p
    self.verdict = verdict
    self.grade = grade
  }

  var fields: [String: Any] {
    var fields: [String: Any] = [
      "name": name, "hypothesis": hypothesis, "rival": rival, "predicted": predicted,
      "passed": passed, "intervalText": intervalText, "effect": effect,
      "effectInterval": effectInterval, "p": p, "verdict": verdict.rawValue,
      "mark": verdict.mark, "grade": grade,
      // The strip is 100 units wide.
      "shareX": Self.tenths(share), "lowerX": Self.tenths(interval.lowerBound),
      "spanX": Self.tenths(interval.upperBound - interval.lowerBound),
      "claimedX": Self.tenths(claimedShare),
      "correlational": intervention == nil,
    ]
    fields["intervention"] = intervention
    fields["control"] = control
    fields["controlEffect"] = controlEffect
    return fields
  }

  /// A share as a hundredth of the strip's width, with one decimal.
  private static func tenths(_ share: Double) -> String {
    let tenths = Int((min(max(share, 0), 1) * 1000).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
