import Testing

@testable import Figures

/// A PNG file taken apart by its definition (ISO/IEC 15948), not by libpng.
struct PNGFile {
  var chunks: [(type: String, data: [UInt8])] = []
  var areChecksumsRight = true

  init?(_ bytes: [UInt8]) {
    guard bytes.prefix(8).elementsEqual([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) else {
      return nil
    }
    func number(_ place: Int) -> Int { bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
    var place = 8
    while place < bytes.count {
      let length = number(place)
      let body = bytes[(place + 4)..<(place + 8 + length)]
      chunks.append((String(decoding: body.prefix(4), as: UTF8.self), Array(body.dropFirst(4))))
      if Self.crc32(body) != number(place + 8 + length) { areChecksumsRight = false }
      place += 12 + length
    }
  }

  /// What the text chunks say, by keyword.
  var texts: [String: String] {
    var texts: [String: String] = [:]
    for (type, data) in chunks where type == "tEXt" || type == "iTXt" {
      let keyword = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
      // After an iTXt keyword: compression flag and method, an empty language, an empty translation.
      let skipped = keyword.utf8.count + (type == "tEXt" ? 1 : 5)
      texts[keyword] = String(decoding: data.dropFirst(skipped), as: UTF8.self)
    }
    return texts
  }

  private static func crc32(_ bytes: some Sequence<UInt8>) -> Int {
    var remainder: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      remainder ^= UInt32(byte)
      for _ in 0..<8 { remainder = remainder >> 1 ^ (remainder & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    return Int(~remainder)
  }
}

@Suite("PNG")
struct PNGTests {
  private static let figure = Figure(
    slug: "loss", title: "The loss falls", plot: sampleLines, caption: "It falls.",
    alt: "A falling line", provenance: [("Case", "xor"), ("Finding", "Δ loss = −1"), ("Seed", "3")])

  @Test("The file is well formed and says where it comes from")
  func provenance() throws {
    let bytes = try Self.figure.png()
    let file = try #require(PNGFile(bytes))
    #expect(file.areChecksumsRight)
    #expect(file.chunks.first?.type == "IHDR")
    #expect(file.chunks.last?.type == "IEND")
    #expect(file.texts["Case"] == "xor")
    #expect(file.texts["Finding"] == "Δ loss = −1")
    #expect(file.texts["Title"] == "The loss falls")
    #expect(file.texts["Description"] == "A falling line")
    #expect(!file.chunks.contains { $0.type == "tIME" })
    #expect(
      file.chunks.first { $0.type == "pHYs" }?.data == [0, 0, 0x1D, 0x87, 0, 0, 0x1D, 0x87, 1])
    #expect(bytes.count < 120_000)
  }

  @Test("What is read back is what was drawn, at twice the size shown")
  func roundTrip() throws {
    let drawn = try Self.figure.canvas().picture()
    let read = try Picture(png: Self.figure.png())
    #expect(read == drawn)
    #expect(read.width == 2 * 720)
    #expect(drawn.largestDifference(from: read) == 0)
  }

  @Test("The same figure gives the same bytes, from any thread")
  func sameBytes() async throws {
    let first = try Self.figure.png()
    try await withThrowingTaskGroup(of: [UInt8].self) { group in
      for _ in 0..<4 { group.addTask { try Self.figure.png() } }
      for try await bytes in group { #expect(bytes == first) }
    }
  }

  /// Noise makes a file about as large as its pixels, so that a file let go before libpng is done
  /// with it gives its place to the pixels read from it.
  @Test("A file that nothing else holds is read whole, from many threads at once")
  func readWhileReleased() async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      for thread in 0..<16 {
        group.addTask {
          for size in 1...24 {
            let drawn = noise(width: 2 * size + thread, height: 3 * size)
            let read = try Picture(png: drawn.png(text: [("Seed", "\(thread)")]))
            #expect(read == drawn)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("A file that is no PNG, or half of one, is refused")
  func malformed() throws {
    #expect(throws: FigureError.self) { try Picture(png: Array("not a picture".utf8)) }
    #expect(throws: FigureError.self) { try Picture(png: []) }
    let bytes = try Self.figure.png()
    #expect(throws: FigureError.self) { try Picture(png: Array(bytes.prefix(bytes.count / 2))) }
  }

  @Test("A chunk that says it is longer than the file is refused before memory is asked for")
  func longChunk() throws {
    // The signature, a header of one pixel, and an ancillary chunk of 1.5 GB.
    let header: [UInt8] = [
      137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 2,
      0, 0, 0, 144, 119, 83, 222,
    ]
    let chunk: [UInt8] = [0x5D, 0, 0, 0] + Array("tEXt".utf8) + [0, 0, 0, 0]
    #expect(throws: FigureError("PNG", "the file is cut short")) {
      try Picture(png: header + chunk)
    }
  }

  @Test("A keyword that PNG does not allow is refused", arguments: ["", " x", "é", "a  b"])
  func keywords(_ keyword: String) throws {
    let picture = try Canvas(width: 4, height: 4).picture()
    #expect(throws: FigureError.self) { try picture.png(text: [(keyword, "text")]) }
  }
}

let sampleLines = LineChart(
  series: [LineSeries("seed 3", x: [1, 10, 100], y: [1, 0.5, 0.01])],
  x: Axis("step", scale: .logarithmic), y: Axis("loss", unit: "squared error"))

/// A picture of which no pixel foretells another.
private func noise(width: Int, height: Int) -> Picture {
  var state = UInt32(truncatingIfNeeded: width &* 7919 &+ height)
  let bytes = (0..<3 * width * height).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(state >> 24)
  }
  return Picture(width: width, height: height, bytes: bytes)
}
