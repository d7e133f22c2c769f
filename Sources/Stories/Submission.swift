import Artifacts
import Documents
import Foundation

/// Looks whether a gallery, as it lies there, has all that the assignment asks for.
///
/// - Parameters:
///   - gallery: The folder that holds both pages over all cases.
///   - stories: Each case's folder and the path of its story.
/// - Returns: Everything that is missing or cannot be read, each with the place where it should be and a remedy.
public func submissionGaps(
  _ gallery: Gallery, stories: [(folder: CaseFolder, story: String)]
) -> [StageError] {
  func gap(_ what: String, at place: String, _ remedy: String) -> StageError {
    StageError(.malformed, what, at: place, remedy: remedy)
  }
  var gaps =
    stories.isEmpty
    ? [gap("there is no case", at: gallery.root, "begin one: make new CASE=my-case")] : []
  for (folder, story) in stories {
    do {
      let page = try ToldCase(story: story, in: folder).page
      gaps += Submission(page, in: folder).gaps.map { gap($0.what, at: folder.path, $0.remedy) }
    } catch {
      gaps.append(error as? StageError ?? gap("\(error)", at: folder.path, "run make"))
    }
  }
  let readme = Submission.text(gallery.readme)
  let lines = AssignmentTable.tinyBrain.lines
  gaps += lines.filter { !readme.contains(Markdown.escaped($0.asks)) }
    .map { gap("says nothing of '\($0.asks)'", at: gallery.readme, "run make") }
  gaps += stories.map { "\($0.folder.name)/README.md" }.filter { !readme.contains($0) }
    .map { gap("does not lead to \($0)", at: gallery.readme, "run make") }
  return gaps
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

  /// What is missing, each in a few words, and what brings it.
  var gaps: [(what: String, remedy: String)] {
    let places = missing(table.lines.map(\.place), from: "the page", folder.page) { "id=\"\($0)\"" }
    let sections = table.lines.map(\.place).filter { $0 != .live }
    let told = missing(sections, from: "README.md", folder.readme) { CaseReadme.anchor($0) }
    let name = folder.name
    func gaps(_ texts: [String], _ remedy: String) -> [(what: String, remedy: String)] {
      texts.map { ($0, remedy) }
    }
    return gaps(places + told, "write it in Story.md, then run make \(name)")
      + gaps(figures, "draw it in Figures.swift and show it in Story.md, then run make \(name)")
      + gaps(predictions, "predict and try it in Hypotheses.swift, then run make \(name)")
      + gaps(notebook, "run make notebooks CASE=\(name)")
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
