import Findings
import Interpretability
import Networks
import Tensors

/// The five predictions that every explanation has to face, with the same thresholds in every case.
///
/// They were written down once, before any case was measured with them, and are calibrated on networks whose mechanism is
/// known and on networks that have none.
public enum StandardTest: String, CaseIterable, Sendable {
  /// All but the component can go.
  case suffices = "component-suffices"
  /// The component cannot.
  case isNeeded = "component-is-needed"
  /// A variable of the program, taken from another input, changes the answer as the program says.
  case variablesMove = "variables-move"
  /// The program answers as the network does.
  case programAgrees = "program-agrees"
  /// The program says where the network fails, and where it does not, beyond what it was trained on.
  case foretellsFailure = "program-foretells-failure"

  /// What each of the tests must reach.
  public var threshold: Double {
    switch self {
    case .suffices: 0.95
    case .isNeeded: 0.25
    case .variablesMove: 0.9
    case .programAgrees: 0.99
    case .foretellsFailure: 0.9
    }
  }

  /// What is predicted of an explanation.
  ///
  /// - Parameters:
  ///   - explanation: What is tested.
  ///   - isAll: Whether the component is all that its site holds, so that no part is left for a control.
  /// - Returns: The hypothesis.
  public func hypothesis(_ explanation: Explanation, isAll: Bool = false) -> Hypothesis {
    let name = explanation.component.name
    let program = explanation.summary
    let kinds = explanation.beyond.map(\.kind).joined(separator: " and ")
    func hypothesis(
      _ claim: String, rival: String, intervention: String?, control: String?, predicted: String,
      unit: String, exhaustive: Bool = explanation.isExhaustive
    ) -> Hypothesis {
      Hypothesis(
        name: rawValue, claim: claim, rival: rival, intervention: intervention, control: control,
        predicted: predicted, unit: unit, .atLeast(threshold),
        claimedShare: explanation.claimedShare, exhaustive: exhaustive)
    }
    switch self {
    case .suffices:
      return hypothesis(
        "Of all that its site holds, \(name) is enough.",
        rival: "What lies beside it has a part in the answers.",
        intervention: "mean ablation of everything at the site but \(name)",
        control: "mean ablation of everything but as large a part, drawn at random",
        predicted: "at least nineteen answers in twenty are right", unit: "share of answers right")
    case .isNeeded:
      return hypothesis(
        "Without \(name) the network loses its answers.",
        rival: "Something else does the same work and stands in.",
        intervention: "mean ablation of \(name)",
        control: isAll ? nil : "mean ablation of as large a part of the site, drawn at random",
        predicted: "at least a quarter of the right answers are lost",
        unit: "share of right answers lost")
    case .variablesMove:
      let variables = explanation.programs[0].variables
      let holders =
        variables.count > 3
        ? ["\(variables[0].name), and so on to \(variables[variables.count - 1].name),"]
        : variables.map { "\($0.name) (in \($0.holder.name))" }
      return hypothesis(
        "What the program calls \(list(holders)) is there in the network, and is used.",
        rival: "The part goes along with the variable without holding it.",
        intervention:
          "the part that is claimed to hold a variable taken from another input, each variable in turn",
        control: "as large a part, drawn at random (the variable where this does most)",
        predicted:
          "nine in ten of the answers that should change become what the program says (the variable where they do least)",
        unit: "share of interchanges")
    case .programAgrees:
      return hypothesis(
        "The network computes \(program).",
        rival: "It answers by other rules that come to the same on what was looked at.",
        intervention: nil, control: "the same network before training",
        predicted: "at least ninety-nine answers in a hundred are the program's",
        unit: "share of inputs")
    case .foretellsFailure:
      return hypothesis(
        "The program says what becomes of \(kinds).",
        rival: "Beyond what it was trained on the network does something else.",
        intervention: "inputs that training had none of: \(kinds)",
        control: "the same network before training",
        predicted:
          "at least nine in ten are answered as the program says, be it wrong (the kind where fewest are)",
        unit: "share of inputs", exhaustive: false)
    }
  }

  /// The words with commas and an `and`.
  private func list(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  /// Whether an explanation can be tested so: some have nothing beside the component, no variable, or nothing beyond.
  public func applies(to examination: Examination) throws -> Bool {
    let explanation = examination.explanation
    return switch self {
    case .suffices: try !examination.isRestEmpty()
    case .isNeeded, .programAgrees: true
    case .variablesMove: !explanation.programs[0].variables.isEmpty
    case .foretellsFailure: !explanation.beyond.isEmpty
    }
  }

  /// What the test comes to on some networks.
  ///
  /// - Parameters:
  ///   - examination: The networks.
  ///   - untrained: The same networks before training, for control.
  /// - Returns: The effect, and the control's, in every network.
  /// - Throws: `NetworkError` if the explanation does not fit the networks.
  public func outcome(_ examination: Examination, untrained: Weights) throws -> Outcome {
    var generator = Generator(seed: 3, stream: .analysis)
    let present = examination.located.present
    func outcome(_ measure: Examination.Measure) -> Outcome {
      Outcome(effects: measure.effects, controls: measure.controls, present: present)
    }
    /// The untrained twins, with the programs of what became of them.
    func twin() throws -> Examination {
      try Examination(
        examination.explanation.claiming(examination.version), of: examination.network, untrained,
        threads: examination.threads)
    }
    switch self {
    case .suffices:
      return outcome(try examination.sufficiency(by: .mean, using: &generator))
    case .isNeeded:
      // Where the component is the whole site, a placebo would be it again.
      let measure = try examination.necessity(by: .mean, using: &generator)
      return try examination.isRestEmpty()
        ? Outcome(effects: measure.effects, present: present) : outcome(measure)
    case .variablesMove:
      let all = try examination.interchanges(using: &generator).map(\.measure)
      return outcome(
        .init(
          effects: present.indices.map { index in all.map { $0.effects[index] }.min() ?? 0 },
          controls: present.indices.map { index in all.map { $0.controls[index] }.max() ?? 0 }))
    case .programAgrees:
      return outcome(
        .init(effects: try examination.agreement(), controls: try twin().agreement()))
    case .foretellsFailure:
      let (own, before) = (examination, try twin())
      func least(_ examination: Examination) throws -> [Double] {
        // Trained and untrained networks get the same inputs.
        var generator = Generator(seed: 4, stream: .analysis)
        let all = try examination.explanation.beyond.map {
          try examination.agreement(on: $0.make(&generator), of: $0.network)
        }
        return present.indices.map { index in all.map { $0[index] }.min() ?? 0 }
      }
      return outcome(.init(effects: try least(own), controls: try least(before)))
    }
  }
}

extension Explanation {
  /// The same, with each network's program given.
  func claiming(_ version: [Int]) -> Explanation {
    Explanation(
      of: component, in: network, summary: summary, programs: programs, version: { _ in version },
      claimedShare: claimedShare,
      examples: examples,
      isExhaustive: isExhaustive, beyond: beyond, shuffledVariant: shuffledVariant,
      instead: instead)
  }
}
