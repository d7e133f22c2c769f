import Artifacts
import Documents
import Testing

@testable import Stories

@Suite struct NotebookTests {
  private func page() throws -> CasePage {
    let story = try Story(
      parsing: sampleStory(), file: "Story.md", findings: sampleFindings(), figures: sampleFigures,
      glossary: sampleTerms)
    return story.page(
      slug: "tiny", predictions: [],
      reproduction: CasePage.Reproduction(
        specimen: "seed 0", commands: ["make tiny"], hashName: "CRC-32", files: []))
  }

  private let common = """
    # %% id="files" after="opening"
    web = "$WEB/"

    # %% id="train" after="suspects"
    print("any case")

    # %% [markdown] id="colab" after="end"
    # make $CASE of $REPOSITORY
    """

  private func notebook(own: String?) throws -> Notebook {
    try Stories.notebook(
      of: page(),
      sources: NotebookSources(
        common: ("Cells.py", common), own: own.map { ("Tiny/Notebook.py", $0) },
        swift: [("Tiny/Task.swift", "let a = 1\n"), ("Tiny/Figures+More.swift", "let b = 2\n")],
        countBelowScene: 1),
      repository: Repository(name: "somebody/casebook", branch: "main"))
  }

  @Test func standsInTheOrderOfTheStory() throws {
    let own = """
      # %% id="own" after="suspects"
      own()
      # %% id="late" after="verdict"
      late()
      """
    let ids = try notebook(own: own).cells.map(\.id)
    #expect(
      ids == [
        "title", "files", "story-scene-1", "source-Task-swift", "story-suspects-1", "train", "own",
        "story-clues-1", "story-theory-1", "story-trial-1", "story-verdict-1", "late",
        "story-breaks-1", "story-wrong-1", "story-reflection-1", "story-reproduce-1",
        "source-Figures-More-swift", "colab",
      ])
  }

  @Test func aCellOfTheCaseTakesThePlaceOfACommonOne() throws {
    let own = "# %% id=\"train\" after=\"verdict\"\nmine()"
    let cells = try notebook(own: own).cells
    let place = try #require(cells.firstIndex { $0.id == "train" })
    #expect(cells[place].source == "mine()" && cells[place - 1].id == "story-suspects-1")
    #expect(cells.count == (try notebook(own: nil).cells.count))
  }

  @Test func saysWhoseNotebookItIs() throws {
    let cells = try notebook(own: nil).cells
    #expect(
      cells.first { $0.id == "files" }?.source
        == "web = \"https://raw.githubusercontent.com/somebody/casebook/main/artifacts/tiny/\"")
    let colab = try #require(cells.first { $0.id == "colab" })
    #expect(colab.source == "make tiny of https://github.com/somebody/casebook")
  }

  @Test func showsTheSources() throws {
    let cells = try notebook(own: nil).cells
    let task = try #require(cells.first { $0.id == "source-Task-swift" }).source
    #expect(task.hasSuffix("`Tiny/Task.swift`\n\n```swift\nlet a = 1\n```"))
  }

  @Test(arguments: [
    ("# %% id=\"own\" after=\"nowhere\"", "Tiny/Notebook.py:1", "no section 'nowhere'"),
    ("\n# %% own", "Tiny/Notebook.py:2", "has 'own'"),
  ])
  func namesTheLineAtFault(_ own: String, _ place: String, _ what: String) throws {
    let error = try #require(throws: StageError.self) { try notebook(own: own) }
    #expect(error.kind == .malformed && error.place == place && error.what.contains(what))
  }
}
