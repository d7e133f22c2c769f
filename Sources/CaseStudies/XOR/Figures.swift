import Artifacts
import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors
import XORTask

extension XOR: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try diagram(exhibits), try suspects(exhibits),
      try corners(exhibits), try emergence(exhibits), try algorithms(exhibits),
      try ablations(exhibits), try lottery(exhibits), try stuck(exhibits),
    ]
  }

  static let cornerNames = ["(−, −)", "(−, +)", "(+, −)", "(+, +)"]

  /// Accuracy over training at four widths, and how many networks solve the task.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let widths = [("width-2", "2"), ("width-4", "4"), ("width-8", "8"), ("main", "16")]
    let colours: [Colour] = [.vermilion, .amber, .green, .blue]
    let lines = try zip(widths, colours).map { width, colour in
      let training = try exhibits.evidence.training(width.0)
      // A logarithmic axis has no place for step 0.
      return LineSeries(
        "\(width.1) neurons", x: training.measuredSteps.dropFirst().map(Double.init),
        y: Array(training.accuracy.mean.dropFirst()), colour: colour)
    }
    let solved = ["solved-width-2", "solved-width-4", "solved-width-8", "solved-width-16"]
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "Corners answered right, mean of all networks",
          LineChart(
            series: lines, x: Axis("training step", scale: .logarithmic),
            y: Axis("share of four corners", range: 0.4...1.02))),
        Panel(
          "Networks right at all four",
          BarChart(
            categories: widths.map(\.1), categoryTitle: "hidden neurons",
            series: [try exhibits.bars("", solved, colours: colours)],
            axis: Axis("share of networks", range: 0...1), valueDecimals: 3)),
      ], isShared: false, columnShares: [1.25, 1])
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "With two hidden neurons \(try exhibits.percent("solved-width-2")) of the networks learn the task; with sixteen, \(try exhibits.percent("solved-width-16")) of them",
        subtitle: "1,000 networks at each width; whiskers are 95 % intervals.",
        plot: plot,
        caption:
          "\(try exhibits.percent("solved-width-2")) of the networks solve the task with two neurons, \(try exhibits.percent("solved-width-4")) with four, \(try exhibits.percent("solved-width-8")) with eight, \(try exhibits.percent("solved-width-16")) with sixteen. Left: the share of the four corners answered right while they train, mean of all networks of a width. Right: the share of networks that end with all four right.",
        alt:
          "Left, accuracy over training steps, a curve for each of four widths. Right, a bar for each width: the share of its networks that solve the task.",
        plotHeight: 250),
      from: widths.map { "\($0.0)/training.json" })
  }

  /// The specimen before and after training, as a diagram.
  private func diagram(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, after) = try exhibits.evidence.specimen()
    let before = try exhibits.evidence.population().initial.network(seed)
    let alive = Pair.alive(in: after, network: 0)
    let width = perceptron.hidden.shape.count
    let plot = Grid(
      columns: 2,
      panels: [
        Panel("Before training", Self.diagram(before, perceptron, alive: Array(0..<width))),
        Panel("After training", Self.diagram(after, perceptron, alive: alive)),
      ])
    return Exhibit(
      Figure(
        slug: "survivors",
        title:
          "Exactly two of sixteen neurons are left in \(try exhibits.percent("two-alive")) of the networks",
        subtitle: "Here seed \(seed). Colour is the sign and size of a weight, thickness its size.",
        plot: plot,
        caption:
          "\(alive.count) of \(width) neurons of this network are left. A neuron's size is the sum of the sizes of its input weights times that of its read-out weight; one is left if its size is more than a twentieth of the largest, and faint otherwise.",
        alt:
          "Two diagrams of the same network, before and after training: two inputs, the hidden neurons, one output. Before, edges of many colours; after, those of the neurons that are left.",
        plotHeight: 430),
      from: ["main/population.safetensors"])
  }

  private static func diagram(_ weights: Weights, _ perceptron: Perceptron, alive: [Int])
    -> NetworkDiagram
  {
    let (w1, w2) = (weights[perceptron.w1].slice(0), weights[perceptron.w2].slice(0))
    let hidden = (0..<w1.shape[1]).map { unit in
      NetworkDiagram.Unit("n\(unit + 1)", isDead: !alive.contains(unit))
    }
    return NetworkDiagram(
      columns: [
        .init("inputs", units: [.init("x₁"), .init("x₂")]), .init("hidden neurons", units: hidden),
        .init("output", units: [.init("y")]),
      ], weights: [w1.plotRows, w2.plotRows])
  }

  /// The sixteen suspects, ranked by what they add to the specimen's success.
  private func suspects(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, after) = try exhibits.evidence.specimen()
    let before = try exhibits.evidence.population().initial.network(seed)
    let shapley = try exhibits.numbers("shapley")
    let ranked = shapley.indices.sorted { (shapley[$1], $0) < (shapley[$0], $1) }
    let initial = Lottery.sizes(before, network: 0).map(Double.init)
    let final = Lottery.sizes(after, network: 0).map(Double.init)
    let placebo = try exhibits.numbers("shapley-untrained")
    let names = ranked.map { "n\($0 + 1)" }
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "What each adds to the accuracy",
          BarChart(
            categories: names, categoryTitle: "neuron",
            series: [
              BarSeries("after training", values: ranked.map { shapley[$0] }),
              BarSeries(
                "before training (control)", values: ranked.map { placebo[$0] }, isControl: true),
            ], axis: Axis("share of corners"), direction: .right)),
        Panel(
          "The size of each",
          BarChart(
            categories: names, categoryTitle: "neuron",
            series: [
              BarSeries("after training", values: ranked.map { final[$0] }),
              BarSeries(
                "before training (control)", values: ranked.map { initial[$0] }, isControl: true),
            ], axis: Axis("weight in × weight out"), direction: .right)),
      ], isShared: false)
    let subsets = NumberLabel.fixed(try exhibits.number("subsets"), decimals: 0)
    return Exhibit(
      Figure(
        slug: "suspects",
        title:
          "Of \(shapley.count) suspects, \(shapley.count { $0 != 0 }) change how many corners are right",
        subtitle: "Seed \(seed); all \(subsets) subsets of its neurons were switched off in turn.",
        plot: plot,
        caption:
          "The pair has \(try exhibits.percent("shapley-of-pair")) of the credit. Left: each neuron's Shapley value, what it adds to the share of corners answered right, averaged over all orders of switching neurons on. Right: the size of each neuron, weights in times weight out. Hatched, the control: the same network before training.",
        alt:
          "Two bar charts with a row for each neuron, blue after training and hatched before: what each adds to the accuracy, and its size.",
        plotHeight: 440),
      from: ["findings.json", "main/population.safetensors"])
  }

  /// The whole domain at once, and one changed input.
  private func corners(_ exhibits: Exhibits) throws -> Exhibit {
    let activations = try exhibits.evidence.activations()
    let hidden = try activations.tensor("hidden").plotRows
    let outputs = try activations.tensor("outputs").plotRows
    let columns = hidden[0].indices.map { "n\($0 + 1)" } + ["output"]
    let rows = zip(hidden, outputs).map { $0 + $1 }
    func flipped(_ from: Int, _ to: Int) -> [Double] { zip(rows[to], rows[from]).map { $0 - $1 } }
    let changes = [flipped(0, 2), flipped(0, 1), flipped(3, 1), flipped(3, 2)]
    let plot = Grid(
      columns: 1,
      panels: [
        Panel(
          "What every site holds at every corner",
          Heatmap(
            values: rows, rows: Self.cornerNames, columns: columns, rowTitle: "input (x₁, x₂)",
            columnTitle: "neuron; last column, the output",
            colourLabel: "activation, or its change", cellText: .decimals(1))),
        Panel(
          "What changes when one input is flipped",
          Heatmap(
            values: changes,
            rows: [
              "(−, −) → (+, −)", "(−, −) → (−, +)", "(+, +) → (−, +)", "(+, +) → (+, −)",
            ],
            columns: columns, rowTitle: "from → to", columnTitle: "neuron; last column, the output",
            colourLabel: "activation, or its change", cellText: .decimals(1))),
      ])
    let firing = hidden[0].indices.map { unit in hidden.count { $0[unit] > 0.05 } }
    return Exhibit(
      Figure(
        slug: "corners",
        title:
          "\(firing.count { $0 == 1 }) neurons fire at exactly one corner of the square, \(firing.count { $0 == 0 }) at none",
        subtitle: "The specimen on its whole domain: four inputs.", plot: plot,
        caption:
          "The whole life of the network in two tables. Above: every activation at every corner. Below: what every site does when one input is flipped. A neuron that is the same everywhere has lost its input weights and holds its bias; its read-out weight is gone, too, so the bias goes nowhere.",
        alt:
          "Two heatmaps, a column for each neuron and one for the output: activations at the four corners, and their changes when one input is flipped."
      ),
      from: ["activations.safetensors"])
  }

  /// The sizes of the specimen's neurons over training.
  private func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let sizes = try exhibits.tensor("emergence-sizes").plotRows
    let steps = try exhibits.tensor("emergence-steps").scalars.map(Double.init)
    let (seed, weights) = try exhibits.evidence.specimen()
    let alive = Pair.alive(in: weights, network: 0)
    let others = sizes[0].indices.filter { !alive.contains($0) }
    func line(_ unit: Int, _ name: String, _ colour: Colour, _ style: LineSeries.Style)
      -> LineSeries
    {
      LineSeries(
        name, x: Array(steps.dropFirst()), y: sizes.dropFirst().map { $0[unit] }, colour: colour,
        style: style)
    }
    let series =
      others.map { line($0, "", .control, .faint) }
      + zip(alive, [Colour.blue, .vermilion]).map { line($0, "n\($0 + 1)", $1, .solid) }
    let solved = try exhibits.number("specimen-solved-at")
    let settled = try exhibits.number("two-left-after")
    return Exhibit(
      Figure(
        slug: "emergence",
        title:
          "Seed \(seed) has every corner right at step \(NumberLabel.fixed(solved, decimals: 0)), but two neurons alone only at step \(NumberLabel.fixed(settled, decimals: 0))",
        subtitle: "The size of each neuron over training; grey, the \(others.count) that die.",
        plot: LineChart(
          series: series, x: Axis("training step", scale: .logarithmic),
          y: Axis("size (weights in × weight out)"),
          references: [
            .vertical("all right", at: solved),
            .vertical("two left", at: settled),
          ]),
        caption:
          "The answer comes first, the pair later. A line is a neuron: the sizes of its input weights together, times that of its read-out weight. Those that add nothing lose their weights to the penalty.",
        alt:
          "A line for each neuron over training steps: two in colour that rise to a plateau, the others grey.",
        plotHeight: 320),
      from: ["findings.safetensors", "findings.json"])
  }
}
