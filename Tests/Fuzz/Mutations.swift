import Tensors

@testable import Artifacts

/// A tensor file in two parts, whatever they say.
struct TensorParts {
  var header: [UInt8]
  var data: [UInt8]

  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 8 else { return nil }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= UInt64(bytes.count - 8) else { return nil }
    header = Array(bytes[8..<8 + Int(length)])
    data = Array(bytes[(8 + Int(length))...])
  }

  /// The file, with the length of its header and, where the header has a place for it, the checksum of its data.
  var file: [UInt8] {
    var header = header
    let name = Array("\"crc32\":\"".utf8)
    let starts = header.indices.dropLast(name.count + 7)
    if let start = starts.first(where: { header[$0...].starts(with: name) }) {
      header.replaceSubrange(start + name.count..<start + name.count + 8, with: checksum(data).utf8)
    }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + data
  }
}

/// JSON with one number, text or word in the place of another; it stays JSON, unless it was none.
func wordMutated(_ json: [UInt8], using generator: inout some RandomNumberGenerator) -> [UInt8] {
  let words = wordRanges(json)
  guard let range = words.randomElement(using: &generator),
    let other = words.randomElement(using: &generator),
    let piece = pieces.randomElement(using: &generator)
  else { return json }
  var result = json
  result.replaceSubrange(range, with: Bool.random(using: &generator) ? Array(json[other]) : piece)
  return result
}

private let pieces = [
  "0", "1", "-1", "2", "0.5", "1e300", "-1e-300", "4294967296", "4611686018427387904",
  "9223372036854775807", "-9223372036854775808", "true", "null", "[]", "{}", "[0,0]", "[-1]",
  "[4294967296,4294967296]", "[9223372036854775807,0]", "[[],[1]]", "[null]", "\"\"", "\"a-b\"",
  "\"main\"", "\"F32\"", "\"I32\"", "\"share\"", "\"\\ud83d\\ude00\\u0301\"", "\"\\u0000\\n\"",
  "\"<script>\"", "\"' onclick=\\\"x\"", "\"[a](javascript:b)\"", "\"{{survivors}}\"",
].map { Array($0.utf8) }

/// Where texts, with their quotation marks, numbers and words stand.
private func wordRanges(_ json: [UInt8]) -> [Range<Int>] {
  var ranges: [Range<Int>] = []
  var place = 0
  while place < json.count {
    let start = place
    if json[place] == UInt8(ascii: "\"") {
      repeat {
        place += json[place] == UInt8(ascii: "\\") ? 2 : 1
      } while place < json.count && json[place] != UInt8(ascii: "\"")
      place = min(place + 1, json.count)
    } else {
      while place < json.count, !" \n\",:[]{}".utf8.contains(json[place]) { place += 1 }
    }
    if place > start { ranges.append(start..<place) } else { place += 1 }
  }
  return ranges
}
