import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors
import TrickShellGameTask

extension TrickShellGame: Illustration {
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try spectra(exhibits), try ranks(exhibits), try products(exhibits),
      try cutting(exhibits), try doubt(exhibits), try room(exhibits),
    ]
  }

  static let cupNames = ["A", "B", "C"]

  static func fixed(_ value: Double, _ decimals: Int = 0) -> String {
    NumberLabel.fixed(value, decimals: decimals)
  }

  /// A move by where it takes the balls of A, B and C: "AAC".
  static func name(of move: Int) -> String {
    functions.transitions[move].map { cupNames[$0] }.joined()
  }

  /// The moves, those that leave one cup first.
  static let sorted = functions.transitions.indices.sorted {
    (imageSize(of: $0), $0) < (imageSize(of: $1), $1)
  }

  /// The share of games right, by kind of network.
  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds: [(name: String, label: String, colour: Colour)] = [
      ("width-2", "two dimensions", .vermilion),
      ("width-2-centred", "two, centred", .amber), ("main", "three", .blue),
      ("width-4", "four", .green),
    ]
    let lines = try kinds.map { kind in
      let training = try exhibits.evidence.training(kind.name)
      // A logarithmic axis has no place for step 0.
      return LineSeries(
        kind.label, x: training.measuredSteps.dropFirst().map(Double.init),
        y: Array(training.accuracy.mean.dropFirst()), colour: kind.colour)
    }
    return Exhibit(
      Figure(
        slug: "training",
        title: "With moves that forget, a plane is not enough; three dimensions are",
        subtitle:
          "Share of games of six moves right throughout, mean of all networks of a kind.",
        plot: LineChart(
          series: lines, x: Axis("training step", scale: .logarithmic),
          y: Axis("share of games", range: 0...1.05)),
        caption:
          "The trick costs a dimension. In the shell game three cups fitted into a plane around zero (amber: the same read-out here). A move that puts everything under A must take all three corners to one point; but corners around zero sum to nothing, and no matrix makes something of nothing. With three dimensions every network learns all moves, most of them within a hundred steps.",
        alt:
          "Four lines over training steps. Those of three and four dimensions rise to one; those of two dimensions stay low.",
        plotHeight: 280),
      from: kinds.map { "\($0.name)/training.json" })
  }

  /// The singular values of the specimen's matrices.
  private func spectra(_ exhibits: Exhibits) throws -> Exhibit {
    let values = try exhibits.tensor("singular-values").plotRows
    let names = ["first", "second", "third"]
    let colours: [Colour] = [.blue, .vermilion, .green]
    let groups = (0..<3).map { order in
      PointGroup(
        "\(names[order]) singular value",
        Self.sorted.enumerated().map { Point(Double($0.offset), values[$0.element][order]) },
        colour: colours[order], radius: 4.2)
    }
    let ticks = Self.sorted.enumerated().map { place, move in
      Tick(Double(place), Self.name(of: move))
    }
    // Between the moves that leave one cup, two and three.
    let ends = (1...2).map { size in
      Double(Self.sorted.count { Self.imageSize(of: $0) <= size }) - 0.5
    }
    let labels = ["one cup left", "two cups left", "three cups left"]
    let starts = [0] + ends.map { $0 + 0.5 }
    let counts = zip(starts, ends + [Double(Self.sorted.count) - 0.5]).map { $1 - $0 + 0.5 }
    let panels = (0..<3).map { kind -> Panel in
      let places = Self.sorted.indices.filter {
        Self.imageSize(of: Self.sorted[$0]) == kind + 1
      }
      let range = Double(places[0]) - 0.6...Double(places[places.count - 1]) + 0.6
      let own = groups.map { group in
        PointGroup(
          group.name, places.map { group.points[$0] }, colour: group.colour, radius: group.radius)
      }
      return Panel(
        labels[kind],
        Scatter(
          groups: own,
          x: Axis(
            " ", range: range,
            ticks: places.map { Tick(Double($0), Self.short(ticks[$0].label)) }),
          y: Axis("singular value", range: -0.1...1.7)))
    }
    return Exhibit(
      Figure(
        slug: "spectra",
        title: "As many singular values are left as the ball has cups to be under",
        subtitle:
          "Matrices of all \(values.count) moves of seed \(Self.fixed(try exhibits.number("specimen-seed"))). A move is named by where it takes the balls of A, B and C: AAC tips B into A (read downwards).",
        plot: Grid(columns: 3, panels: panels, columnShares: counts.map { max($0, 4.5) }),
        caption:
          "A matrix keeps exactly what the move leaves to be known. Swaps and rotations of the cups leave all three and have three directions; tipping one cup into another leaves two; putting everything under one cup leaves one, and two of three singular values are gone. Nothing lies between: over all networks none that should be gone is above \(NumberLabel.short(try exhibits.number("largest-beyond"))) of the largest, and none that should be there below \(NumberLabel.short(try exhibits.number("smallest-within"))).",
        alt:
          "Three groups of moves with three dots each, the singular values. Where one cup is left, two dots lie at zero; where two are left, one does; where three are left, none.",
        plotHeight: 300),
      from: ["findings.safetensors", "main/population.safetensors"])
  }

  private static func short(_ name: String) -> String {
    name.map(String.init).joined(separator: "\n")
  }

  /// Ranks against what a move leaves, in two widths and by chance.
  private func ranks(_ exhibits: Exhibits) throws -> Exhibit {
    let kinds = [
      ("main", "Three dimensions"), ("width-4", "Four (control)"),
      ("random", "Random matrices (control)"),
    ]
    let panels = try kinds.map { name, label in
      Panel(
        label,
        Heatmap(
          values: try exhibits.tensor("rank-table-\(name)").plotRows.map { row in
            row.dropFirst().map { $0 }
          },
          rows: ["one cup", "two cups", "three cups"],
          columns: (1...4).map { "\($0)" }, rowTitle: "the move leaves",
          columnTitle: "rank of its matrix", colourLabel: "share of matrices", map: .sequential,
          scale: .sequential(from: 0, to: 1), cellText: .decimals(2)))
    }
    let networks = try exhibits.finding("all-ranks-main").n
    return Exhibit(
      Figure(
        slug: "ranks",
        title:
          "In three dimensions \(try exhibits.percent("ranks-main")) of the matrices have the rank that the rule says; in four, \(try exhibits.percent("ranks-width-4"))",
        subtitle:
          "All 27 matrices of \(networks) networks of each width; a singular value counts above a tenth of the largest.",
        plot: Grid(columns: 3, panels: panels),
        caption:
          "Rank is knowledge only where there is nothing to spare. Left: every matrix of every network lies on the diagonal. Middle: networks with a fourth dimension play as well, but where no corner ever is their matrices may do anything, and do. Right: random matrices of the same sizes mostly have full rank.",
        alt:
          "Three tables of cups left by rank. Left, ones on the diagonal and zeros elsewhere. Middle, shares spread up to rank four. Right, nearly all at rank three.",
        plotHeight: 210),
      from: ["findings.safetensors", "width-4/population.safetensors"])
  }

  /// The rank of the product of all matrices so far, and the cups that are left.
  private func products(_ exhibits: Exhibits) throws -> Exhibit {
    let rank = try exhibits.numbers("product-rank")
    let cups = try exhibits.numbers("cups-left")
    let x = rank.indices.map(Double.init)
    let games = try exhibits.finding("product-rank").n
    return Exhibit(
      Figure(
        slug: "products",
        title: "A game forgets where it began, at the pace that the rules say",
        subtitle:
          "Mean over \(games) random games, seed \(Self.fixed(try exhibits.number("specimen-seed"))): the rank of all matrices so far multiplied, and the cups under which the ball may be if its start is not told.",
        plot: LineChart(
          series: [
            LineSeries("cups left", x: x, y: cups, colour: .control, hasPoints: true),
            LineSeries("rank", x: x, y: rank, colour: .blue, style: .dashed, hasPoints: true),
          ], x: Axis("moves played", ticks: x.map { Tick($0, Self.fixed($0)) }),
          y: Axis("rank, cups", range: 0.8...3.2)),
        caption:
          "The rank of a whole game is what is still open about it. Every matrix that loses a direction loses it for good, as a tipped cup does. In \(try exhibits.percent("product-ranks")) of the products the rank is exactly the number of cups left; when it has come down to one, the start no longer matters.",
        alt:
          "Two lines that lie on each other fall from three towards one over eight moves.",
        plotHeight: 260),
      from: ["findings.json", "main/checkpoints"])
  }
}
