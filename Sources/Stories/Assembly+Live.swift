import Artifacts
import Documents
import Tensors

extension LiveNetwork {
  /// The most characters that a page spends on weights, which leaves its words and scripts a third of a page of
  /// 1.5 MB.
  static let sizeLimit = 1_000_000

  /// The fewest checkpoints that show how the network was learnt.
  static let fewest = 8

  /// The most inputs to begin with.
  static let exampleLimit = 24

  /// The specimen of a case over its training; nil if not enough of it fits into a page.
  ///
  /// - Throws: `StageError` if a file is missing or malformed.
  init?(in folder: CaseFolder) throws {
    let maker = "make \(folder.name)"
    let main = try folder.variant()
    let network: NetworkFile = try JSONFile.read(main.network, madeBy: maker)
    let all = try main.checkpoints()
    let weightCount = network.parameters.reduce(0) { $0 + $1.shape.count }
    let count = min(all.count, Self.sizeLimit / Checkpoint.size(weights: weightCount))
    guard count > 0, count >= min(all.count, Self.fewest) else { return nil }
    let chosen = evenly(count, of: all.count).map { all[$0] }
    let examples = try Self.examples(for: network, in: folder, madeBy: maker)
    guard !examples.isEmpty else { return nil }
    self.init(
      network: try InputFile.text(main.network, limit: Self.sizeLimit, madeBy: maker),
      checkpoints: try chosen.map { step, path in
        let file = try TensorFile.read(path, of: folder.name, madeBy: maker)
        return Checkpoint(
          step: step,
          weights: try network.parameters.flatMap {
            try file.tensor($0.name, shape: $0.shape).scalars
          })
      },
      examples: examples)
  }

  /// Some of the recorded inputs, evenly from all.
  private static func examples(
    for network: NetworkFile, in folder: CaseFolder, madeBy maker: String
  ) throws -> [[[Float]]] {
    let recorded = try TensorFile.read(folder.activations, of: folder.name, madeBy: maker)
    let tensors = try network.inputs.map { input in
      try recorded.tensor(network.inputs.count == 1 ? "inputs" : "inputs.\(input.name)")
    }
    let sizes = network.inputs.map(\.shape.count)
    let rows = zip(tensors, sizes).map { $0.count / max($1, 1) }.min() ?? 0
    return evenly(min(rows, exampleLimit), of: rows).map { row in
      zip(tensors, sizes).map { Array($0.scalars[row * $1..<(row + 1) * $1]) }
    }
  }
}

/// As many places as asked for among `total`, evenly apart, the first and the last included.
func evenly(_ count: Int, of total: Int) -> [Int] {
  guard count > 1 else { return Array(0..<min(count, total)) }
  return (0..<count).map { ($0 * (total - 1) + (count - 1) / 2) / (count - 1) }
}
