import Documents
import Findings

/// The parts that every story has, in this order; others may stand between them.
enum StorySections: String, CaseIterable {
  case scene
  case suspects
  case clues
  case theory
  case trial
  case verdict
  case breaks
  case wrong
  case reflection
  case reproduce

  private var heading: String {
    switch self {
    case .scene: "The scene"
    case .suspects: "The suspects"
    case .clues: "The clues"
    case .theory: "The theory"
    case .trial: "The trial"
    case .verdict: "The verdict"
    case .breaks: "Where it breaks"
    case .wrong: "What we got wrong"
    case .reflection: "Reflection"
    case .reproduce: "Reproduce it"
    }
  }

  /// Checks that all parts are there, in order and not empty, and that the predictions are shown.
  ///
  /// - Throws: `StoryError` at the line where the part should stand.
  static func check(_ filled: StoryFiller.Filled, file: String, predictions: [Prediction]) throws {
    var from = 0
    for part in allCases {
      let remedy = "add '## \(part.heading) {#\(part.rawValue)}'"
      guard let place = filled.sections.firstIndex(where: { $0.section.id == part.rawValue }) else {
        let line = filled.sections.dropFirst(from).first?.line ?? filled.lastLine
        throw StoryFault("the story has no section '\(part.heading)'", remedy + " before this line")
          .at(file, line)
      }
      guard place >= from else {
        throw StoryFault(
          "the section '\(part.rawValue)' stands too early",
          "the order is \(Wording.list(allCases.map(\.rawValue)))"
        ).at(file, filled.sections[place].line)
      }
      from = place + 1
    }
    for (section, line) in filled.sections {
      guard !section.blocks.isEmpty || section.id == Self.reproduce.rawValue else {
        throw StoryFault("the section '\(section.id)' is empty", "write it").at(file, line)
      }
      for case .prose(let markdown) in section.blocks {
        if let heading = markdown.headings.first(where: { $0.level < 3 }) {
          throw StoryFault(
            "'\(heading.text)' is a heading by the line under it",
            "put '##' or '###' before it, or a blank line between them"
          ).at(file, line)
        }
      }
    }
    let blocks = filled.opening + filled.sections.flatMap(\.section.blocks)
    let tables = blocks.count { $0 == .predictions }
    let verdictLine = filled.sections.first { $0.section.id == Self.verdict.rawValue }?.line ?? 1
    if tables == 0, !predictions.isEmpty {
      throw StoryFault("no line shows the predictions", "add a line {{predictions}}")
        .at(file, verdictLine)
    }
    if tables > 1 {
      throw StoryFault("the predictions are shown twice", "keep one line {{predictions}}")
        .at(file, verdictLine)
    }
  }
}
