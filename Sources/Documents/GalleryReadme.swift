/// The gallery as a repository shows it, `README.md` in the folder of the artifacts.
///
/// GitHub shows Markdown but no HTML page, so this holds of each case what a reader must see without
/// opening one: claim, grade, picture, verdicts, and the figures folded away.
public struct GalleryReadme: Hashable, Sendable {
  public var gallery: GalleryPage

  public init(_ gallery: GalleryPage) {
    self.gallery = gallery
  }

  /// The text in GitHub's Markdown.
  public func markdown() -> String {
    var parts = ["# " + Markdown.escaped(gallery.title), gallery.introduction.portable]
    parts += [
      "The pages read best in a browser: clone the repository and open `index.html` beside this file."
    ]
    if gallery.cases.isEmpty {
      parts.append("There is no case yet.")
    } else {
      parts.append(overview)
      parts += gallery.cases.flatMap(parts(of:))
    }
    for section in gallery.sections {
      parts.append("## " + section.title.portable)
      for case .prose(let markdown) in section.blocks { parts.append(markdown.portable) }
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The cases as a table.
  private var overview: String {
    let rows = gallery.cases.map { page in
      [
        "[\(Self.cell(page.title))](\(page.slug.urlPath)/index.html)",
        Self.cell(page.claim.plainText),
        Self.cell(page.grade), Self.cell(page.verdicts),
      ]
    }
    return Self.table(["Case", "What it found", "Evidence", "Predictions"], rows)
  }

  private func parts(of page: CasePage) -> [String] {
    var parts = ["## " + Markdown.escaped(page.title)]
    parts.append(
      "> \(page.claim.portable)\n\n*Evidence:* \(Markdown.escaped(page.grade)). "
        + "*Component:* \(page.component.portable)")
    if let cover = page.movedCover { parts.append(Self.picture(cover)) }
    if !page.predictions.isEmpty {
      parts.append(PredictionRow.table(page.predictions))
    }
    let rest = page.pictures.filter { $0 != page.cover }
    if !rest.isEmpty {
      parts.append("<details><summary>The other figures of this case</summary>")
      parts += rest.map { Self.picture($0.moved(into: page.slug)) }
      parts.append("</details>")
    }
    parts.append(
      "The whole story: [`\(page.slug)/index.html`](\(page.slug.urlPath)/index.html). Made again by:"
    )
    parts.append(
      Markdown.fenced(page.reproduction.commands.joined(separator: "\n"), language: "sh"))
    return parts
  }

  private static func picture(_ picture: Picture) -> String {
    "![\(Markdown.escaped(picture.alt))](\(picture.path.urlPath))\n\n*\(Markdown.escaped(picture.caption))*"
  }

  private static func cell(_ text: String) -> String {
    Markdown.escaped(text)
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }
      .joined(separator: "\n")
  }
}

extension CasePage {
  /// The figures in the order in which the page shows them.
  var pictures: [Picture] {
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
