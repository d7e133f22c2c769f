import CCMark

/// A text in CommonMark.
///
/// Raw HTML never passes: a tag in the source is shown as the characters it was typed with. A link to
/// `term:name` becomes a link to the page's own glossary, and a fence called `math` a formula. There are no tables and
/// no smart punctuation.
///
/// ```swift
/// Markdown("Two *neurons* <b>survive</b>").html()
/// // <p>Two <em>neurons</em> &lt;b&gt;survive&lt;/b&gt;</p>
/// ```
public struct Markdown: Hashable, Sendable, ExpressibleByStringLiteral {
  public let source: String

  public init(_ source: String) {
    self.source = source
  }

  public init(stringLiteral source: String) {
    self.init(source)
  }

  /// The text as HTML blocks, with an anchor on each heading.
  public func html() -> String {
    var anchors = AnchorNames()
    return html(anchors: &anchors)
  }

  /// The text as HTML blocks, with anchors that no other text of the page has taken.
  func html(anchors: inout AnchorNames) -> String {
    let tree = harmless
    tree.linkTerms()
    // A wide one scrolls by itself, by keyboard too.
    tree.replaceFormulas {
      "<div class=\"formula\" role=\"group\" aria-label=\"Formula\" tabindex=\"0\">\($0.mathML)</div>"
    }
    for heading in tree.nodes(CMARK_NODE_HEADING) {
      tree.anchor(heading, name: anchors.claim(tree.plainText(heading)))
    }
    return tree.html()
  }

  /// The text as HTML to stand inside a line, if it is one paragraph; else its plain text, escaped.
  public var inlineHTML: String {
    let html = html()
    let open = "<p>"
    let close = "</p>\n"
    guard html.hasPrefix(open), html.hasSuffix(close) else { return plainText.htmlEscaped }
    let inside = html.dropFirst(open.count).dropLast(close.count)
    return inside.contains(open) ? plainText.htmlEscaped : String(inside)
  }

  /// The text without its markup, a line a block.
  public var plainText: String {
    let tree = MarkdownTree(source)
    return tree.plainText(tree.root)
  }

  /// A heading: its level, 1 to 6, and its plain text.
  public struct Heading: Hashable, Sendable {
    public let level: Int
    public let text: String
  }

  /// The headings in the order in which they stand.
  public var headings: [Heading] {
    let tree = MarkdownTree(source)
    return tree.nodes(CMARK_NODE_HEADING).map {
      Heading(level: Int(cmark_node_get_heading_level($0)), text: tree.plainText($0))
    }
  }

  /// The destinations of all links, in the order in which they stand.
  public var links: [String] {
    let tree = MarkdownTree(source)
    // The nodes go with the tree.
    return withExtendedLifetime(tree) {
      tree.nodes(CMARK_NODE_LINK).compactMap {
        cmark_node_get_url($0).map { String(cString: $0) }
      }
    }
  }

  /// The text as CommonMark for a page elsewhere: raw HTML as text, links within this page as their text.
  var portable: String {
    let tree = harmless
    tree.unlinkAnchors()
    return tree.commonMark().trimmed
  }

  /// The text as any page may hold it: raw HTML as text, and no link that a browser might run.
  var harmless: MarkdownTree {
    let tree = MarkdownTree(source)
    tree.showRawHTML()
    tree.blankForeignLinks()
    return tree
  }

  /// Any text as Markdown that shows it unchanged, on one line.
  ///
  /// ```swift
  /// Markdown.escaped("1. <b> *x* | y")  // 1\. \<b\> \*x\* \| y
  /// ```
  public static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    var isSpace = false
    // Whether all before could be the number of a list item.
    var isNumber = true
    for scalar in text.unicodeScalars {
      if scalar.value < 0x21 {
        isSpace = !result.isEmpty
        continue
      }
      if isSpace { result.append(" ") }
      let isMarker =
        result.isEmpty ? openers.contains(scalar) : isNumber && (scalar == "." || scalar == ")")
      if isMarker || markup.contains(scalar) { result.append("\\") }
      isNumber = isNumber && !isSpace && ("0"..."9").contains(scalar)
      isSpace = false
      if scalar == "\\" {
        result.append(contentsOf: backslash.unicodeScalars)
      } else {
        result.append(scalar)
      }
    }
    return String(result)
  }

  /// A backslash that begins no mathematics in Jupyter, as `\\begin` would.
  static let backslash = "&#92;"

  /// The ASCII punctuation that may shape a text anywhere, in CommonMark, or in GitHub's tables and mathematics.
  private static let markup = Set("`*_[]<>#|&~$".unicodeScalars)

  /// Further punctuation that shapes a text at its beginning.
  private static let openers = Set("+-=:".unicodeScalars)
}
