import ElmanTask
import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors

extension Elman: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try planes(exhibits), try news(exhibits), try effects(exhibits),
      try ears(exhibits), try angles(exhibits), try exchanges(exhibits), try pushes(exhibits),
    ]
  }

  static let cupColours: [Colour] = [.blue, .vermilion, .green]

  /// How networks learn, with noise and without, and how they do in long games.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds: [(variant: String, name: String, colour: Colour)] = [
      ("main", "with noise", .blue), ("no-noise", "without", .control),
    ]
    let lines = try kinds.map { kind in
      let training = try exhibits.evidence.training(kind.variant)
      return LineSeries(
        kind.name, x: training.measuredSteps.dropFirst().map(Double.init),
        y: Array(training.accuracy.mean.dropFirst()), colour: kind.colour)
    }
    let curves = try exhibits.tensor("long-curves").plotRows
    let length = try exhibits.number("long-moves")
    let long = zip(kinds, curves).map { kind, curve in
      LineSeries(
        kind.name, x: curve.indices.map { Double($0 + 1) * length / Double(curve.count) },
        y: curve, colour: kind.colour)
    }
    let moves = NumberLabel.short(length)
    return Exhibit(
      Figure(
        slug: "training",
        title:
          "After \(moves) moves, networks trained in noise know the cup in \(try exhibits.percent("long-games-main")) of the games, their twins in \(try exhibits.percent("long-games-no-noise"))",
        subtitle:
          "Means over \(try exhibits.finding("long-main").n) networks of each kind; none has trained on games of more than six moves.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "While training: all answers of a game right",
              LineChart(
                series: lines, x: Axis("training step", scale: .logarithmic),
                y: Axis("share of games", range: 0...1.02))),
            Panel(
              "After training: the cup known in long games",
              LineChart(series: long, x: Axis("moves"), y: Axis("share of games"))),
          ], isShared: false),
        caption:
          "Everybody learns the game; not everybody can go on. Left: the share of all games of four moves in which every answer is right. Right: games far longer than those of training. Without noise, small mistakes of the state add up in some of the networks; \(try exhibits.percent("long-no-noise")) of the twins make none. Grey is the control, and the right axis does not begin at zero.",
        alt:
          "Left, two curves that rise from nothing to one within a few hundred training steps. Right, over a thousand moves, the line with noise stays at one and the line without sinks slowly.",
        plotHeight: 250),
      from: ["main/training.json", "no-noise/training.json", "findings.safetensors"])
  }

  /// The specimen's states in the loud and in the heard plane.
  private func planes(_ exhibits: Exhibits) throws -> Exhibit {
    let (loud, heard) = (
      try exhibits.tensor("specimen-loud").plotRows, try exhibits.tensor("specimen-heard").plotRows
    )
    let cups = try exhibits.numbers("specimen-cup").map { Int($0) }
    let moves = try exhibits.numbers("specimen-move").map { Int($0) }
    let shapes: [Marker] = [.circle, .square, .triangle]
    func groups(_ rows: [[Double]]) -> [PointGroup] {
      Self.cupNames.indices.flatMap { cup in
        Self.moveNames.indices.map { move in
          PointGroup(
            "ball under \(Self.cupNames[cup])",
            rows.indices.filter { cups[$0] == cup && moves[$0] == move }
              .map { Point(rows[$0][0], rows[$0][1]) },
            kind: "last move \(Self.moveNames[move])", colour: Self.cupColours[cup],
            marker: shapes[move], radius: 4.5)
        }
      }
    }
    // Both planes to the same scale.
    let reach = (loud + heard).joined().map(\.magnitude).max() ?? 1
    let range = -1.12 * reach...1.12 * reach
    func plane(_ rows: [[Double]], _ name: String, guides: [Guide] = []) -> Scatter {
      Scatter(
        groups: groups(rows), x: Axis("\(name) direction 1", range: range),
        y: Axis("\(name) direction 2", range: range), isEqual: true, guides: guides)
    }
    // A ring around the games that had the ball under one cup a move ago.
    let past = try exhibits.numbers("specimen-past").map { Int($0) }
    let rings = Self.cupNames.indices.map { cup in
      let own = loud.indices.filter { past[$0] == cup }.map { loud[$0] }
      let ends = (0..<2).map { axis in
        (own.map { $0[axis] }.min() ?? 0, own.map { $0[axis] }.max() ?? 0)
      }
      let centre = ends.map { ($0.0 + $0.1) / 2 }
      let farthest =
        own.map { point in
          let (x, y) = (point[0] - centre[0], point[1] - centre[1])
          return (x * x + y * y).squareRoot()
        }.max() ?? 0
      return Guide.circle(Point(centre[0], centre[1]), radius: farthest + 0.5, isDashed: true)
    }
    let shares = try (
      exhibits.percent("specimen-variance-loud"), exhibits.percent("specimen-variance-heard")
    )
    return Exhibit(
      Figure(
        slug: "planes",
        title:
          "In the loud plane (\(shares.0) of the variance) nine blobs, not sorted by cup; in the quiet one (\(shares.1)) three places, one a cup",
        subtitle:
          "Seed \(Int(try exhibits.number("specimen-seed"))): the same \(loud.count) states, after every game of four moves, in two planes to one scale. Rings: the ball was under one cup a move ago.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("The loud plane: two principal components", plane(loud, "loud", guides: rings)),
            Panel("The quiet plane: what W hears best", plane(heard, "quiet")),
          ]),
        caption:
          "Looking where most happens shows the wrong thing. Left, states gather in nine places, one for each cup (colour) and last move (shape), and a colour is scattered all over; a ring holds the games that had the ball under the same cup a move ago. Right, in the plane that the network listens to, what remains of the nine is three: one place a cup.",
        alt:
          "Two scatter plots. Left, nine tight clusters spread far out, with each of three colours in three distant clusters. Right, three small clusters near the middle, one of each colour.",
        plotHeight: 400),
      from: ["findings.safetensors", "findings.json"])
  }

  /// What the variance goes with: in all, in the loud plane, in the heard one.
  private func news(_ exhibits: Exhibits) throws -> Exhibit {
    let places = [
      ("all", "whole state", Colour.control), ("loud", "loud plane", .vermilion),
      ("heard", "quiet plane", .blue),
    ]
    let factors = [
      ("past", "where it was"), ("move", "last move"), ("way", "how it came"),
      ("cup", "where it is"),
    ]
    let series = try places.map { place, name, colour in
      try exhibits.bars(name, factors.map { "\($0.0)-in-\(place)" }, colour: colour)
    }
    return Exhibit(
      Figure(
        slug: "news",
        title:
          "The loud plane tells where the ball was a move ago (\(try exhibits.percent("past-in-loud"))), the quiet one where it is (\(try exhibits.percent("cup-in-heard")))",
        subtitle:
          "Means over \(try exhibits.finding("past-in-loud").n) explore seeds; whiskers are 95 % intervals.",
        plot: BarChart(
          categories: factors.map(\.1), categoryTitle: "what the variance goes with",
          series: series, axis: Axis("share of its variance", range: 0...1.05), valueDecimals: 2),
        caption:
          "What is loud is old. Four facts about a game, balanced so that none says anything of another: the cup before the last move, that move, the way it took the ball (not at all, one way around, or the other), and the cup now. Together they are the nine blobs. The cup now, the only one of use for what comes, has hardly any part in the loud plane.",
        alt:
          "Grouped bars for four facts in the whole state, the loud plane and the quiet plane. The loud plane's bar is high for where the ball was; the quiet plane's for where it is.",
        plotHeight: 300),
      from: ["findings.json"])
  }

  /// How loud each component is, and what its exchange does.
  private func effects(_ exhibits: Exhibits) throws -> Exhibit {
    let variance = try exhibits.tensor("component-variance").plotRows
    let moved = try exhibits.tensor("component-moved").plotRows
    let heard = try exhibits.tensor("component-heard").plotRows
    let names = variance[0].indices.map { "\($0 + 1)" }
    func mean(_ rows: [[Double]]) -> [Double] {
      rows[0].indices.map { at in Statistics.mean(rows.map { $0[at] }) }
    }
    func band(_ rows: [[Double]]) -> Band {
      Band(
        lower: rows[0].indices.map { at in rows.map { $0[at] }.min() ?? 0 },
        upper: rows[0].indices.map { at in rows.map { $0[at] }.max() ?? 0 })
    }
    func panel(_ title: String, _ rows: [[Double]], _ colour: Colour, _ axis: Axis) -> Panel {
      Panel(
        title,
        BarChart(
          categories: names, categoryTitle: "principal component",
          series: [BarSeries("", values: mean(rows), intervals: band(rows), colour: colour)],
          axis: axis))
    }
    let loudest = try exhibits.percent("variance-loud")
    let dead = try exhibits.percent("moved-loud")
    return Exhibit(
      Figure(
        slug: "effects",
        title:
          "The two loudest components have \(loudest) of the variance and move \(dead) of the answers",
        subtitle:
          "\(variance.count) explore seeds: bars are means, whiskers from the least to the greatest.",
        plot: Grid(
          columns: 3,
          panels: [
            panel(
              "How loud it is", variance, .vermilion, Axis("share of variance", range: 0...0.5)),
            panel("How well W hears it", heard, .green, Axis("length it becomes")),
            panel(
              "What its exchange moves", moved, .blue, Axis("share of answers", range: 0...0.6)),
          ], isShared: false),
        caption:
          "Loudness and effect are nearly strangers. Left, the variance of each principal component. Middle, how long a step along it becomes in the next state, before rectification. Right, how many answers follow when this one number is taken from a game with another cup. What moves the answers comes after most of the variance, and is what W hears.",
        alt:
          "Three bar charts over sixteen components. The variance falls from left to right; the gain and the effect are near zero for the first components, highest from the fifth to the seventh, and low again at the end.",
        plotHeight: 270),
      from: ["findings.safetensors"])
  }
}
