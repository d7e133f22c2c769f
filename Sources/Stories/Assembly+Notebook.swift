import Artifacts
import Documents

/// What a notebook is put together from, besides the story and what was found.
public struct NotebookSources: Sendable {
  /// A file by its path; nil stands for one that is not there.
  public typealias File = (path: String, text: String)

  /// The cells that every case has.
  public var common: File
  /// The cells of this case alone.
  public var own: File?
  /// The case's sources in Swift, in the order of reading.
  public var swift: [File]
  /// How many of these are shown right below the scene; the others stand at the end.
  public var countBelowScene: Int

  public init(common: File, own: File?, swift: [File], countBelowScene: Int) {
    self.common = common
    self.own = own
    self.swift = swift
    self.countBelowScene = countBelowScene
  }
}

/// Puts the notebook of a case together; its cells are not executed yet.
///
/// - Throws: `StageError` if a file is missing or malformed, naming its line.
public func notebook(
  story path: String, sources: NotebookSources, in folder: CaseFolder, repository: Repository
) throws -> Notebook {
  try notebook(
    of: ToldCase(story: path, in: folder).page, sources: sources, repository: repository)
}

/// Puts a notebook together from the page of its case.
///
/// Every cell of Python stands behind the section that it names, those that all cases have first. A cell of
/// the case takes the place of a common one with the same id.
func notebook(of page: CasePage, sources: NotebookSources, repository: Repository) throws
  -> Notebook
{
  let own = try sources.own.map { ($0.path, try cells(of: $0)) } ?? ("", [])
  var common = try cells(
    of: (sources.common.path, filled(sources.common.text, of: page.slug, in: repository)))
  let others = own.1.filter { each in
    guard let place = common.firstIndex(where: { $0.cell.id == each.cell.id }) else { return true }
    common[place].cell = each.cell
    return false
  }
  let story = page.notebookCells(in: repository)
  for each in others where !story.contains(where: { $0.section == each.section }) {
    let known = story.map(\.section).joined(separator: ", ")
    throw StageError(
      .malformed, "the story has no section '\(each.section)'", at: "\(own.0):\(each.line)",
      remedy: "there are \(known)")
  }
  let scene = story.contains { $0.section == "scene" } ? "scene" : CasePage.notebookEnd
  let count = min(sources.countBelowScene, sources.swift.count)
  var result: [Notebook.Cell] = []
  for (section, cells) in story {
    result += cells
    if section == scene {
      result += shown(
        sources.swift.prefix(count), "### As it was trained", "The task and its network in Swift.")
    }
    if section == CasePage.notebookEnd {
      result += shown(
        sources.swift.dropFirst(count), "## The other Swift sources of this case",
        "What was looked at and tried, and what was drawn.")
    }
    result += (common + others).filter { $0.section == section }.map(\.cell)
  }
  return Notebook(result)
}

/// Writes the notebook of a case to a file.
///
/// - Throws: `StageError` if a file is missing, malformed or cannot be written.
public func write(_ notebook: Notebook, to path: String) throws {
  do {
    try OutputFile.write(notebook.json(), to: path)
  } catch let error as InvalidNotebook {
    throw StageError(.malformed, error.description, at: path, remedy: "name the cells otherwise")
  }
}

private func cells(of file: NotebookSources.File) throws -> [PercentScript.Cell] {
  do {
    return try PercentScript(file.text).cells.map { each in
      var each = each
      if each.cell.kind == .markdown { each.cell.source = Markdown(each.cell.source).unbroken }
      return each
    }
  } catch let fault as PercentScript.Fault {
    throw StageError(
      .malformed, fault.what, at: "\(file.path):\(fault.line)", remedy: fault.remedy)
  }
}

/// The cells that every case has, with what only this one is called.
private func filled(_ text: String, of name: String, in repository: Repository) -> String {
  text
    .replacing("$WEB", with: repository.raw("artifacts/\(name)"))
    .replacing("$REPOSITORY", with: repository.page)
    .replacing("$CASE", with: name)
}

private func shown(
  _ files: ArraySlice<NotebookSources.File>, _ heading: String, _ words: String
) -> [Notebook.Cell] {
  files.enumerated().map { place, file in
    let name = file.path.split(separator: "/").last.map(String.init) ?? file.path
    let id = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    let code = "`\(file.path)`\n\n" + Markdown.fenced(file.text, language: "swift")
    return .markdown(place == 0 ? "\(heading)\n\n\(words)\n\n\(code)" : code, id: "source-\(id)")
  }
}
