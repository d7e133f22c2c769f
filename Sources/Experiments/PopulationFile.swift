import Artifacts
import Networks
import Tensors

/// Every seed's weights at some steps: what `population.safetensors` holds.
///
/// A tensor is named by its step and its parameter, `001500/W1`, and has a row a seed.
public struct PopulationFile: Hashable, Sendable {
  public let snapshots: [Int: Weights]
  private let provenance: Provenance

  init(case name: String, variant: String, seedCount: Int, _ snapshots: [Int: Weights]) {
    self.snapshots = snapshots
    provenance = Provenance(
      case: name, variant: variant, seed: "0-\(seedCount - 1)",
      step: snapshots.keys.sorted().map(String.init).joined(separator: ","))
  }

  func write(to path: String) throws {
    var tensors: [String: Tensor] = [:]
    for (step, weights) in snapshots {
      for (name, tensor) in weights.tensors { tensors["\(Self.digits(step))/\(name)"] = tensor }
    }
    try TensorFile(provenance, tensors).write(to: path)
  }

  /// Reads the weights of a variant and checks that they are of its network.
  ///
  /// - Throws: `StageError` if the file is missing, malformed or of another network.
  public init(_ variant: Variant, in folder: VariantFolder) throws {
    let name = folder.folder.name
    let maker = "make \(name)"
    let file = try TensorFile.read(folder.population, of: name, madeBy: maker)
    try check(file, of: variant, at: folder.population)
    var byStep: [Int: [String: Tensor]] = [:]
    for (key, tensor) in file.tensors {
      let parts = key.split(separator: "/", maxSplits: 1)
      guard parts.count == 2, let step = Int(parts[0]), 0...999_999 ~= step,
        parts[0] == Self.digits(step)
      else {
        throw StageError(
          .malformed, "tensor '\(key)' is not named STEP/PARAMETER", at: folder.population,
          remedy: "make it again with \(maker)")
      }
      byStep[step, default: [:]][String(parts[1])] = tensor
    }
    do {
      snapshots = try byStep.mapValues { try Weights($0) }
      for weights in snapshots.values {
        try variant.network.check(weights)
        guard weights.count == variant.seedCount else {
          throw NetworkError("it holds \(weights.count) networks, not \(variant.seedCount)")
        }
      }
    } catch let error where error is NetworkError || error is ShapeError {
      throw StageError(
        .malformed, "\(error)", at: folder.population,
        remedy: "make it again with \(maker)")
    }
    guard !snapshots.isEmpty else {
      throw StageError(
        .malformed, "holds no weights", at: folder.population,
        remedy: "make it again with \(maker)")
    }
    provenance = file.provenance
  }

  /// The steps that are stored.
  public var steps: [Int] { snapshots.keys.sorted() }

  private static func digits(_ step: Int) -> String { String(String(1_000_000 + step).dropFirst()) }
}

/// The specimen at one step of its training.
///
/// - Throws: `StageError` if the file is missing, malformed or of another network.
public func readCheckpoint(_ path: String, of variant: Variant, case name: String) throws -> Weights
{
  let file = try TensorFile.read(path, of: name, madeBy: "make \(name)")
  try check(file, of: variant, at: path)
  do {
    let weights = try Weights(
      file.tensors.mapValues { try $0.reshaped(to: $0.shape.prepending(1)) })
    try variant.network.check(weights)
    return weights
  } catch let error where error is NetworkError || error is ShapeError {
    throw StageError(
      .malformed, "\(error)", at: path, remedy: "make it again with make \(name)")
  }
}

/// Checks that a file is of a variant, since two variants may have weights of the same shapes.
private func check(_ file: TensorFile, of variant: Variant, at path: String) throws {
  let (found, name) = (file.provenance.variant ?? "none", file.provenance.case)
  guard found == variant.name else {
    throw StageError(
      .malformed, "belongs to the variant '\(found)', not '\(variant.name)'", at: path,
      remedy: "make it again with make \(name)")
  }
}
