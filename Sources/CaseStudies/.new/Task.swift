import Experiments
import Networks
import Tensors

/// Majority: whether there are more plus or more minus signs among five.
///
/// This is a whole case to begin from, whatever its name. To make it your own, say here what the questions and
/// answers are and how networks are trained, in `Network.swift` what computes the answers, in `Hypotheses.swift`
/// what you think goes on inside, in `Figures.swift` what to draw, and tell it in `Story.md`.
public struct NAME: Experiment {
  /// The network of the story, through which hypotheses and figures reach its sites.
  public let model: NAMENetwork
  public let variants: [Variant]
  public let probes: Probes

  /// How many signs there are; an odd number, so that no vote is tied.
  public static let voterCount = 5

  /// All questions: every pattern of signs, one a row.
  public static let ballots: [[Float]] = (0..<1 << voterCount).map { pattern in
    (0..<voterCount).map { pattern >> $0 & 1 == 1 ? 1 : -1 }
  }

  /// The answer to each: the sign that most have.
  public static let answers: [Float] = ballots.map { $0.reduce(0, +) > 0 ? 1 : -1 }

  public init() throws {
    // A tensor for each input of the network, with a row an example. Where the questions are too many to list,
    // train on `TrainingData.made`, and measure on a fixed sample.
    let domain = try Examples([
      "x": Tensor(Self.ballots.flatMap(\.self), shape: [Self.ballots.count, Self.voterCount]),
      "target": Tensor(Self.answers, shape: [Self.answers.count, 1]),
    ])
    model = try NAMENetwork(
      inputCount: Self.voterCount, width: 12, penalty: 0.004)
    probes = Probes(domain, isWholeDomain: true)

    let schedule = Schedule(
      optimizer: .adam(), learningRate: 0.02, steps: 2000, warmUp: 50, decay: .cosine(to: 0.01))

    // The networks to train: `main`, which the story is about, and whatever its claims are compared with. The
    // first tenth of the seeds is for looking, the others are for the trial. A verdict needs about forty; what is
    // true of nine networks in ten and claimed of eight needs some hundred and fifty.
    var shuffled = TrainingData.whole(domain)
    shuffled.shufflesTargets = true
    variants = [
      Variant(
        "main", model.network, data: .whole(domain), evaluation: Evaluation(domain),
        schedule: schedule, seedCount: 200),
      Variant(
        "shuffled-labels", model.network, data: shuffled, evaluation: Evaluation(domain),
        schedule: schedule, seedCount: 10),
    ]
  }
}
