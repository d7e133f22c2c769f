import ArgumentParser
import Experiments
import FigureList
import Illustrations
import Stages

/// Draws a case's figures.
@main
struct Render: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draws a case's figures from what was found.")

  @OptionGroup var options: StageOptions

  func run() throws {
    try options.run("render", among: illustrations) { type, folder, _ in
      let count = try render(type.init(), in: folder, threads: options.threads)
      return "\(count) figures"
    }
  }
}
