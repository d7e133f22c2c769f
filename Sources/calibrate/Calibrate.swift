import ArgumentParser
import Artifacts
import Calibration
import Investigations
import Stages

/// Finds out how often the tests that all cases share are right.
@main
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Puts the tests of all cases to networks whose mechanism is known, and counts.",
    discussion: "The name is 'calibration', which is the folder that receives the findings.")

  @OptionGroup var options: StageOptions

  @Option(help: "Where the draws begin; the gallery's begin at 0.")
  var seed = 0

  func validate() throws {
    guard options.name == "calibration" else {
      throw ValidationError("the name is 'calibration', not '\(options.name)'")
    }
    guard (0...1_000_000).contains(seed) else {
      throw ValidationError("--seed is a number from 0 to 1000000, not \(seed)")
    }
  }

  func run() throws {
    try options.run("calibrate") { _ in
      let found = try calibrate(
        in: options.folder(), seed: seed, threads: options.threads)
      let trials = found.counts.reduce(0) { $0 + $1.trials }
      return "\(StandardTest.allCases.count) tests, \(trials) trials"
    }
  }
}
