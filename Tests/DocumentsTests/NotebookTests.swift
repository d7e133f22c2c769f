import Foundation
import Testing

@testable import Documents

@Suite struct NotebookTests {
  private func members(_ notebook: Notebook) throws -> [String: Any] {
    let text = try notebook.json()
    return try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test func isOfTheFormat() throws {
    let notebook = Notebook([.markdown("# A", id: "title"), .code("print(1)", id: "one")])
    let members = try members(notebook)
    #expect(members["nbformat"] as? Int == 4 && members["nbformat_minor"] as? Int == 5)
    let metadata = try #require(members["metadata"] as? [String: [String: String]])
    #expect(metadata["kernelspec"]?["name"] == "python3")
    #expect(metadata["language_info"] == ["name": "python"], "and no version")
    let cells = try #require(members["cells"] as? [[String: Any]])
    #expect(cells.map { $0["id"] as? String } == ["title", "one"])
    #expect(cells.map { $0["cell_type"] as? String } == ["markdown", "code"])
    #expect(Set(cells[0].keys) == ["cell_type", "id", "metadata", "source"])
    #expect(
      Set(cells[1].keys) == [
        "cell_type", "execution_count", "id", "metadata", "outputs", "source",
      ])
    #expect(cells[1]["execution_count"] is NSNull && (cells[1]["outputs"] as? [Any])?.count == 0)
  }

  @Test func isTheSameEveryTime() throws {
    let notebook = Notebook((0..<20).map { .code("x = \($0)", id: "cell-\($0)") })
    let text = try notebook.json()
    #expect(text.hasSuffix("}\n"))
    for _ in 0..<5 { #expect(try notebook.json() == text) }
  }

  @Test(arguments: hostileTexts)
  func keepsAnyText(_ text: String) throws {
    let cells = try members(Notebook([.code(text, id: "a")]))["cells"] as? [[String: Any]]
    #expect(cells?[0]["source"] as? String == text)
  }

  @Test(arguments: ["", "a b", "é", "a/b", String(repeating: "a", count: 65)])
  func refusesWhatIsNoID(_ id: String) {
    #expect(throws: InvalidNotebook.self) { try Notebook([.code("", id: id)]).json() }
  }

  @Test func refusesAnIDThatIsThereTwice() throws {
    let error = #expect(throws: InvalidNotebook.self) {
      try Notebook([.code("", id: "same"), .markdown("", id: "same")]).json()
    }
    #expect(error?.description == "two cells have the id 'same'")
  }
}

@Suite struct PercentScriptTests {
  @Test func readsCells() throws {
    let script = try PercentScript(
      """
      # Comments above are nobody's.

      # %% [markdown] id="about-cut" after="trial"
      # **Cut.**
      #
      # All but *two*.

      # %% id="cut"

      # A comment of the code.
      x = 1

      y = 2  # %% no cell
      # %%bash is none either

      # %% id="end" after="verdict"
      """)
    #expect(script.cells.map(\.section) == ["trial", "trial", "verdict"])
    #expect(script.cells.map(\.line) == [3, 8, 16])
    #expect(
      script.cells.map(\.cell) == [
        .markdown("**Cut.**\n\nAll but *two*.", id: "about-cut"),
        .code(
          "# A comment of the code.\nx = 1\n\ny = 2  # %% no cell\n# %%bash is none either",
          id: "cut"),
        .code("", id: "end"),
      ])
  }

  @Test(arguments: [
    ("x = 1\n# %% id=\"a\" after=\"trial\"", 1, "no comment"),
    ("# %% [markdown] id=\"a\" after=\"trial\"\ntext", 2, "no comment"),
    ("# %% id=\"a\"", 1, "after what"),
    ("# %% after=\"trial\"", 1, "no id"),
    ("# %% id=\"a b\" after=\"trial\"", 1, "has 'id=\"a'"),
    ("# %% id=\"ä\" after=\"trial\"", 1, "no id"),
    ("# %% [code] id=\"a\" after=\"trial\"", 1, "has '[code]'"),
    ("# %% id=\"a\" after=\"trial\"\n# %% id=\"a\"", 2, "there twice"),
  ])
  func saysWhereItIsAtFault(_ source: String, _ line: Int, _ what: String) throws {
    let fault = #expect(throws: PercentScript.Fault.self) { try PercentScript(source) }
    #expect(fault?.line == line)
    #expect(fault?.what.contains(what) == true, "\(fault?.what ?? "")")
  }
}

@Suite struct NotebookStoryTests {
  private let repository = Repository(name: "somebody/casebook", branch: "main")

  private func cells(_ page: CasePage) -> [Notebook.Cell] {
    page.notebookCells(in: repository).flatMap(\.cells)
  }

  @Test func tellsAllSectionsInTheirOrder() throws {
    let page = page()
    let story = page.notebookCells(in: repository)
    #expect(story.map(\.section) == ["opening"] + page.sections.map(\.id) + ["end"])
    #expect(story.flatMap(\.cells).allSatisfy { $0.kind == .markdown })
    for (place, section) in page.sections.enumerated() {
      #expect(story[place + 1].cells.first?.source.hasPrefix("## ") == true, "\(section.id)")
    }
    _ = try Notebook(story.flatMap(\.cells)).json()
  }

  @Test func linksToColabAndTheWeb() throws {
    let title = try #require(cells(page()).first)
    #expect(
      title.source.contains(
        "(https://colab.research.google.com/github/somebody/casebook/blob/main/artifacts/xor/case-study.ipynb)"
      ))
    let all = cells(page()).map(\.source).joined(separator: "\n")
    #expect(all.contains("](figures/one.png)"), "figures stay beside the notebook")
    #expect(
      all.contains(
        "https://raw.githubusercontent.com/somebody/casebook/main/artifacts/xor/figures/one.png"))
  }

  @Test func showsEveryPrediction() {
    let all = cells(page()).map(\.source).joined(separator: "\n")
    for verdict in ["held", "failed", "inconclusive"] { #expect(all.contains("**\(verdict)**")) }
  }

  /// How many tags libcmark finds in a cell and leaves out, and where its links lead.
  private func harms(in cell: Notebook.Cell) -> (tags: Int, links: [String]) {
    let html = MarkdownTree(cell.source).html()
    return (
      html.matches(of: /<!-- raw HTML omitted -->/).count,
      Markdown(cell.source).links.filter { !$0.isEmpty && !$0.hasPrefix("https://") }
    )
  }

  /// Text that came from elsewhere, and prose that a story was written in.
  @Test(arguments: hostileTexts)
  func letsNoTagThrough(_ text: String) {
    var page = page(text)
    page.sections[0].blocks += [.prose(Markdown(text)), .prose(Markdown("see \(text) here"))]
    page.sections[0].title = Markdown(text)
    for cell in cells(page) {
      let (tags, links) = harms(in: cell)
      // Ours break lines in tables.
      let ours = cell.source.matches(of: /<br>/).count
      #expect(tags == ours && links.isEmpty, "\(cell.id): \(cell.source)")
      // Other readers of Markdown than this one: outside of code a backslash stands before every tag that is not ours.
      let prose = cell.source.replacing(/```sh\n.*\n```/, with: "").replacing(/`[^`]*`/, with: "")
        .replacing("<br>", with: "")
      let scalars = [" "] + prose.unicodeScalars
      for (before, scalar) in zip(scalars, scalars.dropFirst()) where scalar == "<" {
        #expect(before == "\\", "\(cell.id): \(prose)")
      }
    }
  }

  @Test(arguments: hostileTexts + [#"\begin{a} \\(b\\) \[c\]"#, "$a$ $$b$$ $\u{301}c$"])
  func showsAnyTextWhole(_ text: String) throws {
    let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let cells = cells(page(text))
    for id in ["title", "story-0-1", "story-clues-1", "story-clues-2", "story-trial-2", "terms"] {
      let source = try #require(cells.first { $0.id == id }).source
      #expect(Markdown(source).plainText.contains(line), "\(source)")
    }
  }

  @Test func setsNoMathematics() {
    let text = Markdown("It costs 1 $ or 2 $, in `code $`\nand on").forNotebook
    #expect(text == "It costs 1 \\$ or 2 \\$, in `code $` and on")
    for text in [#"\begin{a}"#, #"\(b\)"#, "$c$", "$\u{301}d$"] {
      for source in [Markdown(Markdown.escaped(text)).forNotebook, Markdown.escaped(text)] {
        #expect(!source.contains(#/\\(begin|\(|\[)|(^|[^\\])\$/#), "\(source)")
      }
    }
  }

  @Test func fencesCodeThatHasFences() {
    #expect(Markdown.fenced("a", language: "sh") == "```sh\na\n```")
    #expect(Markdown.fenced("```\n````\n", language: "") == "`````\n```\n````\n`````")
  }
}
