import ArgumentParser
import Artifacts
import Calibration
import Experiments
import Findings
import HypothesisList
import Investigations
import Stages

/// Tests a case's hypotheses and measures everything that its story tells.
@main
struct Analyze: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Intervenes on a case's networks, tests its hypotheses and keeps the findings.",
    discussion: "If the case is 'calibration', finds out how often the tests themselves are right.")

  @OptionGroup var options: StageOptions

  @Option(help: "Where the draws of the calibration begin; the gallery's begin at 0.")
  var seed = 0

  func run() throws {
    if options.name == "calibration" {
      try options.run("analyze") { _ in
        let found = try calibrate(
          in: Gallery(options.artifacts).case("calibration"), seed: seed, threads: options.threads)
        let trials = found.counts.reduce(0) { $0 + $1.trials }
        return "\(StandardTest.allCases.count) tests, \(trials) trials"
      }
    } else {
      try options.run("analyze", among: investigations) { type, folder, _ in
        let found = try analyze(type.init(), in: folder, threads: options.threads)
        let held = found.predictions.count { $0.verdict == .held }
        return
          "\(found.findings.count) findings, \(held) of \(found.predictions.count) predictions held"
      }
    }
  }
}
