import Artifacts
import Figures

/// The bytes of a file as it was made here and as it is in the gallery, which differ.
///
/// Each difference is told so that the file's name can stand before it.
struct Pair {
  let here: [UInt8]
  let gallery: [UInt8]

  /// The first line that differs, cut to what is near the difference.
  var textDifferences: [String] {
    let offset =
      zip(here, gallery).enumerated().first { $1.0 != $1.1 }?.offset
      ?? min(here.count, gallery.count)
    let line = 1 + here[..<offset].count { $0 == 10 }
    func near(_ bytes: [UInt8]) -> String {
      let start = bytes[..<offset].lastIndex(of: 10).map { $0 + 1 } ?? 0
      let end = bytes[offset...].firstIndex(of: 10) ?? bytes.endIndex
      // Not in the middle of a character.
      var from = max(start, offset - 30)
      while from > start, bytes[from] & 0xC0 == 0x80 { from -= 1 }
      guard offset < bytes.count else { return "the end" }
      return String(decoding: bytes[from..<end], as: UTF8.self).quoted
    }
    return [", line \(line): \(near(here)) here, \(near(gallery)) in the gallery"]
  }

  // MARK: Pictures

  /// By how much a channel may differ where another library drew.
  static let tolerance = 2

  /// Whether the two show the same and say the same of where they come from.
  var isRedrawn: Bool {
    guard let (mine, theirs) = try? (Picture(png: here), Picture(png: gallery)),
      let largest = mine.largestDifference(from: theirs)
    else { return false }
    return largest <= Self.tolerance && Self.texts(here) == Self.texts(gallery)
  }

  var pictureDifferences: [String] {
    do {
      let (mine, theirs) = (try Picture(png: here), try Picture(png: gallery))
      guard let largest = mine.largestDifference(from: theirs) else {
        return [
          " has \(mine.width) × \(mine.height) pixels here, \(theirs.width) × \(theirs.height) in the gallery"
        ]
      }
      guard Self.texts(here) == Self.texts(gallery) else {
        return [": the texts within say other things"]
      }
      let differing = (0..<mine.width * mine.height).filter { pixel in
        mine.bytes[3 * pixel..<3 * pixel + 3] != theirs.bytes[3 * pixel..<3 * pixel + 3]
      }
      guard let first = differing.first else { return [": the same pixels, in other bytes"] }
      let place = (first % mine.width, first / mine.width)
      return [
        ": \(differing.count) of \(mine.width * mine.height) pixels differ by up to \(largest)/255,"
          + " first at column \(place.0), row \(place.1)"
      ]
    } catch {
      return [" cannot be read as a picture in the gallery: \(error)"]
    }
  }

  /// The chunks of a PNG file (ISO/IEC 15948) that hold texts, sorted.
  private static func texts(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    var texts: [ArraySlice<UInt8>] = []
    var place = 8
    while place + 12 <= bytes.count {
      let length = bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      guard place + 12 + length <= bytes.count else { break }
      let chunk = bytes[place + 4..<place + 8 + length]
      if ["tEXt", "zTXt", "iTXt"].contains(String(decoding: chunk.prefix(4), as: UTF8.self)) {
        texts.append(chunk)
      }
      place += 12 + length
    }
    return texts.sorted { $0.lexicographicallyPrecedes($1) }
  }
}
