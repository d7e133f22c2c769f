import Documents

/// What the links of a story may lead to.
struct StoryLinks {
  let file: String
  let sections: [String]
  let shown: [String]
  let predictions: [String]
  let terms: [Term]

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
