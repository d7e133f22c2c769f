/// A repository on GitHub, whose files a notebook fetches and links to.
public struct Repository: Hashable, Sendable {
  /// Its owner and name, `owner/casebook`.
  public var name: String
  public var branch: String

  public init(name: String, branch: String) {
    self.name = name
    self.branch = branch
  }

  public var page: String { "https://github.com/\(name)" }

  /// Where the bytes of a file are.
  public func raw(_ path: String) -> String {
    "https://raw.githubusercontent.com/\(name)/\(branch)/\(path.urlPath)"
  }

  /// Where Google Colab opens a notebook.
  public func colab(_ path: String) -> String {
    "https://colab.research.google.com/github/\(name)/blob/\(branch)/\(path.urlPath)"
  }
}

extension CasePage {
  /// Where the cells stand that belong to no section: before the first one, and behind all.
  public static let (notebookOpening, notebookEnd) = ("opening", "end")

  /// What the notebook of the case is called, in its folder.
  public static let notebookName = "case-study.ipynb"

  /// The story as cells of a notebook, by the section they tell.
  ///
  /// Links within the page become their text, and figures stay in the folder beside the notebook.
  public func notebookCells(in repository: Repository) -> [(
    section: String, cells: [Notebook.Cell]
  )] {
    let folder = "artifacts/\(slug)"
    func cells(_ id: String, heading: String? = nil, _ blocks: [PageSection.Block])
      -> [Notebook.Cell]
    {
      var texts = blocks.map { text($0, web: { repository.raw("\(folder)/\($0)") }) }
      if let heading {
        texts = texts.isEmpty ? [heading] : ["\(heading)\n\n\(texts[0])"] + texts.dropFirst()
      }
      return texts.enumerated().map { place, text in
        .markdown(text, id: "story-\(id)-\(place + 1)")
      }
    }
    let badge = "https://colab.research.google.com/assets/colab-badge.svg"
    let notebook = repository.colab("\(folder)/\(Self.notebookName)")
    let title = """
      # \(Markdown.escaped(self.title))

      [![Open in Colab](\(badge))](\(notebook)) &nbsp; [the repository](\(repository.page)) · [the \
      gallery](\(repository.page)/blob/\(repository.branch)/artifacts/README.md)

      > \(claim.forNotebook)

      *Evidence:* \(Markdown.escaped(grade)). *Component:* \(component.forNotebook)
      """
    var result = [(Self.notebookOpening, [.markdown(title, id: "title")] + cells("0", opening))]
    for section in sections {
      var blocks = section.blocks
      if section.id == Self.reproductionID { blocks.append(.prose(reproductionText)) }
      result.append(
        (section.id, cells(section.id, heading: "## " + section.title.forNotebook, blocks)))
    }
    var end: [Notebook.Cell] = []
    if !glossary.isEmpty {
      let terms = glossary.map { "- **\(Markdown.escaped($0.title))**: \($0.meaning.forNotebook)" }
      end.append(.markdown("## Terms\n\n" + terms.joined(separator: "\n"), id: "terms"))
    }
    return result + [(Self.notebookEnd, end)]
  }

  private func text(_ block: PageSection.Block, web: (String) -> String) -> String {
    switch block {
    case .prose(let markdown): markdown.forNotebook
    case .predictions: PredictionRow.table(predictions)
    case .pictures(let pictures):
      pictures.map { picture in
        """
        ![\(Markdown.escaped(picture.alt))](\(picture.path.urlPath))

        *\(Markdown.escaped(picture.caption))* ([on the web](\(web(picture.path))))
        """
      }.joined(separator: "\n\n")
    }
  }

  private var reproductionText: Markdown {
    Markdown(
      "The figures show \(Markdown.escaped(reproduction.specimen)).\n\n```sh\n"
        + reproduction.commands.joined(separator: "\n") + "\n```")
  }
}

extension PredictionRow {
  /// Predictions and their verdicts as a table in GitHub's Markdown.
  static func table(_ rows: [PredictionRow]) -> String {
    let cell = Markdown.escaped
    let lines = rows.map { row in
      let control = row.control.map { "<br>*control:* " + cell($0) } ?? ""
      let other = row.controlEffect.map { "<br>*control:* " + cell($0) } ?? ""
      return [
        cell(row.hypothesis),
        cell(row.intervention ?? "none: observed only") + control,
        cell("\(row.passed) (\(row.intervalText))"), cell(row.effect) + other,
        "\(cell(row.verdict.mark)) **\(row.verdict.rawValue)**<br>\(cell(row.p))",
      ]
    }
    let header = ["Prediction", "Intervention", "Seeds that passed", "Effect", "Verdict"]
    return ([header, header.map { _ in "---" }] + lines)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }
}

extension Markdown {
  /// The text for a notebook, where links within the page lead nowhere.
  var forNotebook: String {
    let tree = harmless
    tree.unlinkAnchors()
    tree.replaceFormulas { "$$\n\($0.source)\n$$" }
    return tree.commonMark(unbroken: true).trimmed
  }

  /// The text with each paragraph on one line, and raw HTML as text.
  public var unbroken: String {
    harmless.commonMark(unbroken: true).trimmed
  }

  /// Code in a fence that is longer than any within it.
  public static func fenced(_ code: String, language: String) -> String {
    var fence = "```"
    while code.contains(fence) { fence += "`" }
    return "\(fence)\(language)\n\(code.hasSuffix("\n") ? code : code + "\n")\(fence)"
  }
}
