import ArgumentParser
import Experiments
import Findings
import HypothesisList
import Investigations
import Stages

/// Tests a case's hypotheses and measures everything that its story tells.
@main
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Intervenes on a case's networks, tests its hypotheses and keeps the findings.")

  @OptionGroup var options: StageOptions

  func run() throws {
    try options.run("analyze", among: investigations) { type, folder, _ in
      let found = try analyze(type.init(), in: folder, threads: options.threads)
      let held = found.predictions.count { $0.verdict == .held }
      return
        "\(found.findings.count) findings, \(held) of \(found.predictions.count) predictions held"
    }
  }
}
