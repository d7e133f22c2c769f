/// A term of the field and what it means, for a page's glossary.
public struct Term: Hashable, Sendable {
  /// What a story links to: `[sites](term:site)`.
  public var name: String
  /// What the reader sees, `site`.
  public var title: String
  public var meaning: Markdown

  public init(name: String, title: String, meaning: Markdown) {
    self.name = name
    self.title = title
    self.meaning = meaning
  }

  static let scheme = "term:"

  static func anchor(of name: String) -> String {
    "term-" + name
  }

  var fields: [String: Any] {
    ["anchor": Self.anchor(of: name), "title": title, "meaning": meaning.inlineHTML]
  }
}
