/// The verdicts on all hypotheses of a case, Holm-corrected over them.
///
/// A trial seed passes if it has the component, its effect reaches the threshold, and lies beyond
/// its control. With s the claimed share and X ~ Binomial(n, s), the prediction is *held* if the
/// corrected P(X ≥ passed) is at most 0.05, *failed* if the corrected P(X ≤ passed) is, else
/// *inconclusive*. An effect or control that is not finite counts as a component that is absent.
///
/// ```swift
/// let trial = Outcome(effects: ablated, controls: random)
/// try judged([(hypothesis, trial)], seeds: "trial 10-99", from: ["main/population.safetensors"])
/// ```
///
/// - Parameters:
///   - trials: The hypotheses and what was measured for each.
///   - seeds: The trial seeds, in words.
///   - from: The files that all of them were measured from.
///   - seed: Where the bootstrap of each effect's interval starts.
/// - Returns: One prediction a hypothesis, in the same order.
/// - Throws: `PopulationTooSmall` if a hypothesis could not be held even if every seed passed;
///   `InvalidOutcome` if an outcome's arrays or a hypothesis's numbers make no sense.
public func judged(
  _ trials: [(hypothesis: Hypothesis, outcome: Outcome)], seeds: String, from: [String],
  seed: UInt64 = 0
) throws -> [Prediction] {
  for (hypothesis, outcome) in trials { try check(hypothesis, outcome) }
  try checkSizes(trials.map { ($0.hypothesis, $0.outcome.effects.count) })
  let counts = trials.map { trial in trial.hypothesis.passes(trial.outcome).count { $0 } }
  let held = Statistics.holm(
    zip(trials, counts).map { trial, passed in
      Statistics.binomialUpperTail(
        passed, of: trial.outcome.effects.count, share: trial.hypothesis.claimedShare)
    })
  let failed = Statistics.holm(
    zip(trials, counts).map { trial, passed in
      Statistics.binomialLowerTail(
        passed, of: trial.outcome.effects.count, share: trial.hypothesis.claimedShare)
    })
  return trials.indices.map { index in
    let (hypothesis, outcome) = trials[index]
    let n = outcome.effects.count
    let present = outcome.effects.indices.filter { outcome.isUsable($0) }
    let effects = present.map { outcome.effects[$0] }
    var generator = SplitMix64(seed: seed)
    return Prediction(
      name: hypothesis.name, hypothesis: hypothesis.claim, rival: hypothesis.rival,
      intervention: hypothesis.intervention, control: hypothesis.control,
      predicted: hypothesis.predicted, unit: hypothesis.unit,
      threshold: hypothesis.direction.threshold, claimedShare: hypothesis.claimedShare,
      passed: counts[index], absent: n - present.count, n: n,
      share: Double(counts[index]) / Double(n),
      interval: Statistics.wilson(counts[index], of: n),
      effect: effects.isEmpty ? nil : Statistics.mean(effects),
      effectInterval: Statistics.bootstrap(effects, using: &generator),
      controlEffect: effects.isEmpty
        ? nil : outcome.controls.map { controls in Statistics.mean(present.map { controls[$0] }) },
      p: held[index], reverseP: failed[index],
      verdict: held[index] <= significance
        ? .held : failed[index] <= significance ? .failed : .inconclusive,
      grade: hypothesis.grade, seeds: outcome.seeds ?? seeds, from: from + outcome.from)
  }
}

/// A population of which no outcome at all could make a hypothesis *held*.
public struct PopulationTooSmall: Error, Hashable, CustomStringConvertible {
  public let hypothesis: String
  public let n: Int

  /// The fewest trial seeds with which the hypothesis is held if all of them pass.
  public let leastN: Int

  public var description: String {
    "hypothesis '\(hypothesis)' could never be held:"
      + " \(n) trial seeds, and it takes at least \(leastN)"
  }
}

/// An outcome or hypothesis that cannot be judged.
public struct InvalidOutcome: Error, Hashable, CustomStringConvertible {
  public let description: String
}

/// The largest corrected probability at which a verdict is given.
private let significance = 0.05

extension Hypothesis {
  /// What the verdict on this hypothesis would rest on.
  public var grade: Grade {
    intervention == nil ? .correlational : exhaustive ? .causalExhaustive : .causalSampled
  }
}

extension Outcome {
  fileprivate func isUsable(_ index: Int) -> Bool {
    present[index] && effects[index].isFinite && (controls?[index].isFinite ?? true)
  }
}

extension Hypothesis {
  /// Whether each network passes: it has the component, and its effect reaches the threshold and lies beyond its control.
  public func passes(_ outcome: Outcome) -> [Bool] {
    outcome.effects.indices.map { index in
      let effect = outcome.effects[index]
      return outcome.isUsable(index) && direction.isReached(by: effect)
        && (outcome.controls.map { direction.isBeyond(effect, control: $0[index]) } ?? true)
    }
  }
}

private func check(_ hypothesis: Hypothesis, _ outcome: Outcome) throws {
  let n = outcome.effects.count
  func refuse(_ reason: String) -> InvalidOutcome {
    InvalidOutcome(description: "hypothesis '\(hypothesis.name)': \(reason)")
  }
  guard outcome.present.count == n else {
    throw refuse("\(n) effects, but \(outcome.present.count) entries of present")
  }
  if let controls = outcome.controls, controls.count != n {
    throw refuse("\(n) effects, but \(controls.count) controls")
  }
  guard hypothesis.claimedShare > 0, hypothesis.claimedShare < 1 else {
    throw refuse("a claimed share lies between 0 and 1, and \(hypothesis.claimedShare) does not")
  }
  guard hypothesis.direction.threshold.isFinite else { throw refuse("its threshold is not finite") }
}

/// Holm's correction grows with every p-value it is given, so nothing beats all seeds passing
/// everywhere.
private func checkSizes(_ trials: [(hypothesis: Hypothesis, n: Int)]) throws {
  func bestCase(atLeast n: Int) -> [Double] {
    Statistics.holm(
      trials.map { trial in
        let count = max(trial.n, n)
        return Statistics.binomialUpperTail(
          count, of: count, share: trial.hypothesis.claimedShare)
      })
  }
  let best = bestCase(atLeast: 0)
  guard let index = best.firstIndex(where: { $0 > significance }) else { return }
  var least = trials[index].n + 1
  while bestCase(atLeast: least)[index] > significance { least += 1 }
  throw PopulationTooSmall(
    hypothesis: trials[index].hypothesis.name, n: trials[index].n, leastN: least)
}
