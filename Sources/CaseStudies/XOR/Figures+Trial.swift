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
      (.differing, "A detector for each corner where the signs differ"),
      (.agreeing, "A detector for each corner where they agree"),
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
          "\(title): \(NumberLabel.fixed(share, decimals: 1))\u{A0}% of the networks (here seed \(example))",
          Self.pairDiagram(population.final.network(example), perceptron)))
    }
    return Exhibit(
      Figure(
        slug: "algorithms",
        title:
          "Two algorithms survive: \(try exhibits.percent("pair-found")) of the networks have one or the other",
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
        title:
          "Zero ablation of one of the pair loses \(try exhibits.percent("lost-zero-one")) of the corners, of all others \(try exhibits.percent("lost-zero-rest"))",
        subtitle: "Means over the explore seeds; whiskers are 95 % intervals.",
        plot: BarChart(
          categories: targets.map(\.1), categoryTitle: "what is replaced", series: series,
          axis: Axis("share of corners lost", range: 0...0.7),
          references: [.horizontal("one corner of four", at: 0.25)]),
        caption:
          "All three ways of taking neurons out agree on who matters. A neuron is set to zero, to its mean over the corners, or to its own value at another corner, which may make it fire where it must not. The others, to the right, are the control.",
        alt:
          "Grouped bars for zero, mean and resample ablation of one of the pair, of both, of one other, of two others and of all others: the share of corners lost.",
        plotHeight: 320),
      from: ["findings.json"])
  }

  /// The lottery: who wins when only two neurons may play.
  func lottery(_ exhibits: Exhibits) throws -> Exhibit {
    let rows: [(name: String, label: String, colour: Colour)] = [
      ("lottery", "the survivors", .blue), ("foretold", "picked at step 0", .green),
      ("good-without-survivors", "a good pair without them", .green),
      ("size-matched", "others of their sizes", .control),
      ("large-pair", "two of the three largest", .control),
      ("random-pair", "two at random", .control), ("width-2", "two fresh neurons", .control),
    ]
    return Exhibit(
      Figure(
        slug: "lottery",
        title:
          "From the survivors' first weights, \(try exhibits.percent("solved-lottery")) of two-neuron networks learn the task; from others of their sizes, \(try exhibits.percent("solved-size-matched"))",
        subtitle: "Two-neuron networks trained from what two neurons of a wide one began with.",
        plot: BarChart(
          categories: rows.map(\.label), categoryTitle: "",
          series: [
            try exhibits.bars(
              "", rows.map { "solved-\($0.name)" }, colours: rows.map(\.colour))
          ], axis: Axis("share of networks that solve the task", range: 0...1), direction: .right,
          valueDecimals: 2),
        caption:
          "Where a pair starts decides whether it learns alone. Blue: pairs that survived in the wide network, put back to their weights of step 0. Green: good pairs, in tune and at opposite corners, picked by looking at step 0 alone. Grey, the controls: as large, larger, or at random.",
        alt:
          "Seven horizontal bars: the share of two-neuron networks that solve the task from seven kinds of start.",
        plotHeight: 260),
      from: ["findings.json"])
  }

  /// Where narrow networks stop.
  func stuck(_ exhibits: Exhibits) throws -> Exhibit {
    let losses = try exhibits.tensor("stuck-losses").scalars.map(Double.init)
    let places: [(label: String, loss: Double)] = [
      ("0: solved", 0), ("1/2: two look alike", 0.5), ("2/3: three look alike", 2.0 / 3),
      ("1: all four look alike", 1),
    ]
    let counts = places.map { place in losses.count { ($0 - place.loss).magnitude < 0.01 } }
    let rest = losses.count - counts.reduce(0, +)
    let explained = try exhibits.percent("stuck-explained")
    return Exhibit(
      Figure(
        slug: "stuck",
        title:
          "Of the networks that fail, \(explained) stop at a loss of one half, two thirds or one",
        subtitle:
          "\(NumberLabel.fixed(Double(losses.count), decimals: 0)) two-neuron networks trained without a penalty; loss on the four corners.",
        plot: BarChart(
          categories: places.map(\.label) + ["anything else"],
          categoryTitle: "mean squared error, within a hundredth",
          series: [
            BarSeries(
              "", values: (counts + [rest]).map(Double.init),
              colours: [.green, .blue, .blue, .blue, .control])
          ], axis: Axis("networks"), direction: .right, valueDecimals: 0),
        caption:
          "A stuck network's loss says what it cannot see. If two corners with different answers look alike to it, both get the mean answer and the error is exactly one half; if three do, two thirds; if all four do, one.",
        alt:
          "Five horizontal bars: how many narrow networks end at a loss of zero, one half, two thirds, one, or anything else.",
        plotHeight: 240),
      from: ["findings.json", "no-penalty/population.safetensors"])
  }
}
