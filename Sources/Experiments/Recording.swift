import Artifacts
import Networks
import Tensors

/// Runs the specimen on the probes and writes what every site held.
///
/// - Throws: `StageError` if a checkpoint is missing or malformed, or a file cannot be written.
public func record(_ experiment: some Experiment, in folder: CaseFolder, threads: Int) throws {
  let variant = try experiment.variant("main")
  let main = try folder.variant()
  guard let last = try main.checkpoints().map(\.step).max() else {
    throw StageError(
      .unreadable, "has no checkpoints", at: main.checkpointFolder,
      remedy: "make them with make \(folder.name)")
  }
  let path = main.checkpoint(at: last)
  let checkpoint = try TensorFile.read(path, of: folder.name, madeBy: "make \(folder.name)")
  let weights = try readCheckpoint(path, of: variant, case: folder.name)
  let (network, examples) = (variant.network, experiment.probes.examples)
  let all = network.sites.map(\.name)
  let kept = experiment.probes.sites.map { $0.map(\.name) + [network.output.name] } ?? all
  let names = all.filter(kept.contains)
  let run = try network.run(weights, on: examples, recordingNamed: names, threads: threads)
  var tensors: [String: Tensor] = [:]
  func add(_ role: String, _ inputs: [Input]) {
    for input in inputs {
      guard var tensor = examples[input.name] else { continue }
      tensor.kind = input.kind.isWhole ? .whole : .real
      tensors[inputs.count == 1 ? role : "\(role).\(input.name)"] = tensor
    }
  }
  add("inputs", network.inputs)
  add("targets", network.targets)
  for name in names { tensors[name] = run[name: name]?.slice(0) }
  tensors["outputs"] = run[network.output].slice(0)
  var notes = ["inputs": experiment.probes.isWholeDomain ? "all" : "probes"]
  if names != all { notes["sites"] = names.joined(separator: ",") }
  let provenance = Provenance(
    case: folder.name, variant: "main", seed: checkpoint.provenance.seed, step: "\(last)",
    notes: notes)
  try TensorFile(provenance, tensors).write(to: folder.activations)
}
