import Foundation
import Tensors
import Testing

@testable import Artifacts

/// Seeded mutations of tensor files: none may crash the reader, and what it accepts must be what
/// the reference library reads.
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

  /// Needs a Python with safetensors and NumPy in `CASEBOOK_PYTHON`.
  @Test(.enabled(if: python != nil))
  func acceptedMutantsAreReadAsTheReferenceReadsThem() throws {
    let scratch = try Scratch()
    var blob: [UInt8] = []
    for mutant in mutants {
      blob += withUnsafeBytes(of: UInt32(mutant.count).littleEndian, Array.init) + mutant
    }
    try OutputFile.write(blob, to: scratch("mutants"))
    let lines = try run(
      """
      import safetensors, struct, sys
      blob = open(sys.argv[1], "rb").read()
      place = 0
      while place < len(blob):
          size = struct.unpack_from("<I", blob, place)[0]
          mutant = blob[place + 4:place + 4 + size]
          place += 4 + size
          try:
              tensors = safetensors.deserialize(mutant)
          except Exception:
              print("refused")
              continue
          print(" ".join(sorted("%s:%s:%s:%s" % (name.encode().hex(), t["dtype"],
              ",".join(map(str, t["shape"])), t["data"].hex()) for name, t in tensors)))
      """, [scratch("mutants")]
    ).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    try #require(lines.count == mutants.count)
    var accepted = 0
    for (mutant, line) in zip(mutants, lines) {
      guard let file = try? read(mutant) else { continue }
      accepted += 1
      #expect(describe(file) == line)
    }
    #expect(accepted > 200)
  }

  /// Needs a Python with safetensors and NumPy in `CASEBOOK_PYTHON`.
  @Test(.enabled(if: python != nil))
  func theReferenceWritesTheSameBytes() throws {
    let scratch = try Scratch()
    var file = try exampleFile()
    file.provenance = Provenance(case: "xor")
    file.tensors["deep"] = Tensor(shape: [2, 3, 5]) { Float($0) / 7 }
    for index in 0..<12 { file.tensors["t\(index)"] = Tensor([Float(index)]) }
    try file.write(to: scratch("ours"))
    // The reference's metadata come in random order; some of the attempts have them sorted.
    let answer = try run(
      """
      import safetensors, safetensors.numpy, sys
      ours = open(sys.argv[1], "rb").read()
      tensors = safetensors.numpy.load_file(sys.argv[1])
      metadata = safetensors.safe_open(sys.argv[1], "np").metadata()
      print(any(safetensors.numpy.save(tensors, metadata) == ours for _ in range(5000)))
      """, [scratch("ours")])
    #expect(answer == "True\n")
  }
}

private var python: String? { ProcessInfo.processInfo.environment["CASEBOOK_PYTHON"] }

private func run(_ program: String, _ arguments: [String]) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: try #require(python))
  process.arguments = ["-c", program] + arguments
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let data = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
  return String(decoding: data, as: UTF8.self)
}

/// What a file holds, as the program above prints it.
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
