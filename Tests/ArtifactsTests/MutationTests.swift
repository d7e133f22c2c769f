import Tensors
import Testing

@testable import Artifacts

/// Seeded mutations of tensor files: none may crash the reader, and what it accepts it writes alike.
/// (`check_mutants.py` compares with the reference library.)
@Suite struct MutationTests {
  @Test func noMutantCrashesAndAcceptedOnesAreWhole() throws {
    var accepted = 0
    for mutant in mutants {
      guard let file = try? read(mutant) else { continue }
      accepted += 1
      let again = try read(file.bytes(for: "x"))
      #expect(again.provenance == file.provenance && describe(again) == describe(file))
    }
    #expect(accepted > 200)
  }
}

/// What a file holds, to the bit.
private func describe(_ file: TensorFile) -> String {
  file.tensors.map { name, tensor in
    let words =
      tensor.kind == .real
      ? tensor.scalars.map(\.bitPattern)
      : tensor.scalars.map { UInt32(bitPattern: Int32($0)) }
    let fields = [
      hex(name.utf8), tensor.kind == .real ? "F32" : "I32",
      tensor.shape.sizes.map(String.init).joined(separator: ","),
      words.map { word in withUnsafeBytes(of: word.littleEndian) { hex($0) } }.joined(),
    ]
    return fields.joined(separator: ":")
  }.sorted().joined(separator: " ")
}

private func hex(_ bytes: some Sequence<UInt8>) -> String {
  bytes.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
}

/// Mutants of three kinds: bytes anywhere, words of the header, and data with the checksum made
/// right.
private let mutants: [[UInt8]] = {
  var dice = Dice(state: 2)
  return (0..<20_000).map { index in
    switch index % 4 {
    case 0: mutated(referenceBytes, times: 1 + dice.roll(3), &dice)
    case 1, 2: headerMutated(times: 1 + dice.roll(3), &dice)
    default: dataMutated(&dice)
    }
  }
}()

private func mutated(_ original: [UInt8], times: Int, _ dice: inout Dice) -> [UInt8] {
  var bytes = original
  for _ in 0..<times where !bytes.isEmpty {
    let place = dice.roll(bytes.count)
    switch dice.roll(6) {
    case 0: bytes[place] ^= 1 << UInt8(dice.roll(8))
    case 1: bytes[place] = UInt8(dice.roll(256))
    case 2: bytes.insert(UInt8(dice.roll(256)), at: place)
    case 3: bytes.remove(at: place)
    case 4: bytes.removeLast(dice.roll(min(bytes.count, 16)))
    default: bytes.insert(contentsOf: bytes[place..<min(place + 9, bytes.count)], at: place)
    }
  }
  return bytes
}

/// Replaces a run of digits or a word of the header by another, and keeps its length field right.
private func headerMutated(times: Int, _ dice: inout Dice) -> [UInt8] {
  let length = Int(referenceBytes[0]) | Int(referenceBytes[1]) << 8
  var header = Array(referenceBytes[8..<8 + length])
  let pieces = [
    "0", "1", "4", "28", "32", "48", "-1", "2,2", "4294967296", "9223372036854775807", "1e1", "1.0",
    "01", "\"F32\"", "\"I32\"", "\"F16\"", "[]", "{}", "null", "true", "\"w1\"", "\"tokens\"", " ",
    "\\u0077", "\\ud800", "\"shape\"", "\"__metadata__\"", ",", "]", "}", "é", "e\u{301}",
  ].map { Array($0.utf8) }
  for _ in 0..<times {
    let words = wordRanges(header)
    let range = words[dice.roll(words.count)]
    header.replaceSubrange(
      dice.roll(5) == 0 ? range.lowerBound..<range.lowerBound : range,
      with: dice.roll(4) == 0
        ? Array(header[words[dice.roll(words.count)]]) : pieces[dice.roll(pieces.count)])
  }
  return tensorBytes(header, Array(referenceBytes[(8 + length)...]))
}

private func isWord(_ byte: UInt8) -> Bool {
  48...57 ~= byte || 97...122 ~= byte || 65...90 ~= byte
}

/// The runs of letters and digits, and every other byte by itself.
private func wordRanges(_ bytes: [UInt8]) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  for (place, byte) in bytes.enumerated() {
    if let last = ranges.last, last.upperBound == place, isWord(byte), isWord(bytes[place - 1]) {
      ranges[ranges.count - 1] = last.lowerBound..<place + 1
    } else {
      ranges.append(place..<place + 1)
    }
  }
  return ranges
}

private func dataMutated(_ dice: inout Dice) -> [UInt8] {
  let start = referenceBytes.count - 48
  let data = mutated(Array(referenceBytes[start...]), times: 1, &dice)
  let header = String(decoding: referenceBytes[8..<start], as: UTF8.self)
  return tensorBytes(header.replacing("e9768563", with: checksum(data)), data)
}
