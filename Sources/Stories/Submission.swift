import Artifacts
import Documents
import Foundation

/// Looks whether a gallery, as it lies there, has all that the assignment asks for.
///
/// - Parameters:
///   - gallery: The folder that holds both pages over all cases.
///   - stories: Each case's folder and the path of its story.
/// - Throws: `StageError` naming everything that is missing, or the first file that cannot be read at all.
public func checkSubmission(
  _ gallery: Gallery, stories: [(folder: CaseFolder, story: String)]
) throws {
  var gaps = stories.isEmpty ? ["there is no case"] : []
  for (folder, story) in stories {
    let page = try ToldCase(story: story, in: folder).page
    gaps += Submission(page, in: folder).gaps.map { "\(folder.name): \($0)" }
  }
  let readme = Submission.text(gallery.readme)
  let cases = stories.map { "\($0.folder.name)/README.md" }
  for wanted in AssignmentTable.tinyBrain.lines.map({ Markdown.escaped($0.asks) }) + cases
  where !readme.contains(wanted) {
    gaps.append("\(gallery.readme) says nothing of '\(wanted)'")
  }
  guard gaps.isEmpty else {
    throw StageError(
      .malformed, "lacks what the assignment asks for: " + gaps.joined(separator: "; "),
      at: gallery.root, remedy: "write it, then run make and make notebooks")
  }
}

/// A case as it is handed in.
struct Submission {
  let page: CasePage
  let folder: CaseFolder
  private let table = AssignmentTable.tinyBrain

  /// The fewest figures that tell a story.
  static let fewestFigures = 3

  init(_ page: CasePage, in folder: CaseFolder) {
    self.page = page
    self.folder = folder
  }

  /// What is missing, each in a few words.
  var gaps: [String] {
    let places = missing(table.lines.map(\.place), from: "the page", folder.page) { "id=\"\($0)\"" }
    let sections = table.lines.map(\.place).filter { $0 != .live }
    let told = missing(sections, from: "README.md", folder.readme) { CaseReadme.anchor($0) }
    return places + told + figures + predictions + notebook
  }

  private func missing(
    _ places: [AssignmentTable.Place], from what: String, _ path: String,
    _ sign: (String) -> String
  ) -> [String] {
    let text = Self.text(path)
    guard !text.isEmpty else { return ["there is no \(path)"] }
    let absent = places.filter { !text.contains(sign($0.anchor)) }
    return Set(absent).map(\.anchor).sorted().map { "\(what) has no place '\($0)'" }
  }

  private var figures: [String] {
    let absent = page.pictures.filter { picture in
      let bytes = FileManager.default.contents(atPath: "\(folder.path)/\(picture.path)")
      return !(bytes ?? Data()).starts(with: [0x89, 0x50, 0x4E, 0x47])
    }
    let few = page.pictures.count < Self.fewestFigures
    return absent.map { "the figure '\($0.slug)' is missing" }
      + (few ? ["too few figures: \(page.pictures.count)"] : [])
  }

  private var predictions: [String] {
    var gaps: [String] = []
    if !page.predictions.contains(where: { $0.verdict != .inconclusive }) {
      gaps.append("no hypothesis held or failed")
    }
    if !page.predictions.contains(where: { $0.intervention != nil && $0.control != nil }) {
      gaps.append("no prediction has an intervention and a control")
    }
    return gaps
  }

  private var notebook: [String] {
    let path = "\(folder.path)/\(CasePage.notebookName)"
    guard let data = FileManager.default.contents(atPath: path) else {
      return ["there is no notebook \(path)"]
    }
    guard let notebook = try? JSONDecoder().decode(ExecutedNotebook.self, from: data) else {
      return ["the notebook \(path) cannot be read"]
    }
    let ids = Set(notebook.cells.map(\.id))
    let wanted = Set(table.lines.flatMap(\.cells))
    var gaps = wanted.subtracting(ids).sorted().map { "the notebook has no cell '\($0)'" }
    let code = notebook.cells.filter { $0.kind == "code" }
    for cell in code where cell.count == nil {
      gaps.append("the cell '\(cell.id)' was never executed")
    }
    for cell in code where cell.outputs?.contains(where: { $0.kind == "error" }) ?? false {
      gaps.append("the cell '\(cell.id)' failed")
    }
    if !code.contains(where: { !($0.outputs ?? []).isEmpty }) {
      gaps.append("the notebook has no outputs")
    }
    return gaps
  }

  /// A file as text; empty if it cannot be read.
  static func text(_ path: String) -> String {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

/// What of a notebook says whether it was executed (nbformat.readthedocs.io, 4.5).
private struct ExecutedNotebook: Decodable {
  struct Output: Decodable {
    let kind: String

    enum CodingKeys: String, CodingKey { case kind = "output_type" }
  }

  struct Cell: Decodable {
    let id: String
    let kind: String
    let count: Int?
    let outputs: [Output]?

    enum CodingKeys: String, CodingKey {
      case id, outputs
      case kind = "cell_type"
      case count = "execution_count"
    }
  }

  let cells: [Cell]
}
