// Writes a gallery of networks that no story tells, with random weights, and what Casebook computes there.
// Strangers' programs have to compute the same from the files alone: `run_network.py`, TransformerLens. Called with
// `read`, it says what it reads of tensor files instead.

import Artifacts
import Networks
import Tensors

@main enum Writer {
  static func main() throws {
    if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "read" {
      return try readBatch(CommandLine.arguments[2])
    }
    let gallery = Gallery(CommandLine.arguments[1])
    try writeOperations(to: gallery)
    try writeTransformers(to: gallery)
  }
}

/// Writes a network as the stages do: its graph, its weights twice, and every site on a batch.
func write(
  _ network: Network, _ weights: Weights, on batch: Examples, to folder: CaseFolder
) throws {
  let names = network.sites.map(\.name)
  let run = try network.run(weights, on: batch, recordingNamed: names)
  var tensors: [String: Tensor] = ["outputs": run[network.output].slice(0)]
  for name in names { tensors[name] = run[name: name]?.slice(0) }
  for input in network.inputs {
    tensors[network.inputs.count == 1 ? "inputs" : "inputs.\(input.name)"] = batch[input.name]
  }

  let main = try folder.variant()
  func provenance(_ seed: String) -> Provenance {
    Provenance(case: folder.name, variant: "main", seed: seed, step: "0")
  }
  try JSONFile.write(NetworkFile(network, case: folder.name, variant: "main"), to: main.network)
  try TensorFile(
    provenance("0-0"),
    Dictionary(uniqueKeysWithValues: weights.tensors.map { ("000000/\($0.key)", $0.value) })
  ).write(to: main.population)
  try TensorFile(provenance("0"), weights.tensors.mapValues { $0.slice(0) })
    .write(to: main.checkpoint(at: 0))
  try TensorFile(provenance("0"), tensors).write(to: folder.activations)
}
