import Artifacts
import Experiments
import Figures
import Findings
import Investigations

/// Collects the shards of a sweep: writes `sweep.json`, in the form of findings, and the figure `sweep.png`.
///
/// - Parameters:
///   - sweep: What was declared.
///   - folder: The case's folder.
///   - shards: The folder that holds the file of every shard.
///   - sources: What the program was made from, in a word, as it was when the shards were made.
/// - Returns: How many networks there are.
/// - Throws: `StageError` if a shard is missing, damaged or another sweep's, or a file cannot be written; `FigureError`
///   if the figure cannot be drawn.
public func collect(
  _ sweep: Sweep, in folder: CaseFolder, from shards: String, sources: String
) throws -> Int {
  var counts: [String: [Int]] = [:]
  for shard in try sweep.shards(of: folder.name) {
    let file = try ShardFile.read(
      shard, of: sweep, case: folder.name, sources: sources, in: shards)
    let setting = shard.setting.variant.name
    let sum = counts[setting] ?? file.counts.map { _ in 0 }
    counts[setting] = zip(sum, file.counts).map { $0 + $1 }
  }
  let tally = Sweep.Tally(counts)
  let findings = findings(sweep, tally)
  let path = "\(folder.path)/sweep.json"
  try JSONFile.write(FindingsFile(case: folder.name, findings: findings), to: path)
  var figure = sweep.figure(tally)
  figure.provenance = [
    ("Case", folder.name), ("Finding", figure.title),
    (
      "Source",
      "sweep.json CRC-32 \(try InputFile.checksum(path, madeBy: "make sweep CASE=\(folder.name)"))"
    ),
  ]
  try OutputFile.write(figure.png(), to: "\(folder.path)/sweep.png")
  return counts.values.reduce(0) { $0 + $1.reduce(0, +) }
}

/// What was found: for each setting how many of its networks came to each outcome, and that as shares.
private func findings(_ sweep: Sweep, _ tally: Sweep.Tally) -> [String: Finding] {
  var findings: [String: Finding] = [:]
  for outcome in sweep.outcomes {
    findings["outcome-\(outcome.name)"] = Finding(
      .text(outcome.label), n: sweep.settings.count, from: ["sweep.json"])
  }
  for setting in sweep.settings {
    let name = setting.variant.name
    let (row, from) = (tally.counts[name] ?? [], ["shards \(name)-seeds-*.json"])
    let seeds = "all 0-\(setting.variant.seedCount - 1)"
    let n = row.reduce(0, +)
    findings["\(name)-counts"] = Finding(
      .numbers(row.map(Double.init)), unit: "networks", n: n, seeds: seeds, from: from)
    for (outcome, count) in zip(sweep.outcomes, row) {
      findings["\(name)-\(outcome.name)"] = .share(
        count, of: n, unit: "share of networks", seeds: seeds, from: from)
    }
  }
  return findings
}
