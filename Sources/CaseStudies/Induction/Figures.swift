import Experiments
import Figures
import Findings
import Illustrations
import InductionTask
import Networks
import Tensors

extension Induction: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try heads(exhibits), try training(exhibits), try places(exhibits), try circuits(exhibits),
      try paths(exhibits), try composition(exhibits), try skipping(exhibits),
      try ablations(exhibits), try opening(exhibits), try shortcuts(exhibits),
      try emergence(exhibits),
    ]
  }

  /// The notes have letters.
  static func letter(_ note: Int) -> String {
    String(UnicodeScalar(UInt8(65 + note % 26)))
  }

  static func fixed(_ value: Double, _ decimals: Int = 0) -> String {
    NumberLabel.fixed(value, decimals: decimals)
  }

  /// Where each head looks during one tune.
  private func heads(_ exhibits: Exhibits) throws -> Exhibit {
    let row = Int(try exhibits.number("example-row"))
    let activations = try exhibits.evidence.activations()
    let notes = tunes.notes[row]
    let names = notes.map(Self.letter)
    func pattern(_ layer: Int) throws -> Tensor {
      try activations.tensor(pair.transformer.blocks[layer].pattern.name).slice(row).slice(0)
    }
    let before = Self.firstMargins.map { Heatmap.Cell($0, $0 - 1) }
    let lastTime = notes.indices.flatMap { query in
      notes.indices.filter { $0 > 0 && $0 <= query && notes[$0 - 1] == notes[query] }
        .map { Heatmap.Cell(query, $0) }
    }
    func map(_ layer: Int, _ outlined: [Heatmap.Cell]) throws -> Heatmap {
      var map = try Heatmap.attention(
        try pattern(layer), tokens: names, isCausal: true, outlined: outlined,
        outlineLabel: "where the theory sends it")
      (map.rowTitle, map.columnTitle) = ("note that asks", "note that is looked at")
      return map
    }
    let back = try exhibits.percent("specimen-looks-back")
    let last = try exhibits.percent("specimen-looks-for-last-time")
    return Exhibit(
      Figure(
        slug: "heads",
        title:
          "One head gives \(back) of its attention to the note before, the other \(last) to what came after the same note before",
        subtitle:
          "Seed \(Self.fixed(try exhibits.number("specimen-seed"))) listens to a tune of \(Tunes.period(of: notes)) notes. Shares: all probes; the first head in the first \(Self.periods.upperBound) places, the second wherever something is asked.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("First layer: the copyist", try map(0, before)),
            Panel("Second layer: the reader", try map(1, lastTime)),
          ]),
        caption:
          "Two looks make one memory. Left: in the first round each note looks at its left neighbour; later rows are a blur. Right: once the tune has come round, each note looks at those places whose left neighbour was the same note: at what came next then, the last time or an earlier one.",
        alt:
          "Two triangular attention maps with letters on both axes. On the left a diagonal just below the main one, which fades after half of the rows. On the right, from the second round on, a diagonal one period back, and in the last rows a second one two periods back."
      ),
      from: ["activations.safetensors", "findings.json"])
  }

  /// The places whose margin a tune of training may ask for.
  private static var firstMargins: ClosedRange<Int> { 1...periods.upperBound }

  /// Tunes without a mistake over training, and answers right in the end.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds: [(String, String, Colour)] = [
      ("main", "two layers of one head", .blue),
      ("one-layer-four-heads", "one layer of four heads", .amber),
      ("one-layer", "one layer of one head", .vermilion),
    ]
    let lines = try kinds.map { variant, name, colour in
      let training = try exhibits.evidence.training(variant)
      let curve = training.loss
      // A logarithmic axis has no place for step 0.
      return LineSeries(
        name, x: training.measuredSteps.dropFirst().map(Double.init),
        y: Array(curve.median.dropFirst()),
        band: Band(
          lower: Array(curve.lower.dropFirst()), upper: Array(curve.upper.dropFirst())),
        colour: colour)
    }
    let step = try exhibits.number("steps-to-solve")
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "With two layers of one head \(try exhibits.percent("solved-main")) of the networks end without a mistake, with one layer of four heads \(try exhibits.percent("solved-one-layer-four-heads"))",
        subtitle:
          "Cross-entropy on what can be known: median of the networks, and the range from 10 to 90 % of them.",
        plot: LineChart(
          series: lines, x: Axis("training step", scale: .logarithmic),
          y: Axis("loss", unit: "nats an answer", range: 0...3),
          references: [.vertical("median solved", at: step)]),
        caption:
          "Depth is what is needed, not heads. The two-layer networks hesitate, then fall within a hundred steps to a loss near zero. The one-layer networks, the controls, do not get there in this time, though one kind has more weights.",
        alt:
          "Three curves of loss over training steps on a logarithmic axis. The blue one falls to zero after step one hundred; amber and vermilion fall slowly and stay above one.",
        plotHeight: 280),
      from: kinds.map { "\($0.0)/training.json" } + ["findings.json"])
  }

  /// Where the first head works, and what is lost where its work is blurred.
  private func places(_ exhibits: Exhibits) throws -> Exhibit {
    let shares = try exhibits.tensor("looks-back-by-place").scalars.map(Double.init)
    let last = Self.periods.upperBound
    let bars = [
      ("nowhere", "right-untouched", Colour.blue),
      ("places after \(last)", "right-blurred-later", .blue),
      ("places up to \(last)", "right-blurred-first-round", .vermilion),
      ("everywhere", "right-blurred", .vermilion),
    ]
    return Exhibit(
      Figure(
        slug: "places",
        title:
          "The copyist stops after place \(last), where the longest tune comes round, and \(try lost(exhibits)) is lost by it",
        subtitle:
          "Left: mean of all networks. Right: the first head made to look at all notes so far alike, mean of the explore seeds.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Attention to the note before",
              LineChart(
                series: [
                  LineSeries(
                    "", x: shares.indices.map { Double($0 + 1) }, y: shares, colour: .blue,
                    hasPoints: true)
                ],
                x: Axis(
                  "place",
                  ticks: stride(from: 4, to: Self.length, by: 4).map { Tick(Double($0), "\($0)") }),
                y: Axis("share of attention", range: 0...1),
                references: [
                  .vertical("longest tune", at: Double(last), labelPlace: .end)
                ])),
            Panel(
              "Answers right with the head blurred",
              BarChart(
                categories: bars.map(\.0), categoryTitle: "where it is blurred",
                series: [
                  try exhibits.bars("", bars.map(\.1), colours: bars.map(\.2))
                ], axis: Axis("share of answers", range: 0...1), direction: .right,
                valueDecimals: 2)),
          ], isShared: false, columnShares: [1.1, 1]),
        caption:
          "No note is written that nobody will read. Every tune of training has come round after \(last) notes at the latest, so the second head always finds what it needs in the first \(last) margins. After that the first head looks anywhere, and may.",
        alt:
          "Left, the share of attention to the note before by place: high up to place twelve, then near zero. Right, bars: blurring the head after place twelve costs nothing, blurring it before costs most answers.",
        plotHeight: 260),
      from: ["findings.json", "findings.safetensors"])
  }

  private func lost(_ exhibits: Exhibits) throws -> String {
    let lost = 1 - (try exhibits.number("right-blurred-later"))
    return lost == 0 ? "nothing" : "only " + Exhibits.percent(lost)
  }

  /// What the weights say alone.
  private func circuits(_ exhibits: Exhibits) throws -> Exhibit {
    let letters = (0..<Self.vocabulary).map(Self.letter)
    func map(
      _ name: String, _ labels: [String]? = nil, isCausal: Bool = false, _ rows: String,
      _ columns: String
    ) throws -> Heatmap {
      let scores = try exhibits.tensor(name)
      // Masked scores are below all others and are not shown.
      let largest =
        scores.plotRows.enumerated().flatMap { row, numbers in
          isCausal ? Array(numbers.prefix(row + 1)) : numbers
        }.map(\.magnitude).max() ?? 1
      var map = try Heatmap.scores(
        scores.mapped { $0 / Float(largest) }, tokens: labels, isCausal: isCausal,
        colourLabel: "score or logit, as a share of the largest of its table")
      (map.rowTitle, map.columnTitle) = (rows, columns)
      return map
    }
    return Exhibit(
      Figure(
        slug: "circuits",
        title:
          "The mechanism stands in the weights: \(try exhibits.percent("names-the-one-before")) of the places prefer the one before, \(try exhibits.percent("knows-the-name")) of the notes their own name in a margin",
        subtitle:
          "Seed \(Self.fixed(try exhibits.number("specimen-seed"))), no tune played. The shares are of all networks; places up to \(Self.periods.upperBound).",
        plot: Grid(
          columns: 3,
          panels: [
            Panel(
              "First head",
              try map("circuit-places", isCausal: true, "place that asks", "place looked at")),
            Panel(
              "Second head: looked for",
              try map("circuit-names", letters, "present note", "note in the margin")),
            Panel(
              "Second head: said",
              try map("circuit-voice", letters, "note looked at", "answer")),
          ]),
        caption:
          "Three tables multiplied out of the weights. Left: what two places alone make of the first head's scores; up to place \(Self.periods.upperBound) the one before wins. Middle: a present note scores highest where the first head has written its own name. Right: the note that is looked at is the note that is said (in \(try exhibits.percent("says-what-it-sees")) of the rows).",
        alt:
          "Three coloured tables. The first has a line of high scores just below its diagonal in the upper half; the second and the third have a high diagonal and little else."
      ),
      from: ["main/population.safetensors", "findings.safetensors"])
  }
}
