import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ParityTask
import Tensors

extension Parity {
  /// When the deciding switches are found, and when only the templates are left.
  func emergence(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try exhibits.tensor("emergence").plotRows.dropFirst()
    let steps = try exhibits.tensor("emergence-steps").scalars.dropFirst().map(Double.init)
    let right = try exhibits.number("right-after")
    let left = try exhibits.number("eight-left-after")
    func fixed(_ value: Double) -> String { NumberLabel.fixed(value, decimals: 0) }
    let x = Axis("training step", scale: .logarithmic)
    let plot = Grid(
      columns: 2,
      panels: [
        Panel(
          "Shares",
          LineChart(
            series: [
              LineSeries("all inputs right", x: steps, y: rows.map { $0[0] }, colour: .blue),
              LineSeries(
                "weight on the four", x: steps, y: rows.map { $0[1] }, colour: .vermilion),
            ], x: x, y: Axis("share", range: 0...1.02))),
        Panel(
          "Neurons alive",
          LineChart(
            series: [LineSeries("", x: steps, y: rows.map { $0[2] }, colour: .green)], x: x,
            y: Axis("neurons", range: 0...66),
            references: [
              .horizontal("eight", at: Double(Templates.expected), labelPlace: .start),
              .vertical("all right", at: right),
            ])),
      ], isShared: false, columnShares: [1.3, 1])
    let alive = try exhibits.number("alive-when-right")
    return Exhibit(
      Figure(
        slug: "emergence",
        title:
          "Right on everything at step \(fixed(right)), with \(fixed(alive)) neurons; down to eight at step \(fixed(left))",
        subtitle:
          "Seed \(fixed(try exhibits.number("specimen-seed"))) at its checkpoints. A neuron is alive if it can move the output a twentieth of what the largest can.",
        plot: plot,
        caption:
          "First the rule, then the order. The weight moves to the four deciding switches as the answers become right (left). Only afterwards does the penalty send home what is redundant (right): the templates are what is left when nothing can be spared.",
        alt:
          "Left, two rising curves over training steps, the share of inputs right and the share of weight on the four deciding switches. Right, a falling curve of the number of living neurons, to eight.",
        plotHeight: 260),
      from: ["main/checkpoints", "findings.safetensors"])
  }

  /// The tesseract of patterns, and how often each of its faces is used.
  func faces(_ exhibits: Exhibits) throws -> Exhibit {
    // Four directions of the plane, the longest for the switch that the specimen's templates share.
    let pivot = try exhibits.number("specimen-pivot")
    let shared = Self.decidingBits().firstIndex { Double($0 + 1) == pivot } ?? 3
    var directions = [Point(1.05, 0.1), Point(0.06, 1.05), Point(0.5, 0.45)]
    directions.insert(Point(2.3, -0.6), at: shared)
    func place(_ pattern: Int) -> Point {
      (0..<4).reduce(Point(0, 0)) { sum, bit in
        let sign: Double = pattern >> (3 - bit) & 1 == 1 ? 1 : -1
        return Point(sum.x + sign * directions[bit].x, sum.y + sign * directions[bit].y)
      }
    }
    let own = try exhibits.numbers("specimen-templates").map { Int($0) }
    let corners = Array(0..<Templates.patternCount)
    let edges = corners.flatMap { corner in
      (0..<4).map { (corner, corner ^ 1 << $0) }.filter { $0.0 < $0.1 }
    }
    func isOwn(_ edge: (Int, Int)) -> Bool { own.contains(edge.0) && own.contains(edge.1) }
    let guides = (edges.filter { !isOwn($0) } + edges.filter(isOwn)).map { edge in
      Guide.path([place(edge.0), place(edge.1)], colour: isOwn(edge) ? .blue : .rule)
    }
    let hidden = Axis(" ", range: -4.3...4.3, ticks: [])
    let tesseract = Scatter(
      groups: [
        PointGroup(
          "templates", own.map(place), colour: .blue,
          marker: .circle, radius: 6),
        PointGroup(
          "other patterns", corners.filter { !own.contains($0) }.map(place), colour: .control,
          marker: .ring, radius: 5),
      ], x: hidden, y: Axis(" ", range: -2.5...2.5, ticks: []), guides: guides)
    let counts = try exhibits.numbers("faces")
    let names = Self.decidingBits().flatMap { ["\($0 + 1)−", "\($0 + 1)+"] }
    let sound = try exhibits.finding("on-a-face").n
    let formed = Int((try exhibits.number("on-a-face") * Double(sound)).rounded())
    let used =
      try exhibits.number("faces-used") == 8 ? "all" : Self.words(try exhibits.number("faces-used"))
    let choices = NumberLabel.fixed(try exhibits.number("choices"), decimals: 0)
    let working = Self.words(try exhibits.number("choices-that-work"))
    return Exhibit(
      Figure(
        slug: "faces",
        title:
          "In \(formed) of \(sound) networks the eight templates form a face of the tesseract, and \(used) of its faces are in use",
        subtitle:
          "Left: the sixteen patterns, joined where one switch differs; seed \(Int(try exhibits.number("specimen-seed")))'s templates in blue. Right: all \(sound) networks with eight templates.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("The patterns as corners", tesseract),
            Panel(
              "Which face a network has",
              BarChart(
                categories: names, categoryTitle: "switch and sign that all templates share",
                series: [BarSeries("", values: counts, colour: .blue)], axis: Axis("networks"),
                references: [
                  .horizontal("if even", at: Double(sound) / Double(counts.count))
                ])),
          ], isShared: false, columnShares: [1.15, 1]),
        caption:
          "Few sets of templates can do the task, and training finds them. Of \(choices) ways to choose one pattern from each pair of opposites, \(working) answer every input: the faces. A face fixes one switch; its templates are all patterns in which this switch has one sign.",
        alt:
          "Left, a four-dimensional cube drawn in the plane; the corners that form one of its three-dimensional faces are filled blue. Right, bars of how many networks use each face; none is empty and none stands far above the others.",
        plotHeight: 300),
      from: ["main/population.safetensors", "findings.json"])
  }

  /// How many neurons are left in the networks of each variant.
  func census(_ exhibits: Exhibits) throws -> Exhibit {
    let rows = try [
      ("alive-main", "four switches decide"), ("alive-longer", "trained for longer"),
      ("alive-tenth", "a tenth shown"), ("alive-five-bits", "five switches decide"),
      ("alive-no-penalty", "no penalty (control)"),
    ].map { tensor, name in (name, try exhibits.tensor(tensor).scalars.map { Int($0) }) }
    let counts = rows.map(\.1)
    let range = (counts.joined().min() ?? 0)...(counts.joined().max() ?? 1)
    let shares = counts.map { alive in
      range.map { number in 100 * Double(alive.count { $0 == number }) / Double(alive.count) }
    }
    func fixed(_ value: Double) -> String { NumberLabel.fixed(value, decimals: 0) }
    let bare = try exhibits.number("alive-median-no-penalty")
    return Exhibit(
      Figure(
        slug: "census",
        title:
          "Exactly eight neurons are left in \(try exhibits.percent("eight-neurons")) of the networks; without a penalty the median is \(fixed(bare))",
        subtitle: "Share of each kind's networks with so many living neurons, in per cent.",
        plot: Heatmap(
          values: shares, rows: rows.map(\.0), columns: range.map { "\($0)" }, rowTitle: "",
          columnTitle: "neurons alive after training", colourLabel: "% of networks",
          map: .sequential, scale: .sequential(from: 0, to: 100),
          cellText: .texts(shares.map { $0.map { $0 > 0 ? fixed($0) : "" } })),
        caption:
          "Eight is where things settle, not where all arrive. Some networks keep a template twice or blend two faces; more time helps. With five deciding switches, with few examples, or without the price on weights (last row, the control) it is less tidy, though nearly all of these networks answer rightly what they were never shown.",
        alt:
          "A table of five kinds of network by the number of living neurons. With four deciding switches the share piles up at eight and thins out above; with five, and without a penalty, the shares lie far to the right."
      ),
      from: ["findings.safetensors"])
  }

  /// The ruler of the small network, and how many neurons the small networks keep.
  func threeBits(_ exhibits: Exhibits) throws -> Exhibit {
    let curves = try exhibits.tensor("ruler-curves").plotRows
    let x = (0...3).map(Double.init)
    let parts = (0..<3).map { part in
      LineSeries(
        "neuron \(part + 1)", x: x, y: curves.map { $0[part] }, colour: .category(part + 1),
        style: .dashed, hasPoints: true)
    }
    let sum = LineSeries(
      "answer", x: x, y: curves.map { $0[4] }, colour: .ink, hasPoints: true)
    let isRuler = try exhibits.tensor("is-ruler").scalars
    let alive = try exhibits.tensor("alive-three-bits").scalars.map(Double.init)
    let numbers = (3...Int(alive.max() ?? 10)).map(Double.init)
    func count(_ flag: Float) -> [Double] {
      numbers.map { number in
        Double(alive.indices.count { alive[$0] == number && isRuler[$0] == flag })
      }
    }
    return Exhibit(
      Figure(
        slug: "three-bits",
        title:
          "When three switches decide, \(try exhibits.percent("rulers")) of the networks count instead: three neurons on one line",
        subtitle:
          "Left: seed \(Int(try exhibits.number("ruler-seed"))) of the small networks. Right: all \(isRuler.count) of them.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "A ruler: what each neuron adds to the answer",
              LineChart(
                series: parts + [sum],
                x: Axis(
                  "switches that agree with the line",
                  ticks: (0...3).map { Tick(Double($0), "\($0)") }),
                y: Axis("output"))),
            Panel(
              "Neurons that are left",
              BarChart(
                categories: numbers.map { NumberLabel.fixed($0, decimals: 0) },
                categoryTitle: "neurons alive",
                series: [
                  BarSeries("rulers", values: count(1), colour: .blue),
                  BarSeries("several directions", values: count(0), colour: .amber),
                ], axis: Axis("networks"))),
          ], isShared: false, columnShares: [1.35, 1]),
        caption:
          "Parity by counting. A ruler's three neurons all compare the switches with one pattern and bend at one count or another; their sum, with the bias, goes down and up and down like a staircase folded flat. The other networks compare with several patterns, as with four switches.",
        alt:
          "Left, three bent dashed lines over the number of agreeing switches and their sum, a zigzag between the two answers. Right, bars: rulers all have three neurons, the other networks mostly more.",
        plotHeight: 290),
      from: ["three-bits/population.safetensors", "findings.safetensors"])
  }
}
