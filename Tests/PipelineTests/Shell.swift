import Foundation

/// A folder with a Makefile in it, and the commands that are run there.
///
/// Commands see only the variables given here: a `make` that runs the tests hands nothing on.
struct Workplace {
  let root: URL
  var path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// A new empty folder, which `remove()` deletes.
  static func temporary() throws -> Workplace {
    let root = FileManager.default.temporaryDirectory
      .appending(path: "casebook-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    return Workplace(root: root)
  }

  func remove() {
    try? FileManager.default.removeItem(at: root)
  }

  /// Runs a command of the shell, whose output goes through files: nothing to fill up or to wait for.
  @discardableResult
  func run(_ command: String, _ environment: [String: String] = [:]) throws -> Outcome {
    let logs = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/sh")
    process.arguments = ["-c", "exec >'\(logs.path).out' 2>'\(logs.path).err'; \(command)"]
    process.currentDirectoryURL = root
    let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
    process.environment = ["PATH": path, "HOME": home].merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let texts = try ["out", "err"].map { ending in
      let file = logs.appendingPathExtension(ending)
      defer { try? FileManager.default.removeItem(at: file) }
      return String(decoding: try Data(contentsOf: file), as: UTF8.self)
    }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }

  /// Runs a command that has to succeed, and returns its lines.
  @discardableResult
  func lines(_ command: String) throws -> [String] {
    let outcome = try run(command)
    guard outcome.status == 0 else {
      throw Failure(
        description: "\(command): \(outcome.status)\n\(outcome.output)\(outcome.errors)")
    }
    return outcome.output.split(separator: "\n").map(String.init)
  }

  func write(_ text: String, to path: String) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try text.write(to: file, atomically: true, encoding: .utf8)
  }

  func read(_ path: String) throws -> String {
    try String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }
}

/// The root of the package whose tests these are.
let package = Workplace(
  root: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent())
