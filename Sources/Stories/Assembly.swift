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
    let source = try InputFile.text(
      path, limit: Story.sizeLimit, madeBy: "make new CASE=\(folder.name)")
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

/// Writes the page of a case, and the same story as GitHub shows it.
///
/// - Throws: `StageError` if a file is missing, malformed or cannot be written.
public func assemble(story path: String, in folder: CaseFolder) throws {
  var page = try ToldCase(story: path, in: folder).page
  try OutputFile.write(CaseReadme(page).markdown(), to: folder.readme)
  page.live = try LiveNetwork(in: folder)
  page.repository = .published
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
  let cases = inReadingOrder(told).enumerated().map { place, told in
    var page = told.page
    page.kicker = Wording.words(place + 1).map { "Case " + $0 }
    return page
  }
  let calibration = "calibration/index.html"
  let isCalibrated = OutputFile.exists("\(gallery.root)/\(calibration)")
  let page = GalleryPage(
    title: "Casebook", introduction: introduction, cases: cases,
    sections: (isCalibrated ? [howFarToTrust(calibration)] : []) + [ownCase],
    assignment: .tinyBrain, repository: .published)
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

private func howFarToTrust(_ page: String) -> PageSection {
  PageSection(
    id: "trust", title: "How far to trust a verdict",
    blocks: [
      .prose(
        Markdown(
          """
          The tests themselves have been tested: on networks whose mechanism is known because we wrote it, on \
          networks that have none, and with hypotheses that are false on purpose. [The calibration](\(page)) \
          says how often each of them says "held" when it should, and when it should not.
          """))
    ])
}

private let ownCase = PageSection(
  id: "add", title: "Add a case of your own",
  blocks: [
    .prose(
      """
      A case is a folder of a few small files: a task, a network, hypotheses, figures and a story. Two \
      commands write one that works, whose voters you then replace by a riddle of your own, and put it into \
      this gallery with its verdicts as they fall:

      ```sh
      make new CASE=majority   # writes Sources/CaseStudies/Majority
      make                     # trains it, tries it, tells its story
      ```

      The `README.md` of the repository says what to change in each file; `make submit-check` says what is \
      missing before it is handed in.
      """)
  ])
