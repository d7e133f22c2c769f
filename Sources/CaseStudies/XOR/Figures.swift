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
            axis: Axis("share of networks", range: 0...1), valueDecimals: 2)),
      ], isShared: false, columnShares: [1.25, 1])
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "With two hidden neurons \(try exhibits.percent("solved-width-2")) of the networks learn the task; with sixteen, \(try exhibits.percent("solved-width-16")) of them",
        subtitle: "1,000 networks at each width; whiskers are 95 % intervals.",
        plot: plot,
        caption:
          "Width is what makes XOR easy to learn. Left: the share of the four corners answered right, averaged over the networks of each width, while they train. Right: the share of networks that end with all four right.",
        alt:
          "Left, four rising curves of accuracy over training steps, one for each width; the wider, the higher. Right, four bars of the share of networks that solve the task, rising with width.",
        plotHeight: 250),
      from: widths.map { "\($0.0)/training.json" })
  }

  /// The specimen before and after training, as a diagram.
  private func diagram(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, after) = try exhibits.evidence.specimen()
    let before = try exhibits.evidence.population().initial.network(seed)
    let plot = Grid(
      columns: 2,
      panels: [
        Panel("Before training", Self.diagram(before, perceptron)),
        Panel("After training", Self.diagram(after, perceptron)),
      ])
    return Exhibit(
      Figure(
        slug: "survivors",
        title:
          "Exactly two of sixteen neurons are left in \(try exhibits.percent("two-alive")) of the networks",
        subtitle: "Here seed \(seed). Colour is the sign and size of a weight, thickness its size.",
        plot: plot,
        caption:
          "Two neurons are left, with weights of one size in each layer. All others have been priced down to nothing; edges below two per cent of the largest weight are not drawn, and dead neurons are faint.",
        alt:
          "Two diagrams of the same network: two inputs, sixteen hidden neurons, one output. Before training all edges are coloured; after training only those of two neurons are left.",
        plotHeight: 430),
      from: ["main/population.safetensors"])
  }

  static func diagram(_ weights: Weights, _ perceptron: Perceptron) -> NetworkDiagram {
    let (w1, w2) = (weights[perceptron.w1].slice(0), weights[perceptron.w2].slice(0))
    let alive = Pair.alive(in: weights, network: 0)
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
    let names = ranked.map { "n\($0 + 1)" }
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "What each adds to the accuracy",
          BarChart(
            categories: names, categoryTitle: "neuron",
            series: [BarSeries("Shapley value", values: ranked.map { shapley[$0] })],
            axis: Axis("share of corners", range: 0...0.3), direction: .right)),
        Panel(
          "How far each can move the output",
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
          "Of sixteen suspects, \(shapley.count { $0 > 0 }) have anything to do with the answer",
        subtitle: "Seed \(seed); all \(subsets) subsets of its neurons were switched off in turn.",
        plot: plot,
        caption:
          "The pair carries everything. Left: each neuron's Shapley value, what it adds to the share of corners answered right, averaged over all orders of switching neurons on. Right: the size of each neuron's weights, beside what it was before training.",
        alt:
          "Two bar charts with sixteen neurons each. In both, two neurons have long bars and the other fourteen none; grey bars show that before training many were of similar size.",
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
            columnTitle: "neuron", colourLabel: "activation", cellText: .decimals(1))),
        Panel(
          "What changes when one input is flipped",
          Heatmap(
            values: changes,
            rows: ["x₁ at (−, −)", "x₂ at (−, −)", "x₁ at (+, +)", "x₂ at (+, +)"],
            columns: columns, rowTitle: "flipped input", columnTitle: "neuron",
            colourLabel: "activation", cellText: .decimals(1))),
      ])
    let silent = (0..<hidden[0].count).count { unit in
      hidden.allSatisfy { $0[unit] < 0.05 }
    }
    return Exhibit(
      Figure(
        slug: "corners",
        title:
          "Each of the pair fires at one corner of the square; \(silent) neurons fire at none",
        subtitle: "The specimen on its whole domain: four inputs.", plot: plot,
        caption:
          "A neuron of the pair is a detector of one corner. Above: every activation at every corner. Below: what one flipped input does to every site. Neurons that have lost their weights still hold their bias at times, but their read-out weight is zero, so it goes nowhere.",
        alt:
          "Two heatmaps, four rows by sixteen neurons and the output. Above, each neuron of the pair has one coloured cell; below, flipping an input moves one of the pair and the output."
      ),
      from: ["activations.safetensors"])
  }

  /// The sizes of the specimen's neurons over training.
  private func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let sizes = try exhibits.tensor("emergence-sizes").plotRows
    let steps = try exhibits.tensor("emergence-steps").scalars.map(Double.init)
    let (_, weights) = try exhibits.evidence.specimen()
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
    let solved = try exhibits.number("steps-to-solve")
    let settled = try exhibits.number("two-left-after")
    return Exhibit(
      Figure(
        slug: "emergence",
        title:
          "Half of the networks have solved the task by step \(NumberLabel.fixed(solved, decimals: 0)), but the pair stands alone only after step \(NumberLabel.fixed(settled, decimals: 0))",
        subtitle: "The specimen's neurons over training; grey, the fourteen that die.",
        plot: LineChart(
          series: series, x: Axis("training step", scale: .logarithmic),
          y: Axis("weight in × weight out"),
          references: [
            .vertical("half of all networks solved", at: solved),
            .vertical("two left", at: settled),
          ]),
        caption:
          "First many neurons share the work, then the penalty makes all but two redundant ones pay for themselves until they are gone. The size of a neuron is the sum of its input weights' sizes times that of its read-out weight.",
        alt:
          "Sixteen lines over training steps. Two rise to a plateau; fourteen grey ones rise a little and fall to zero.",
        plotHeight: 320),
      from: ["findings.safetensors", "findings.json"])
  }
}
