import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ReversalTask
import Tensors

extension Reversal: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try routing(exhibits), try copying(exhibits),
      try emergence(exhibits), try ablations(exhibits), try renumbered(exhibits),
      try rotated(exhibits), try unasked(exhibits), try redundancy(exhibits),
      try hardest(exhibits), try fooled(exhibits),
    ]
  }

  /// A whole number in words, as titles want it.
  static func words(_ number: Double) -> String {
    let known = [
      "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    ]
    let index = Int(number.rounded())
    return known.indices.contains(index) ? known[index] : fixed(number)
  }

  static func fixed(_ number: Double, decimals: Int = 0) -> String {
    NumberLabel.fixed(number, decimals: decimals)
  }

  /// The places as houses along a street have numbers: from one.
  static let places = (1...length).map { "\($0)" }

  /// The cells from each place to the one that it is expected to read.
  static func cells(_ order: [Int]) -> [Heatmap.Cell] {
    order.enumerated().map { Heatmap.Cell($0.offset, $0.element) }
  }

  static func tokens(_ tensor: Tensor) -> [String] { tensor.scalars.map { "\(Int($0))" } }

  /// How many networks of a share, "100 of 100".
  static func count(_ exhibits: Exhibits, _ name: String) throws -> String {
    let n = try exhibits.finding(name).n
    return "\(Int((try exhibits.number(name) * Double(n)).rounded())) of \(n)"
  }

  /// Accuracy while training, of the case and of what it is compared with.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let lines = try [
      ("main", "reversal", Colour.blue), ("scrambled", "another order, no rule", .green),
      ("shuffled-labels", "answers of other sequences", .control),
    ].map { variant, name, colour in
      let training = try exhibits.evidence.training(variant)
      let curve = training.accuracy
      return LineSeries(
        name, x: training.measuredSteps.map(Double.init), y: curve.median,
        band: Band(lower: curve.lower, upper: curve.upper), colour: colour)
    }
    let (step, other) = (
      try exhibits.number("steps-to-solve-main"), try exhibits.number("steps-to-solve-scrambled")
    )
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "By step \(Self.fixed(step)) half of the networks reverse every held-out sequence; an order without a rule takes until step \(Self.fixed(other))",
        subtitle:
          "Held-out sequences with every token right: median of the networks, and the range from 10 to 90 % of them.",
        plot: LineChart(
          series: lines, x: Axis("training step", range: 0...300),
          y: Axis("sequences right", unit: "share", range: 0...1.02)),
        caption:
          "Backwards is as good as any order. Blue: \(try exhibits.finding("solved-main").n) networks that learn to reverse. Green: networks whose answer is the same tokens in an order that no rule describes. Grey: the answers belong to other sequences, and there is nothing to learn.",
        alt:
          "Curves of the share of sequences answered rightly over training steps. Blue and green rise from zero to one at about the same time; grey stays at zero.",
        plotHeight: 280),
      from: ["main/training.json", "scrambled/training.json", "shuffled-labels/training.json"])
  }

  /// The pattern on one sequence, and the scores that places and tokens ask for.
  private func routing(_ exhibits: Exhibits) throws -> Exhibit {
    var pattern = try Heatmap.attention(
      try exhibits.tensor("pattern-clean"),
      tokens: Self.tokens(try exhibits.tensor("shown-tokens")),
      outlined: Self.cells(Self.backwards), outlineLabel: "backwards")
    (pattern.rowTitle, pattern.columnTitle) = ("query, with its token", "key, with its token")
    let names = (0..<Self.vocabulary).map { "\($0)" }
    let circuits = try ["positions", "places-tokens", "tokens"].map {
      try exhibits.tensor("qk-\($0)")
    }
    let limit = circuits.flatMap(\.scalars).map { Double($0.magnitude) }.max() ?? 1
    func scores(_ circuit: Tensor, _ row: String, _ column: String) throws -> Heatmap {
      func labels(_ count: Int) -> [String] { count == Self.length ? Self.places : names }
      return try Heatmap(
        circuit, rows: labels(circuit.shape[0]), columns: labels(circuit.shape[1]),
        rowTitle: row, columnTitle: column, colourLabel: "score",
        scale: .diverging(limit: limit), isSquare: true)
    }
    var byPlace = try scores(circuits[0], "query's place", "key's place")
    byPlace.outlined = Self.cells(Self.backwards)
    byPlace.outlineLabel = "backwards"
    let share = try exhibits.number("attention-on-route")
    let (mixed, spread) = (
      try exhibits.number("place-token-scores"), try exhibits.number("token-scores")
    )
    return Exhibit(
      Figure(
        slug: "routing",
        title:
          "Each place reads the one across, with \(Exhibits.percent(share)) of its attention, and the vectors of the places alone say so",
        subtitle:
          "Seed \(Int(try exhibits.number("specimen-seed"))): its pattern on one sequence, and parts of its scores before the softmax, all on one scale.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("Attention", pattern), Panel("Scores: place by place", byPlace),
            Panel(
              "Scores: place by token", try scores(circuits[1], "query's place", "key's token")),
            Panel(
              "Scores: token by token", try scores(circuits[2], "query's token", "key's token")),
          ], isShared: false),
        caption:
          "Where to look is written into the places. Top left: what each place (row) attends to. Top right: the QK circuit of position vectors alone, outlined where the answer stands. Below: the same where tokens take the part of the key, or of both; they are paler. Their spread is \(Exhibits.percent(mixed)) and \(Exhibits.percent(spread)) of that of place by place, on average over the explore seeds.",
        alt:
          "Four square heatmaps. In the first the cells from the lower left to the upper right are dark, one in each row. In the second the same cells have the largest scores. The two below are pale, the second almost white.",
        plotHeight: 560),
      from: ["findings.safetensors", "findings.json", "main/checkpoints"])
  }

  /// What the head writes for each token that it reads.
  private func copying(_ exhibits: Exhibits) throws -> Exhibit {
    let circuit = try exhibits.tensor("ov-tokens")
    let names = (0..<Self.vocabulary).map { "\($0)" }
    let copied = try exhibits.number("copied")
    return Exhibit(
      Figure(
        slug: "copying",
        title: copied == 1
          ? "Whatever token the head reads, it writes that token, in every network"
          : "The head raises the token that it reads most, for \(Exhibits.percent(copied)) of the tokens",
        subtitle:
          "The OV circuit of seed \(Int(try exhibits.number("specimen-seed"))): logits that full attention to a token adds.",
        plot: try Heatmap(
          circuit, rows: names, columns: names, rowTitle: "token read",
          columnTitle: "token written", colourLabel: "logit", cellText: .decimals(1)),
        caption:
          "The head copies. Each row is a token that is read, each column a token whose logit is moved; in each row the largest number stands on the diagonal. Over the networks the copying score of Elhage and others is \(Self.fixed(try exhibits.number("copying-score"), decimals: 3)), where one is the most there can be; before training it is \(Self.fixed(try exhibits.number("copying-score-untrained"), decimals: 2)).",
        alt:
          "A table of ten tokens by ten; the cells on the diagonal are strongly positive, all others far lower, most of them negative.",
        plotHeight: 330),
      from: ["findings.safetensors", "findings.json"])
  }

  /// What the specimen learns when.
  private func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("emergence").plotRows.dropFirst()
    let steps = try exhibits.tensor("emergence-steps").scalars.dropFirst().map(Double.init)
    let (copying, route) = (
      try exhibits.number("copying-after"), try exhibits.number("route-found-after")
    )
    func line(_ name: String, _ column: Int, _ colour: Colour, _ style: LineSeries.Style = .solid)
      -> LineSeries
    {
      LineSeries(name, x: steps, y: rows.map { $0[column] }, colour: colour, style: style)
    }
    let order =
      copying < route
      ? "It copies every token by step \(Self.fixed(copying)), before it knows all places at step \(Self.fixed(route))"
      : copying > route
        ? "It knows all places by step \(Self.fixed(route)), before it copies every token at step \(Self.fixed(copying))"
        : "It knows all places and copies every token by the same step, \(Self.fixed(route))"
    return Exhibit(
      Figure(
        slug: "emergence", title: order,
        subtitle: "Seed \(Int(try exhibits.number("specimen-seed"))) at its checkpoints.",
        plot: LineChart(
          series: [
            line("places whose query finds its key", 2, .blue),
            line("tokens that are copied", 3, .vermilion),
            line("attention where it belongs", 1, .green),
            line("tokens right", 0, .ink, .dashed),
          ], x: Axis("training step", scale: .logarithmic),
          y: Axis("share", range: 0...1.02)),
        caption:
          "Two lessons, learnt side by side. The first two curves are read off the weights: at how many places the right key has the largest score by position, and how many tokens the head would copy. Attention and answers follow.",
        alt:
          "Four curves over training steps on a logarithmic axis, all rising from near chance to one.",
        plotHeight: 290),
      from: ["main/checkpoints", "findings.safetensors"])
  }
}
