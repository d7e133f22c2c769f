import ArgumentParser
import Foundation

/// How large the workloads are that come in more than one size.
struct Sizes {
  /// The signs of an input of parity and of subsets.
  var inputs = 10
  /// The hidden units of parity.
  var width = 64
  /// The hidden units of subsets.
  var units = 16
}

/// The sizes as a command line says them.
struct SizeOptions: ParsableArguments {
  @Option(help: "How many networks train, instead of each workload's own number.")
  var networks: Int?

  @Option(help: "Of how many signs an input of parity or subsets is; subsets takes every input.")
  var inputs = Sizes().inputs

  @Option(help: "How many hidden units parity has.")
  var width = Sizes().width

  @Option(help: "How many hidden units subsets has, each set of which is switched off.")
  var units = Sizes().units

  var sizes: Sizes { Sizes(inputs: inputs, width: width, units: units) }

  func validate() throws {
    guard networks ?? 1 > 0, width > 0 else {
      throw ValidationError("networks and width start at 1")
    }
    guard 4...16 ~= inputs, 1...16 ~= units else {
      throw ValidationError("inputs are from 4 to 16, and units from 1 to 16")
    }
  }
}

/// The most memory that this process has held so far, in MiB; `getrusage` would count that of who started it too.
func peakMemory() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
  return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? .nan) / 1024
}
