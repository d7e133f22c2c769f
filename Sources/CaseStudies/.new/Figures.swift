import Experiments
import Figures
import Findings
import Illustrations
import Networks
import Tensors

import NAMETask

extension NAME: Illustration {
  /// The figures, in the order of the story; each title says what was found, whatever that is.
  public func figures(_ exhibits: Exhibits) throws -> [Exhibit] {
    [
      try training(exhibits), try diagram(exhibits), try contributions(exhibits),
      try ablations(exhibits),
    ]
  }

  private func training(_ exhibits: Exhibits) throws -> Exhibit {
    let series = try [("majority", "main"), ("shuffled answers", "shuffled-labels")].map {
      let training = try exhibits.evidence.training($0.1)
      let curve = training.accuracy
      return LineSeries(
        $0.0, x: training.measuredSteps.map { Double(max($0, 1)) }, y: curve.median,
        band: Band(lower: curve.lower, upper: curve.upper),
        style: $0.1 == "main" ? .solid : .dashed)
    }
    let title = """
      \(try count(exhibits, "solved")) networks learn every answer; \
      \(try count(exhibits, "solved-shuffled")) do if the answers are shuffled
      """
    return Exhibit(
      Figure(
        slug: "training", title: title,
        plot: LineChart(
          series: series, x: Axis("training step", scale: .logarithmic),
          y: Axis("answers right", unit: "share", range: 0...1)),
        caption: "\(title). Lines are medians over networks, bands hold the middle four fifths.",
        alt: "Line chart of the share of right answers over training, with and without shuffling."),
      from: ["solved", "solved-shuffled", "main/training.json", "shuffled-labels/training.json"])
  }

  private func diagram(_ exhibits: Exhibits) throws -> Exhibit {
    let weights = try exhibits.evidence.specimen().weights
    let strengths = try exhibits.tensor("strengths").scalars
    let most = strengths.max() ?? 0
    let alive = Int(try exhibits.number("specimen-alive"))
    let title = "\(alive) of \(strengths.count) neurons have weights left"
    return Exhibit(
      Figure(
        slug: "network", title: title,
        plot: try NetworkDiagram(
          columns: [
            .init("signs", units: (1...Self.voterCount).map { .init("x\($0)") }),
            .init(
              "hidden neurons",
              units: strengths.enumerated().map {
                .init("\($0.offset)", isDead: $0.element < 0.05 * most)
              }),
            .init("output", units: [.init("y")]),
          ], matrices: [weights[model.w1].slice(0), weights[model.w2].slice(0)]),
        caption: "\(title). Edges are the specimen's weights; the penalty has shrunk the others.",
        alt: "Diagram of a network of \(strengths.count) hidden neurons, \(alive) with edges."),
      from: ["specimen-alive", "strengths", "main/population.safetensors"])
  }

  private func contributions(_ exhibits: Exhibits) throws -> Exhibit {
    let table = try exhibits.tensor("contributions")
    let unit = Int(try exhibits.number("specimen-counter"))
    let strengths = try exhibits.tensor("strengths").scalars
    let others = strengths.indices.filter { $0 != unit && strengths[$0] > 0 }
    let next = others.max { strengths[$0] < strengths[$1] } ?? unit
    let sums = Self.ballots.map { Double($0.reduce(0, +)) }
    let places = Set(sums).sorted()
    let series = [("counting neuron, n\(unit)", unit), ("next strongest, n\(next)", next)].map {
      name, unit in
      let means = places.map { place in
        let rows = sums.indices.filter { sums[$0] == place }
        return Statistics.mean(rows.map { Double(table[$0, unit]) })
      }
      return LineSeries(
        name, x: places, y: means, colour: name.hasPrefix("counting") ? .vermilion : .blue,
        hasPoints: true)
    }
    guard case .text(let side) = try exhibits.finding("side").value else {
      throw FigureError("figure", "the finding \"side\" is no text")
    }
    // What is claimed is looked up, so that the title stays true when the network is another.
    let won = zip(places, series[0].y).filter { ($0.0 > 0) == (side == "plus") }
    let lost = zip(places, series[0].y).filter { ($0.0 > 0) != (side == "plus") }
    let largest = series[0].y.map(\.magnitude).max() ?? 0
    let isSilent =
      lost.allSatisfy { $0.1.magnitude < 0.1 * largest }
      && won.allSatisfy { $0.1.magnitude > 0.1 * largest }
    let title =
      isSilent
      ? "The counting neuron speaks only where \(side) has the majority"
      : "The counting neuron speaks on both sides of the majority"
    return Exhibit(
      Figure(
        slug: "contributions", title: title,
        plot: LineChart(
          series: series,
          x: Axis(
            "sum of the signs",
            ticks: places.map { Tick($0, "\(Int($0))".replacing("-", with: "−")) }),
          y: Axis("activation times read-out weight")),
        caption: "\(title). What two neurons of the specimen add to the output, for each count.",
        alt: "Line chart of two neurons' contributions against the sum of the signs."),
      from: ["contributions", "strengths", "specimen-counter", "side"])
  }

  private func ablations(_ exhibits: Exhibits) throws -> Exhibit {
    let lost = try exhibits.numbers("lost")
    let unit = Int(try exhibits.number("specimen-counter"))
    let (own, other) = (try exhibits.number("lost-counter"), try exhibits.number("lost-other"))
    let title =
      "Without the counting neuron \(percent(own)) of the answers are lost, without any other "
      + (other == 0 ? "none" : "up to \(percent(other))")
    return Exhibit(
      Figure(
        slug: "ablations", title: title,
        plot: BarChart(
          categories: lost.indices.map { "n\($0)" }, categoryTitle: "neuron set to zero",
          series: [
            BarSeries(
              "", values: lost,
              colours: lost.indices.map { $0 == unit ? .vermilion : .blue })
          ],
          axis: Axis("answers lost", unit: "share of \(Self.answers.count)", range: 0...1)),
        caption: "\(title). Zero ablation of each of the specimen's neurons in turn.",
        alt: "Bar chart of the share of answers lost for each neuron, one of them highlighted."),
      from: ["lost", "lost-counter", "lost-other", "specimen-counter"])
  }

  /// A share as `54 of 60`.
  private func count(_ exhibits: Exhibits, _ name: String) throws -> String {
    let n = try exhibits.finding(name).n
    return "\(Int((try exhibits.number(name) * Double(n)).rounded())) of \(n)"
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
