/// The page of the whole gallery, `index.html`, which leads to the cases.
public struct GalleryPage: Hashable, Sendable {
  public var title: String
  /// What the gallery is, in two sentences or so.
  public var introduction: Markdown
  /// The cases in the order in which they are to be read, each with its number above the title.
  public var cases: [CasePage]
  /// What stands below the cases, such as how to add one.
  public var sections: [PageSection]
  /// What the gallery is handed in for, for its `README.md` alone.
  public var assignment: AssignmentTable?
  /// Where the gallery is published, for links to Google Colab and for previews.
  public var repository: Repository?

  public init(
    title: String, introduction: Markdown, cases: [CasePage], sections: [PageSection] = [],
    assignment: AssignmentTable? = nil, repository: Repository? = nil
  ) {
    self.title = title
    self.introduction = introduction
    self.cases = cases
    self.sections = sections
    self.assignment = assignment
    self.repository = repository
  }

  /// The page as HTML.
  public func html() -> String {
    var anchors = AnchorNames()
    for id in ["top", "content", "cases"] + sections.map(\.id) { _ = anchors.claim(id) }
    var fields: [String: Any] = [
      "title": title, "pageTitle": title, "pageType": "website",
      "description": introduction.plainText, "introduction": introduction.html(anchors: &anchors),
      "cards": cases.map(card), "empty": cases.isEmpty,
      "sections": sections.map { $0.fields(predictions: [], anchors: &anchors) },
    ]
    fields.merge(Template.fields()) { $1 }
    if let cover = cases.first?.movedCover {
      fields["preview"] = cover.preview(at: cover.path, in: repository)
    }
    return Template.galleryPage.render(fields)
  }

  private func card(_ page: CasePage) -> [String: Any] {
    var fields: [String: Any] = [
      "slug": page.slug, "cardTitle": page.title, "claim": page.claim.inlineHTML,
      "grade": page.grade, "facts": page.facts.map(\.fields), "hasFacts": !page.facts.isEmpty,
      "tally": page.tally, "hasTally": !page.predictions.isEmpty,
    ]
    if let question = page.question { fields["question"] = question.inlineHTML }
    if let kicker = page.kicker { fields["cardKicker"] = kicker }
    if let cover = page.movedCover { fields["cardCover"] = cover.fields }
    return fields
  }
}

extension CasePage {
  /// The cover as a page of the gallery's own folder reaches it.
  var movedCover: Picture? { cover?.moved(into: slug) }
}
