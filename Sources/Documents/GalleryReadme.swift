/// The gallery as a repository shows it, `README.md` in the folder of the artifacts.
///
/// GitHub shows Markdown but no HTML page, so this leads to what it does show: each case's own `README.md`,
/// which tells the whole story, and its notebook.
public struct GalleryReadme: Hashable, Sendable {
  public var gallery: GalleryPage

  public init(_ gallery: GalleryPage) {
    self.gallery = gallery
  }

  /// The text in GitHub's Markdown.
  public func markdown() -> String {
    var parts = ["# " + Markdown.escaped(gallery.title), gallery.introduction.portable]
    if gallery.cases.isEmpty {
      parts.append("There is no case yet.")
    } else {
      parts += [
        "Each case is told whole here on GitHub, is a notebook to run, and is a page for a browser, where "
          + "the network itself can be touched: clone the repository and open `index.html` beside this "
          + "file.",
        "## The cases, in the order to read them", overview,
      ]
      parts += gallery.cases.flatMap(parts(of:))
    }
    for section in gallery.sections {
      parts.append("## " + section.title.portable)
      for case .prose(let markdown) in section.blocks { parts.append(markdown.portable) }
    }
    if let assignment = gallery.assignment, !gallery.cases.isEmpty {
      let notebooks = gallery.cases.map { "[\($0.slug)](\(Self.notebook(of: $0)))" }
      parts += [
        CaseReadme.anchor("assignment") + "\n\n## The assignment, line by line",
        "A tick leads to where a case answers. The last column names cells of the notebooks: "
          + notebooks.joined(separator: ", ")
          + ". `make submit-check` looks whether all of this is there.",
        assignment.markdown(for: gallery.cases),
      ]
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The cases as a table.
  private var overview: String {
    let rows = gallery.cases.map { page in
      [
        "[\(Markdown.escaped(page.title))](\(Self.story(of: page)))",
        Markdown.escaped((page.question ?? "").plainText),
        Markdown.escaped(page.claim.plainText), Markdown.escaped(page.grade),
        Markdown.escaped(page.verdicts),
      ]
    }
    let header = ["Case", "What it asks", "What it found", "Evidence", "Predictions"]
    return ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
  }

  private func parts(of page: CasePage) -> [String] {
    let kicker = page.kicker.map { Markdown.escaped($0) + ": " } ?? ""
    var parts = ["### \(kicker)\(Markdown.escaped(page.title))"]
    if let cover = page.movedCover { parts.append(cover.markdown) }
    parts.append("*Component:* \(page.component.portable)")
    let facts = page.facts.map { "**\(Markdown.escaped($0.value))** \(Markdown.escaped($0.label))" }
    if !facts.isEmpty { parts.append(facts.joined(separator: " · ")) }
    var links = [
      "[the whole story](\(Self.story(of: page)))", "[the notebook](\(Self.notebook(of: page)))",
    ]
    if let repository = gallery.repository {
      let path = "artifacts/\(page.slug)/\(CasePage.notebookName)"
      links.append("[open it in Colab](\(repository.colab(path)))")
    }
    links.append("[the page for a browser](\(page.slug.urlPath)/index.html)")
    parts.append("Read " + links.joined(separator: " · "))
    return parts
  }

  private static func story(of page: CasePage) -> String { page.slug.urlPath + "/README.md" }

  private static func notebook(of page: CasePage) -> String {
    page.slug.urlPath + "/" + CasePage.notebookName
  }
}

extension CasePage {
  /// The figures in the order in which the page shows them.
  public var pictures: [Picture] {
    (opening + sections.flatMap(\.blocks)).flatMap { block in
      if case .pictures(let pictures) = block { pictures } else { [Picture]() }
    }
  }

  /// The verdicts in a line, `2 held, 1 failed`.
  fileprivate var verdicts: String {
    PredictionRow.Verdict.allCases.compactMap { verdict in
      let count = predictions.count { $0.verdict == verdict }
      return count == 0 ? nil : "\(count) \(verdict.rawValue)"
    }.joined(separator: ", ")
  }
}
