import Artifacts
import Foundation
import Tensors
import Testing

@testable import Figures

/// A small gallery and its twin, in which a test damages what it likes before the two are compared.
struct TwoGalleries {
  let workshop: Workshop

  /// What made the gallery, and what is here.
  static let toolchain = "Swift version 6.3\nlibpng 1.6.39\n"

  static let jobs = [
    "xor/record": ["xor/activations.safetensors"], "xor/analyze": ["xor/findings.json"],
    "xor/render": ["xor/figures/loss.png"], "xor/assemble": ["xor/index.html"],
    "gallery/assemble": ["index.html"],
  ]

  static let provenance = Provenance(case: "xor", variant: "main", seed: "3", step: "100")

  static let tensors: [String: Tensor] = [
    "hidden": Tensor(repeating: 0.25, shape: [4, 80]),
    "empty": Tensor(repeating: 0, shape: [0, 3]),
    "only": Tensor(repeating: 1, shape: []),
  ]

  static let findings = """
    {"findings": {"alive": {"n": 10, "value": [1, 2.5, null]}},
     "predictions": [{"name": "two-suffice", "verdict": "held"}]}

    """

  init() throws {
    workshop = try Workshop.empty()
    for root in ["artifacts", "made"] {
      try write(Self.provenance, Self.tensors, in: root)
      try put(Data(Self.findings.utf8), "\(root)/xor/findings.json")
      try put(Data(Self.picture().png()), "\(root)/xor/figures/loss.png")
      try put(Data("<p>Two neurons\n<p>survive\n".utf8), "\(root)/xor/index.html")
      try put(Data("<p>One case\n".utf8), "\(root)/index.html")
    }
    try put(Data(Self.toolchain.utf8), ".toolchain")
    try put(Data(Self.toolchain.utf8), "made/.toolchain")
    try writeKeys("artifacts")
    try writeKeys("made")
  }

  func remove() { workshop.remove() }

  func put(_ data: Data, _ path: String) throws { try workshop.write(data, to: path) }

  func write(_ provenance: Provenance, _ tensors: [String: Tensor], in root: String) throws {
    let file = TensorFile(provenance, tensors)
    try put(
      Data(file.bytes(for: "activations")), "\(root)/xor/activations.safetensors")
  }

  /// A picture of noise, some of whose pixels are changed by an amount.
  static func picture(changed: ClosedRange<Int>? = nil, by amount: UInt8 = 0) -> Picture {
    var bytes = (0..<3 * 20 * 10).map { UInt8($0 * 37 % 200) }
    for place in changed ?? 0...0 { bytes[place] += amount }
    return Picture(width: 20, height: 10, bytes: bytes)
  }

  /// Makes keys that vouch for what is there.
  func writeKeys(_ root: String) throws {
    for (job, files) in Self.jobs {
      let outcome = try workshop.shell(
        """
        mkdir -p \(root)/.keys/\(job.split(separator: "/")[0])
        { echo Sources/Tensors/Tensor.swift=0123456789abcdef
        \(Self.hashes) \(files.map { "\(root)/\($0)" }.joined(separator: " ")) | \(Self.asKey)
        } >\(root)/.keys/\(job)
        """)
      try #require(outcome.status == 0, "\(outcome.errors)")
    }
  }

  private static let hashes = "sha256sum"
  private static let asKey = "sed -E 's/^(.{16})[^ ]* +[^/]*\\/(.*)/artifacts\\/\\2=\\1/'"

  /// What `compare` says, as `make verify` calls it.
  func compared() throws -> Workshop.Outcome {
    try workshop.shell(
      """
      find artifacts -type f ! -path '*/.*' | xargs sha256sum | \(Self.asKey) >made/.hashes
      "$STAGES/compare" artifacts made
      """)
  }
}
