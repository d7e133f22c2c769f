import Documents
import Findings

extension Story {
  /// The page that the story is told on.
  public func page(
    slug: String, kicker: String? = nil, facts: [Fact] = [], predictions: [Prediction],
    reproduction: CasePage.Reproduction, previous: CasePage.Link? = nil,
    next: CasePage.Link? = nil
  ) -> CasePage {
    CasePage(
      slug: slug, title: title, kicker: kicker, question: question, claim: claim, grade: grade,
      component: component, facts: facts, opening: opening, sections: sections,
      predictions: predictions.map(PredictionRow.init), glossary: glossary,
      reproduction: reproduction, cover: cover, previous: previous, next: next)
  }
}

extension PredictionRow {
  /// A prediction in words.
  public init(_ prediction: Prediction) {
    let isShare = StoryValue.isShare(prediction.unit)
    let n = Wording.number(Double(prediction.n))
    func amount(_ value: Double) -> String {
      isShare ? Wording.percent(value) : Wording.number(value)
    }
    let unit = isShare ? "" : prediction.unit.map { " " + $0 } ?? ""
    self.init(
      name: prediction.name, hypothesis: prediction.hypothesis, rival: prediction.rival,
      intervention: prediction.intervention, predicted: prediction.predicted,
      control: prediction.control,
      passed: Wording.number(Double(prediction.passed)) + " of " + n,
      share: prediction.share, interval: prediction.interval.range,
      claimedShare: prediction.claimedShare,
      intervalText: Wording.interval(
        prediction.interval.lower, prediction.interval.upper, isShare: true),
      effect: prediction.effect.map { amount($0) + unit } ?? "component not found",
      effectInterval: prediction.effectInterval.map {
        Wording.interval($0.lower, $0.upper, isShare: isShare)
      } ?? (prediction.effect == nil ? "" : "identical in all"),
      controlEffect: prediction.controlEffect.map { amount($0) + unit },
      p: prediction.verdict == .failed
        ? Wording.p(prediction.reverseP) + " against it" : Wording.p(prediction.p),
      verdict: Verdict(prediction.verdict), grade: prediction.grade.rawValue)
  }
}

extension PredictionRow.Verdict {
  init(_ verdict: Findings.Verdict) {
    switch verdict {
    case .held: self = .held
    case .failed: self = .failed
    case .inconclusive: self = .inconclusive
    }
  }
}

extension Interval {
  /// The interval as a range; empty at its lower end if its ends are the wrong way round.
  fileprivate var range: ClosedRange<Double> {
    lower...max(lower, upper)
  }
}
