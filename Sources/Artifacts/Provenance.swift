/// Where tensors come from: what a tensor file's `__metadata__` says beside its format and
/// checksum.
///
/// ```swift
/// Provenance(case: "parity", variant: "main", seed: "3", step: "2000")
/// ```
public struct Provenance: Hashable, Sendable {
  public var `case`: String
  public var variant: String?

  /// The seed, or the range of a population: `3`, `0-99`.
  public var seed: String?

  /// The training step, or the steps that are stacked: `2000`, `0,10,100,2000`.
  public var step: String?

  /// Anything else, by name.
  public var notes: [String: String]

  public init(
    case name: String, variant: String? = nil, seed: String? = nil, step: String? = nil,
    notes: [String: String] = [:]
  ) {
    self.case = name
    self.variant = variant
    self.seed = seed
    self.step = step
    self.notes = notes
  }
}

extension Provenance {
  static let format = "casebook.tensors"
  static let version = "1"

  /// The whole of `__metadata__`.
  func metadata(crc32: String) -> [String: String] {
    var metadata = notes
    metadata["format"] = Self.format
    metadata["version"] = Self.version
    metadata["case"] = self.case
    metadata["variant"] = variant
    metadata["seed"] = seed
    metadata["step"] = step
    metadata["crc32"] = crc32
    return metadata
  }

  /// The provenance in `__metadata__`, whose format and version were checked; nil if it names no
  /// case.
  init?(metadata: [String: String]) {
    guard let name = metadata["case"] else { return nil }
    let own: Set = ["format", "version", "case", "variant", "seed", "step", "crc32"]
    self.init(
      case: name, variant: metadata["variant"], seed: metadata["seed"], step: metadata["step"],
      notes: metadata.filter { !own.contains($0.key) })
  }
}
