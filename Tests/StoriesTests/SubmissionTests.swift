import Documents
import Findings
import Foundation
import Testing

@testable import Artifacts
@testable import Stories

/// A case with all that the assignment asks for, in a folder of its own, to be damaged.
private struct HandedIn {
  let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  let folder: CaseFolder
  var page: CasePage

  init() throws {
    folder = try Gallery(root.path).case("tiny")
    let findings = try sampleFindings()
    let shown = sampleFigures.map { "![](figure:\($0.slug))" }.joined(separator: "\n\n")
    page = try Story(
      parsing: sampleStory(shown), file: "Story.md", findings: findings, figures: sampleFigures
    ).page(
      slug: "tiny", predictions: findings.predictions,
      reproduction: .init(specimen: "seed 0", commands: ["make"], hashName: "CRC-32", files: []))
    page.live = LiveNetwork(network: "{}", checkpoints: [], examples: [])
    try OutputFile.write(page.html(), to: folder.page)
    try OutputFile.write(CaseReadme(page).markdown(), to: folder.readme)
    for picture in page.pictures {
      try OutputFile.write(
        [0x89, 0x50, 0x4E, 0x47] as [UInt8], to: try folder.figure(picture.slug))
    }
    let ids = Set(AssignmentTable.tinyBrain.lines.flatMap(\.cells)).sorted()
    let cells = ids.map { id in
      """
      {"id":"\(id)","cell_type":"code","execution_count":1,"source":"",
      "outputs":[{"output_type":"stream","text":"1"}]}
      """
    }
    try OutputFile.write("{\"cells\":[\(cells.joined(separator: ","))]}", to: notebook)
  }

  var notebook: String { "\(folder.path)/\(CasePage.notebookName)" }

  var gaps: [String] { Submission(page, in: folder).gaps.map(\.what) }

  func replace(_ old: String, by new: String, in path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try #require(text.contains(old))
    try OutputFile.write(text.replacing(old, with: new), to: path)
  }

  func remove() { try? FileManager.default.removeItem(at: root) }
}

@Suite struct SubmissionTests {
  @Test func acceptsWhatIsWhole() throws {
    let handedIn = try HandedIn()
    defer { handedIn.remove() }
    #expect(handedIn.gaps.isEmpty)
  }

  @Test(arguments: ["page", "story", "notebook", "figure"]) func namesTheFileThatIsGone(
    _ what: String
  ) throws {
    let handedIn = try HandedIn()
    defer { handedIn.remove() }
    let folder = handedIn.folder
    let (path, expected) =
      [
        "page": (folder.page, "there is no \(folder.page)"),
        "story": (folder.readme, "there is no \(folder.readme)"),
        "notebook": (handedIn.notebook, "there is no notebook \(handedIn.notebook)"),
        "figure": (try folder.figure("ranks"), "the figure 'ranks' is missing"),
      ][what] ?? ("", "")
    try FileManager.default.removeItem(atPath: path)
    #expect(handedIn.gaps == [expected])
  }

  @Test(arguments: [
    ("id=\"clues\"", "the page has no place 'clues'"),
    ("id=\"touch\"", "the page has no place 'touch'"),
  ])
  func namesThePlaceThatIsGone(_ anchor: String, _ expected: String) throws {
    let handedIn = try HandedIn()
    defer { handedIn.remove() }
    try handedIn.replace(anchor, by: "", in: handedIn.folder.page)
    #expect(handedIn.gaps == [expected])
    try handedIn.replace("<a name=\"theory\"></a>", by: "", in: handedIn.folder.readme)
    #expect(handedIn.gaps == [expected, "README.md has no place 'theory'"])
  }

  @Test(arguments: [
    ("\"id\":\"train\"", "\"id\":\"training\"", "the notebook has no cell 'train'"),
    (
      "\"id\":\"run\",\"cell_type\":\"code\",\"execution_count\":1",
      "\"id\":\"run\",\"cell_type\":\"code\"",
      "the cell 'run' was never executed"
    ),
    ("{\"cells\":", "{\"cells\"", "cannot be read"),
    ("\"output_type\":\"stream\"", "\"output_type\":\"error\"", "the cell 'agreement' failed"),
    ("{\"output_type\":\"stream\",\"text\":\"1\"}", "", "the notebook has no outputs"),
  ])
  func namesWhatTheNotebookLacks(_ old: String, _ new: String, _ expected: String) throws {
    let handedIn = try HandedIn()
    defer { handedIn.remove() }
    try handedIn.replace(old, by: new, in: handedIn.notebook)
    #expect(handedIn.gaps.first?.contains(expected) ?? false, "\(handedIn.gaps)")
  }

  @Test func wantsHypothesesThatWereTried() throws {
    var handedIn = try HandedIn()
    defer { handedIn.remove() }
    handedIn.page.predictions.removeAll { $0.verdict != .inconclusive }
    #expect(handedIn.gaps == ["no hypothesis held or failed"])
    handedIn.page.predictions = handedIn.page.predictions.map { row in
      var row = row
      row.verdict = .held
      row.intervention = nil
      return row
    }
    #expect(handedIn.gaps == ["no prediction has an intervention and a control"])
  }

  @Test func wantsFigures() throws {
    var handedIn = try HandedIn()
    defer { handedIn.remove() }
    handedIn.page.sections[0].blocks = [.pictures([sampleFigures[0]])]
    #expect(handedIn.gaps == ["too few figures: 1"])
  }

  /// The whole gallery: everything that is missing is named at once, however much it is.
  @Test func namesAllAtOnce() {
    let gallery = Gallery(
      FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path)
    let gaps = submissionGaps(gallery, stories: [])
    let asked = AssignmentTable.tinyBrain.lines.map { "says nothing of '\($0.asks)'" }
    #expect(gaps.map(\.what) == ["there is no case"] + asked)
    for part in ["Form a mechanistic hypothesis", "Clarity of thinking"] {
      #expect(gaps.contains { $0.what == "says nothing of '\(part)'" })
    }
    #expect(gaps.allSatisfy { !$0.remedy.isEmpty && $0.place.hasPrefix(gallery.root) })
  }
}
