import Experiments
import Figures
import Investigations

extension Sweep {
  /// The share of each outcome as a stack, a bar a setting, a panel for each that the settings name.
  func figure(_ tally: Tally) -> Figure {
    var titles: [String] = []
    for setting in settings where !titles.contains(setting.panel) { titles.append(setting.panel) }
    let panels = titles.map { title in
      let own = settings.filter { $0.panel == title }
      let rows = own.map { tally.counts[$0.variant.name] ?? [] }
      let series = outcomes.indices.map { outcome in
        BarSeries(
          outcomes[outcome].label,
          values: rows.map { Double($0[outcome]) / Double(max($0.reduce(0, +), 1)) },
          isControl: outcome == outcomes.count - 1,
          colour: outcome == algorithms.count ? .rule : nil)
      }
      return Panel(
        title,
        BarChart(
          categories: own.map(\.label), categoryTitle: axis, series: series,
          axis: Axis("share of networks", range: 0...1), isStacked: true))
    }
    let counts = settings.map(\.variant.seedCount)
    let most = NumberLabel.fixed(Double(counts.max() ?? 0), decimals: 0)
    let each = Set(counts).count == 1 ? "\(most) networks a bar" : "Up to \(most) networks a bar"
    let columns = titles.count == 4 ? 2 : min(titles.count, 3)
    return Figure(
      slug: "sweep", title: title(tally), subtitle: "\(each). \(subtitle)",
      plot: Grid(columns: columns, panels: panels), caption: "",
      alt:
        "Stacked bars, in \(titles.count) panels (\(titles.joined(separator: ", "))), a bar for each number of \(axis): the shares of networks that come to \(outcomes.map(\.label).joined(separator: ", ")).",
      plotHeight: nil)
  }
}
