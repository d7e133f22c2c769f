import Artifacts
import Foundation
import Tensors

/// Reads tensor files that stand one after the other in a batch, each behind its length in four bytes, and prints a line
/// for each: `refused`, or all that was read.
func readBatch(_ path: String) throws {
  var rest = [UInt8](try Data(contentsOf: URL(filePath: path)))[...]
  var lines: [String] = []
  while rest.count >= 4 {
    let count = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
    let bytes = Array(rest.dropFirst(4).prefix(count))
    rest = rest.dropFirst(4 + count)
    let file = try? TensorFile(bytes: bytes, path: "mutant", madeBy: "chance")
    lines.append(file.map(described) ?? "refused")
  }
  print(lines.joined(separator: "\n"))
}

/// What a file holds: its metadata, then its tensors, sorted; texts and data in hexadecimal digits.
private func described(_ file: TensorFile) -> String {
  let origin = file.provenance
  var metadata = origin.notes
  metadata["case"] = origin.case
  metadata["variant"] = origin.variant
  metadata["seed"] = origin.seed
  metadata["step"] = origin.step
  let notes = metadata.map { "\(hex($0.utf8))=\(hex($1.utf8))" }
  let tensors = file.tensors.map { name, tensor in
    let isReal = tensor.kind == .real
    let words = tensor.scalars.map { isReal ? $0.bitPattern : UInt32(bitPattern: Int32($0)) }
    let data = words.map { word in withUnsafeBytes(of: word.littleEndian) { hex($0) } }
    let sizes = tensor.shape.sizes.map(String.init).joined(separator: ",")
    return "\(hex(name.utf8)):\(isReal ? "F32" : "I32"):\(sizes):\(data.joined())"
  }
  return (notes.sorted() + tensors.sorted()).joined(separator: " ")
}

private func hex(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  return String(decoding: text, as: UTF8.self)
}
