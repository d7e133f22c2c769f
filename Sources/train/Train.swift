import ArgumentParser
import Experiments
import Stages
import TaskList

/// Trains every variant of a case.
@main
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains every variant of a case and keeps its networks.")

  @OptionGroup var options: StageOptions

  func run() throws {
    try options.run("train", among: experiments) { type, folder, progress in
      let experiment = try type.init()
      try train(experiment, in: folder, threads: options.threads) { doing, share, loss in
        progress.report(doing, share: share, note: "loss \(loss)")
      }
      let networks = experiment.variants.reduce(0) { $0 + $1.seedCount }
      return "\(experiment.variants.count) variants, \(networks) networks"
    }
  }
}
