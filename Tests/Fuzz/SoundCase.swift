import Artifacts
import Experiments
import Findings
import Networks
import Tensors

/// A case as small as can be, and sound: the sign of the sum of two signs and a half, by one neuron.
struct SoundCase: Experiment {
  let variants: [Variant]
  let probes: Probes

  init() throws {
    let x = Input("x", [2], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    let w = Parameter("W", [2, 1], .normal(deviation: 1))
    let output = Site("output", x • w + Parameter("b", [1], .zeros))
    let network = try Network(
      output: output, loss: square(output - target), correct: step(output * target))
    let examples = try Examples([
      "x": Tensor([-1, -1, -1, 1, 1, -1, 1, 1], shape: [4, 2]),
      "target": Tensor([-1, 1, 1, 1], shape: [4, 1]),
    ])
    probes = Probes(examples, isWholeDomain: true)
    variants = [
      Variant(
        "main", network, data: .whole(examples), evaluation: Evaluation(examples),
        schedule: Schedule(optimizer: .sgd(), learningRate: 0.1, steps: 4), seedCount: 5)
    ]
  }
}

extension SoundCase {
  /// What every story here may refer to.
  static func findings() throws -> FindingsFile {
    func finding(_ value: Finding.Value, unit: String? = nil, _ interval: Interval? = nil)
      -> Finding
    {
      Finding(value, unit: unit, n: 90, interval: interval, seeds: "trial 10-99", from: ["w1"])
    }
    func trial(_ name: String, passed: Int) -> (Hypothesis, Outcome) {
      let hypothesis = Hypothesis(
        name: name, claim: "It is <needed>.", rival: "It is not.", intervention: "zero ablation",
        control: "another", predicted: "nothing is right", unit: "share of answers", .atMost(0))
      let effects = (0..<90).map { $0 < passed ? 0 : 0.25 }
      return (hypothesis, Outcome(effects: effects, controls: effects.map { $0 + 0.5 }))
    }
    return FindingsFile(
      case: "tiny",
      findings: [
        "survivors": finding(.number(8), unit: "neurons"),
        "gap": finding(.number(-0.08333), Interval(lower: -0.12, upper: -0.05)),
        "solved": finding(
          .number(83.0 / 90), unit: "share of networks", Interval(lower: 0.8477, upper: 0.962)),
        "losses": finding(.numbers([0.25, 1.0 / 3, 0.5])),
        "hostile": finding(.text("<b onclick=\"x\"> *x* [a](javascript:b) `c` {{survivors}} | é")),
      ],
      predictions: try judged(
        [trial("silent", passed: 88), trial("loud", passed: 9), trial("open", passed: 74)],
        seeds: "trial 10-99", from: ["w1"]))
  }

  static let figures = FiguresFile(
    case: "tiny",
    ["curve", "corners"].map { name in
      FiguresFile.Entry(
        name: name, title: "It \(name)s", caption: "Two are left.", alt: "Two bars.", width: 1280,
        height: 800, from: ["findings.json"])
    })

  /// Makes all files of the case but its story.
  func make(in folder: CaseFolder) throws {
    try train(self, in: folder, threads: 1) { _, _, _ in }
    try record(self, in: folder, threads: 1)
    try JSONFile.write(Self.findings(), to: folder.findings)
    try JSONFile.write(Self.figures, to: folder.figures)
  }
}
