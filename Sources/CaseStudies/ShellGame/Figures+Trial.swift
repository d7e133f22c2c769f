import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ShellGameTask
import Tensors

extension ShellGame {
  /// What is taken over from another game, and how often the game goes on as predicted.
  func interchanges(_ exhibits: Exhibits) throws -> Exhibit {
    let states = try exhibits.prediction("whole-state")
    let lines = try exhibits.prediction("one-line-one-cup")
    let rows: [(label: String, value: Double, colour: Colour)] = [
      ("whole state", states.effect ?? 0, .blue),
      ("random point as far out", try exhibits.number("interchange-random"), .control),
      ("whole state, untrained", try exhibits.number("interchange-untrained"), .control),
      ("line through the cup's corner", lines.effect ?? 0, .blue),
      ("line at right angles", lines.controlEffect ?? 0, .control),
    ]
    let count = Self.fixed(try exhibits.number("interchanges"))
    return Exhibit(
      Figure(
        slug: "interchanges",
        title:
          "Take the state from another game, and that game's ball comes along; for one cup, one line of it is enough",
        subtitle:
          "Share of interchanges after three moves that go on as predicted; whole states: all \(count). Grey: controls.",
        plot: BarChart(
          categories: rows.map(\.label), categoryTitle: "taken over",
          series: [
            BarSeries("", values: rows.map(\.value), colours: rows.map(\.colour))
          ], axis: Axis("share of interchanges", range: 0...1.08), direction: .right,
          valueDecimals: 2),
        caption:
          "The state holds the cup. Whole states say little by themselves: nothing else is handed on from move to move, so a network that plays rightly must pass. The lines say more only in this, that sides must be equal for them to pass. Whether the ball is under a cup can be written into a game along the line through that cup's corner, whatever the rest of the state says; the same along the line at right angles does nothing. Lines count only interchanges that should change the answer. Means over the trial networks; of random points and untrained twins, over the explore seeds.",
        alt:
          "Five horizontal bars. Whole state and the line through a corner reach one; a random point and the untrained network stay near a third, the line at right angles at zero.",
        plotHeight: 230),
      from: ["findings.json", "main/population.safetensors"])
  }

  /// Operations on the matrices, scored under the new rules and the old.
  func surgery(_ exhibits: Exhibits) throws -> Exhibit {
    let names = ["relabelled", "silenced", "composed"]
    let labels = [
      "AB and AC exchanged", "AB made the identity", "AB made \u{201C}first AB, then BC\u{201D}",
    ]
    return Exhibit(
      Figure(
        slug: "surgery",
        title: "What is done to a matrix is done to its rule",
        subtitle:
          "Share of all games of up to six moves that are right throughout, after an operation on the weights; ten explore seeds.",
        plot: BarChart(
          categories: labels, categoryTitle: "",
          series: [
            try exhibits.bars("by the new rules", names.map { "\($0)-new" }, colour: .blue),
            try exhibits.bars("by the old rules", names.map { "\($0)-old" }, colour: .amber),
            try exhibits.bars(
              "random matrices instead, new rules", names.map { "\($0)-control" }, isControl: true),
          ], axis: Axis("share of games", range: 0...1.08), direction: .right, valueDecimals: 2),
        caption:
          "The network plays games that it was never trained on. Exchange two matrices and two swaps have changed their names; put the identity in the place of one and its swap does nothing; multiply two and there is a move that takes the ball once around. All games are right under the new rules. Under the old ones only those are right that the change does not concern.",
        alt:
          "Three groups of horizontal bars, one an operation. Under the new rules all reach one; under the old rules, and with random matrices, they are short.",
        plotHeight: 240),
      from: ["findings.json", "main/population.safetensors"])
  }

  /// Triangles with weight decay and without.
  func decay(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, weights) = try exhibits.evidence.specimen()
    let even = Self.points(weights[mirrors.embedding].slice(0).plotRows)
    let skewed = Self.points(try exhibits.tensor("corners-no-decay").plotRows)
    let (x, y) = Self.axes(1.5)
    func triangle(_ corners: [Point], _ colour: Colour) -> Scatter {
      Scatter(
        groups: [
          PointGroup(
            "cup", corners, labels: Self.cupNames, colour: colour, marker: .circle, radius: 5)
        ], x: x, y: y, isEqual: true, showsOrigin: true,
        guides: [.polygon(corners, colour: colour, isFilled: true)]
          + zip(Self.moveNames, Self.bystanders).map { name, cup in
            .line(through: corners[cup], label: name, isDashed: true)
          })
    }
    let kinds = [("main", "with decay", Colour.blue), ("no-decay", "without", .vermilion)]
    let plot = Grid(
      columns: 3,
      panels: [
        Panel("With decay, seed \(seed)", triangle(even, .blue)),
        Panel("Without, most skewed of ten", triangle(skewed, .vermilion)),
        Panel(
          "All networks",
          Strip(
            groups: try kinds.map { name, label, colour in
              Sample(label, try exhibits.numbers("side-ratio-\(name)"), colour: colour)
            }, x: Axis("longest side / shortest"))),
      ], isShared: false, columnShares: [1, 1, 1.25])
    let (with, without) = (
      try exhibits.number("side-ratio-main-median"),
      try exhibits.number("side-ratio-no-decay-median")
    )
    return Exhibit(
      Figure(
        slug: "decay",
        title:
          "Weight decay makes the triangle equilateral: median side ratio \(Self.fixed(with, 3)) with it, \(Self.fixed(without, 2)) without",
        subtitle:
          "Every one of these networks is right on all games of six moves that it was tried on.",
        plot: plot,
        caption:
          "The task does not ask for equal sides. Stretch and turn the whole plane, corners, matrices and read-out together, and the network answers as before. So training without a price on weights ends in some triangle or other (middle); its matrices leave corners alone and exchange them as before, but at a slant. Decay picks the form with the smallest weights, and that is the one whose mirrors are true mirrors.",
        alt:
          "Three panels. An equilateral triangle with its mirrors; a skewed one; and dots of the ratio of longest to shortest side, which lie at one with decay and are spread out above without.",
        plotHeight: 260),
      from: ["main/population.safetensors", "no-decay/population.safetensors", "findings.json"])
  }

  /// The specimen's corners over training.
  func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let steps = try exhibits.tensor("emergence-steps").scalars.dropFirst().map(Double.init)
    let rows = try exhibits.tensor("emergence").plotRows.dropFirst()
    let corners = try exhibits.tensor("emergence-corners").plotRows
    let paths = (0..<3).map { cup in
      corners.map { Point($0[2 * cup], $0[2 * cup + 1]) }
    }
    let ends = paths.map { $0[$0.count - 1] }
    let (x, y) = Self.axes(1.5)
    let found = try exhibits.number("mirrors-after")
    let even = try exhibits.number("equilateral-after")
    let least = 1e-5
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "Where the corners went",
          Scatter(
            groups: [
              PointGroup("cup", ends, labels: Self.cupNames, colour: .blue, radius: 6),
              PointGroup(
                "before training", paths.map { $0[0] }, colour: .control, marker: .ring, radius: 5),
            ], x: x, y: y, isEqual: true, showsOrigin: true,
            guides: [.polygon(ends)]
              + zip(paths, [Colour.blue, .vermilion, .green]).map { .path($0, colour: $1) })),
        Panel(
          "How exact they are",
          LineChart(
            series: [
              LineSeries(
                "mirrors", x: steps, y: rows.map { max($0[0], least) }, colour: .blue),
              LineSeries(
                "equal sides", x: steps, y: rows.map { max($0[1], least) }, colour: .vermilion),
            ], x: Axis("training step", scale: .logarithmic),
            y: Axis("share off", scale: .logarithmic))),
      ], isShared: false, columnShares: [1, 1.25])
    return Exhibit(
      Figure(
        slug: "emergence",
        title:
          "The mirrors are found by step \(Self.fixed(found)), the equal sides only by step \(Self.fixed(even))",
        subtitle:
          "Seed \(Self.fixed(try exhibits.number("specimen-seed"))): the first checkpoints from which matrices stay within five per cent, and sides within two.",
        plot: plot,
        caption:
          "First a triangle, then a regular one. Left: the paths of the three corners from their random beginnings. Right: how far the matrices are from bringing corners to corners (as a share of a corner's distance from the centre), and how much longer the longest side is than the shortest. Corners go to corners first; weight decay evens the sides afterwards, and exactness comes last, as the learning rate falls.",
        alt:
          "Left, three winding paths that end at the corners of a triangle. Right, two falling curves on logarithmic axes: the error of the mirrors falls early, the inequality of the sides late.",
        plotHeight: 290),
      from: ["main/checkpoints", "findings.safetensors"])
  }

  /// Numbers of cups against dimensions.
  func staircase(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("staircase").plotRows
    let values = rows.map { row in row.map { $0 < 0 ? nil : $0 } }
    let cups = Array(Self.staircase)
    return Exhibit(
      Figure(
        slug: "staircase",
        title:
          "From two to six cups, one dimension less than cups is enough, and two less is not",
        subtitle:
          "Share of games of six moves right throughout, mean of ten networks; all swaps of two cups are moves.",
        plot: Heatmap(
          values: values, rows: cups.map { "\($0) cups" },
          columns: (1...Self.staircase.upperBound).map { "\($0)" }, rowTitle: "",
          columnTitle: "dimensions of the state", colourLabel: "share of games",
          map: .sequential, scale: .sequential(from: 0, to: 1), cellText: .decimals(2)),
        caption:
          "A staircase without a broken step. Corners of which any two can be exchanged while the others stay need a line for two cups, a plane for three, space for four, and so on; where the state has that many dimensions, \(try exhibits.percent("staircase-enough")) of the networks are right on every game tried, and where it has fewer, \(try exhibits.percent("staircase-short")). More dimensions than cups were not tried here.",
        alt:
          "A table of cups by dimensions. On and above the step where dimensions are one less than cups every cell is one; below it the shares are small."
      ),
      from: ["findings.safetensors"])
  }

  /// What networks make of swaps that they were never shown.
  func unseen(_ exhibits: Exhibits) throws -> Exhibit {
    let widths = Self.unseenWidths.map { "\($0)" }
    func bars(_ name: String, _ suffix: String, _ colour: Colour) throws -> BarSeries {
      try exhibits.bars(
        name, Self.unseenWidths.map { "unseen-width-\($0)\(suffix)" }, colour: colour)
    }
    let lines = try zip(Self.unseenWidths, [Colour.blue, .amber, .green]).map { width, colour in
      let curve = try exhibits.tensor("unseen-width-\(width)-curve").scalars.map(Double.init)
      return LineSeries(
        "\(width)", x: curve.indices.map { Double($0 + 1) }, y: curve, colour: colour)
    }
    let games = Self.fixed(try exhibits.number("unseen-games"))
    return Exhibit(
      Figure(
        slug: "unseen",
        title:
          "With weight decay, right at any width in short games with what was never shown; in long games only the plane keeps the ball",
        subtitle:
          "Three of the nine pairs of cup and swap were withheld from training.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "The \(games) short games with a withheld pair",
              BarChart(
                categories: widths, categoryTitle: "dimensions of the state",
                series: [
                  try bars("with weight decay", "", .blue),
                  try bars("without", "-no-decay", .vermilion),
                ], axis: Axis("share of games right", range: 0...1.08), valueDecimals: 2)),
            Panel(
              "Long games, by dimensions (with decay)",
              LineChart(
                series: lines, x: Axis("moves played", scale: .logarithmic),
                y: Axis("share of games", range: 0...1.05))),
          ], isShared: false),
        caption:
          "With decay, short games would have shown no difference. Left: games of up to four moves in which something happens that was never shown; without decay some of the wider networks are wrong. Right: the plane is right for ever, since a matrix that is exact on two corners is exact on the third. With more room nothing forces the third corner to its place; it lands near enough for one answer, and the error comes back each time the pair does.",
        alt:
          "Left, pairs of bars for two, three and four dimensions: all one with decay; without, a little lower for three and four. Right, three lines over moves on a logarithmic axis: that of two dimensions stays at one, those of three and four fall.",
        plotHeight: 280),
      from: ["findings.json", "findings.safetensors"])
  }
}
