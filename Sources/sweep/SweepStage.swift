import ArgumentParser
import Artifacts
import Experiments
import HypothesisList
import Investigations
import Stages
import Sweeps

/// Trains a grid of a case's settings, shard by shard, and collects what came of it.
@main
struct SweepStage: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Counts how often each algorithm is found over a grid of settings.")

  @OptionGroup var options: StageOptions

  @Flag(help: "Print the shards' names, one a line.")
  var shards = false

  @Option(help: "The shard to train and classify.")
  var shard: String?

  @Option(help: "The file that receives the shard.")
  var output: String?

  @Option(help: "The folder with the file of every shard, to be collected.")
  var collect: String?

  @Option(help: "What the shards are made from, in a word, as a hash of all sources.")
  var sources = "by-hand"

  func validate() throws {
    guard [shards, shard != nil, collect != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("say one of --shards, --shard and --collect")
    }
    guard (shard == nil) == (output == nil) else {
      throw ValidationError("--shard and --output go together")
    }
  }

  func run() throws {
    let (name, type) = (options.name, try sweeping())
    let declared = Result {
      let sweep = try type.init().sweep()
      return (sweep: sweep, shards: try sweep.shards(of: name))
    }
    if let all = try? declared.get().shards {
      if shards { return all.forEach { print($0.name) } }
      if shard != nil, !all.contains(where: { $0.name == shard }) {
        throw ValidationError("there is no such shard of \(name); --shards names them")
      }
    }
    try options.run("sweep") { progress in
      let (sweep, all) = try declared.get()
      if let collect {
        let count = try Sweeps.collect(
          sweep, in: options.folder(), from: collect, sources: sources)
        return "\(count) networks of \(sweep.settings.count) settings"
      }
      guard let one = all.first(where: { $0.name == shard }), let output else { return "nothing" }
      let file = try sweep.run(one, of: name, sources: sources, threads: options.threads) {
        progress.report(one.name, share: $0, note: "loss \($1)")
      }
      try JSONFile.write(file, to: output)
      return "\(one.name), \(file.found.count) networks"
    }
  }

  /// The case that was named.
  ///
  /// - Throws: `ValidationError` if there is none, or it declares no sweep.
  private func sweeping() throws -> any Sweeping.Type {
    func list(_ cases: [String]) -> String { cases.joined(separator: ", ") }
    guard let type = investigations.first(where: { $0.key == options.name })?.value else {
      throw ValidationError(
        "there is no case of that name; there are \(list(investigations.map(\.key)))")
    }
    guard let type = type as? any Sweeping.Type else {
      let known = investigations.filter { $0.value is any Sweeping.Type }.map(\.key)
      throw ValidationError("the case \(options.name) declares no sweep; \(list(known)) do")
    }
    return type
  }
}
