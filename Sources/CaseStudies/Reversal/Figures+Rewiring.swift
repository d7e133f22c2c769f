import Experiments
import Figures
import Findings
import Illustrations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  /// What each way of ablating the head, the stream beside it, or the pattern leaves.
  func ablations(_ exhibits: Exhibits) throws -> Exhibit {
    let rows: [(name: String, label: String, colour: Colour)] = [
      ("zero-head", "the head: zero", .vermilion), ("mean-head", "the head: mean", .vermilion),
      ("resample-head", "the head: resampled", .vermilion),
      ("zero-bypass", "the stream beside it: zero", .blue),
      ("mean-bypass", "the stream beside it: mean", .blue),
      ("resample-bypass", "the stream beside it: resampled", .blue),
      ("tokens-route", "places out of queries and keys", .vermilion),
      ("positions-route", "tokens out of queries and keys", .blue),
      ("placeless-values", "places out of values", .blue),
      ("even", "pattern: all places alike", .vermilion),
      ("off-by-one", "pattern: backwards, one place off", .vermilion),
      ("exact", "pattern: exactly backwards", .blue),
    ]
    let head = try exhibits.number("right-mean-head")
    let bypass = try exhibits.number("right-mean-bypass")
    return Exhibit(
      Figure(
        slug: "ablations",
        title:
          "Without the head \(Exhibits.percent(head)) of the tokens stay right; without the stream beside it \(bypass == 1 ? "all of them do" : Exhibits.percent(bypass))",
        subtitle: "Tokens right after each change; means over the explore seeds, 95 % intervals.",
        plot: BarChart(
          categories: rows.map(\.label), categoryTitle: "what is taken out or replaced",
          series: [
            try exhibits.bars("", rows.map { "right-\($0.name)" }, colours: rows.map(\.colour))
          ], axis: Axis("share of tokens right", range: 0...1), direction: .right,
          references: [
            .horizontal("guessing", at: 1 / Double(Self.vocabulary))
          ], valueDecimals: 2),
        caption:
          "What the theory calls needed is needed, and nothing else is. Vermilion: changes that should break the answer. Blue: changes that should not. A pattern that spreads evenly is right more often than guessing, since a token that stands several times in a sequence wins.",
        alt:
          "Twelve horizontal bars. Those of the head, of places taken out of queries and keys, and of wrong patterns are short; all others reach one.",
        plotHeight: 360),
      from: ["findings.json"])
  }

  /// One sequence through the network with other queries, and with other keys.
  func renumbered(_ exhibits: Exhibits) throws -> Exhibit {
    let order = try exhibits.numbers("renumbering").map { Int($0) }
    let right = try exhibits.number("as-foretold-queries") + exhibits.number("as-foretold-keys")
    let total = Double(2 * Self.length)
    let held = try exhibits.prediction("renumbered")
    return Exhibit(
      Figure(
        slug: "renumbered",
        title:
          "Renumber the places for one side of the head, and \(right == total ? "every token" : "\(Self.fixed(right)) of \(Self.fixed(total)) tokens") of this sequence comes from where the theory says",
        subtitle:
          "Seed \(Int(try exhibits.number("specimen-seed"))). Each place is given the vector of the place in the second row, for its query alone, or for its key alone.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel(
              "Pattern, queries renumbered",
              try pattern(exhibits, "queries", order.map { Self.length - 1 - $0 })),
            Panel(
              "Pattern, keys renumbered",
              try pattern(
                exhibits, "keys",
                Self.backwards.map { order.firstIndex(of: $0) ?? 0 })),
            Panel(
              "Queries renumbered", try table(exhibits, "queries", numbers: order)),
            Panel("Keys renumbered", try table(exhibits, "keys", numbers: order)),
          ], isShared: false),
        caption:
          "A place is its number. With the queries of other places the head looks elsewhere; with the keys of other places it is led elsewhere; the two differ, and both are foretold. \(held.passed) of \(held.n) trial networks pass with \(Self.words(try exhibits.number("renumberings"))) such renumberings.",
        alt:
          "Two heatmaps of attention, with one dark cell in each row at the outlined place, and below them two tables of tokens whose last two rows agree.",
        plotHeight: 470),
      from: ["findings.safetensors", "findings.json", "main/checkpoints"])
  }

  /// One sequence through the network with a pattern that it was never taught.
  func rotated(_ exhibits: Exhibits) throws -> Exhibit {
    let held = try exhibits.prediction("rotates")
    return Exhibit(
      Figure(
        slug: "rotated",
        title:
          "Made to look two places on, the network rotates, which nobody taught it: in \(held.passed) of \(held.n) networks every token is right",
        subtitle:
          "Seed \(Int(try exhibits.number("specimen-seed"))), with its own pattern and with one put in its place; everything else is left alone.",
        plot: Grid(
          columns: 2,
          panels: [
            Panel("Its own pattern", try pattern(exhibits, "clean", Self.backwards)),
            Panel("Imposed", try pattern(exhibits, "rotate", Self.twoOn)),
            Panel("What comes out", try table(exhibits, "clean")),
            Panel("What comes out then", try table(exhibits, "rotate")),
          ], isShared: false),
        caption:
          "The pattern is the whole of the order. The network has only ever been asked to reverse; given a pattern that looks two places on, it says every token two places earlier. In all rotations together every place reads every other: \(try Self.count(exhibits, "any-pair-of-places")) explore networks copy each pair of tokens over each of the \(Self.fixed(try exhibits.number("pairs-of-places"))) pairs of places, of which training used \(Self.words(try exhibits.number("pairs-in-training"))).",
        alt:
          "Two attention maps, one along the anti-diagonal and one along a shifted diagonal, and below each a table of tokens whose last two rows agree.",
        plotHeight: 450),
      from: ["findings.safetensors", "findings.json", "main/checkpoints"])
  }

  private func pattern(_ exhibits: Exhibits, _ name: String, _ order: [Int]) throws -> Heatmap {
    var map = try Heatmap.attention(
      try exhibits.tensor("pattern-\(name)"),
      tokens: Self.tokens(try exhibits.tensor("shown-tokens")),
      outlined: Self.cells(order), outlineLabel: "foretold")
    (map.rowTitle, map.columnTitle) = ("query", "key")
    return map
  }

  /// Each place the one two further on.
  private static let twoOn = (0..<length).map { ($0 + 2) % length }

  /// Tokens in, tokens out: the colour of a cell is its token, so that one can follow it.
  private func table(
    _ exhibits: Exhibits, _ name: String, numbers: [Int]? = nil
  ) throws -> Heatmap {
    var rows = try [
      ("tokens in", "shown-tokens"), ("foretold", "foretold-\(name)"), ("says", "said-\(name)"),
    ].map { name, tensor in
      let tokens = try exhibits.tensor(tensor)
      return (name: name, values: tokens.scalars.map(Double.init), texts: Self.tokens(tokens))
    }
    if let numbers {
      rows.insert(
        ("in the name of", numbers.map { _ in 0 }, numbers.map { "\($0 + 1)" }), at: 1)
    }
    return Heatmap(
      values: rows.map(\.values), rows: rows.map(\.name), columns: Self.places, rowTitle: "",
      columnTitle: "place", colourLabel: "token", map: .sequential,
      scale: .sequential(from: 0, to: Double(Self.vocabulary - 1)),
      cellText: .texts(rows.map(\.texts)))
  }
}
