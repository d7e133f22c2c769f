import Foundation
import Tensors

@testable import Artifacts

/// A folder of its own for a test, removed when it ends.
final class Scratch {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "artifacts-tests-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

func contents(_ path: String) throws -> [UInt8] {
  [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
}

func contents(_ path: String) throws -> String {
  String(decoding: try contents(path) as [UInt8], as: UTF8.self)
}

/// The file that the reference library wrote (`referenceBytes`).
func exampleFile() throws -> TensorFile {
  TensorFile(
    Provenance(case: "xor", variant: "width-4", seed: "0-99", step: "0,1500"),
    [
      "w1": try Tensor(
        [1, -2.5, 0.1, .greatestFiniteMagnitude, -0.0, .leastNonzeroMagnitude], shape: [2, 3]),
      "tokens": try Tensor([1, -2, 16_777_216, 0], shape: [2, 2], kind: .whole),
      "b é\"\n": try Tensor([0.5], shape: []),
      "empty": try Tensor([], shape: [0, 4]),
      "a.count": try Tensor([7], shape: [1], kind: .whole),
    ])
}

/// The same tensors written by safetensors 0.8.0 (`safetensors.numpy.save`), whose order of the
/// metadata is random; these bytes are from a run in which it was sorted.
let referenceBytes = bytes(
  hex: """
    b8010000000000007b225f5f6d657461646174615f5f223a7b2263617365223a22786f72222c226372633332223a
    226539373638353633222c22666f726d6174223a2263617365626f6f6b2e74656e736f7273222c2273656564223a
    22302d3939222c2273746570223a22302c31353030222c2276617269616e74223a2277696474682d34222c227665
    7273696f6e223a2231227d2c226220c3a95c225c6e223a7b226474797065223a22463332222c227368617065223a
    5b5d2c22646174615f6f666673657473223a5b302c345d7d2c22656d707479223a7b226474797065223a22463332
    222c227368617065223a5b302c345d2c22646174615f6f666673657473223a5b342c345d7d2c227731223a7b2264
    74797065223a22463332222c227368617065223a5b322c335d2c22646174615f6f666673657473223a5b342c3238
    5d7d2c22612e636f756e74223a7b226474797065223a22493332222c227368617065223a5b315d2c22646174615f
    6f666673657473223a5b32382c33325d7d2c22746f6b656e73223a7b226474797065223a22493332222c22736861
    7065223a5b322c325d2c22646174615f6f666673657473223a5b33322c34385d7d7d0000003f0000803f000020c0
    cdcccc3dffff7f7f00000080010000000700000001000000feffffff0000000100000000
    """)

func bytes(hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] << 4 | digits[$0 + 1])
  }
}

/// A tensor file put together by hand: a header, whatever it says, and data.
func tensorBytes(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
  tensorBytes(Array(header.utf8), data)
}

func tensorBytes(_ header: [UInt8], _ data: [UInt8] = []) -> [UInt8] {
  withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + data
}

func read(_ bytes: [UInt8]) throws -> TensorFile {
  try TensorFile(bytes: bytes, path: "x.safetensors", madeBy: "make xor")
}

/// A small seeded generator (a Weyl sequence through a finaliser), enough to choose mutations.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func roll(_ count: Int) -> Int { Int(next() % UInt64(max(count, 1))) }
}
