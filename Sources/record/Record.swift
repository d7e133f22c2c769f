import ArgumentParser
import Experiments
import Networks
import Stages
import TaskList

/// Records what every site of the specimen holds.
@main
struct Record: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs the specimen on its inputs and keeps what every site held.")

  @OptionGroup var options: StageOptions

  func run() throws {
    try options.run("record", among: experiments) { type, folder, _ in
      let experiment = try type.init()
      try record(experiment, in: folder, threads: options.threads)
      return "\(experiment.probes.examples.count) inputs"
    }
  }
}
