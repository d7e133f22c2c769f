import Testing

@testable import Documents

@Suite struct MarkdownTests {
  @Test func rendersCommonMark() {
    #expect(
      Markdown("Two *are* **left**.").html() == "<p>Two <em>are</em> <strong>left</strong>.</p>\n")
    #expect(Markdown("- a\n- b").html() == "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n")
    #expect(Markdown("\"quoted\" -- so").html() == "<p>&quot;quoted&quot; -- so</p>\n")
  }

  @Test func showsRawHTMLAsText() {
    #expect(
      Markdown("a <b onclick=x>bold</b>").html()
        == "<p>a &lt;b onclick=x&gt;bold&lt;/b&gt;</p>\n")
    let script = "<script>\nlet x = 1 < 2\n\nalert('x')\n</script>"
    let html = Markdown(script).html()
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;\nlet x = 1 &lt; 2"))
    #expect(html.contains("alert('x')\n&lt;/script&gt;"))
    #expect(!html.contains("omitted"))
  }

  @Test(arguments: [
    "javascript:alert(1)", "JavaScript:x", "vbscript:x", "data:text/html,x", "file:///x",
  ])
  func leavesOutDangerousDestinations(_ destination: String) {
    #expect(Markdown("[a](\(destination))").html() == "<p><a href=\"\">a</a></p>\n")
  }

  @Test(arguments: [
    "javascript:alert(1)", "&#106;avascript:x", "JAVASCRIPT&colon;x", "data:text/html,x", "x-y:z",
    "<javascript:x>", "vbscript&#58;x",
  ])
  func leavesOutDangerousDestinationsElsewhereToo(_ destination: String) {
    #expect(Markdown("[a](\(destination))").portable == "[a]()")
    #expect(Markdown("[a][b]\n\n[b]: \(destination)").portable == "[a]()")
    #expect(Markdown("[a](\(destination))").html() == "<p><a href=\"\">a</a></p>\n")
  }

  @Test func anchorsEachHeadingOnce() {
    let html = Markdown("### The *trial* run\n\n### The trial run\n\n### !").html()
    #expect(html.contains("<h3 id=\"the-trial-run\">\nThe <em>trial</em> run\n</h3>"))
    #expect(html.contains("<h3 id=\"the-trial-run-2\">"))
    #expect(html.contains("<h3 id=\"section\">\n!"))
  }

  @Test func linksTerms() {
    #expect(
      Markdown("[a *site*](term:site)").inlineHTML
        == "<a class=\"term\" href=\"#term-site\">a <em>site</em></a>")
  }

  @Test func givesPlainText() {
    let source = "## A *b*\n\nc `d`\ne [f](g) ![h](i)\n\n- j\n- k <l>"
    #expect(Markdown(source).plainText == "A b\nc d e f h\nj\nk <l>")
    #expect(Markdown(source).headings == [Markdown.Heading(level: 2, text: "A b")])
    #expect(Markdown(source).links == ["g"])
    #expect(Markdown("").plainText == "")
  }

  @Test func putsMoreThanAParagraphInALineAsText() {
    #expect(Markdown("a *b*").inlineHTML == "a <em>b</em>")
    #expect(Markdown("# a & b\n\n<c>").inlineHTML == "a &amp; b\n&lt;c&gt;")
  }

  @Test(
    arguments: hostileTexts + ["1. a", "12) b", "- c", "+ d", "=== e", ": f", "a\n\nb", "x_y_z"])
  func escapesAnyText(_ text: String) {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(Markdown(Markdown.escaped(text)).plainText == line)
    #expect(Markdown("start " + Markdown.escaped(text) + " end").plainText == "start \(line) end")
    #expect(!Markdown(Markdown.escaped(text)).inlineHTML.contains("<"))
  }

  /// Law: whatever is escaped is one paragraph of that text and nothing else.
  @Test func escapesRandomMarkup() {
    let alphabet = Array("ab1.)*_`[]()<>#+-=!|&;:~\\\"'{}@/ \t\n")
    var generator = SeededGenerator()
    for _ in 0..<3_000 {
      let text = String((0..<12).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
      let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(Markdown(Markdown.escaped(text)).plainText == line, "\(text.debugDescription)")
      #expect(line.isEmpty || Markdown(Markdown.escaped(text)).html().hasPrefix("<p>"))
    }
  }
}
