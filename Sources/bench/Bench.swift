import ArgumentParser
import Foundation
import Networks
import Tensors

/// Times the training of whole populations, next to the processor's peak in the same run.
@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times whole populations training; one JSON object a line.",
    discussion: "Workloads: \(Self.known.joined(separator: ", ")).")

  @Argument(help: "The workloads; all if none is named.")
  var names: [String] = []

  @Option(help: "How many threads train.")
  var threads = 2

  @Option(help: "Runs of each workload, of which the median is printed.")
  var runs = 5

  @Flag(help: "Go through the workloads once more for every line of the standard input.")
  var onRequest = false

  @OptionGroup var size: SizeOptions

  private static let known =
    ["peak"] + Workload.all().map(\.name) + EvidenceWorkload.all().map(\.name)

  func validate() throws {
    if let unknown = names.first(where: { !Self.known.contains($0) }) {
      throw ValidationError(
        "no workload '\(unknown)'; there are \(Self.known.joined(separator: ", "))")
    }
    guard threads > 0, runs > 0 else { throw ValidationError("threads and runs start at 1") }
  }

  func run() throws {
    repeat { try measureAll() } while onRequest && readLine() != nil
  }

  private func measureAll() throws {
    if isWanted("peak") {
      let rate = try median { try multiplyAddPeak(threads: threads) }
      report(["workload": "peak", "gflops": rounded(rate, 1)])
    }
    for workload in Workload.all(size.sizes) where isWanted(workload.name) {
      let network = try workload.network()
      let count = size.networks ?? workload.networks
      var operations = 0
      let seconds = try median {
        let run = try workload.run(network, count, threads: threads)
        operations = run.operations
        return run.seconds
      }
      report([
        "workload": workload.name, "networks": count, "steps": workload.steps,
        "parameters": network.parameterCount, "operations": operations * count * workload.steps,
        "seconds": rounded(seconds, 5),
      ])
    }
    for workload in EvidenceWorkload.all(size.sizes) where isWanted(workload.name) {
      let seconds = try median { try workload.seconds(threads: threads) }
      report([
        "workload": workload.name, "networks": workload.networks,
        "interventions": workload.interventions, "inputs": workload.inputs,
        "seconds": rounded(seconds, 5),
      ])
    }
  }

  private func isWanted(_ name: String) -> Bool { names.isEmpty || names.contains(name) }

  private func median(_ measure: () throws -> Double) rethrows -> Double {
    let all = try (0..<runs).map { _ in try measure() }.sorted()
    return all.count % 2 == 1
      ? all[all.count / 2] : (all[all.count / 2 - 1] + all[all.count / 2]) / 2
  }

  /// Writes a line at once, for somebody who waits for it before asking for the next.
  private func report(_ line: [String: Any]) {
    let line = line.merging(["threads": threads, "peakMiB": rounded(peakMemory(), 1)]) { $1 }
    guard let data = try? JSONSerialization.data(withJSONObject: line, options: .sortedKeys)
    else { return }
    FileHandle.standardOutput.write(data + Data("\n".utf8))
  }

  private func rounded(_ value: Double, _ places: Int) -> Decimal {
    var result = Decimal()
    var exact = Decimal(value)
    NSDecimalRound(&result, &exact, places, .plain)
    return result
  }
}
