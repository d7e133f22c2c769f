import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  /// Where places look that were never asked for an answer.
  func unasked(_ exhibits: Exhibits) throws -> Exhibit {
    let shares = try exhibits.numbers("unasked-by-place")
    let never = (0..<Self.length).filter { !Self.asked.contains($0) }
    var map = try Heatmap.attention(
      try exhibits.tensor("unasked-pattern"), tokens: Self.places,
      outlined: Self.cells(Self.backwards), outlineLabel: "backwards")
    (map.rowTitle, map.columnTitle) = ("query's place", "key's place")
    let right = try exhibits.number("unasked-right")
    return Exhibit(
      Figure(
        slug: "unasked",
        title:
          "There is no mirror: two places that are never asked for get \(Exhibits.percent(right)) of their tokens right",
        subtitle:
          "Networks trained without the answers of the first and the last place. Left: mean pattern of seed 0. Right: means over \(try exhibits.finding("unasked-by-place").n) explore seeds.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("Attention", map),
            Panel(
              "Tokens right",
              BarChart(
                categories: Self.places, categoryTitle: "place",
                series: [
                  BarSeries(
                    "", values: shares,
                    colours: shares.indices.map { never.contains($0) ? .vermilion : .blue })
                ], axis: Axis("share of tokens right", range: 0...1),
                references: [.horizontal("guessing", at: 1 / Double(Self.vocabulary))])),
          ], isShared: false, columnShares: [1, 1.3]),
        caption:
          "The rule is not in the network. Whoever had understood backwards from \(Self.words(Double(Self.asked.count))) places would know the other two. The networks do not: the two places' queries have been told nothing and look anywhere (vermilion).",
        alt:
          "Left, an attention map with dark cells on the anti-diagonal except in the first and the last row. Right, bars of the tokens right at each place: the first and last are short, all others reach one.",
        plotHeight: 290),
      from: ["findings.safetensors", "findings.json", "unasked/population.safetensors"])
  }

  /// Who is missed among four heads, one by one and in sets.
  func redundancy(_ exhibits: Exhibits) throws -> Exhibit {
    let heads = Int(try exhibits.number("crew-heads"))
    let shares = try exhibits.tensor("subset-shares").plotRows
    let (missed, credit) = (
      try exhibits.tensor("heads-missed").plotRows[0],
      try exhibits.tensor("heads-credit").plotRows[0]
    )
    let points = shares.indices.flatMap { subset in
      shares[subset].map { Point(Double(subset.nonzeroBitCount), $0) }
    }
    let means = try (0...heads).map {
      Point(Double($0), try exhibits.number("keeping-\($0)"))
    }
    let (lost, alone) = (
      1 - (try exhibits.number("worst-without-one")), try exhibits.number("best-alone")
    )
    return Exhibit(
      Figure(
        slug: "redundancy",
        title:
          "In \(shares[0].count) networks any one of \(Self.words(Double(heads))) heads can go for at most \(Exhibits.percent(lost)) of the tokens; alone, none gets more than \(Exhibits.percent(alone))",
        subtitle:
          "Every subset of the four heads kept, the others at their mean, in \(shares[0].count) networks; right: the heads of seed 0.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Every subset",
              Scatter(
                groups: [
                  PointGroup(
                    "one subset, one network", points, colour: .blue, marker: .ring, radius: 3.5),
                  PointGroup("their mean", means, colour: .vermilion, marker: .diamond, radius: 5),
                ],
                x: Axis(
                  "heads kept", range: -0.4...Double(heads) + 0.4,
                  ticks: (0...heads).map { Tick(Double($0), "\($0)") }),
                y: Axis("share of tokens right", range: 0...1.05))),
            Panel(
              "Two ways to give credit",
              BarChart(
                categories: (0..<heads).map { "head \($0)" }, categoryTitle: "",
                series: [
                  BarSeries("lost without it", values: missed, colour: .vermilion),
                  BarSeries("Shapley value", values: credit, colour: .blue),
                ], axis: Axis("share of tokens"))),
          ], isShared: false, columnShares: [1.15, 1]),
        caption:
          "Ablate heads one by one, and you acquit them all. Left: with any three of the four heads nearly everything is right, with two much, with one less. Right: what is lost without a head says that none matters; the Shapley value, over all subsets, gives each a share, and not equal ones.",
        alt:
          "Left, dots of the share of right tokens by the number of heads kept, rising from a tenth with none to one with three and four. Right, four pairs of bars: the loss without each head is almost zero, the Shapley values are all far above it, from about a tenth to about a third.",
        plotHeight: 310),
      from: ["findings.safetensors", "findings.json", "four-heads/population.safetensors"])
  }

  /// How far each network is from ever being wrong, by its room.
  func hardest(_ exhibits: Exhibits) throws -> Exhibit {
    let names = ["main"] + Self.narrowWidths.map { "width-\($0)" }
    let labels = ([reader] + narrow).map { "\($0.model.configuration.dModel) dimensions" }
    let passed = try exhibits.bars(
      "right on all held-out sequences", names.map { "solved-\($0)" }, colour: .amber)
    let never = try exhibits.bars(
      "right on all sequences there are", names.map { "never-wrong-\($0)" }, colour: .blue)
    let margins = try names.map {
      try exhibits.tensor("margins-\($0)").scalars.map(Double.init)
    }
    let fooled = try names.reduce(0.0) { $0 + (try exhibits.number("passed-but-fooled-\($1)")) }
    return Exhibit(
      Figure(
        slug: "hardest",
        title:
          "\(try Self.count(exhibits, "never-wrong-main")) networks are right on every sequence there is; of the narrow ones \(Self.words(fooled)) passed the exam and can be fooled",
        subtitle:
          "Left: shares of the networks. Right: logits between the right answer and the best wrong one, on each network's hardest sequence.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Passed, and never wrong",
              BarChart(
                categories: labels, categoryTitle: "", series: [passed, never],
                axis: Axis("share of networks", range: 0...1), direction: .right)),
            Panel(
              "The narrowest margin of all",
              Strip(
                groups: zip(labels, margins).map { Sample($0.0, $0.1) },
                x: Axis("margin", unit: "logits"),
                references: [.vertical("wrong below", at: 0)])),
          ], isShared: false, columnShares: [1, 1.25]),
        caption:
          "An exam is not a proof. For each network the hardest of all \(Self.fixed(try exhibits.number("sequences"))) sequences was computed from its weights and then given to it. Where the margin is below zero, it is wrong there, whatever the \(Self.fixed(try exhibits.number("held-out-sequences"))) held-out sequences said.",
        alt:
          "Left, pairs of bars by the size of the residual stream: both full for the largest, the second shorter than the first for smaller ones. Right, dots of each network's smallest margin, all above zero for the largest and spreading below it for the small ones.",
        plotHeight: 270),
      from: ["findings.safetensors", "findings.json"])
  }

  /// The sequence that fools a network which had passed.
  func fooled(_ exhibits: Exhibits) throws -> Exhibit {
    let tokens = Self.tokens(try exhibits.tensor("fooled-tokens"))
    let place = Int(try exhibits.number("fooled-place"))
    let (right, says) = (
      Int(try exhibits.number("fooled-right")), Int(try exhibits.number("fooled-says"))
    )
    let pattern = try exhibits.tensor("fooled-pattern")
    var map = try Heatmap.attention(
      pattern, tokens: tokens, outlined: [Heatmap.Cell(place, Self.backwards[place])],
      outlineLabel: "where it should look")
    (map.rowTitle, map.columnTitle) = ("query, with its token", "key, with its token")
    let share = Double(pattern[place, Self.backwards[place]])
    let logits = try exhibits.tensor("fooled-logits").scalars.map(Double.init)
    let isThere = tokens.contains("\(says)")
    return Exhibit(
      Figure(
        slug: "fooled",
        title:
          "On \(tokens.joined(separator: " ")) a network that passed says \(says) at place \(place + 1)\(isThere ? ", where \(right) is right" : ", a token that is not even there")",
        subtitle:
          "Seed \(Int(try exhibits.number("fooled-seed"))) of the networks with \(Int(try exhibits.number("fooled-width"))) dimensions, on the hardest sequence that there is for it.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("Attention", map),
            Panel(
              "Logits at place \(place + 1)",
              BarChart(
                categories: logits.indices.map { "\($0)" }, categoryTitle: "token",
                series: [
                  BarSeries(
                    "", values: logits,
                    colours: logits.indices.map {
                      $0 == right ? .blue : $0 == says ? .vermilion : .control
                    })
                ], axis: Axis("logit"))),
          ], isShared: false, columnShares: [1, 1.2]),
        caption:
          "The tokens do have a say, a small one. The query at place \(place + 1) gives the right key \(Exhibits.percent(share)) of its attention; the rest falls on places that all hold another token. The mixture of the two tokens looks like a third: blue is the right answer, vermilion what the network says. No held-out sequence happened to conspire like this.",
        alt:
          "Left, an attention map of eight places by eight; in one row attention is spread over several keys. Right, the logits of the ten tokens at that place: that of a wrong token is a little higher than that of the right one.",
        plotHeight: 290),
      from: ["findings.safetensors", "findings.json"])
  }
}
