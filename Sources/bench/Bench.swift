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

  @Option(help: "How many networks train, instead of each workload's own number.")
  var networks: Int?

  private static let known =
    ["peak"] + Workload.all.map(\.name) + EvidenceWorkload.all.map(\.name)

  func validate() throws {
    if let unknown = names.first(where: { !Self.known.contains($0) }) {
      throw ValidationError(
        "no workload '\(unknown)'; there are \(Self.known.joined(separator: ", "))")
    }
    guard threads > 0, runs > 0, networks ?? 1 > 0 else {
      throw ValidationError("threads, runs and networks start at 1")
    }
  }

  func run() throws {
    if names.isEmpty || names.contains("peak") {
      let rate = try median { try multiplyAddPeak(threads: threads) }
      report(["workload": "peak", "threads": threads, "gflops": rounded(rate, 1)])
    }
    for workload in Workload.all where names.isEmpty || names.contains(workload.name) {
      let network = try workload.network()
      let count = networks ?? workload.networks
      let seconds = try median { try workload.seconds(network, count, threads: threads) }
      report([
        "workload": workload.name, "networks": count, "steps": workload.steps,
        "threads": threads, "seconds": rounded(seconds, 4),
      ])
    }
    for workload in EvidenceWorkload.all where names.isEmpty || names.contains(workload.name) {
      let seconds = try median { try workload.seconds(threads: threads) }
      report([
        "workload": workload.name, "networks": workload.networks,
        "interventions": workload.interventions, "inputs": workload.inputs, "threads": threads,
        "seconds": rounded(seconds, 4),
      ])
    }
  }

  private func median(_ measure: () throws -> Double) rethrows -> Double {
    let all = try (0..<runs).map { _ in try measure() }.sorted()
    return all.count % 2 == 1
      ? all[all.count / 2] : (all[all.count / 2 - 1] + all[all.count / 2]) / 2
  }

  private func report(_ line: [String: Any]) {
    guard let data = try? JSONSerialization.data(withJSONObject: line, options: .sortedKeys)
    else { return }
    print(String(decoding: data, as: UTF8.self))
  }

  private func rounded(_ value: Double, _ places: Int) -> Decimal {
    var result = Decimal()
    var exact = Decimal(value)
    NSDecimalRound(&result, &exact, places, .plain)
    return result
  }
}
