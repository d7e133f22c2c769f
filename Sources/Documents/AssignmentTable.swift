/// What an assignment asks for, ticked off: each line with the place of every case that answers it.
public struct AssignmentTable: Hashable, Sendable {
  /// Some lines under a heading, such as "Part 1: Setup".
  public struct Part: Hashable, Sendable {
    public var title: String
    public var lines: [Line]

    public init(_ title: String, _ lines: [Line]) {
      self.title = title
      self.lines = lines
    }
  }

  /// One thing that is asked for.
  public struct Line: Hashable, Sendable {
    public var asks: String
    /// How a case answers it, in a few words.
    public var answer: String
    public var place: Place
    /// The cells of a case's notebook that answer it, by their ids.
    public var cells: [String]

    public init(_ asks: String, _ answer: String, _ place: Place, cells: [String]) {
      self.asks = asks
      self.answer = answer
      self.place = place
      self.cells = cells
    }
  }

  /// Where a case answers.
  public enum Place: Hashable, Sendable {
    /// A section of the story, by its anchor.
    case section(String)
    /// The network that runs on the page.
    case live

    /// The anchor of the place.
    public var anchor: String {
      switch self {
      case .section(let id): id
      case .live: LiveNetwork.anchor
      }
    }
  }

  public var parts: [Part]

  public init(_ parts: [Part]) {
    self.parts = parts
  }

  public var lines: [Line] { parts.flatMap(\.lines) }

  /// The table in GitHub's Markdown, with a column for each case.
  func markdown(for cases: [CasePage]) -> String {
    let heads = cases.map { "[\($0.slug)](\($0.slug.urlPath)/README.md)" }
    var rows = [["The assignment asks for", "Answered by"] + heads + ["Cells of the notebook"]]
    rows.append(rows[0].indices.map { (2..<2 + cases.count).contains($0) ? ":---:" : "---" })
    for part in parts {
      rows.append(
        ["**\(Markdown.escaped(part.title))**"] + rows[0].dropFirst().map { _ in "" })
      rows += part.lines.map { line in
        [Markdown.escaped(line.asks), Markdown.escaped(line.answer)]
          + cases.map { tick(line.place, in: $0) }
          + [line.cells.map { "`\($0)`" }.joined(separator: ", ")]
      }
    }
    return rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private func tick(_ place: Place, in page: CasePage) -> String {
    switch place {
    case .live: "[✓](\(page.slug.urlPath)/index.html#\(place.anchor))"
    case .section(let id) where page.sections.contains { $0.id == id }:
      "[✓](\(page.slug.urlPath)/README.md#\(id.urlPath))"
    case .section: "missing"
    }
  }
}
