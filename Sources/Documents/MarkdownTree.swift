import CCMark

/// The syntax tree of a CommonMark text, as libcmark holds it.
final class MarkdownTree {
  let root: OpaquePointer

  init(_ source: String) {
    var source = source
    root = source.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) {
        cmark_parse_document($0.baseAddress, $0.count, CMARK_OPT_DEFAULT)
      }
    }
  }

  deinit {
    cmark_node_free(root)
  }

  /// The tree as HTML; libcmark leaves out destinations such as `javascript:`.
  func html() -> String {
    guard let html = cmark_render_html(root, CMARK_OPT_DEFAULT) else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(html) }
    return String(cString: html)
  }

  /// The tree as CommonMark, whose lines break where those of the source do, or nowhere within a paragraph.
  ///
  /// GitHub and Jupyter find mathematics between dollars and behind backslashes; outside of code both are written so
  /// that they find none.
  func commonMark(unbroken: Bool = false) -> String {
    // While libcmark writes, which leaves the one and doubles the other, two characters without a meaning stand for them.
    let signs = [
      (sign: "$", mark: "\u{E000}", written: "\\$"),
      (sign: "\\", mark: "\u{E001}", written: Markdown.backslash),
    ]
    for each in signs { replaceText(each.sign, with: each.mark) }
    let options = unbroken ? CMARK_OPT_NOBREAKS : CMARK_OPT_DEFAULT
    guard let text = cmark_render_commonmark(root, options, 0) else { return "" }
    defer { cmark_get_default_mem_allocator().pointee.free(text) }
    return signs.reduce(String(cString: text)) { text, each in
      text.replacingScalars(each.mark, with: each.written)
    }
  }

  /// All nodes of a kind, in the order in which they stand.
  func nodes(_ kind: cmark_node_type, in parent: OpaquePointer? = nil) -> [OpaquePointer] {
    var found: [OpaquePointer] = []
    forEach(in: parent ?? root) { node, entering in
      if entering, cmark_node_get_type(node) == kind { found.append(node) }
    }
    return found
  }

  /// The text within a node without its markup, a line a block.
  func plainText(_ node: OpaquePointer) -> String {
    var text = ""
    forEach(in: node) { node, entering in
      switch (cmark_node_get_type(node), entering) {
      case (CMARK_NODE_SOFTBREAK, _), (CMARK_NODE_LINEBREAK, _):
        text += " "
      case (CMARK_NODE_PARAGRAPH, false), (CMARK_NODE_HEADING, false):
        text += "\n"
      default:
        if entering, let literal = cmark_node_get_literal(node) { text += String(cString: literal) }
      }
    }
    return text.trimmed
  }

  /// Turns raw HTML into the text that it was typed as.
  func showRawHTML() {
    for node in nodes(CMARK_NODE_HTML_INLINE) {
      replace(node, with: textNode(String(cString: cmark_node_get_literal(node))))
    }
    for node in nodes(CMARK_NODE_HTML_BLOCK) {
      guard let paragraph = cmark_node_new(CMARK_NODE_PARAGRAPH) else { continue }
      let text = String(cString: cmark_node_get_literal(node)).trimmed
      cmark_node_append_child(paragraph, textNode(text))
      replace(node, with: paragraph)
    }
  }

  /// Replaces a text by another, outside code.
  private func replaceText(_ old: String, with new: String) {
    for node in nodes(CMARK_NODE_TEXT) {
      let text = String(cString: cmark_node_get_literal(node))
      cmark_node_set_literal(node, text.replacingScalars(old, with: new))
    }
  }

  /// Turns each link to `term:name` into one to the page's glossary.
  func linkTerms() {
    for link in nodes(CMARK_NODE_LINK) {
      let url = String(cString: cmark_node_get_url(link))
      guard url.hasPrefix(Term.scheme) else { continue }
      let anchor = Term.anchor(of: String(url.dropFirst(Term.scheme.count)))
      wrap(
        link, in: CMARK_NODE_CUSTOM_INLINE,
        opening: "<a class=\"term\" href=\"#\(anchor.htmlEscaped)\">", closing: "</a>")
    }
  }

  /// Takes the destination from each link that a browser might run, or that leaves the web.
  func blankForeignLinks() {
    for link in nodes(CMARK_NODE_LINK) {
      let url = String(cString: cmark_node_get_url(link)).lowercased()
      let beforePath = url.prefix { $0 != "/" && $0 != "#" && $0 != "?" }
      let isKnown = ["http:", "https:", "mailto:", Term.scheme].contains { url.hasPrefix($0) }
      if beforePath.unicodeScalars.contains(":") && !isKnown { cmark_node_set_url(link, "") }
    }
  }

  /// Turns each link to `term:name` into one to an anchor, in Markdown.
  func pointToTerms() {
    for link in nodes(CMARK_NODE_LINK) {
      let url = String(cString: cmark_node_get_url(link))
      guard url.hasPrefix(Term.scheme) else { continue }
      cmark_node_set_url(link, "#" + Term.anchor(of: String(url.dropFirst(Term.scheme.count))))
    }
  }

  /// Leaves of each link to a place on the page its text alone.
  func unlinkAnchors() {
    for link in nodes(CMARK_NODE_LINK) {
      let url = String(cString: cmark_node_get_url(link))
      guard url.hasPrefix("#") || url.hasPrefix(Term.scheme) else { continue }
      wrap(link, in: CMARK_NODE_CUSTOM_INLINE, opening: "", closing: "")
    }
  }

  /// Gives a heading an anchor.
  func anchor(_ heading: OpaquePointer, name: String) {
    let level = cmark_node_get_heading_level(heading)
    wrap(
      heading, in: CMARK_NODE_CUSTOM_BLOCK, opening: "<h\(level) id=\"\(name.htmlEscaped)\">",
      closing: "</h\(level)>")
  }

  /// Puts something in the place of each formula that can be set.
  ///
  /// - Parameter written: From a formula to the text of a block that is passed on as it is.
  func replaceFormulas(_ written: (Formula) -> String) {
    for fence in nodes(CMARK_NODE_CODE_BLOCK) {
      guard let info = cmark_node_get_fence_info(fence),
        let literal = cmark_node_get_literal(fence),
        String(cString: info).trimmed == Formula.language,
        let formula = try? Formula(String(cString: literal))
      else { continue }
      wrap(fence, in: CMARK_NODE_CUSTOM_BLOCK, opening: written(formula), closing: "")
    }
  }

  private func textNode(_ text: String) -> OpaquePointer? {
    let node = cmark_node_new(CMARK_NODE_TEXT)
    cmark_node_set_literal(node, text)
    return node
  }

  private func replace(_ old: OpaquePointer, with new: OpaquePointer?) {
    cmark_node_replace(old, new)
    cmark_node_free(old)
  }

  /// Moves what a node holds into a node that is rendered with other tags.
  private func wrap(
    _ node: OpaquePointer, in kind: cmark_node_type, opening: String, closing: String
  ) {
    let custom = cmark_node_new(kind)
    cmark_node_set_on_enter(custom, opening)
    cmark_node_set_on_exit(custom, closing)
    while let child = cmark_node_first_child(node) {
      guard cmark_node_append_child(custom, child) == 1 else { break }
    }
    replace(node, with: custom)
  }

  private func forEach(in node: OpaquePointer, _ visit: (OpaquePointer, _ entering: Bool) -> Void) {
    let iterator = cmark_iter_new(node)
    defer { cmark_iter_free(iterator) }
    while true {
      let event = cmark_iter_next(iterator)
      guard event != CMARK_EVENT_DONE, let node = cmark_iter_get_node(iterator) else { return }
      visit(node, event == CMARK_EVENT_ENTER)
    }
  }
}
