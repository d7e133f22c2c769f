import Figures
import Findings
import Tensors

/// The figures that every case has: what each way of ablating the component costs, and how the component came to be.
///
/// - Returns: The first is missing where the component was found in no network.
/// - Throws: `StageError` if the investigation did not note the evidence.
func evidenceFigures(_ exhibits: Exhibits) throws -> [Exhibit] {
  let component = try exhibits.text("evidence-component")
  let found = exhibits.has("evidence-clean") ? [try ablations(exhibits, component)] : []
  return found + [try emergence(exhibits)]
}

/// Every way of ablating a member, the whole and everything else, each beside a placebo.
private func ablations(_ exhibits: Exhibits, _ component: String) throws -> Exhibit {
  let hasRest = try exhibits.text("evidence-rest") == "some"
  let targets =
    [
      ("one", "one member"), ("one-placebo", "placebo"), ("set", "all members"),
      ("set-placebo", "placebo"),
    ]
    + (hasRest ? [("rest", "everything else"), ("rest-placebo", "all but a placebo")] : [])
  let ways = [("zero", Colour.blue), ("mean", Colour.green), ("resample", Colour.amber)]
  let series = try ways.map { way, colour in
    try exhibits.bars(
      "\(way) ablation", targets.map { "evidence-\(way)-\($0.0)" }, colour: colour)
  }
  let lowest = series.flatMap(\.values).min() ?? 0
  let flips = try exhibits.text("evidence-flips")
  let title =
    flips == "none"
    ? "Whatever takes its place, without \(component) few answers are right: \(try exhibits.percent("evidence-mean-set"))"
    : "Flagged: \(flips) depends on the way of ablating"
  return Exhibit(
    Figure(
      slug: "evidence-ablations",
      title: title,
      subtitle:
        "Share of answers right; means over the \(try exhibits.finding("evidence-clean").n) networks that have the component, on \(NumberLabel.fixed(try exhibits.number("evidence-inputs"), decimals: 0)) inputs.",
      plot: BarChart(
        categories: targets.map(\.1), categoryTitle: "what is ablated", series: series,
        axis: Axis("share of answers right", range: min(0, lowest)...1),
        references: [.horizontal("untouched", at: try exhibits.number("evidence-clean"))]),
      caption:
        "Each group of bars is one cut; the bars of a group set what is cut to zero, to its mean over the inputs, or to what it is on another input. Placebos are as large, and drawn at random. "
        + (flips == "none"
          ? "Whatever is put in its place, the conclusions are the same."
          : "A claim that hangs on the way of ablating is a claim about that way: here it is \(flips)."),
      alt:
        "Grouped bars for zero, mean and resample ablation of one member of the component, of all members\(hasRest ? " and of everything else" : ""), each beside a placebo: the share of answers that stay right.",
      plotHeight: 300),
    from: ["findings.json"])
}

/// What the component does, beside loss and accuracy, in the specimen and in the population.
private func emergence(_ exhibits: Exhibits) throws -> Exhibit {
  let hasRest = try exhibits.has("evidence-rest") && exhibits.text("evidence-rest") == "some"
  let hasVariables = try exhibits.number("evidence-variables") > 0
  func panel(_ title: String, _ name: String) throws -> Panel {
    let steps = try exhibits.tensor("\(name)-steps").scalars.map(Double.init)
    func line(_ title: String, _ curve: String, _ colour: Colour, _ style: LineSeries.Style)
      throws -> LineSeries
    {
      var values = try exhibits.tensor("\(name)-\(curve)").scalars.map(Double.init)
      if curve == "loss" {
        let largest = values.max() ?? 1
        values = values.map { $0 / max(largest, .leastNormalMagnitude) }
      }
      // Step 0 has no place on a logarithmic axis: it stands at the first step that is not.
      let first = (steps.first { $0 > 0 } ?? 1) / 2
      return LineSeries(
        title, x: steps.map { $0 > 0 ? $0 : first }, y: values, colour: colour, style: style)
    }
    let lines =
      [
        try line("loss", "loss", .control, .dashed),
        try line("answers right", "accuracy", .blue, .solid),
        try line(hasRest ? "component alone" : "lost without it", "sufficiency", .green, .solid),
      ] + (hasVariables ? [try line("variables move", "interchange", .amber, .solid)] : [])
    return Panel(
      title,
      LineChart(
        series: lines, x: Axis("training step", scale: .logarithmic),
        y: Axis("share", range: 0...1)))
  }
  func step(_ name: String) throws -> String {
    NumberLabel.fixed(try exhibits.number("evidence-\(name)-step"), decimals: 0)
  }
  return Exhibit(
    Figure(
      slug: "evidence-emergence",
      title:
        try
        "The specimen has half of its answers by step \(step("transition")), its mechanism by step \(step("mechanism"))",
      subtitle:
        "The component where it lies in the end, at every stored step. Step 0 is drawn at the left edge; loss as a share of its largest.",
      plot: Grid(
        columns: 2,
        panels: [
          try panel("The specimen", "evidence-specimen"),
          try panel(
            "All \(NumberLabel.fixed(Double(try exhibits.finding("evidence-found-all").n), decimals: 0)) networks, their mean",
            "evidence-population"),
        ]),
      caption:
        "Knowing and having the mechanism need not come together. Blue: answers right. Green: \(hasRest ? "answers right with the component alone" : "right answers lost without the component"). "
        + (hasVariables
          ? "Amber: interchanges of the program's variables that come out as predicted. " : "")
        + "Dashed: the loss.",
      alt:
        "Two line charts over training steps, for one network and for the mean of all: loss, share of answers right, what the component does alone, and interchange accuracy.",
      plotHeight: 260), from: ["findings.safetensors", "findings.json"])
}
