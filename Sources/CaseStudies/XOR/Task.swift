import Experiments
import Networks
import Tensors

/// Exclusive or: whether two signs differ.
public struct XOR: Experiment {
  /// The network of the story.
  public let perceptron: Perceptron
  public let variants: [Variant]
  public let probes: Probes

  /// The corners of the square, in the order in which every array of this case has them.
  public static let corners: [[Float]] = [[-1, -1], [-1, 1], [1, -1], [1, 1]]

  /// The answer at each corner: 1 where the signs differ.
  public static let answers: [Float] = [-1, 1, 1, -1]

  /// How many pairs of each kind the pairs of the lottery are compared with.
  public static let controlDraws = 1...3

  public init() throws {
    let domain = try Examples([
      "x": Tensor(Self.corners.flatMap(\.self), shape: [4, 2]),
      "target": Tensor(Self.answers, shape: [4, 1]),
    ])
    perceptron = try Perceptron(width: 16, penalty: 0.01)
    probes = Probes(domain, isWholeDomain: true)

    let schedule = Schedule(
      optimizer: .adam(), learningRate: 0.02, steps: 1500, warmUp: 50, decay: .cosine(to: 0.01))
    func variant(
      _ name: String, _ network: Network, seeds: Int = 1000, shuffled: Bool = false,
      start: Variant.Start = .fresh
    ) -> Variant {
      var data = TrainingData.whole(domain)
      data.shufflesTargets = shuffled
      return Variant(
        name, network, data: data, evaluation: Evaluation(domain), schedule: schedule,
        seedCount: seeds, start: start)
    }

    let pair = try Perceptron(width: 2, penalty: 0.01).network
    variants =
      [
        variant("main", perceptron.network),
        variant("width-2", pair),
        variant("width-4", try Perceptron(width: 4, penalty: 0.01).network),
        variant("width-8", try Perceptron(width: 8, penalty: 0.01).network),
        variant("no-penalty", try Perceptron(width: 2, penalty: 0).network),
        variant("wide-no-penalty", try Perceptron(width: 16, penalty: 0).network, seeds: 10),
        variant("shuffled-labels", perceptron.network, seeds: 10, shuffled: true),
        variant("lottery", pair, start: .from(variant: "main", Lottery.survivors)),
        variant(
          "foretold", pair,
          start: .from(variant: "main") { initial, _ in
            Lottery.foretoldPairs(initial)
          }),
        variant("other-good-pair", pair, start: .from(variant: "main", Lottery.otherGoodPairs)),
        variant(
          "random-pair", pair,
          start: .from(variant: "main") { initial, _ in
            Lottery.randomPairs(initial)
          }),
      ]
      + Self.controlDraws.flatMap { draw in
        [
          variant(
            "size-matched-\(draw)", pair,
            start: .from(variant: "main") { initial, final in
              Lottery.sizeMatchedPairs(initial: initial, final: final, draw: draw)
            }),
          variant(
            "large-pair-\(draw)", pair,
            start: .from(variant: "main") { initial, _ in
              Lottery.largePairs(initial, draw: draw)
            }),
        ]
      }
  }
}
