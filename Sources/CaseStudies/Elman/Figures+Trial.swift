import ElmanTask
import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors

extension Elman {
  /// How many directions the recurrent weights hear.
  func ears(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("hearing").plotRows
    let kinds: [(String, Colour, LineSeries.Style)] = [
      ("in noise", .blue, .solid), ("without", .amber, .solid), ("random", .control, .dashed),
    ]
    let x = rows[0].indices.map { Double($0 + 1) }
    let lines = zip(kinds, rows).map { kind, values in
      LineSeries(
        kind.0, x: x, y: values, colour: kind.1, style: kind.2, hasPoints: true)
    }
    let ends = [("two-ears-main", "in noise"), ("two-ears-no-noise", "without")]
    return Exhibit(
      Figure(
        slug: "ears",
        title:
          "W hears two directions of the state; what noise takes away is the hearing of a third",
        subtitle:
          "Left: singular values of W, means over \(try exhibits.finding("gain-of-third").n) explore seeds. Right: all but the two directions heard best held at the mean.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "How well W hears its directions",
              LineChart(
                series: lines,
                x: Axis(
                  "direction, the best heard first",
                  ticks: [1, 4, 8, 12, 16].map { Tick($0, NumberLabel.fixed($0, decimals: 0)) }),
                y: Axis("singular value"))),
            Panel(
              "A thousand moves with two ears",
              BarChart(
                categories: ends.map(\.1), categoryTitle: "training",
                series: [
                  try exhibits.bars("", ends.map(\.0), colours: [.blue, .amber])
                ], axis: Axis("share of games right", range: 0...1.08),
                references: [.horizontal("guessing", at: 1.0 / 3)], valueDecimals: 2)),
          ], isShared: false, columnShares: [1.4, 1]),
        caption:
          "The quiet plane can be read off the weights. A matrix of as many random numbers of the same size, the control, hears a little of everything (dashed). A trained one has two strong directions and a gap. Networks that trained without noise hear more beside the two, and need it: with the two alone they lose the ball in many a long game.",
        alt:
          "Left, singular values over sixteen directions: two high ones, then a drop, deepest for networks trained in noise; a dashed line for random matrices falls evenly. Right, two bars: with two directions heard, networks trained in noise are right after a thousand moves, the others often wrong.",
        plotHeight: 270),
      from: ["findings.safetensors", "findings.json"])
  }

  /// The angles between planes that were found in five ways.
  func angles(_ exhibits: Exhibits) throws -> Exhibit {
    let table = try exhibits.tensor("angles").plotRows
    let names = [
      "loudest", "means of the cups", "heard by W", "found by effect", "read by the answer",
    ]
    func degrees(_ name: String) throws -> String {
      NumberLabel.fixed(try exhibits.number(name), decimals: 0) + "°"
    }
    return Exhibit(
      Figure(
        slug: "angles",
        title:
          "What W hears and what the answer reads are \(try degrees("angle-heard-read")) apart, what a search finds \(try degrees("angle-heard-aligned")); the loudest plane stands \(try degrees("angle-loud-heard")) away",
        subtitle:
          "The larger principal angle in the directions that the blobs span, mean over \(try exhibits.finding("angle-loud-heard").n) explore seeds.",
        plot: Heatmap(
          values: table.indices.map { row in
            table.indices.map { row == $0 ? nil : table[row][$0] }
          }, rows: names, columns: ["loudest", "means", "heard", "found", "read"], rowTitle: "",
          columnTitle: "",
          colourLabel: "degrees", map: .sequential, scale: .sequential(from: 0, to: 90),
          cellText: .decimals(0)),
        caption:
          "What the weights hear and what the answer is read from are nearly the same plane. Two others lie close to it but lean, by about as much: the plane that a search by effects finds, and that of the cups' mean states, which takes no weights and no intervention to find. Zero degrees would be the same plane, ninety a plane with a direction that the other has no share in.",
        alt:
          "A table of five by five planes. The last three are close to each other and to the plane of the means; the loudest plane is close to ninety degrees from all of them."
      ),
      from: ["findings.safetensors"])
  }

  /// What the exchange of each part of the state moves.
  func exchanges(_ exhibits: Exhibits) throws -> Exhibit {
    let rows: [(name: String, label: String, colour: Colour)] = [
      ("all", "all sixteen directions", .green), ("heard", "two: heard best by W", .blue),
      ("aligned", "two: found by effect", .blue), ("cups", "two: where the means lie", .blue),
      ("loud", "two: the loudest", .vermilion),
      ("unheard", "fourteen: all but those heard", .vermilion),
      ("pair", "two: the best pair of neurons", .control), ("random", "two at random", .control),
      ("shuffled", "two: found for false labels", .control),
      ("untrained", "two: found before training", .control),
    ]
    return Exhibit(
      Figure(
        slug: "exchanges",
        title:
          "Exchange the two directions that W hears, and \(try exhibits.percent("moved-heard")) of the answers follow; exchange the other fourteen, and \(try exhibits.percent("moved-unheard")) do",
        subtitle:
          "Interchange intervention accuracy where the cups differ, mean over \(try exhibits.finding("moved-heard").n) explore seeds; whiskers are 95 % intervals.",
        plot: BarChart(
          categories: rows.map(\.label), categoryTitle: "",
          series: [
            try exhibits.bars("", rows.map { "moved-\($0.name)" }, colours: rows.map(\.colour))
          ], axis: Axis("share of answers that follow the other game", range: 0...1.05),
          direction: .right, valueDecimals: 2),
        caption:
          "The cup is in two directions, and nowhere else. A part of the state after two moves is taken from another game; then the network answers at once, or after every possible move. Red: the loudest two directions, and all that is orthogonal to the quiet plane. Grey, the controls: neurons, chance, a search for a variable that does not exist, a search in an untrained network.",
        alt:
          "Ten horizontal bars. All directions, the two that W hears, the two found by search and those of the means are near one; the loudest two, the other fourteen and all controls are low.",
        plotHeight: 330),
      from: ["findings.json"])
  }

  /// How networks stand pushes.
  func pushes(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("pushes").plotRows
    let lines = zip([("trained in noise", Colour.blue), ("without", .amber)], rows.dropFirst())
      .map { LineSeries($0.0, x: rows[0], y: $1, colour: $0.1, hasPoints: true) }
    let moved = try exhibits.prediction("noise-holds")
    let trained = try exhibits.number("noise")
    return Exhibit(
      Figure(
        slug: "pushes",
        title:
          "Pushed three times as hard as in training, networks stay right in \(Exhibits.percent(moved.effect ?? 0)) of the games, their twins in \(Exhibits.percent(moved.controlEffect ?? 0))",
        subtitle:
          "The state after two moves is pushed in a random direction; right at once and after both of two more moves.",
        plot: LineChart(
          series: lines, x: Axis("push", unit: "deviation for each unit"),
          y: Axis("share of games", range: 0...1.02),
          references: [.vertical("noise in training", at: trained, labelPlace: .start)]),
        caption:
          "Who has trained in noise holds on to the ball. Twins start from the same weights and see the same games in the same order; only the noise is missing. The curves are means over the explore seeds, the title tells of the trial.",
        alt:
          "Two falling curves of the share of games right over the size of a push. The one for networks trained in noise lies above the other and stays near one for small pushes.",
        plotHeight: 260),
      from: ["findings.safetensors", "findings.json"])
  }
}
