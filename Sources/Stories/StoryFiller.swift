import Documents

/// Puts findings and figures in the places of a story that refer to them.
struct StoryFiller {
  let file: String
  let values: StoryValues
  let figures: [Picture]

  struct Filled {
    var opening: [PageSection.Block] = []
    var sections: [(section: PageSection, line: Int)] = []
    /// The figures in the order in which they are shown.
    var shown: [Picture] = []
    var lastLine = 1

    /// The prose, each with the line of its section; what stands before the first begins on a line of its own.
    func prose(from line: Int) -> [(markdown: Markdown, line: Int)] {
      ([(opening, line)] + sections.map { ($0.section.blocks, $0.line) }).flatMap { blocks, line in
        blocks.compactMap { block in
          if case .prose(let markdown) = block { (markdown, line) } else { nil }
        }
      }
    }
  }

  /// A branch that is open: its line, and whether its text is to be kept.
  private struct Branch {
    let line: Int
    let outerIsTaken: Bool
    var isTaken: Bool
    var wasTaken: Bool
    var isLast = false
  }

  /// The whole story: what is true is kept, what is referred to is put in.
  func filled(_ pieces: [StoryPiece]) throws -> Filled {
    var filled = Filled()
    var prose = ""
    func close() {
      if !prose.trimmed.isEmpty { add(.prose(Markdown(prose)), to: &filled) }
      prose = ""
    }
    try forEachTaken(pieces) { piece in
      filled.lastLine = piece.line
      switch piece.kind {
      case .section(let id, let title):
        close()
        guard !filled.sections.contains(where: { $0.section.id == id }) else {
          throw StoryFault("the section '\(id)' is there twice", "name it otherwise: {#other}")
        }
        let title = Markdown(try line(title))
        filled.sections.append((PageSection(id: id, title: title, blocks: []), piece.line))
      case .pictures(let slugs):
        close()
        let pictures = try slugs.map { try picture($0, line: piece.line) }
        for picture in pictures {
          guard !filled.shown.contains(picture) else {
            throw StoryFault(
              "the figure '\(picture.slug)' is shown twice",
              "link to it instead: [text](figure:\(picture.slug))")
          }
          filled.shown.append(picture)
        }
        add(.pictures(pictures), to: &filled)
      case .predictions:
        close()
        add(.predictions, to: &filled)
      default:
        append(try text(piece), to: &prose)
      }
    }
    close()
    return filled
  }

  /// A text of one line.
  func line(_ pieces: [StoryPiece]) throws -> String {
    var line = ""
    try forEachTaken(pieces) { append(try text($0), to: &line) }
    return line.trimmed
  }

  func picture(_ slug: String, line: Int) throws -> Picture {
    guard let picture = figures.first(where: { $0.slug == slug }) else {
      throw StoryFault.unknown("figure", slug, among: figures.map(\.slug)).at(file, line)
    }
    return picture
  }

  /// Visits the pieces of the branches that are true, and checks the others.
  private func forEachTaken(_ pieces: [StoryPiece], _ visit: (StoryPiece) throws -> Void) throws {
    var branches: [Branch] = []
    for piece in pieces {
      do {
        switch piece.kind {
        case .ifBegins(let condition):
          try condition.check(values)
          let outer = branches.last?.isTaken ?? true
          let isTrue = try outer && condition.isTrue(values)
          branches.append(
            Branch(line: piece.line, outerIsTaken: outer, isTaken: isTrue, wasTaken: isTrue))
        case .elseIf(let condition):
          try condition.check(values)
          try turn(&branches) { try condition.isTrue(values) }
        case .otherwise:
          try turn(&branches) { true }
          branches[branches.count - 1].isLast = true
        case .ifEnds:
          guard branches.popLast() != nil else {
            throw StoryFault("{{/if}} ends nothing", "remove it, or begin with {{#if ...}}")
          }
        default:
          if branches.last?.isTaken ?? true { try visit(piece) } else { try check(piece) }
        }
      } catch let fault as StoryFault {
        throw fault.at(file, piece.line)
      }
    }
    if let open = branches.last {
      throw StoryFault("{{#if}} is never ended", "end it with {{/if}}").at(file, open.line)
    }
  }

  /// Goes on to the next arm of the innermost branch.
  private func turn(_ branches: inout [Branch], isTrue: () throws -> Bool) throws {
    guard var branch = branches.popLast(), !branch.isLast else {
      throw StoryFault(
        "{{else}} stands outside a branch or after its last", "begin with {{#if ...}}")
    }
    branch.isTaken = try branch.outerIsTaken && !branch.wasTaken && isTrue()
    branch.wasTaken = branch.wasTaken || branch.isTaken
    branches.append(branch)
  }

  /// Checks a piece that is not taken, so that no other run of the case finds an error in it.
  private func check(_ piece: StoryPiece) throws {
    switch piece.kind {
    case .reference(let reference): try reference.check(values)
    case .pictures(let slugs): for slug in slugs { _ = try picture(slug, line: piece.line) }
    case .section(_, let title): for part in title { try check(part) }
    default: break
    }
  }

  private func text(_ piece: StoryPiece) throws -> String {
    switch piece.kind {
    case .markdown(let text): text
    case .reference(let reference): Markdown.escaped(try reference.text(values))
    default: ""
    }
  }

  /// Puts a text after another, so that a number and a full stop do not begin a list.
  private func append(_ text: String, to prose: inout String) {
    let lastIsDigit = prose.unicodeScalars.last.map { "0"..."9" ~= $0 } ?? false
    if lastIsDigit, let first = text.unicodeScalars.first, first == "." || first == ")" {
      prose += "\\"
    }
    prose += text
  }

  private func add(_ block: PageSection.Block, to filled: inout Filled) {
    if filled.sections.isEmpty {
      filled.opening.append(block)
    } else {
      filled.sections[filled.sections.count - 1].section.blocks.append(block)
    }
  }
}
