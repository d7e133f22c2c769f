import Testing

@testable import Documents

private let assignment = AssignmentTable([
  AssignmentTable.Part(
    "Part 1: set | up",
    [
      .init("A toy task", "The clues", .section("clues"), cells: ["story-clues-1", "train"]),
      .init("Change the input", "The network", .live, cells: ["run"]),
      .init("A reflection", "The reflection", .section("reflection"), cells: []),
    ])
])

/// The rows of the tables of a Markdown text, as cells.
private func rows(_ markdown: String) -> [[String]] {
  markdown.split(separator: "\n").filter { $0.hasPrefix("|") }
    .map { $0.replacing("\\|", with: "").split(separator: "|").map { String($0).trimmed } }
}

/// The tags of a Markdown text that a page would show as such.
private func tags(_ markdown: String) -> Set<String> {
  Set(markdown.replacing("\\<", with: "").matches(of: /<(\/?[a-z]+)/).map { String($0.1) })
}

@Suite struct GalleryReadmeTests {
  @Test func leadsToEachCase() {
    var gallery = gallery()
    gallery.repository = Repository(name: "somebody/casebook", branch: "main")
    let readme = GalleryReadme(gallery).markdown()
    #expect(readme.hasPrefix("# Two neurons survive.\n"))
    for slug in ["xor", "parity"] {
      for file in ["README.md", "index.html", "case-study.ipynb", "figures/one.png"] {
        #expect(readme.contains("](\(slug)/\(file))"), "\(slug)/\(file)")
      }
      #expect(
        readme.contains(
          "github/somebody/casebook/blob/main/artifacts/\(slug)/case-study.ipynb)"))
    }
    #expect(readme.contains("1 held, 1 failed, 1 inconclusive"))
  }

  @Test func ticksOffTheAssignment() throws {
    var gallery = gallery()
    gallery.assignment = assignment
    let table = rows(GalleryReadme(gallery).markdown()).suffix(6)
    #expect(
      table.first == [
        "The assignment asks for", "Answered by", "[xor](xor/README.md)",
        "[parity](parity/README.md)", "Cells of the notebook",
      ])
    let lines = Array(table.dropFirst(3))
    #expect(
      lines[0] == [
        "A toy task", "The clues", "[✓](xor/README.md#clues)", "[✓](parity/README.md#clues)",
        "`story-clues-1`, `train`",
      ])
    #expect(lines[1].contains("[✓](parity/index.html#touch)"))
    #expect(lines[2].filter { $0 == "missing" }.count == 2)
  }

  /// Every row of a table has as many cells as its header, whatever stands in them.
  @Test(arguments: hostileTexts) func keepsItsTables(_ text: String) {
    var gallery = gallery(text)
    gallery.assignment = assignment
    expectEvenTables(GalleryReadme(gallery).markdown())
    expectEvenTables(CaseReadme(page(text)).markdown())
  }

  private func expectEvenTables(_ markdown: String) {
    var columns: Int?
    for line in markdown.split(separator: "\n") {
      guard line.hasPrefix("|") else {
        columns = nil
        continue
      }
      let cells = line.replacing("\\|", with: "").count { $0 == "|" }
      #expect(cells == columns ?? cells)
      columns = cells
    }
  }

  @Test(arguments: hostileTexts) func holdsNoTagsAndLinksButItsOwn(_ text: String) {
    var gallery = gallery(text)
    gallery.assignment = assignment
    let readme = GalleryReadme(gallery).markdown()
    #expect(tags(readme) == ["a", "/a"])
    #expect(
      Markdown(readme).links.allSatisfy { $0.hasPrefix("xor/") || $0.hasPrefix("parity/") })
  }
}

@Suite struct CaseReadmeTests {
  @Test func tellsTheWholeStory() {
    var page = page()
    page.question = "Who is left?"
    let readme = CaseReadme(page).markdown()
    #expect(readme.hasPrefix("# Two neurons survive.\n\n*Who is left?*\n\n> Two neurons survive."))
    for wanted in [
      "<a name=\"trial\"></a>\n\n## The trial", "](figures/two.png)", "✗ **failed**",
      "[the table](#trial)", "[a site](#term-site)", "<a name=\"term-site\"></a>**Two neurons",
      "](index.html)", "](case-study.ipynb)", "```sh\nTwo neurons survive.\n```",
    ] {
      #expect(readme.contains(wanted), "\(wanted)")
    }
  }

  @Test(arguments: hostileTexts) func holdsNoTagsAndLinksButItsOwn(_ text: String) {
    var page = page(text)
    page.reproduction.commands = ["make"]
    let readme = CaseReadme(page).markdown()
    #expect(tags(readme) == ["a", "/a", "br"])
    let own = ["#trial", "#term-site", "index.html", "case-study.ipynb", "../README.md"]
    #expect(Set(Markdown(readme).links) == Set(own))
  }
}
