/// A case as a repository shows it, `README.md` in its folder: the whole story in GitHub's Markdown.
public struct CaseReadme: Hashable, Sendable {
  public var page: CasePage

  public init(_ page: CasePage) {
    self.page = page
  }

  /// The text in GitHub's Markdown.
  public func markdown() -> String {
    var parts = ["# " + Markdown.escaped(page.title)]
    if let question = page.question { parts.append("*\(Markdown.escaped(question.plainText))*") }
    parts += [
      "> \(page.claim.portable)",
      "*Evidence:* \(Markdown.escaped(page.grade)). *Component:* \(page.component.portable)",
      page.facts.map { "**\(Markdown.escaped($0.value))** \(Markdown.escaped($0.label))" }
        .joined(separator: " · "),
      "In a browser, [the page](index.html) has the network itself, to touch and to break. "
        + "[The notebook](\(CasePage.notebookName)) checks the story in Python. "
        + "[All cases](../README.md).",
    ]
    parts += text(page.opening)
    for section in page.sections {
      parts.append(Self.anchor(section.id) + "\n\n## " + section.title.portable)
      parts += text(section.blocks)
      if section.id == CasePage.reproductionID { parts += reproduction }
    }
    if !page.glossary.isEmpty {
      parts.append("## Terms")
      parts.append(
        page.glossary.map { term in
          "- \(Self.anchor(Term.anchor(of: term.name)))**\(Markdown.escaped(term.title))**: "
            + term.meaning.portable
        }.joined(separator: "\n"))
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  /// A place that links lead to; GitHub names headings after their words, which are not ours to know.
  public static func anchor(_ name: String) -> String {
    "<a name=\"\(name.htmlEscaped)\"></a>"
  }

  private func text(_ blocks: [PageSection.Block]) -> [String] {
    blocks.flatMap { block -> [String] in
      switch block {
      case .prose(let markdown): [markdown.linkedWithin]
      case .pictures(let pictures): pictures.map(\.markdown)
      case .predictions: page.predictions.isEmpty ? [] : [PredictionRow.table(page.predictions)]
      }
    }
  }

  private var reproduction: [String] {
    let commands = page.reproduction.commands.joined(separator: "\n")
    return [
      "*Shown in the figures:* \(Markdown.escaped(page.reproduction.specimen))",
      Markdown.fenced(commands, language: "sh"),
    ]
  }
}

extension Picture {
  /// The picture with its caption, in Markdown.
  var markdown: String {
    "![\(Markdown.escaped(alt))](\(path.urlPath))\n\n*\(Markdown.escaped(caption))*"
  }
}

extension Markdown {
  /// The text as CommonMark for GitHub, with links to the page's own anchors and glossary.
  var linkedWithin: String {
    let tree = harmless
    tree.pointToTerms()
    return tree.commonMark().trimmed
  }
}
