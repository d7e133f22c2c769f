extension CasePage {
  /// The page as HTML.
  public func html() -> String {
    var anchors = AnchorNames()
    for id in Self.ownAnchors + sections.map(\.id) {
      _ = anchors.claim(id)
    }
    var fields: [String: Any] = [
      "slug": slug, "title": title, "pageTitle": title + " · Casebook",
      "pageType": "article", "description": claim.plainText, "claim": claim.inlineHTML,
      "grade": grade, "component": component.inlineHTML, "facts": facts.map(\.fields),
      "hasFacts": !facts.isEmpty, "tally": tally, "hasTally": !predictions.isEmpty,
      "glossary": glossary.map(\.fields), "hasGlossary": !glossary.isEmpty,
    ]
    fields["opening"] = PageSection.fields(
      opening, predictions: predictions, anchors: &anchors)
    fields["sections"] = sections.map { section in
      var fields = section.fields(predictions: predictions, anchors: &anchors)
      if section.id == Self.reproductionID { fields["reproduction"] = reproduction.fields }
      if live != nil, section.id == (sections.first { $0.id == Self.sceneID } ?? sections[0]).id {
        fields["live"] = ["still": cover?.fields as Any]
      }
      return fields
    }
    if let live {
      fields["program"] = [
        "script": LiveNetwork.script, "scriptHash": LiveNetwork.scriptHash, "data": live.json,
      ]
    }
    let style = Template.style + (live == nil ? "" : LiveNetwork.style)
    fields.merge(Template.fields(style: style)) { $1 }
    if let question { fields["question"] = question.inlineHTML }
    if let kicker { fields["kicker"] = kicker }
    if let cover {
      fields["preview"] = cover.preview(at: "\(slug)/\(cover.path)", in: repository)
    }
    if let previous { fields["previous"] = previous.fields }
    if let next { fields["next"] = next.fields }
    return Template.casePage.render(fields)
  }

  /// The anchors that are the page's own.
  private static let ownAnchors = [
    "top", "contents", "content", "glossary", "touch", "live-network", "live-data", "live-step",
  ]
}
