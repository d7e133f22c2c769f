import Testing

@testable import Documents

/// Formulas against MathML written by hand.
@Suite struct FormulaTests {
  private func set(_ source: String) throws -> String {
    let all = try Formula(source).mathML
    let start = try #require(all.firstRange(of: "\">")).upperBound
    return String(all[start...].dropLast("</math>".count))
  }

  @Test(arguments: [
    ("x", "<mi>x</mi>"),
    ("a-1.5", "<mi>a</mi><mo>−</mo><mn>1.5</mn>"),
    ("x_1^2", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
    ("x^2_1", "<msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup>"),
    (
      "h_{t-1}",
      "<msub><mi>h</mi><mrow><mi>t</mi><mo>−</mo><mn>1</mn></mrow></msub>"
    ),
    (
      #"\sum_i v_i"#,
      "<munder><mo>∑</mo><mi>i</mi></munder><msub><mi>v</mi><mi>i</mi></msub>"
    ),
    (
      #"\max_{i}^n"#, "<munderover><mi>max</mi><mrow><mi>i</mi></mrow><mi>n</mi></munderover>"
    ),
    (
      #"\frac{1}{\sqrt d}"#,
      "<mfrac><mrow><mn>1</mn></mrow><mrow><msqrt><mi>d</mi></msqrt></mrow></mfrac>"
    ),
    (
      #"\mathrm{relu}(x)"#,
      "<mrow><mi>relu</mi><mo>&#x2061;</mo></mrow><mo stretchy=\"false\">(</mo><mi>x</mi>"
        + "<mo stretchy=\"false\">)</mo>"
    ),
    (
      #"\left(a\right."#, "<mrow><mo stretchy=\"true\">(</mo><mi>a</mi></mrow>"
    ),
    (
      #"\hat\alpha\le\text{if so: }"#,
      "<mover accent=\"true\"><mi>α</mi><mo>^</mo></mover><mo>≤</mo><mtext>if\u{A0}so:\u{A0}</mtext>"
    ),
    (
      #"\begin{pmatrix}a & b\\ c\end{pmatrix}"#,
      "<mrow><mo stretchy=\"true\">(</mo><mtable class=\"pmatrix\"><mtr><mtd><mi>a</mi></mtd><mtd>"
        + "<mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd></mtr></mtable><mo stretchy=\"true\">)</mo></mrow>"
    ),
  ])
  func isSet(source: String, mathML: String) throws {
    #expect(try set(source) == mathML)
  }

  @Test(arguments: [
    ("", 0, "is empty"), ("  \n ", 0, "is empty"), ("x\n+ \\foo", 1, "no command '\\foo'"),
    ("{x", 0, "'}' is missing at the end"), ("x}", 0, "'}' opens or closes nothing"),
    ("x_1_2", 0, "a second '_'"), ("x_", 0, "missing at the end"), ("_1", 0, "beside nothing"),
    ("x_^2", 0, "a script has a script"), ("a & b", 0, "'&' opens or closes nothing"),
    (#"a \\ b"#, 0, "belongs to no table"), (#"\end{cases}"#, 0, "belongs to no table"),
    (#"\begin{cases}a"#, 0, "'\\end{cases}' is missing"),
    (#"\begin{tikz}a\end{tikz}"#, 0, "no table"),
    (#"\left a"#, 0, "need a bracket"), (#"\left(a"#, 0, "'\\right' is missing"),
    (#"\right)"#, 0, "no command '\\right'"), (#"\text{a$b}"#, 0, "is not made of letters"),
    (#"\text{<b>}"#, 0, "is not made of letters"), (#"\text x"#, 0, "needs {…}"),
    ("\\", 0, "no command"),
    ("x\n\ny", 1, "an empty line"), ("x\n<script>", 1, "'<' has no meaning"),
    ("a\n$$", 1, "'$' has no meaning"), ("é", 0, "'é' has no meaning"), ("🙂", 0, "has no meaning"),
    ("\u{5D0}", 0, "has no meaning"), ("\"x", 0, "has no meaning"), ("a`", 0, "has no meaning"),
  ])
  func isRefused(source: String, line: Int, what: String) {
    let error = #expect(throws: FormulaError.self) { try Formula(source) }
    #expect(error?.line == line)
    #expect(error?.what.contains(what) == true, "\(error?.what ?? "")")
  }

  @Test(arguments: ["{", #"\sqrt{"#, #"\left("#, "x_{", #"\frac"#, #"\begin{cases}"#])
  func depthHasAnEnd(opening: String) {
    let deep = String(repeating: opening, count: 10_000)
    #expect(throws: FormulaError.self) { try Formula(deep) }
  }

  @Test func wordsOfAnyScriptPass() throws {
    let text = try Formula(#"\text{אם, wenn é}"#).mathML
    #expect(text.hasSuffix("<mtext>אם,\u{A0}wenn\u{A0}é</mtext></math>"))
  }

  @Test func oneSourceServesAllReaders() {
    let story = Markdown("Before.\n\n```math\nx_1 \\lt y'\n```\n\nAfter.")
    let html = story.html()
    #expect(html.contains("<math display=\"block\" alttext=\"x_1 \\lt y&#39;\"><msub>"))
    #expect(html.contains("<mo>&lt;</mo>") && !html.contains("<pre>"))
    #expect(story.forNotebook == "Before.\n\n$$\nx_1 \\lt y'\n$$\n\nAfter.")
    #expect(story.linkedWithin == "Before.\n\n``` math\nx_1 \\lt y'\n```\n\nAfter.")
  }

  @Test func whatCannotBeSetStaysCode() {
    let html = Markdown("```math\n<script>\n```").html()
    #expect(html.contains("<code class=\"language-math\">&lt;script&gt;"))
  }
}
