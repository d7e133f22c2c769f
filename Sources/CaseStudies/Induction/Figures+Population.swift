import Experiments
import Figures
import Findings
import Illustrations
import InductionTask
import Networks
import Tensors

extension Induction {
  /// Tunes that begin too late, and the repair.
  func opening(_ exhibits: Exhibits) throws -> Exhibit {
    let margins = try exhibits.tensor("margins").scalars.map(Double.init)
    let shares = try exhibits.tensor("right-by-margin").plotRows
    return Exhibit(
      Figure(
        slug: "opening",
        title:
          "After a long opening \(try exhibits.percent("opened-late")) of the late answers are right; with the copyist put right, \(try exhibits.percent("opened-late-repaired"))",
        subtitle:
          "Tunes that begin after eight to twelve other notes. Mean of the explore seeds.",
        plot: LineChart(
          series: [
            LineSeries(
              "first head made to look one back", x: margins, y: shares[1], colour: .green,
              hasPoints: true),
            LineSeries("as trained", x: margins, y: shares[0], colour: .vermilion, hasPoints: true),
          ],
          x: Axis(
            "place of the margin that must be read",
            ticks: margins.map { Tick($0, Self.fixed($0)) }),
          y: Axis("share of answers right", range: 0...1.2, ticks: Self.halves),
          references: [.vertical("longest tune of training", at: Double(Self.periods.upperBound))]),
        caption:
          "The network breaks where the theory says. Beyond place \(Self.periods.upperBound) no margin is written, so a tune that begins late cannot be recalled. Nothing is wrong with the reader: once the margins are filled in by hand, it answers.",
        alt:
          "Two lines over the place of the margin. As trained, the share of right answers falls from near one to near zero after place twelve; with the first head repaired it stays near one.",
        plotHeight: 260),
      from: ["findings.json", "findings.safetensors"])
  }

  /// What one look can do, and what a network does that has heard tunes of one length alone.
  func shortcuts(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds: [(variant: String, name: String, colour: Colour)] = [
      ("main", "two layers", .blue), ("one-layer-four-heads", "one layer, four heads", .amber),
      ("one-layer", "one layer, one head", .vermilion),
      ("one-period", "two layers, one length", .purple),
    ]
    let periods = Self.periods.map(Double.init)
    let distances = try exhibits.tensor("attention-by-distance").plotRows
    let favourite = try exhibits.number("favourite-distance")
    return Exhibit(
      Figure(
        slug: "shortcuts",
        title:
          "A single look counts places: its favourite, \(Self.fixed(favourite)) back, is right for every tune whose length divides \(Self.fixed(favourite + 1))",
        subtitle: "Means of all networks of each kind.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Answers right, by the length of the tune",
              LineChart(
                series: try kinds.map { kind in
                  LineSeries(
                    kind.name, x: periods,
                    y: try exhibits.numbers("by-period-\(kind.variant)"), colour: kind.colour,
                    hasPoints: true)
                },
                x: Axis(
                  "notes of the tune",
                  ticks: stride(from: 4, through: 12, by: 2).map { Tick(Double($0), "\($0)") }),
                y: Axis("share of answers right", range: 0...1.02))),
            Panel(
              "How far the single head looks back",
              BarChart(
                categories: distances[0].indices.map { "\($0)" }, categoryTitle: "places back",
                series: [
                  BarSeries("", values: distances[0], colour: .vermilion)
                ], axis: Axis("share of attention"))),
          ], isShared: false, columnShares: [1.45, 1]),
        caption:
          "Whoever cannot look twice must bet on a distance. The one-layer networks spread their attention over a few distances and are right where one fits the tune's length. Purple: two layers that heard only tunes of eight have no need of margins, and bet as well; a tune of four is to them a tune of eight.",
        alt:
          "Left, four lines of the share of right answers by the length of the tune; the two-layer networks are at one everywhere, the others rise and fall with the length. Right, bars of attention by distance, with peaks at seven, nine and eleven places back.",
        plotHeight: 290),
      from: ["findings.json", "findings.safetensors"])
  }

  /// What comes when in the specimen.
  func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("emergence").plotRows.dropFirst()
    let steps = try exhibits.tensor("emergence-steps").scalars.dropFirst().map(Double.init)
    func series(_ name: String, _ column: Int, _ colour: Colour, isDashed: Bool = false)
      -> LineSeries
    {
      LineSeries(
        name, x: steps, y: rows.map { $0[column] }, colour: colour,
        style: isDashed ? .dashed : .solid)
    }
    let x = Axis("training step", scale: .logarithmic)
    let moments = try ["of-the-tune-after", "last-time-after", "back-after"].map {
      Self.fixed(try exhibits.number($0))
    }
    return Exhibit(
      Figure(
        slug: "emergence",
        title:
          "First it learns which notes belong to the tune (step \(moments[0])), then reader and copyist rise together (half of their attention at steps \(moments[1]) and \(moments[2]))",
        subtitle:
          "Seed \(Self.fixed(try exhibits.number("specimen-seed"))) at its checkpoints. Steps: from there on nine in ten answers are of the tune, and a head gives half of its attention to its aim.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Loss",
              LineChart(
                series: [series("", 0, .ink)], x: x, y: Axis("nats an answer", range: 0...3))),
            Panel(
              "Shares",
              LineChart(
                series: [
                  series("answers right", 1, .ink), series("answers of the tune", 2, .control),
                  series("copyist looks one back", 3, .blue),
                  series("reader looks for last time", 4, .vermilion),
                ], x: x, y: Axis("share", range: 0...1.02))),
          ], isShared: false, columnShares: [1, 1.7]),
        caption:
          "A plateau, and then both at once. First the answers come from the tune, but from anywhere in it. We think that neither head's trick pays without the other's; once they start, the answers are right within a few dozen steps.",
        alt:
          "Left, the loss falls slowly and then steeply. Right, the share of answers that belong to the tune rises first; later the two heads' scores and the share of right answers rise together.",
        plotHeight: 280),
      from: ["main/checkpoints", "findings.safetensors"])
  }
}
