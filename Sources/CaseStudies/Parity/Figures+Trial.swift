import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ParityTask
import Tensors

extension Parity {
  /// What is lost when a template is silenced.
  func silence(_ exhibits: Exhibits) throws -> Exhibit {
    let moved = try exhibits.numbers("firmer-by-distance")
    let range = try exhibits.tensor("firmer-range").plotRows
    let targets = [
      ("one", "one template"), ("eight", "all eight"), ("other", "one other"),
      ("others", "eight others"),
    ]
    let series = try [
      ("zero", Colour.blue), ("mean", .green), ("resample", .amber),
    ].map { way, colour in
      try exhibits.bars(
        "\(way) ablation", targets.map { "lost-\(way)-\($0.0)" }, colour: colour)
    }
    let seeds = try exhibits.finding("lost-zero-one").n
    func signed(_ value: Double) -> String {
      (value > 0 ? "+" : "") + NumberLabel.fixed(value, decimals: 0)
    }
    return Exhibit(
      Figure(
        slug: "silence",
        title:
          "Silence a template and its own inputs gain (\(signed(moved[0]))), while those next door lose all they had (\(signed(moved[1])))",
        subtitle:
          "Left: zero ablation of each template, by distance from it. Right: three ways to ablate. The \(Self.words(Double(seeds))) explore seeds with eight templates.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Output, towards the right answer",
              BarChart(
                categories: ["own", "1", "2", "3", "4"],
                categoryTitle: "switches away from the template",
                series: [
                  BarSeries(
                    "", values: moved,
                    intervals: Band(lower: range.map { $0[0] }, upper: range.map { $0[1] }),
                    colour: .blue)
                ], axis: Axis("change", range: -1.5...2.5), valueDecimals: 2)),
            Panel(
              "Inputs that become wrong",
              BarChart(
                categories: targets.map(\.1), categoryTitle: "what is ablated", series: series,
                axis: Axis("share of inputs", range: 0...0.6))),
          ], isShared: false, columnShares: [1, 1.4]),
        caption:
          "A neuron is not there for the pattern it detects. Left, whiskers from the least to the greatest change: without the neuron, inputs at its template gain, those one switch away are left at zero, undecided, and nobody else notices. Right: how many answers turn then is a toss of the coin under zero ablation and none at all under mean ablation, which would acquit every suspect; other neurons, the control, cost nothing by any method.",
        alt:
          "Left, bars of the change of the output: up at the template itself, down half as far at one switch away, nothing beyond. Right, grouped bars for three kinds of ablation: one template costs some inputs under zero and resample ablation and none under mean ablation, all eight cost half, other neurons cost none.",
        plotHeight: 300),
      from: ["findings.json", "findings.safetensors"])
  }

  /// The squared error of every subset of the specimen's templates.
  func subsets(_ exhibits: Exhibits) throws -> Exhibit {
    let losses = try exhibits.tensor("subset-losses").scalars.map(Double.init)
    let means = try exhibits.numbers("error-by-size")
    // Subsets of one size have one of a few errors: a point for each, with the number of subsets.
    var clusters: [(point: Point, count: Int)] = []
    for subset in losses.indices {
      let size = Double(subset.nonzeroBitCount)
      let known = clusters.firstIndex {
        $0.point.x == size && ($0.point.y - losses[subset]).magnitude < 0.05
      }
      if let known {
        clusters[known].count += 1
      } else {
        clusters.append((Point(size, losses[subset]), 1))
      }
    }
    let count = NumberLabel.fixed(try exhibits.number("subsets"), decimals: 0)
    let worse = try exhibits.percent("subsets-worse-than-none")
    return Exhibit(
      Figure(
        slug: "subsets",
        title:
          "Of \(count) subsets of the templates \(Self.words(try exhibits.number("minimal-sets"))) is enough, the whole; \(worse) are worse than no neuron at all",
        subtitle:
          "Every subset of the templates of seed \(Int(try exhibits.number("specimen-seed"))) kept, the others set to zero; squared error over all inputs.",
        plot: Scatter(
          groups: [
            PointGroup(
              "subsets (how many)", clusters.map(\.point), labels: clusters.map { "\($0.count)" },
              colour: .blue, marker: .circle, radius: 4.5),
            PointGroup(
              "their mean", means.enumerated().map { Point(Double($0.offset), $0.element) },
              colour: .vermilion, marker: .diamond, radius: 4),
          ],
          x: Axis(
            "templates kept", range: -0.5...8.5,
            ticks: (0...Templates.expected).map { Tick(Double($0), "\($0)") }),
          y: Axis("mean squared error", range: -0.15...3.7),
          references: [.horizontal("no neuron at all", at: losses[0])]),
        caption:
          "Half of the templates are worse than none. Every single subset was tried: the error first grows with the number of neurons, since those that shout the wrong answer are no longer outvoted, and falls to zero only when all are there. The Shapley value shares the credit evenly.",
        alt:
          "Dots of the squared error of all subsets by the number of templates kept. The mean first climbs and then falls to zero when all are kept, where there is a single dot.",
        plotHeight: 330),
      from: ["findings.json", "findings.safetensors"])
  }

  /// Survivors and random neurons, trained alone from their first weights.
  func lottery(_ exhibits: Exhibits) throws -> Exhibit {
    let measures = [
      ("solved", "right on all held-out inputs"), ("eight-templates", "ends with eight templates"),
    ]
    let early = NumberLabel.fixed(try exhibits.number("steps-to-solve-lottery"), decimals: 0)
    let late = NumberLabel.fixed(try exhibits.number("steps-to-solve-random-eight"), decimals: 0)
    return Exhibit(
      Figure(
        slug: "lottery",
        title:
          "Alone from their first weights, \(try exhibits.percent("solved-lottery")) of the survivors learn the task, and \(try exhibits.percent("solved-random-eight")) of random eights",
        subtitle: "Networks of eight neurons that start as eight neurons of a large one did.",
        plot: BarChart(
          categories: measures.map(\.1), categoryTitle: "",
          series: [
            try exhibits.bars(
              "the survivors", measures.map { "\($0.0)-lottery" }, colour: .blue),
            try exhibits.bars(
              "eight drawn at random", measures.map { "\($0.0)-random-eight" },
              isControl: true),
          ], axis: Axis("share of networks", range: 0...1), direction: .right, valueDecimals: 2),
        caption:
          "The survivors need not have been born to it. Almost any eight neurons learn the rule; the survivors are merely faster (median step \(early) against \(late)) and tidier, since far more of them end as the eight templates again. Whiskers are 95 % intervals.",
        alt:
          "Two pairs of horizontal bars. Right on all held-out inputs: both long. Ends with eight templates: much longer for the survivors than for random neurons.",
        plotHeight: 190),
      from: ["findings.json", "lottery/training.json", "random-eight/training.json"])
  }
}
