import Artifacts
import Documents
import Experiments
import Findings
import Networks
import Tensors

@testable import Artifacts
@testable import Stories

/// The kinds of files that the stages read.
enum ReaderName: String, CaseIterable {
  case tensors, network, findings, figures, training, story, keys, picture
}

/// Reads any bytes as a file of a kind: they are refused in one line, or what is read is used as the stages use it.
struct Reader {
  let name: ReaderName
  private let experiment: SoundCase
  private let folder: CaseFolder
  private let main: VariantFolder
  private let story: String
  private let findings: FindingsFile
  /// A file of the kind as it should be.
  private let sound: [UInt8]

  /// Makes a sound case in a folder.
  ///
  /// - Throws: The error of the reader that refuses a sound file.
  init(_ name: ReaderName, sound: [UInt8], story: String, in path: String) throws {
    self.name = name
    self.story = story
    self.sound = sound
    experiment = try SoundCase()
    findings = try SoundCase.findings()
    folder = try Gallery(path).case("tiny")
    main = try folder.variant()
    try experiment.make(in: folder)
    for path in [main.population, main.checkpoint(at: 4), folder.activations] {
      let sound = try InputFile.read(path, limit: 1 << 20, madeBy: "make tiny")
      if name == .tensors { try read(sound) }
    }
    try experiment.make(in: folder)
    _ = try page()
  }

  /// Reads bytes, and traps if they are refused with an error that a stage does not explain.
  func tryOne(_ bytes: [UInt8]) {
    do { try read(bytes) } catch let error as StageError {
      let line = error.description
      guard !line.contains("\n"), line.utf8.count < 4_000 else { fatalError("not a line: \(line)") }
    } catch { fatalError("no StageError, but \(type(of: error)): \(error)") }
  }

  private func read(_ bytes: [UInt8]) throws {
    let pair = Pair(here: sound, gallery: bytes)
    switch name {
    case .tensors:
      requireLines(pair.tensorDifferences)
      try readTensors(bytes)
    case .network:
      let _: NetworkFile = try readJSON(bytes, at: main.network)
      guard let live = try LiveNetwork(in: folder) else { return }
      requireHarmless(try page(live))
    case .findings:
      let _: FindingsFile = try readJSON(bytes, at: folder.findings)
      requireHarmless(try page())
    case .figures:
      let _: FiguresFile = try readJSON(bytes, at: folder.figures)
      requireHarmless(try page())
    case .training:
      let _: TrainingFile = try readJSON(bytes, at: main.training)
      let evidence = Evidence(experiment, in: folder, threads: 1)
      _ = try? evidence.specimen()
      requireHarmless(try page())
    case .story: try readStory(bytes)
    case .keys: try readKeys(bytes)
    case .picture:
      requireLines(pair.pictureDifferences)
      _ = pair.isRedrawn
    }
  }

  /// Tensors are written as they were read, and are networks of the case or refused.
  private func readTensors(_ bytes: [UInt8]) throws {
    let written = try TensorFile(bytes: bytes, path: "a", madeBy: "b").bytes(for: "a")
    let again = try TensorFile(bytes: written, path: "a", madeBy: "b").bytes(for: "a")
    guard written == again else { fatalError("tensors change when they are written and read") }
    for path in [main.population, main.checkpoint(at: 4), folder.activations] {
      try OutputFile.write(bytes, to: path)
    }
    let evidence = Evidence(experiment, in: folder, threads: 1)
    try? refusing { _ = try evidence.population().final }
    try? refusing { _ = try evidence.checkpoints() }
    try? refusing { _ = try LiveNetwork(in: folder) }
  }

  /// JSON is written as it was read.
  private func readJSON<Artifact: JSONArtifact>(_ bytes: [UInt8], at path: String) throws
    -> Artifact
  {
    let artifact: Artifact = try JSONFile.artifact(from: bytes, of: path, madeBy: "make tiny")
    let written = try JSONFile.text(of: artifact, for: path)
    let same: Artifact = try JSONFile.artifact(from: Array(written.utf8), of: path, madeBy: "it")
    guard try JSONFile.text(of: same, for: path) == written else {
      fatalError("\(Artifact.self) changes when it is written and read")
    }
    try OutputFile.write(bytes, to: path)
    requireLines(Pair(here: sound, gallery: bytes).entryDifferences)
    return artifact
  }

  /// A story makes a page, or is refused with a line of it.
  private func readStory(_ bytes: [UInt8]) throws {
    guard let source = String(validating: bytes, as: UTF8.self) else { return }
    do {
      let story = try Story(
        parsing: source, file: "Story.md", findings: findings,
        figures: SoundCase.figures.figures.map(Picture.init), glossary: Term.glossary)
      try story.requireEveryFigure()
      let reproduction = CasePage.Reproduction(
        specimen: "seed 0", commands: ["make"], hashName: "CRC-32", files: [])
      requireHarmless(
        story.page(
          slug: "tiny", predictions: findings.predictions, reproduction: reproduction
        ).html())
    } catch let error as StoryError {
      let lines = 1 + source.utf8.count { $0 == 10 }
      guard 1...lines ~= error.line else { fatalError("\(error)") }
    }
  }

  /// A key is compared with a gallery that has it.
  private func readKeys(_ bytes: [UInt8]) throws {
    let root = folder.gallery.root
    try OutputFile.write(bytes, to: "\(root)/.keys/tiny/train")
    let gallery = try GalleryFolder(root)
    let comparison = GalleryComparison(
      gallery: gallery, made: gallery, hashes: Key(sound).lines,
      toolchain: ToolchainChanges(recorded: "one", here: "another"))
    let report = comparison.report()
    requireLines(report.differences + report.redrawn)
  }

  private func page(_ live: LiveNetwork? = nil) throws -> String {
    try OutputFile.write(story, to: folder.path + "/Story.md")
    var page = try ToldCase(story: folder.path + "/Story.md", in: folder).page
    page.live = live
    return page.html()
  }
}

/// Traps unless each is a line, as `compare` prints them.
private func requireLines(_ differences: [String]) {
  for line in differences where line.onOneLine.contains("\n") { fatalError("not a line: \(line)") }
}

/// Passes a refusal on, and traps if it is one that a stage does not explain.
private func refusing(_ body: () throws -> Void) throws {
  do { try body() } catch let error where !(error is StageError) {
    fatalError("no StageError, but \(type(of: error)): \(error)")
  }
}
