import Documents

/// What the links of a story may lead to.
struct StoryLinks {
  let file: String
  let sections: [String]
  let shown: [String]
  let predictions: [String]
  let terms: [Term]

  /// Whether a link may lead there: out to the web, to a term, or within the gallery.
  ///
  /// It looks at bytes, not at characters: a colon with a combining accent is one `Character` that equals no colon, and
  /// still ends a scheme.
  static func isAllowed(_ target: String) -> Bool {
    if ["http://", "https://", "mailto:", "term:"].contains(where: target.hasPrefix) {
      return true
    }
    let beforePath = target.utf8.prefix { !"/#?".utf8.contains($0) }
    return !beforePath.contains(UInt8(ascii: ":")) && !target.utf8.starts(with: "//".utf8)
  }

  /// Refuses a link of whatever form, as CommonMark reads it, that leads out of the gallery but not to the web.
  ///
  /// - Throws: `StoryError` naming where it leads.
  static func check(_ markdown: Markdown, file: String, line: Int) throws {
    guard let target = markdown.links.first(where: { !isAllowed($0) }) else { return }
    throw fault(target).at(file, line)
  }

  static func fault(_ target: String) -> StoryFault {
    StoryFault(
      "a link leads to '\(target)'",
      "link to https:, term:, figure:, prediction:, a '#section' or a path")
  }

  /// The terms that the links lead to, in the glossary's order.
  ///
  /// - Throws: `StoryError` for a link within the page that leads nowhere.
  func terms(in links: [(target: String, line: Int)]) throws -> [Term] {
    let scheme = "term:"
    let anchors =
      sections + shown.map { "figure-" + $0 } + predictions.map { "prediction-" + $0 }
      + ["top", "glossary"]
    var used: Set<String> = []
    for (target, line) in links {
      if target.hasPrefix(scheme) {
        let name = String(target.dropFirst(scheme.count))
        guard terms.contains(where: { $0.name == name }) else {
          throw StoryFault.unknown("term", name, among: terms.map(\.name)).at(file, line)
        }
        used.insert(name)
      } else if target.hasPrefix("#"), !anchors.contains(String(target.dropFirst())) {
        throw StoryFault.unknown("place on the page", target, among: anchors.map { "#" + $0 })
          .at(file, line)
      }
    }
    return terms.filter { used.contains($0.name) }
  }
}
