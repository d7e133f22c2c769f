import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ShellGameTask
import Tensors

extension ShellGame: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try plane(exhibits), try walk(exhibits), try thousand(exhibits), try weights(exhibits),
      try interchanges(exhibits), try surgery(exhibits), try decay(exhibits),
      try emergence(exhibits), try staircase(exhibits), try unseen(exhibits),
    ]
  }

  static let cupNames = ["A", "B", "C"]
  static let moveNames = ["AB", "AC", "BC"]
  /// The cup that each swap leaves alone.
  static let bystanders = [2, 1, 0]

  static func points(_ rows: [[Double]]) -> [Point] { rows.map { Point($0[0], $0[1]) } }

  static func fixed(_ value: Double, _ decimals: Int = 0) -> String {
    NumberLabel.fixed(value, decimals: decimals)
  }

  static func axes(_ limit: Double) -> (x: Axis, y: Axis) {
    (Axis("h₁", range: -limit...limit), Axis("h₂", range: -limit...limit))
  }

  /// The specimen's corners, mirrors and read-out in the plane.
  private func plane(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, weights) = try exhibits.evidence.specimen()
    let corners = Self.points(weights[mirrors.embedding].slice(0).plotRows)
    let u = weights[mirrors.readOut].slice(0)
    let readOuts = (0..<3).map { Point(Double(u[0, $0]), Double(u[1, $0])) }
    let mirrorLines = zip(Self.moveNames, Self.bystanders).map { name, cup in
      Guide.line(through: corners[cup], label: "mirror \(name)", isDashed: true)
    }
    let arrows = zip(Self.cupNames, readOuts).map { name, point in
      Guide.arrow(to: point, label: "reads \(name)", colour: .vermilion)
    }
    let (x, y) = Self.axes(1.35)
    let picture = Scatter(
      groups: [
        PointGroup(
          "cup", corners, labels: Self.cupNames, colour: .blue, marker: .ring, radius: 8)
      ], x: x, y: y, isEqual: true, showsOrigin: true,
      guides: [.polygon(corners, colour: .blue, isFilled: true)] + mirrorLines + arrows)
    let w = weights[mirrors.matrices].slice(0)
    let rows =
      weights[mirrors.embedding].slice(0).plotRows + (0..<3).flatMap { w.slice($0).plotRows }
      + readOuts.map { [$0.x, $0.y] }
    let names =
      Self.cupNames.map { "start \($0)" }
      + Self.moveNames.flatMap { ["\($0), row 1", "\($0), row 2"] }
      + Self.cupNames.map { "reads \($0)" }
    let table = Heatmap(
      values: rows, rows: names, columns: ["h₁", "h₂"], rowTitle: "", columnTitle: "",
      colourLabel: "weight", scale: .diverging(limit: 1), cellText: .decimals(2))
    let plot = Grid(
      columns: 2, panels: [Panel("The plane", picture), Panel("All weights", table)],
      isShared: false, columnShares: [2.1, 1])
    let error = try exhibits.numbers("mirror-error-main").max() ?? 0
    let readOut = try exhibits.number("read-out-error-main-median")
    return Exhibit(
      Figure(
        slug: "plane",
        title:
          "Three cups are the corners of a triangle, and each swap is the mirror through the corner that it leaves alone",
        subtitle: "All \(Self.fixed(try exhibits.number("weights"))) weights of seed \(seed).",
        plot: plot,
        caption:
          "The whole network fits into one plane. The state is a point; the three corners say which cup has the ball. A move multiplies the point by a matrix of its own, which is a mirror: it exchanges two corners and leaves the third. The read-out measures how far the point lies towards each corner; decay has turned its arrows towards the corners, and they end within \(NumberLabel.short(readOut * 100)) % of a corner's distance of them (median). In all networks the matrices bring every corner to its place within \(NumberLabel.short(error * 100)) % of its distance from the centre.",
        alt:
          "A plane with an equilateral triangle around the origin, its corners named A, B and C. Three dashed lines through the origin, each through one corner, are the mirrors of the swaps of the other two. Three arrows from the origin point at the corners. Beside it a table of all weights.",
        plotHeight: 440),
      from: ["main/population.safetensors", "findings.json"])
  }

  /// A short game, and a longer one in two networks.
  private func walk(_ exhibits: Exhibits) throws -> Exhibit {
    let (seed, weights) = try exhibits.evidence.specimen()
    let corners = Self.points(weights[mirrors.embedding].slice(0).plotRows)
    let short = Self.points(try exhibits.tensor("walk").plotRows)
    let moves = try exhibits.numbers("walk-moves").map { Self.moveNames[Int($0)] }
    let long = Self.points(try exhibits.tensor("walk-long").plotRows)
    let (x, y) = Self.axes(1.5)
    func groups(_ states: [Point]) -> [PointGroup] {
      [
        PointGroup(
          "cup", corners, labels: Self.cupNames, colour: .blue, marker: .circle, radius: 5),
        PointGroup(
          "state after a move", Array(states.dropFirst()), colour: .vermilion, marker: .ring,
          radius: 9),
      ]
    }
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "\(moves.count) moves: \(moves.joined(separator: ", "))",
          Scatter(
            groups: groups(short), x: x, y: y, isEqual: true, showsOrigin: true,
            guides: [.polygon(corners), .walk(short, colour: .vermilion)])),
        Panel(
          "\(long.count - 1) random moves",
          Scatter(
            groups: groups(long), x: x, y: y, isEqual: true, showsOrigin: true,
            guides: [.polygon(corners)])),
      ])
    return Exhibit(
      Figure(
        slug: "walk",
        title: "A game is a walk that never leaves three points",
        subtitle: "Seed \(seed), the ball under A at first.", plot: plot,
        caption:
          "Wherever the ball goes, the state is there. Left: a swap of the ball's cup is a step along a side; a swap of the two others is a loop, since the point lies in its mirror. Right: the states of a game ten times as long as any that the network was trained on, drawn as rings. There are still only three.",
        alt:
          "Two planes with the same triangle. Left, numbered arrows from corner to corner, with loops where the state stays. Right, rings drawn around the three corners and nowhere else.",
        plotHeight: 330),
      from: ["main/population.safetensors", "findings.safetensors"])
  }

  /// The share of games in which the ball is still known, move by move.
  private func thousand(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds: [(name: String, label: String, colour: Colour)] = [
      ("main", "squared error", .blue), ("slow", "slow training", .amber),
      ("cross-entropy", "cross-entropy", .vermilion),
    ]
    let lines = try kinds.map { kind in
      let curve = try exhibits.tensor("long-curve-\(kind.name)").scalars.map(Double.init)
      return LineSeries(
        kind.label, x: curve.indices.map { Double($0 + 1) }, y: curve, colour: kind.colour)
    }
    let games = Self.fixed(try exhibits.number("long-games"))
    return Exhibit(
      Figure(
        slug: "thousand",
        title:
          "\(try exhibits.percent("long-right-main").capitalizedFirst) of the networks are right after each of a thousand moves; trained with cross-entropy, \(try exhibits.percent("long-right-cross-entropy"))",
        subtitle:
          "Share of \(games) games in which the network names the right cup, mean of all networks of a kind.",
        plot: LineChart(
          series: lines, x: Axis("moves played", scale: .logarithmic),
          y: Axis("share of games", range: 0...1.05),
          references: [
            .vertical("longest in training", at: Double(Self.trainedMoves), labelPlace: .start)
          ]),
        caption:
          "Being right is not the same as being exact. All three kinds are right on short games. Squared error asks for one exact point a cup, and mirrors that hit it can be used for ever. Cross-entropy only asks to be surer and surer: its matrices stretch the state by \(Self.fixed((try exhibits.number("growth-cross-entropy-median") - 1) * 100)) % a move, until nothing is where it was and at last the numbers are too large for the machine. With a thirtieth of the learning rate training ends before the mirrors are exact.",
        alt:
          "Three lines over the number of moves on a logarithmic axis. Squared error stays at one throughout; slow training falls a little towards a thousand moves; cross-entropy falls to nothing.",
        plotHeight: 300),
      from: ["findings.safetensors", "findings.json"])
  }

  /// Twenty weights as predicted from the other four, and as trained.
  private func weights(_ exhibits: Exhibits) throws -> Exhibit {
    let trained = try exhibits.tensor("weights-trained")
    let own = try exhibits.tensor("weights-predicted")
    let others = try exhibits.tensor("weights-predicted-others")
    func group(_ name: String, _ predicted: Tensor, _ colour: Colour, _ marker: Marker)
      -> PointGroup
    {
      PointGroup(
        name, zip(predicted.scalars, trained.scalars).map { Point(Double($0), Double($1)) },
        colour: colour, marker: marker, radius: 2.2)
    }
    let diagonal = Guide.path([Point(-1.2, -1.2), Point(1.2, 1.2)])
    let (x, y) = (
      Axis("predicted weight", range: -1.25...1.25), Axis("trained weight", range: -1.25...1.25)
    )
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "From the network's own corners A and B",
          Scatter(
            groups: [group("own", own, .blue, .circle)], x: x, y: y, isEqual: true,
            guides: [diagonal])),
        Panel(
          "From the next network's (control)",
          Scatter(
            groups: [group("other", others, .control, .circle)], x: x, y: y, isEqual: true,
            guides: [diagonal])),
      ], isShared: false)
    let error = try exhibits.number("prediction-error-own")
    let networks = trained.shape[0]
    return Exhibit(
      Figure(
        slug: "weights",
        title:
          "Four numbers of a network predict its other twenty weights, off by \(NumberLabel.short(error)) of their size",
        subtitle: "\(Self.fixed(Double(trained.count))) weights of \(networks) networks.",
        plot: plot,
        caption:
          "No weight is left to explain. Given where two corners lie, the third, all three matrices and the read-out follow. Left: every predicted weight of every network against what training made of it. Right, the control: the same formula with the corners of another network, whose triangle is turned differently.",
        alt:
          "Two scatter plots of predicted against trained weights. Left, all points lie on the diagonal; right, they fill a cloud.",
        plotHeight: 320),
      from: ["findings.safetensors", "main/population.safetensors"])
  }
}

extension String {
  /// The text with a capital at its beginning.
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
