import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors
import XORTask

extension XOR {
  /// One network of each of the two algorithms, and how often each is found.
  func algorithms(_ exhibits: Exhibits) throws -> Exhibit {
    let population = try exhibits.evidence.population()
    let kinds: [(Pair.Algorithm, String)] = [
      (.differing, "Two detectors of “they differ”"), (.agreeing, "Two detectors of “they agree”"),
    ]
    var panels: [Panel] = []
    for (kind, title) in kinds {
      let example = population.variant.exploreSeeds.first {
        Pair(in: population.final, network: $0)?.algorithm == kind
      }
      guard let example else { continue }
      let share = try exhibits.number("\(kind)-corners") * 100
      panels.append(
        Panel(
          "\(title): \(NumberLabel.fixed(share, decimals: 1)) % of the networks (here seed \(example))",
          Self.pairDiagram(population.final.network(example), perceptron)))
    }
    return Exhibit(
      Figure(
        slug: "algorithms",
        title:
          "Two algorithms survive, and every network has one of them",
        subtitle: "The surviving pair of one network of each kind, with weights.",
        plot: Grid(columns: 2, panels: panels),
        caption:
          "The two algorithms are each other's mirror. Left: one neuron for each corner where the signs differ, read out with plus. Right: one for each corner where they agree, read out with minus. What is not detected is answered by the output's bias.",
        alt:
          "Two small diagrams with two inputs, two hidden neurons and one output. On the left each neuron has one positive and one negative input weight; on the right both weights of a neuron have the same sign.",
        plotHeight: 260),
      from: ["main/population.safetensors", "findings.json"])
  }

  private static func pairDiagram(_ weights: Weights, _ perceptron: Perceptron) -> NetworkDiagram {
    let (w1, w2) = (weights[perceptron.w1].slice(0), weights[perceptron.w2].slice(0))
    let units = Pair.alive(in: weights, network: 0)
    return NetworkDiagram(
      columns: [
        .init("inputs", units: [.init("x₁"), .init("x₂")]),
        .init("pair", units: units.map { .init("n\($0 + 1)") }),
        .init("output", units: [.init("y")]),
      ],
      weights: [
        w1.plotRows.map { row in units.map { row[$0] } }, units.map { w2.plotRows[$0] },
      ])
  }

  /// What each way of ablating costs, of the pair and of others.
  func ablations(_ exhibits: Exhibits) throws -> Exhibit {
    let targets = [
      ("one", "one of the pair"), ("both", "the pair"), ("other", "one other"),
      ("others", "two others"), ("rest", "all others"),
    ]
    let ways = [
      ("zero", Colour.blue), ("mean", Colour.green), ("resample", Colour.amber),
    ]
    let series = try ways.map { way, colour in
      try exhibits.bars(
        "\(way) ablation", targets.map { "lost-\(way)-\($0.0)" }, colour: colour)
    }
    return Exhibit(
      Figure(
        slug: "ablations",
        title: "Whatever is put in its place, a neuron of the pair is missed, and no other is",
        subtitle: "Means over the explore seeds; whiskers are 95 % intervals.",
        plot: BarChart(
          categories: targets.map(\.1), categoryTitle: "what is ablated", series: series,
          axis: Axis("share of corners lost", range: 0...0.7),
          references: [.horizontal("one corner of four", at: 0.25)]),
        caption:
          "The pair is needed and the rest is not, however one asks. The others (right) are the control: ablating one, two or all of them costs nothing. Resampling costs most for one neuron, since at a corner that is not its own it may put a firing neuron's value.",
        alt:
          "Grouped bars for zero, mean and resample ablation. One of the pair costs a quarter or more of the corners, both cost half, and any number of other neurons nothing.",
        plotHeight: 320),
      from: ["findings.json"])
  }

  /// The lottery: who wins when only two neurons may play.
  func lottery(_ exhibits: Exhibits) throws -> Exhibit {
    let names = [
      "solved-lottery", "solved-foretold", "solved-random-pair-1", "solved-random-pair-2",
      "solved-random-pair-3", "solved-width-2",
    ]
    let labels = [
      "the survivors", "foretold at step 0", "random pair, draw 1", "random pair, draw 2",
      "random pair, draw 3", "two fresh neurons",
    ]
    let colours: [Colour] = [.blue, .green, .control, .control, .control, .control]
    return Exhibit(
      Figure(
        slug: "lottery",
        title:
          "From the survivors' first weights, \(try exhibits.percent("solved-lottery")) of two-neuron networks learn the task; from a random pair's, \(try exhibits.percent("solved-random-pairs"))",
        subtitle: "Two-neuron networks trained from what two neurons of a wide one began with.",
        plot: BarChart(
          categories: labels, categoryTitle: "",
          series: [
            try exhibits.bars("", names, colours: colours)
          ], axis: Axis("share of networks that solve the task", range: 0...1), direction: .right,
          valueDecimals: 2),
        caption:
          "Survivors are born, not made. Blue: pairs that survived in the wide network, put back to their weights of step 0 and trained alone. Green: pairs picked by looking at step 0 only. Grey, the controls: random pairs of the same networks, and fresh narrow networks.",
        alt:
          "Six horizontal bars. The survivors and the foretold pairs reach nearly the whole length; three random draws and fresh networks about a quarter.",
        plotHeight: 260),
      from: ["findings.json"])
  }

  /// Where narrow networks stop.
  func stuck(_ exhibits: Exhibits) throws -> Exhibit {
    let losses = try exhibits.tensor("stuck-losses").scalars.map(Double.init)
    let explained = try exhibits.percent("stuck-explained")
    return Exhibit(
      Figure(
        slug: "stuck",
        title:
          "Networks that fail do so in one of three ways: \(explained) of them stop at one of three losses",
        subtitle: "1,000 two-neuron networks trained without a penalty; loss on the four corners.",
        plot: Histogram(
          groups: [Sample("networks", losses)],
          x: Axis("mean squared error", range: -0.045...1.095), countTitle: "networks",
          binCount: 38,
          references: [
            .vertical("two alike", at: 0.5), .vertical("three alike", at: 2.0 / 3),
            .vertical("all four alike", at: 1),
          ]),
        caption:
          "A stuck network's loss says what it cannot see. If two corners with different answers look alike to it, both get the mean answer and the error is exactly one half; if three do, two thirds; if all four do, one.",
        alt:
          "A histogram of the final losses of a thousand narrow networks: a peak at zero for those that succeed, and three narrow peaks at one half, two thirds and one.",
        plotHeight: 280),
      from: ["findings.json", "no-penalty/population.safetensors"])
  }
}
