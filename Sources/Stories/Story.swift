import Documents
import Findings

/// A case's story, read from its `Story.md` and filled in with what was found.
///
/// A story is CommonMark that holds no result typed in: `{{name}}` refers to a finding, a figure is
/// `![](figure:slug)`, and `{{#if name.verdict is held}}` branches on a verdict. A digit in the prose is
/// an error; so is a name that is not there. It refuses tables and pictures of its own.
///
/// ```swift
/// let story = try Story(parsing: text, file: "Story.md", findings: findings, figures: pictures)
/// story.claim.plainText  // Two neurons survive in 83 of 90 networks.
/// ```
public struct Story: Sendable {
  /// The most bytes of a story that are read: four times as many as the longest has, and few enough that no line of
  /// them takes long, whatever it says.
  static let sizeLimit = 64 << 10

  public let file: String
  public let title: String
  /// The question that the case takes up.
  public let question: Markdown?
  /// What the case found, in one sentence.
  public let claim: Markdown
  /// The one component that the story is about.
  public let component: Markdown
  /// The prediction that the claim rests on.
  public let evidence: Prediction?
  /// The figure for the gallery's card.
  public let cover: Picture?
  /// The case that is best read before this one.
  public let precursor: String?
  /// What stands before the first heading.
  public let opening: [PageSection.Block]
  public let sections: [PageSection]
  /// The terms that the story links to, in the glossary's order.
  public let glossary: [Term]
  /// The figures that no line of the story mentions.
  public let unreferencedFigures: [String]
  /// The number of words of its prose, as filled in.
  public let wordCount: Int

  /// Reads a story and fills it in.
  ///
  /// - Throws: `StoryError` with the file, the line and the remedy.
  public init(
    parsing source: String, file: String, findings: FindingsFile, figures: [Picture],
    glossary terms: [Term] = []
  ) throws {
    let source = source.replacing("\r\n", with: "\n").drop { $0 == "\u{FEFF}" }
    let frontMatter = try StoryFrontMatter(String(source), file: file)
    var lexer = StoryLexer(frontMatter.body, file: file, line: frontMatter.bodyLine)
    try lexer.lexBlocks()
    var targets = lexer.targets
    let filler = StoryFiller(file: file, values: StoryValues(file: findings), figures: figures)
    var filled = try filler.filled(lexer.pieces)
    var pieces = lexer.pieces
    if let text = EvidenceSection.text(findings) {
      // What is the same in all stories stands where each of them says how it is made again.
      var standard = StoryLexer(text, file: "Sources/Stories/EvidenceSection.swift", line: 1)
      try standard.lexBlocks()
      let section = try filler.filled(standard.pieces)
      let place = filled.sections.firstIndex { $0.section.id == StorySections.reflection.rawValue }
      filled.sections.insert(
        contentsOf: section.sections, at: place ?? filled.sections.count)
      filled.shown += section.shown
      pieces += standard.pieces
      targets += standard.targets
    }

    func line(_ key: StoryFrontMatter.Key) throws -> Markdown {
      guard let value = frontMatter.values[key] else { return "" }
      var lexer = StoryLexer(value.text, file: file, line: value.line)
      try lexer.lexLine()
      targets += lexer.targets
      let markdown = Markdown(try filler.line(lexer.pieces))
      try StoryLinks.check(markdown, file: file, line: value.line)
      return markdown
    }
    self.file = file
    precursor = frontMatter.values[.after]?.text
    title = try line(.title).plainText
    question = try frontMatter.values[.question].map { _ in try line(.question) }
    claim = try line(.claim)
    component = try line(.component)
    evidence =
      try frontMatter.values[.evidence].map { key in
        guard let prediction = findings.prediction(key.text) else {
          throw StoryFault.unknown("prediction", key.text, among: findings.predictions.map(\.name))
            .at(file, key.line)
        }
        return prediction
      } ?? findings.predictions.first
    cover =
      try frontMatter.values[.cover].map { try filler.picture($0.text, line: $0.line) }
      ?? filled.shown.first
    opening = filled.opening
    sections = filled.sections.map(\.section)
    try StorySections.check(filled, file: file, predictions: findings.predictions)
    let mentioned = pieces.reduce(into: Set<String>()) { mentioned, piece in
      if case .pictures(let slugs) = piece.kind { mentioned.formUnion(slugs) }
    }
    unreferencedFigures = figures.map(\.slug).filter { !mentioned.contains($0) }
    let prose = filled.prose(from: frontMatter.bodyLine)
    for (markdown, line) in prose { try StoryLinks.check(markdown, file: file, line: line) }
    for (section, line) in filled.sections {
      try StoryLinks.check(section.title, file: file, line: line)
    }
    wordCount = prose.reduce(0) {
      $0 + $1.markdown.plainText.split(whereSeparator: \.isWhitespace).count
    }
    glossary = try StoryLinks(
      file: file, sections: sections.map(\.id), shown: filled.shown.map(\.slug),
      predictions: findings.predictions.map(\.name), terms: terms
    ).terms(in: targets)
  }

  /// The grade of the evidence for the claim.
  public var grade: String {
    (evidence?.grade ?? .correlational).rawValue
  }

  /// Refuses a story that leaves a figure out.
  ///
  /// - Throws: `StoryError` naming the figure.
  public func requireEveryFigure() throws {
    guard let slug = unreferencedFigures.first else { return }
    throw StoryError(
      file: file, line: 1, what: "no line shows the figure '\(slug)'",
      remedy: "add a line ![](figure:\(slug)), or draw it no more")
  }
}

extension StoryFault {
  func at(_ file: String, _ line: Int) -> StoryError {
    StoryError(file: file, line: line, what: what, remedy: remedy)
  }
}
