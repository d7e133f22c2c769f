import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors
import TrickShellGameTask

extension TrickShellGame {
  /// What is left of the game when matrices are cut.
  func cutting(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = [
      ("cut-all", "all but as many directions as cups left"),
      ("cut-one-less", "one direction more"),
      ("cut-random", "all but as many random directions"),
    ]
    func bars(_ name: String, _ suffix: String, _ colour: Colour) throws -> BarSeries {
      try exhibits.bars(name, rows.map { "\($0.0)-\(suffix)" }, colour: colour)
    }
    return Exhibit(
      Figure(
        slug: "cutting",
        title:
          "What lies beyond a matrix's rank can be cut away; one direction more, and most longer games are lost",
        subtitle:
          "Share of games right throughout with every matrix cut: all \(Self.fixed(try exhibits.number("games"))) of up to two moves, and some of six; ten explore seeds.",
        plot: BarChart(
          categories: rows.map(\.1), categoryTitle: "cut away",
          series: [
            try bars("games of up to two moves", "short", .blue),
            try bars("games of six moves", "long", .vermilion),
          ],
          axis: Axis("share of games", range: 0...1.08), direction: .right, valueDecimals: 2),
        caption:
          "Each direction that is left is needed. All \(Self.fixed(try exhibits.number("moves"))) matrices are cut at once, each to its largest singular directions. With as many as the move leaves cups, every game is right. With one fewer the network lives on games that happen to need nothing of what is gone, and longer games leave few of those. Control: as many directions, but drawn at random; most longer games are lost as well.",
        alt:
          "Three pairs of horizontal bars, for short games and longer ones: the first pair reaches one, the other two are shorter, most of all for games of six moves.",
        plotHeight: 220),
      from: ["findings.json", "main/population.safetensors"])
  }

  /// One game, told the start and not told.
  func doubt(_ exhibits: Exhibits) throws -> Exhibit {
    let moves = try exhibits.numbers("walk-moves").map { Int($0) }
    let steps = ["start"] + moves.map { Self.name(of: $0) }
    let panels = try [
      ("told", "Told that the ball is under A"), ("not-told", "Not told: in the middle"),
    ].map { name, label in
      Panel(
        label,
        Heatmap(
          values: try exhibits.tensor("walk-\(name)").plotRows, rows: steps,
          columns: Self.cupNames, rowTitle: "after the move", columnTitle: "cup",
          colourLabel: "score", map: .sequential, scale: .sequential(from: 0, to: 1),
          cellText: .decimals(2)))
    }
    return Exhibit(
      Figure(
        slug: "doubt",
        title: "It finds a ball that nobody showed it",
        subtitle:
          "Scores of seed \(Self.fixed(try exhibits.number("specimen-seed"))) along one game; AAC tips B into A, CBC tips A into C.",
        plot: Grid(columns: 2, panels: panels),
        caption:
          "Not knowing is a place. Put in the middle of the three corners, where no ball ever was, the network gives each cup a third, and keeps the books as the game goes on: two thirds for a cup into which another was tipped, and so on. No game that it was trained on began so.",
        alt:
          "Two tables of scores, a row a move and a column a cup. Left, a single one in each row. Right, thirds at first and then shares that gather under fewer cups.",
        plotHeight: 250),
      from: ["findings.safetensors", "main/checkpoints"])
  }

  /// Which moves a plane can play, and what a spare dimension is for.
  func room(_ exhibits: Exhibits) throws -> Exhibit {
    let plane = (1...3).map { "plane-leaving-\($0)" }
    let spare = ["ranks-main", "ranks-width-4", "ranks-on-corners-width-4"]
    return Exhibit(
      Figure(
        slug: "room",
        title:
          "A plane must say \u{201C}I do not know\u{201D} just where the ball is certain; a fourth dimension keeps secrets",
        subtitle:
          "Left: ten networks with a plane and a centred read-out. Right: networks that play without mistake.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "A plane: games of one move that are right",
              BarChart(
                categories: ["one", "two", "three"], categoryTitle: "cups that the move leaves",
                series: [try exhibits.bars("", plane, colour: .amber)],
                axis: Axis("share of games", range: 0...1.08), valueDecimals: 2)),
            Panel(
              "Ranks as the rule says",
              BarChart(
                categories: ["three dimensions", "four", "four, on the corners"],
                categoryTitle: "",
                series: [
                  try exhibits.bars("", spare, colours: [.blue, .control, .green])
                ], axis: Axis("share of matrices", range: 0...1.08), valueDecimals: 2)),
          ], isShared: false),
        caption:
          "Two ways to break the rule. Left: a plane can shuffle and even tip, well enough for one answer; what it cannot do is put the ball under one cup for certain, since corners that sum to nothing cannot all be taken to the same one. Right: with four dimensions few matrices have the rank that the rule says. Ask what a matrix does to the three corners alone, and the rule is nearly back.",
        alt:
          "Left, three bars of shares of games: low where one cup is left, one elsewhere. Right, three bars: three dimensions at one, four well below, four on the corners nearly at one.",
        plotHeight: 270),
      from: ["findings.json", "width-2-centred/population.safetensors"])
  }
}
