import Artifacts
import Foundation

/// What a key says: a line `PATH=HASH` for each source and each output.
struct Key: Hashable {
  private(set) var lines: [String: String] = [:]

  /// What is no such line, or stands there twice.
  private(set) var strange: [String] = []

  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      guard let sign = line.lastIndex(of: "="),
        lines.updateValue(String(line[line.index(after: sign)...]), forKey: String(line[..<sign]))
          == nil
      else {
        strange.append(String(line))
        continue
      }
    }
  }

  /// The sources, with their hashes.
  var sources: [String: String] { lines.filter { !$0.key.hasPrefix(Self.output) } }

  /// What was made, by the path below the gallery, with its hash.
  var outputs: [String: String] {
    lines.reduce(into: [:]) { outputs, line in
      guard line.key.hasPrefix(Self.output) else { return }
      outputs[String(line.key.dropFirst(Self.output.count))] = line.value
    }
  }

  /// How keys call the gallery, wherever it lies.
  static let output = "artifacts/"
}

/// A folder of artifacts: which files are there, and what its keys say.
struct GalleryFolder {
  let root: String

  /// The files by their path below the folder; hidden ones at its top are none of the gallery's.
  private(set) var files: Set<String> = []

  /// What lies among them and is no file: links, pipes and the like.
  private(set) var odd: [String] = []

  /// The keys by their job, as in `xor/record`.
  private(set) var keys: [String: Key] = [:]

  init(_ root: String) throws {
    self.root = root
    for name in try OutputFile.entries(of: root) where !Self.ownNames.contains(name) {
      try enter(name)
    }
    guard files.contains(where: { $0.hasPrefix(Self.keyFolder) }) else {
      throw StageError(
        .unreadable, "has no keys, so it is no gallery", at: root,
        remedy: "make one with make regenerate")
    }
    for path in files where path.hasPrefix(Self.keyFolder) {
      keys[String(path.dropFirst(Self.keyFolder.count))] = try Key(bytes(of: path))
    }
  }

  /// The bytes of a file.
  ///
  /// - Throws: `StageError` if it cannot be read.
  func bytes(of path: String) throws -> [UInt8] {
    try InputFile.read("\(root)/\(path)", limit: 1 << 30, madeBy: "make regenerate")
  }

  private mutating func enter(_ path: String) throws {
    var info = stat()
    guard lstat("\(root)/\(path)", &info) == 0 else { return }
    switch info.st_mode & S_IFMT {
    case S_IFREG: files.insert(path)
    case S_IFDIR:
      for name in try OutputFile.entries(of: "\(root)/\(path)") { try enter("\(path)/\(name)") }
    default: odd.append(path)
    }
  }

  static let keyFolder = ".keys/"

  /// What `make verify` puts beside the gallery that it makes.
  private static let ownNames = [".hashes", ".toolchain"]
}
