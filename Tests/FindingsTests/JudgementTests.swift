import Testing

@testable import Findings

private func hypothesis(
  _ name: String = "needed", _ direction: Hypothesis.Direction = .atLeast(0.2),
  intervention: String? = "mean ablation", share: Double = 0.8, exhaustive: Bool = true
) -> Hypothesis {
  Hypothesis(
    name: name, claim: "The suspect is needed.", rival: "Any unit is.", intervention: intervention,
    control: "another unit", predicted: "accuracy falls by 0.2", unit: "accuracy", direction,
    claimedShare: share, exhaustive: exhaustive)
}

private func outcome(_ passed: Int, of n: Int) -> Outcome {
  Outcome(effects: (0..<n).map { $0 < passed ? 0.5 : 0.1 })
}

private func judge(_ trials: [(hypothesis: Hypothesis, outcome: Outcome)]) throws -> [Prediction] {
  try judged(trials, seeds: "trial 10-99", from: ["main/population.safetensors"])
}

@Suite struct JudgementTests {
  /// The counts are from exact rational arithmetic: of 90 at a share of 0.8, 79 and more have a
  /// probability of 0.038, 78 and more 0.069; 65 and fewer 0.047, 66 and fewer 0.077.
  @Test(arguments: [
    (90, Verdict.held), (79, .held), (78, .inconclusive), (72, .inconclusive),
    (66, .inconclusive), (65, .failed), (0, .failed),
  ])
  func verdictsOfNinety(passed: Int, verdict: Verdict) throws {
    let prediction = try judge([(hypothesis(), outcome(passed, of: 90))])[0]
    #expect(prediction.verdict == verdict)
    #expect(prediction.passed == passed && prediction.n == 90 && prediction.absent == 0)
    #expect(prediction.share == Double(passed) / 90)
  }

  /// Six hypotheses at once: the first needs 82 of 90, as the exact tail must be 0.05 / 6 or less.
  @Test func holmMakesItHarder() throws {
    let others = (1...5).map { (hypothesis("other-\($0)"), outcome(74, of: 90)) }
    #expect(try judge([(hypothesis(), outcome(82, of: 90))] + others)[0].verdict == .held)
    #expect(try judge([(hypothesis(), outcome(81, of: 90))] + others)[0].verdict == .inconclusive)
  }

  @Test func controlsCount() throws {
    let effects = [Double](repeating: 0.5, count: 20)
    let controls = (0..<20).map { $0 < 15 ? 0.1 : 0.5 }
    let prediction = try judge([(hypothesis(), Outcome(effects: effects, controls: controls))])[0]
    #expect(prediction.passed == 15)
    #expect(prediction.controlEffect == 0.2)
  }

  @Test func anEffectAtTheThresholdReachesIt() throws {
    let threshold = hypothesis().direction.threshold
    let effects = (0..<20).map { $0 < 13 ? threshold : threshold.nextDown }
    #expect(try judge([(hypothesis(), Outcome(effects: effects))])[0].passed == 13)
  }

  @Test func aControlThatIsNotFiniteIsAnAbsentComponent() throws {
    let effects = [Double](repeating: 0.5, count: 20)
    let controls = (0..<20).map { $0 < 2 ? -Double.infinity : 0.1 }
    let prediction = try judge([(hypothesis(), Outcome(effects: effects, controls: controls))])[0]
    #expect(prediction.passed == 18 && prediction.absent == 2)
  }

  @Test func atMostTurnsEverythingRound() throws {
    let effects = (0..<20).map { $0 < 18 ? 0.2 : 0.3 }
    let outcome = Outcome(effects: effects, controls: [Double](repeating: 0.25, count: 20))
    let prediction = try judge([(hypothesis("small", .atMost(0.2)), outcome)])[0]
    #expect(prediction.passed == 18 && prediction.threshold == 0.2)
  }

  @Test func absentDoesNotPass() throws {
    var effects = [Double](repeating: 0.5, count: 20)
    effects[0] = .nan
    let present = (0..<20).map { $0 != 1 }
    let prediction = try judge([(hypothesis(), Outcome(effects: effects, present: present))])[0]
    #expect(prediction.passed == 18 && prediction.absent == 2)
    #expect(prediction.effect == 0.5 && prediction.effectInterval == nil)
    let none = Outcome(effects: effects, present: effects.map { _ in false })
    let empty = try judge([(hypothesis(), none)])[0]
    #expect(empty.effect == nil && empty.verdict == .failed && empty.absent == 20)
  }

  @Test func grades() throws {
    let outcome = outcome(20, of: 20)
    func grade(_ hypothesis: Hypothesis) throws -> String {
      try judge([(hypothesis, outcome)])[0].grade.rawValue
    }
    #expect(try grade(hypothesis()) == "causal, exhaustive")
    #expect(try grade(hypothesis(exhaustive: false)) == "causal, sampled")
    #expect(try grade(hypothesis(intervention: nil)) == "correlational only")
  }

  /// 0.8^13 = 0.055 and 0.8^14 = 0.044; with six hypotheses 0.8^22 * 6 = 0.044 is the first below
  /// 0.05.
  @Test(arguments: [(1, 14), (2, 17), (4, 20), (6, 22), (8, 23)])
  func leastPopulation(hypotheses: Int, leastN: Int) throws {
    func trials(_ n: Int) -> [(hypothesis: Hypothesis, outcome: Outcome)] {
      (0..<hypotheses).map { (hypothesis("h\($0)"), outcome(n, of: n)) }
    }
    #expect(try judge(trials(leastN)).allSatisfy { $0.verdict == .held })
    for n in [0, 5, leastN - 1] {
      let error = #expect(throws: PopulationTooSmall.self) { try judge(trials(n)) }
      #expect(error == PopulationTooSmall(hypothesis: "h0", n: n, leastN: leastN))
    }
    #expect(
      PopulationTooSmall(hypothesis: "h0", n: 9, leastN: 14).description
        == "hypothesis 'h0' could never be held: 9 trial seeds, and it takes at least 14")
  }

  /// Populations whose true share is exactly the claimed one are called held at most one time in
  /// twenty, also when six are tested together.
  @Test func nullIsSeldomHeld() throws {
    var generator = SplitMix64(seed: 11)
    func draw() -> Outcome {
      Outcome(
        effects: [Double](repeating: 0.5, count: 90),
        present: (0..<90).map { _ in Statistics.draw(below: 10, using: &generator) < 8 })
    }
    var single = 0
    var family = 0
    for _ in 0..<1_000 {
      let verdicts = try judge((0..<6).map { (hypothesis("h\($0)"), draw()) }).map(\.verdict)
      family += verdicts.contains(.held) ? 1 : 0
      single += try judge([(hypothesis(), draw())])[0].verdict == .held ? 1 : 0
    }
    #expect(single <= 50 && single > 15)
    #expect(family <= 50)
  }

  @Test func refusesWhatMakesNoSense() {
    func message(_ hypothesis: Hypothesis, _ outcome: Outcome) -> String? {
      #expect(throws: InvalidOutcome.self) { try judge([(hypothesis, outcome)]) }?.description
    }
    let full = outcome(20, of: 20)
    #expect(
      message(hypothesis(), Outcome(effects: full.effects, present: [true]))
        == "hypothesis 'needed': 20 effects, but 1 entries of present")
    #expect(
      message(hypothesis(), Outcome(effects: full.effects, controls: []))
        == "hypothesis 'needed': 20 effects, but 0 controls")
    for share in [0, 1, -0.5, .nan] {
      #expect(message(hypothesis(share: share), full) != nil)
    }
    #expect(
      message(hypothesis("x", .atLeast(.infinity)), full)
        == "hypothesis 'x': its threshold is not finite")
  }

  @Test func noHypothesesNoPredictions() throws {
    #expect(try judge([]).isEmpty)
  }
}
