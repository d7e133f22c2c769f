import Artifacts
import Documents
import Experiments
import Findings

/// A case as its page tells it: the story, filled in with what is in its folder.
public struct ToldCase: Sendable {
  public let page: CasePage
  /// The case that is best read before this one.
  let precursor: String?

  /// Reads a case's story, findings, figures and training.
  ///
  /// - Parameters:
  ///   - path: The path of `Story.md`.
  ///   - folder: The case's artifacts.
  /// - Throws: `StageError` if a file is missing or malformed, naming the story's line where it is at fault.
  public init(story path: String, in folder: CaseFolder) throws {
    let maker = "make \(folder.name)"
    let findings = try folder.readFindings()
    let figures = try folder.readFigures()
    let main = try folder.variant()
    let training: TrainingFile = try JSONFile.read(main.training, madeBy: maker)
    guard training.case == folder.name, training.variant == main.name else {
      throw StageError(
        .malformed, "belongs to the case '\(training.case)', variant '\(training.variant)'",
        at: main.training, remedy: "make it again with \(maker)")
    }
    let source = try InputFile.text(path, madeBy: "make new CASE=\(folder.name)")
    do {
      let story = try Story(
        parsing: source, file: path, findings: findings,
        figures: figures.figures.map(Picture.init), glossary: Term.glossary)
      try story.requireEveryFigure()
      precursor = story.precursor
      page = story.page(
        slug: folder.name, facts: try Fact.facts(of: training, in: folder),
        predictions: findings.predictions,
        reproduction: try CasePage.Reproduction(of: training, in: folder))
    } catch let error as StoryError {
      throw StageError(
        .malformed, error.what, at: "\(error.file):\(error.line)", remedy: error.remedy)
    }
  }
}

/// Writes the page of a case.
///
/// - Throws: `StageError` if a file is missing, malformed or cannot be written.
public func assemble(story path: String, in folder: CaseFolder) throws {
  var page = try ToldCase(story: path, in: folder).page
  page.live = try LiveNetwork(in: folder)
  try OutputFile.write(page.html(), to: folder.page)
}

/// Writes the page over all cases, and the same gallery as GitHub shows it.
///
/// - Parameters:
///   - gallery: The folder that receives both pages.
///   - stories: Each case's folder and the path of its story.
/// - Throws: `StageError` if a file is missing, malformed or cannot be written.
public func assemble(
  _ gallery: Gallery, stories: [(folder: CaseFolder, story: String)]
) throws {
  let told = try stories.map { try ToldCase(story: $0.story, in: $0.folder) }
  let page = GalleryPage(
    title: "Casebook", introduction: introduction, cases: inReadingOrder(told).map(\.page),
    sections: [ownCase])
  try OutputFile.write(page.html(), to: gallery.page)
  try OutputFile.write(GalleryReadme(page).markdown(), to: gallery.readme)
}

/// The cases so that each stands behind the one it is best read after; the others by name.
func inReadingOrder(_ cases: [ToldCase]) -> [ToldCase] {
  let known = Set(cases.map(\.page.slug))
  var left = cases.sorted { $0.page.slug < $1.page.slug }
  var order: [ToldCase] = []
  func isNext(_ candidate: ToldCase) -> Bool {
    guard let precursor = candidate.precursor, known.contains(precursor) else { return true }
    return order.contains { $0.page.slug == precursor }
  }
  while !left.isEmpty {
    // Two cases that each want to be read after the other are read by name.
    let index = left.firstIndex(where: isNext) ?? 0
    order.append(left.remove(at: index))
  }
  return order
}

private let introduction: Markdown = """
  Very small neural networks, opened up until it is plain how they work. Every claim is tested by \
  intervening on many networks that nobody had looked at, with a control beside it, and every number can be \
  made again to the bit.
  """

private let ownCase = PageSection(
  id: "add", title: "Add a case of your own",
  blocks: [
    .prose(
      """
      `make new CASE=majority` writes a folder with a task, a network, hypotheses, figures and a story, all \
      of which run; `make` trains it and puts it into this gallery with its verdicts as they fall. The \
      README says what to change.
      """)
  ])
