import Experiments
import Figures
import Findings
import Illustrations
import InductionTask
import Networks
import Tensors

extension Induction {
  static let readings: [(name: String, label: String)] = [
    ("query", "its query"), ("key", "its key"), ("value", "its value"),
  ]

  /// The marks of an axis of shares that has room above.
  static let halves = [Tick(0, "0"), Tick(0.5, "0.5"), Tick(1, "1")]

  /// Which way the first head's work reaches the second.
  func paths(_ exhibits: Exhibits) throws -> Exhibit {
    let kept = try exhibits.bars(
      "right", Self.readings.map { "stranger-right-\($0.name)" }, colour: .blue)
    let taken = try exhibits.bars(
      "as the stranger's margins say", Self.readings.map { "stranger-says-\($0.name)" },
      colour: .vermilion)
    let says = try exhibits.percent("stranger-says-key")
    return Exhibit(
      Figure(
        slug: "paths",
        title:
          "Margins reach the reader through its keys alone: given a stranger's, it says what they say in \(says) of the cases",
        subtitle:
          "Path patching: the first head's output from another tune of the same notes, for one thing that the second head reads. Mean of the explore seeds.",
        plot: BarChart(
          categories: Self.readings.map(\.label),
          categoryTitle: "what the second head reads from the stranger's first head",
          series: [kept, taken],
          axis: Axis("share of answers", range: 0...1.1, ticks: Self.halves), valueDecimals: 2),
        caption:
          "An answer can be foretold that nobody trained. In queries and values the stranger changes nothing. In the keys he decides: the network looks for the present note in his margins and says the note of its own tune that stands beside it. Vermilion counts only answers that should change; by yet another tune's margins, the control, \(try exhibits.percent("stranger-says-third")) of them would be right.",
        alt:
          "Grouped bars for query, key and value. For query and value all answers stay right. For the key few stay right and most are as the stranger's margins say.",
        plotHeight: 270),
      from: ["findings.json"])
  }

  /// How well the heads' weights fit.
  func composition(_ exhibits: Exhibits) throws -> Exhibit {
    let key = try exhibits.number("composition-key")
    let random = try exhibits.number("composition-key-random")
    return Exhibit(
      Figure(
        slug: "composition",
        title:
          "The copyist's weights fit the reader's keys (\(Self.fixed(key, 2)), by chance \(Self.fixed(random, 2))) and keep out of its queries and values",
        subtitle: "Composition scores of all networks; 0 is no fit, 1 a perfect one.",
        plot: BarChart(
          categories: Self.readings.map(\.label), categoryTitle: "what the second head reads",
          series: [
            try exhibits.bars(
              "trained", Self.readings.map { "composition-\($0.name)" }, colour: .blue),
            try exhibits.bars(
              "before training (control)",
              Self.readings.map { "composition-\($0.name)-untrained" }, isControl: true),
          ], axis: Axis("composition score", range: 0...0.4),
          references: [.horizontal("random weights", at: random)], valueDecimals: 2),
        caption:
          "Trained heads avoid each other where they do not cooperate. The score compares the product of what one head writes and the other reads with the sizes of both. Keys stand far above random weights; queries and values far below, as if the copyist had been told to keep quiet there.",
        alt:
          "Bars for query, key and value: after training the key's is highest, query and value near zero; before training all three are alike, at the line of random weights.",
        plotHeight: 260),
      from: ["findings.json"])
  }

  /// What goes in, what comes out, and how far ahead, with the first head rewired.
  func skipping(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("example").plotRows.map { $0.map { Int($0) } }
    let (heard, said, forged) = (rows[0], rows[1], rows[2])
    let period = Tunes.period(of: heard)
    let places = heard.indices
    func ahead(_ notes: [Int]) -> [Double?] {
      places.map { place in
        guard place >= period, let there = heard.firstIndex(of: notes[place]) else { return nil }
        return Double((there + period - place % period) % period)
      }
    }
    let table = Heatmap(
      values: [places.map { _ in 0 }, ahead(said), ahead(forged)],
      rows: ["heard", "says", "says, two back"], columns: places.map { "\($0)" }, rowTitle: "",
      columnTitle: "place", colourLabel: "notes ahead", map: .sequential,
      scale: .sequential(from: 0, to: Double(period - 1)),
      cellText: .texts([heard, said, forged].map { $0.map(Self.letter) }))
    let dial = try exhibits.tensor("dial").plotRows
    let steps = dial.indices.map { "\($0)" }
    let skipped = try exhibits.percent("ahead-by-2")
    return Exhibit(
      Figure(
        slug: "skipping",
        title:
          "Made to copy from two back, the network skips a note in \(skipped) of its answers; the dial turns from standing still to four ahead",
        subtitle:
          "Above: a tune of \(period) notes in seed \(Self.fixed(try exhibits.number("specimen-seed"))), with the first head as it is and made to look two back. Below: means of the explore seeds.",
        plot: Grid(
          columns: 1,
          panels: [
            Panel("What goes in and what comes out", table),
            Panel(
              "Share of the answers that lie so many notes on",
              Heatmap(
                values: dial, rows: steps, columns: steps,
                rowTitle: "places back that the first head looks",
                columnTitle: "notes that the answer is ahead", colourLabel: "share of answers",
                map: .sequential, scale: .sequential(from: 0, to: 1), cellText: .decimals(2))),
          ], isShared: false),
        caption:
          "The reader believes what stands in the margin. With the head that writes made to look k notes back, the network answers with the note k places on. (In a tune of four, four on is where one stands: so the first and the last column share some answers.)",
        alt:
          "Above, three rows of letters: the tune as heard, the answers one note ahead, and with the rewired head two notes ahead. Below, a table of five by five shares with nearly all weight on its diagonal."
      ),
      from: ["findings.json", "findings.safetensors"])
  }

  /// What each way of ablating a head costs.
  func ablations(_ exhibits: Exhibits) throws -> Exhibit {
    let ways = [
      ("zero", "zero ablation", Colour.blue), ("mean", "mean ablation", .green),
      ("resample", "resample ablation", .amber),
    ]
    let series = try ways.map { way, label, colour in
      try exhibits.bars(label, (0...1).map { "right-\(way)-\($0)" }, colour: colour)
    }
    let placebo = try exhibits.bars(
      "random push (control)", (0...1).map { "right-push-\($0)" }, isControl: true)
    return Exhibit(
      Figure(
        slug: "ablations",
        title:
          "Without the copyist \(try exhibits.percent("right-zero-0")) of the answers are right, without the reader \(try exhibits.percent("right-zero-1"))",
        subtitle: "Mean of the explore seeds; whiskers are 95 % intervals.",
        plot: BarChart(
          categories: ["first layer: the copyist", "second layer: the reader"],
          categoryTitle: "head", series: series + [placebo],
          axis: Axis("share of answers right", range: 0...1.1, ticks: Self.halves),
          valueDecimals: 2),
        caption:
          "Neither head can be spared, whichever way it is taken out: saying any note of the tune would give \(try exhibits.percent("guessing")). The control adds a random vector as long as the head's own output to it: the reader's work survives that, the copyist's suffers, since margins lie where they can be written over.",
        alt:
          "Grouped bars for two heads: zero, mean and resample ablation leave few answers right; a random push of equal size leaves more.",
        plotHeight: 280),
      from: ["findings.json"])
  }
}
