import Foundation
import Tensors
import Testing

@testable import Artifacts

@Suite struct TensorFileTests {
  @Test func writesWhatTheReferenceWrites() throws {
    #expect(try exampleFile().bytes(for: "x") == referenceBytes)
  }

  @Test func readsWhatTheReferenceWrote() throws {
    let file = try read(referenceBytes)
    #expect(try file == exampleFile())
    #expect(try file.tensor("w1")[1, 1].sign == .minus)
    #expect(file.names == ["a.count", "b é\"\n", "empty", "tokens", "w1"])
  }

  @Test func headerIsPaddedAndMetadataFirst() throws {
    for count in 0..<9 {
      let name = String(repeating: "n", count: count + 1)
      let bytes = try TensorFile(Provenance(case: "xor"), [name: Tensor([1])]).bytes(for: "x")
      #expect(bytes[0] % 8 == 0 && bytes.count % 4 == 0)
      #expect(String(decoding: bytes[8...], as: UTF8.self).hasPrefix("{\"__metadata__\":{\"case\""))
    }
  }

  @Test func everyBitSurvives() throws {
    let patterns: [UInt32] = [
      0, 1, 0x8000_0000, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0001, 0x3F80_0000,
    ]
    let tensor = Tensor(patterns.map(Float.init(bitPattern:)))
    let back = try read(TensorFile(Provenance(case: "a"), ["x": tensor]).bytes(for: "x")).tensor(
      "x")
    #expect(back.scalars.map(\.bitPattern) == patterns)
  }

  @Test func provenanceSurvives() throws {
    let all = Provenance(
      case: "xor", variant: "main", seed: "3", step: "9", notes: ["site": "hidden \"1\""])
    for provenance in [all, Provenance(case: "xor")] {
      #expect(try read(TensorFile(provenance).bytes(for: "x")).provenance == provenance)
    }
  }

  @Test func asksByNameAndShape() throws {
    let file = try read(referenceBytes)
    #expect(try file.tensor("w1", shape: [2, 3]).count == 6)
    #expect(error { try file.tensor("w2") } == "x.safetensors: has no tensor 'w2'; \(remedy)")
    #expect(
      error { try file.tensor("w1", shape: [3, 2]) }
        == "x.safetensors: tensor 'w1' has the shape [2, 3], not [3, 2]; \(remedy)")
  }

  @Test func wholeNumbersAreChecked() throws {
    for scalar: Float in [0.5, 16_777_218, -.infinity, .nan] {
      let file = TensorFile(
        Provenance(case: "a"), ["t": try Tensor([scalar], shape: [1], kind: .whole)])
      let caught = #expect(throws: StageError.self) { try file.bytes(for: "x") }
      #expect(caught?.kind == .impossible)
      #expect(caught?.what == "tensor 't' is of whole numbers, and one is \(scalar)")
    }
    let metadata = TensorFile(Provenance(case: "a"), ["__metadata__": Tensor([1])])
    #expect(throws: StageError.self) { try metadata.bytes(for: "x") }
  }

  @Test func filesAndCases() throws {
    let scratch = try Scratch()
    let path = scratch("a/b/x.safetensors")
    try exampleFile().write(to: path)
    #expect(try TensorFile.read(path, of: "xor", madeBy: "make xor") == exampleFile())
    #expect(
      error { try TensorFile.read(path, of: "parity", madeBy: "make parity") }
        == "\(path): belongs to the case 'xor', not 'parity'; make it again with make parity")
    #expect(
      error { try TensorFile.read(scratch("none"), madeBy: "make xor") }
        == "\(scratch("none")): is missing; make it with make xor")
  }

  @Test func checksumAsPublished() {
    #expect(checksum(Array("123456789".utf8)) == "cbf43926")
    #expect(checksum([]) == "00000000")
  }

  @Test func damageIsNoticed() throws {
    let start = referenceBytes.count - 48
    for place in start..<referenceBytes.count {
      var damaged = referenceBytes
      damaged[place] ^= 4
      let message = try #require(error { try read(damaged) })
      #expect(message.contains("is damaged: its data has the CRC-32 "))
      #expect(message.contains("not 'e9768563'; \(remedy)"))
    }
  }

  @Test func everyTruncationIsRefused() {
    for length in 0..<referenceBytes.count {
      #expect(throws: StageError.self) { try read(Array(referenceBytes[..<length])) }
    }
    #expect(
      error { try read(referenceBytes + [0]) }
        == "x.safetensors: has 1 bytes after its last tensor; \(remedy)")
  }
}

@Suite struct MalformedTensorFileTests {
  private static let metadata =
    #""__metadata__":{"case":"xor","crc32":"2144df1c","format":"casebook.tensors","version":"1"}"#

  /// A file whose only flaw is in the entries of its header; its data is four zero bytes.
  private func message(_ entries: String, data: [UInt8] = [0, 0, 0, 0]) -> String? {
    message(header: "{\(Self.metadata),\(entries)}", data: data)
  }

  private func message(header: String, data: [UInt8] = [0, 0, 0, 0]) -> String? {
    guard let message = error({ try read(tensorBytes(header, data)) }) else { return nil }
    let (start, end) = ("x.safetensors: ", "; \(remedy)")
    guard message.hasPrefix(start), message.hasSuffix(end) else { return message }
    return String(message.dropFirst(start.count).dropLast(end.count))
  }

  @Test func theUnflawedOneIsRead() {
    #expect(message(#""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#) == nil)
    #expect(message("\n\t" + #""w" : { "data_offsets":[ 0, 4],"dtype":"F32","shape":[]} "#) == nil)
  }

  @Test(arguments: [
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}"#,
      "tensor 'w' leaves a hole before itself: it begins at 4, not at 0"
    ),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#,
      "tensor 'w' overlaps the one before: it begins at 0, not at 4"
    ),
    (
      #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}"#,
      "tensor 'w' is truncated: it ends at 8, and there are 4 bytes of data"
    ),
    (#""w":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}"#, "has 4 bytes after its last tensor"),
    (
      #""w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}"#,
      "tensor 'w' has 4 bytes of data, and its shape [2] needs 8"
    ),
    (
      #""w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}"#,
      "tensor 'w' has an overflowing shape [4294967296, 4294967296]"
    ),
    (
      #""w":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}"#,
      "tensor 'w' has an overflowing shape [0, 4294967296, 4294967296]"
    ),
    (
      #""w":{"dtype":"F32","shape":[18446744073709551616],"data_offsets":[0,4]}"#,
      "tensor 'w' has no shape of whole numbers"
    ),
    (
      #""w":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}"#,
      "tensor 'w' has no shape of whole numbers"
    ),
    (
      #""w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}"#,
      "tensor 'w' has no shape of whole numbers"
    ),
    (
      #""w":{"dtype":"F32","shape":1,"data_offsets":[0,4]}"#,
      "tensor 'w' has no shape of whole numbers"
    ),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}"#,
      "tensor 'w' has no data_offsets of a begin and an end"
    ),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}"#,
      "tensor 'w' has no data_offsets of a begin and an end"
    ),
    (#""w":{"dtype":"F32","shape":[1]}"#, "tensor 'w' has no data_offsets of a begin and an end"),
    (#""w":{"shape":[1],"data_offsets":[0,4]}"#, "tensor 'w' has no dtype"),
    (#""w":{"dtype":1,"shape":[1],"data_offsets":[0,4]}"#, "tensor 'w' has no dtype"),
    (
      #""w":{"dtype":"F64","shape":[1],"data_offsets":[0,4]}"#,
      "tensor 'w' has the unsupported dtype 'F64'; F32 and I32 are read"
    ),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}"#,
      "tensor 'w' has the unknown field 'x'"
    ),
    (#""w":["F32",[1],[0,4]]"#, "tensor 'w' is not described by an object"),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0077":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#,
      "has a malformed header: at its byte 145 it has the name 'w' twice"
    ),
    (
      #""w":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}"#,
      "has a malformed header: at its byte 111 it has the name 'dtype' twice"
    ),
    (
      #""w":{"dtype":"F32","shape":[1],"data_offsets":[[[[0]]]]}"#,
      "has a malformed header: at its byte 141 it is nested deeper than 4"
    ),
    (
      #""a\nb":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}"#,
      #"tensor 'a\nb' has the unsupported dtype 'F16'; F32 and I32 are read"#
    ),
  ])
  func entries(entries: String, expected: String) {
    #expect(message(entries) == expected)
  }

  @Test(arguments: [
    ("", "has a header that does not begin with '{'"),
    (" {}", "has a header that does not begin with '{'"),
    ("{", "has a malformed header: at its byte 1 it ends too early"),
    ("{}{}", "has a malformed header: at its byte 2 it goes on after its end"),
    ("{}", "is foreign: it has no __metadata__"),
    (#"{"__metadata__":null}"#, "is foreign: it has no __metadata__"),
    (#"{"__metadata__":{"a":1}}"#, "has in __metadata__ a value that is not a text"),
    (
      #"{"__metadata__":{"format":"pt"}}"#,
      "is foreign: its __metadata__ does not say 'format': 'casebook.tensors'"
    ),
    (
      #"{"__metadata__":{"format":"casebook.tensors","version":"1"}}"#,
      "has no crc32 in its __metadata__"
    ),
    (
      #"{"__metadata__":{"format":"casebook.tensors","version":"1","crc32":"00000000"}}"#,
      "names no case in its __metadata__"
    ),
    (
      #"{"__metadata__":{"format":"casebook.tensors","version":"1","crc32":"0"}}"#,
      "is damaged: its data has the CRC-32 00000000, not '0'"
    ),
    (
      #"{"__metadata__":{"a":"1","a":"2"}}"#,
      "has a malformed header: at its byte 25 it has the name 'a' twice"
    ),
  ])
  func headers(header: String, expected: String) {
    #expect(message(header: header, data: []) == expected)
  }

  @Test func anotherVersionSaysHowToGetThisOne() {
    let header = #"{"__metadata__":{"format":"casebook.tensors","version":"2","crc32":"00000000"}}"#
    #expect(
      error { try read(tensorBytes(header)) }
        == "x.safetensors: is of version '2', and this program reads version '1'; run make regenerate"
    )
  }

  @Test func headersTooLongOrNotUTF8() {
    func message(_ bytes: [UInt8]) -> String? { error { try read(bytes) } }
    let tooLong = withUnsafeBytes(of: UInt64(16 << 20 + 1).littleEndian, Array.init)
    #expect(
      message(tooLong)
        == "x.safetensors: has a header of 16777217 bytes, more than 16777216; \(remedy)")
    #expect(
      message([UInt8](repeating: 255, count: 8))
        == "x.safetensors: has a header of 18446744073709551615 bytes, more than 16777216; \(remedy)"
    )
    #expect(
      message([9, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8))
        == "x.safetensors: is truncated: its header of 9 bytes ends after the file; \(remedy)")
    #expect(
      message([1, 2])
        == "x.safetensors: is truncated: 2 bytes are too few for a tensor file; \(remedy)")
    #expect(
      message(tensorBytes(Array("{\"".utf8) + [0xC3, 0x28] + Array("\":1}".utf8)))
        == "x.safetensors: has a malformed header: at its byte 2 it is not UTF-8; \(remedy)")
  }

  @Test func wholeNumbersBeyondAFloat() {
    let header = "{" + Self.metadata.replacing("2144df1c", with: checksum([1, 0, 0, 1])) + ","
    #expect(
      message(
        header: header + #""w":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#,
        data: [1, 0, 0, 1])
        == "tensor 'w' holds 16777217, beyond the whole numbers ±2²⁴")
  }
}

private let remedy = "make it again with make xor"

/// The one line that a failure shows, or nil if there is none.
private func error<Value>(_ body: () throws -> Value) -> String? {
  do {
    _ = try body()
    return nil
  } catch { return "\(error)" }
}
