import Foundation
import Testing

/// The stages, as the executables that the tests depend on.
enum Stage: String, CaseIterable, CustomTestStringConvertible {
  case train, record, analyze, render, assemble

  var testDescription: String { rawValue }

  /// Where it lies: beside the program that runs these tests.
  var executable: URL { Stage.folder.appending(path: rawValue) }

  private static let folder: URL = {
    let running = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return running.deletingLastPathComponent()
  }()
}

/// A folder that stages run in: a gallery of the case XOR, and its story.
///
/// Everything in it was made by the real stages, once; each test has a copy of its own.
struct Workshop {
  let root: URL

  struct Outcome {
    var status: Int32
    var output: String
    var errors: String

    /// The lines on standard error, without those that show progress.
    var complaints: [String] {
      errors.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("…") }
    }
  }

  static let story = "Sources/CaseStudies/XOR/Story.md"

  /// A copy of the gallery with all that the stages make.
  static func furnished() throws -> Workshop {
    let original = try prepared.get()
    let copy = try empty()
    try FileManager.default.removeItem(at: copy.root)
    try FileManager.default.copyItem(at: original.root, to: copy.root)
    return copy
  }

  /// A folder with nothing in it.
  static func empty() throws -> Workshop {
    let root = FileManager.default.temporaryDirectory
      .appending(path: "casebook-stage-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    return Workshop(root: root)
  }

  private static let prepared: Result<Workshop, any Error> = Result {
    let workshop = try empty()
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    try workshop.write(Data(contentsOf: package.appending(path: story)), to: story)
    for stage in Stage.allCases {
      let outcome = try workshop.run(stage, "xor")
      try #require(outcome.status == 0, "\(outcome.errors)")
      try #require(outcome.output.hasPrefix("\(stage.rawValue) xor: "))
    }
    atexit { try? Workshop.prepared.get().remove() }
    return workshop
  }

  func remove() {
    // A test may have left a folder that nobody may write to.
    _ = try? shell("chmod -R u+rwx .")
    try? FileManager.default.removeItem(at: root)
  }

  /// Runs a stage here.
  func run(_ stage: Stage, _ arguments: String...) throws -> Outcome {
    try run(stage.executable, arguments)
  }

  /// Runs a command of the shell here, in which `$STAGES` is the folder of the stages.
  func shell(_ command: String) throws -> Outcome {
    try run(URL(filePath: "/bin/sh"), ["-c", command])
  }

  private func run(_ executable: URL, _ arguments: [String]) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = root
    let inherited = ProcessInfo.processInfo.environment
    process.environment = [
      // Where a stage that was compiled to be measured notes what has run; elsewhere nothing reads it.
      "LLVM_PROFILE_FILE": inherited["LLVM_PROFILE_FILE"] ?? "/dev/null",
      "PATH": inherited["PATH"] ?? "/usr/bin:/bin",
      "HOME": inherited["HOME"] ?? "/",
      "STAGES": Stage.train.executable.deletingLastPathComponent().path,
    ]
    process.standardInput = FileHandle.nullDevice
    // Through files, which never fill up as a pipe does.
    let logs = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    let paths = ["out", "err"].map { logs.appendingPathExtension($0) }
    defer { paths.forEach { try? FileManager.default.removeItem(at: $0) } }
    let files = try paths.map { path in
      try Data().write(to: path)
      return try FileHandle(forWritingTo: path)
    }
    process.standardOutput = files[0]
    process.standardError = files[1]
    try process.run()
    process.waitUntilExit()
    let texts = try paths.map { String(decoding: try Data(contentsOf: $0), as: UTF8.self) }
    return Outcome(status: process.terminationStatus, output: texts[0], errors: texts[1])
  }
}

extension Workshop {
  func path(_ path: String) -> URL { root.appending(path: path) }

  func read(_ path: String) throws -> Data { try Data(contentsOf: self.path(path)) }

  func text(_ path: String) throws -> String { String(decoding: try read(path), as: UTF8.self) }

  func write(_ data: Data, to path: String) throws {
    let file = self.path(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func delete(_ path: String) throws { try FileManager.default.removeItem(at: self.path(path)) }

  /// Every file here with its bytes, hidden ones included; a folder counts by its name.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: root.path + "/" + path, isDirectory: &isFolder)
      contents[path] = isFolder.boolValue ? Data() : try read(path)
    }
    return contents
  }

  /// Expects that a stage refuses: the exit code, one line on standard error that says all of some texts, nothing on
  /// standard output, and everything here as it was.
  func expectRefusal(
    of stage: Stage, _ arguments: String..., status: Int32, saying texts: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try contents()
    let outcome = try run(stage.executable, arguments.isEmpty ? ["xor"] : arguments)
    let what: Comment = "\(outcome.status): \(outcome.errors)"
    #expect(outcome.status == status, what, sourceLocation: sourceLocation)
    #expect(outcome.output.isEmpty, what, sourceLocation: sourceLocation)
    #expect(outcome.complaints.count == 1, what, sourceLocation: sourceLocation)
    for text in texts {
      #expect(outcome.errors.contains(text), what, sourceLocation: sourceLocation)
    }
    let after = try contents()
    let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
    #expect(changed.isEmpty, sourceLocation: sourceLocation)
  }
}
