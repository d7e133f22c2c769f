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

  @Option(help: "A folder that receives the figures as PDF and their numbers as CSV, instead.")
  var print: String?

  func run() throws {
    try options.run("render", among: illustrations) { type, folder, _ in
      let threads = options.threads
      guard let print else {
        return "\(try render(type.init(), in: folder, threads: threads)) figures"
      }
      let count = try printed(type.init(), in: folder, threads: threads, to: print)
      return "\(count) figures in \(print)"
    }
  }
}
