/// Every key is always written, `null` where it does not apply, and every key must be there on
/// reading.
extension Prediction: Codable {
  private enum CodingKeys: CodingKey {
    case name, hypothesis, rival, intervention, control, predicted, unit, threshold, claimedShare
    case passed, absent, n, share, interval, effect, effectInterval, controlEffect, p, reverseP
    case verdict, grade, seeds, from
  }

  public init(from decoder: Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    name = try container.decode(String.self, forKey: .name)
    hypothesis = try container.decode(String.self, forKey: .hypothesis)
    rival = try container.decode(String.self, forKey: .rival)
    intervention = try container.decode(String?.self, forKey: .intervention)
    control = try container.decode(String?.self, forKey: .control)
    predicted = try container.decode(String.self, forKey: .predicted)
    unit = try container.decode(String?.self, forKey: .unit)
    threshold = try container.decode(Double.self, forKey: .threshold)
    claimedShare = try container.decode(Double.self, forKey: .claimedShare)
    passed = try container.decode(Int.self, forKey: .passed)
    absent = try container.decode(Int.self, forKey: .absent)
    n = try container.decode(Int.self, forKey: .n)
    share = try container.decode(Double.self, forKey: .share)
    interval = try container.decode(Interval.self, forKey: .interval)
    effect = try container.decode(Double?.self, forKey: .effect)
    effectInterval = try container.decode(Interval?.self, forKey: .effectInterval)
    controlEffect = try container.decode(Double?.self, forKey: .controlEffect)
    p = try container.decode(Double.self, forKey: .p)
    reverseP = try container.decode(Double.self, forKey: .reverseP)
    verdict = try container.decode(Verdict.self, forKey: .verdict)
    grade = try container.decode(Grade.self, forKey: .grade)
    seeds = try container.decode(String.self, forKey: .seeds)
    from = try container.decode([String].self, forKey: .from)
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(name, forKey: .name)
    try container.encode(hypothesis, forKey: .hypothesis)
    try container.encode(rival, forKey: .rival)
    try container.encode(intervention, forKey: .intervention)
    try container.encode(control, forKey: .control)
    try container.encode(predicted, forKey: .predicted)
    try container.encode(unit, forKey: .unit)
    try container.encode(threshold, forKey: .threshold)
    try container.encode(claimedShare, forKey: .claimedShare)
    try container.encode(passed, forKey: .passed)
    try container.encode(absent, forKey: .absent)
    try container.encode(n, forKey: .n)
    try container.encode(share, forKey: .share)
    try container.encode(interval, forKey: .interval)
    try container.encode(effect, forKey: .effect)
    try container.encode(effectInterval, forKey: .effectInterval)
    try container.encode(controlEffect, forKey: .controlEffect)
    try container.encode(p, forKey: .p)
    try container.encode(reverseP, forKey: .reverseP)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(grade, forKey: .grade)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(from, forKey: .from)
  }
}
