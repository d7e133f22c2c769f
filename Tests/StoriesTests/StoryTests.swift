import Stories
import Documents
import Findings
import Testing

private func story(_ scene: String = "There are four corners.") throws -> Story {
  try Story(
    parsing: sampleStory(scene), file: "Story.md", findings: sampleFindings(),
    figures: sampleFigures, glossary: sampleTerms)
}

/// The scene's blocks when it says this.
private func blocks(_ scene: String) throws -> [PageSection.Block] {
  try story(scene).sections[0].blocks
}

/// The scene's first text as a reader sees it, with ordinary spaces.
private func text(_ scene: String) throws -> String {
  guard case .prose(let markdown) = try blocks(scene).first else { return "" }
  return markdown.plainText.replacing("\u{202F}", with: " ")
}

@Suite struct StoryTests {
  @Test func readsFrontMatterAndSections() throws {
    let story = try story()
    #expect(story.title == "Two survive")
    #expect(story.claim.plainText == "Two neurons survive in 83 of 90 networks.")
    #expect(story.component.plainText == "the surviving pair")
    #expect(story.grade == "causal, exhaustive")
    #expect(story.evidence?.name == "two-survive")
    #expect(story.sections.map(\.id).first == "scene")
    #expect(story.sections.map(\.title.plainText)[0] == "The scene: corners")
    #expect(story.sections.count == 10)
    #expect(story.sections[5].blocks == [.predictions])
    #expect(story.opening.isEmpty)
  }

  @Test(arguments: [
    ("{{survivors}}", "8"), ("{{survivors|words}}", "eight"), ("{{survivors|Words}}", "Eight"),
    ("{{survivors|counted neuron}}", "eight neurons"), ("{{survivors|unit}}", "8 neurons"),
    ("{{games}}", "29 523"), ("{{games|integer}}", "29 523"), ("{{games|n}}", "90"),
    ("{{gap}}", "−0.0833"), ("{{gap|decimals 2}}", "−0.08"), ("{{gap|absolute}}", "0.0833"),
    ("{{gap|absolute|digits 2}}", "0.083"), ("{{gap|interval}}", "−0.12 to −0.05"),
    ("{{gap.lower}}", "−0.12"), ("{{solved}}", "92 %"), ("{{solved|percent 1}}", "92.2 %"),
    ("{{solved|share}}", "83 of 90"), ("{{solved|words}}", "nearly all"),
    ("{{solved|every network}}", "nearly all networks"), ("{{solved|interval}}", "85 % to 96 %"),
    ("{{all-solved|Every network}}", "Every network"), ("{{all-solved|words}}", "all"),
    ("{{losses}}", "0.25, 0.333 and 0.5"), ("{{losses.last}}", "0.5"), ("{{losses.0}}", "0.25"),
    ("{{losses.count|words}}", "three"), ("{{losses.most|decimals 1}}", "0.5"),
    ("{{algorithm}}", "templates"), ("{{dotted.name|words}}", "three"),
    ("{{gap.seeds}}", "trial 10-99"),
    ("{{two-survive.verdict}}", "held"), ("{{two-survive.verdict|Text}}", "Held"),
    ("{{two-survive.share|share}}", "83 of 90"), ("{{two-survive.passed}}", "83"),
    ("{{two-survive.n}}", "90"), ("{{two-survive.p}}", "p < 0.001"),
    ("{{two-survive.effect}}", "1.25"), ("{{two-survive.effect|interval}}", "identical in all 90"),
    ("{{two-survive.threshold}}", "0.5"), ("{{two-survive.claimedShare}}", "80 %"),
    ("{{ solved | percent 1 }}", "92.2 %"),
  ])
  func fillsIn(_ reference: String, _ expected: String) throws {
    #expect(try text("So \(reference), it is.") == "So \(expected), it is.")
    #expect(try text(reference) == expected)
    #expect(try text("\(reference). Then.") == "\(expected). Then.")
  }

  @Test(arguments: [
    ("two-survive.verdict is held", "A"), ("slow-death.verdict is held", "C"),
    ("slow-death.verdict is failed", "A"), ("lottery.verdict is not held", "A"),
    ("survivors >= losses.count", "A"), ("survivors < losses.count", "C"),
    ("survivors == 8 and solved > 0.9", "A"), ("survivors == 8 and solved > 0.95", "C"),
    ("survivors == 7 or solved > 0.9", "A"), ("survivors != 8", "C"), ("gap <= gap", "A"),
    ("algorithm is templates", "A"), ("two-survive.grade is causal, exhaustive", "A"),
  ])
  func branches(_ condition: String, _ expected: String) throws {
    #expect(try text("{{#if \(condition)}}A{{else}}C{{/if}}") == expected)
    #expect(try text("{{#if survivors < 1}}X{{else if \(condition)}}A{{else}}C{{/if}}") == expected)
    let lines = "One.\n\n{{#if \(condition)}}\nA\n{{else}}\nC\n{{/if}}\n\nTwo."
    #expect(try text(lines) == "One.\n\(expected)\nTwo.")
  }

  @Test func nestsBranches() throws {
    let inner = "{{#if lottery.verdict is held}}a{{else}}b{{/if}}"
    #expect(try text("{{#if survivors == 8}}x\(inner){{else}}y\(inner){{/if}}") == "xb")
    #expect(try text("{{#if survivors == 7}}x\(inner){{else}}y\(inner){{/if}}") == "yb")
  }

  @Test func showsFigures() throws {
    let blocks = try blocks(
      "A.\n\n![](figure:weights)\n\n![](figure:ranks) ![](figure:curves)\n\nB.")
    #expect(
      blocks
        == [
          .prose("A.\n\n"), .pictures([sampleFigures[0]]),
          .prose("\n"), .pictures([sampleFigures[1], sampleFigures[2]]), .prose("\nB.\n"),
        ].filter { $0 != .prose("\n") })
    #expect(try story().unreferencedFigures == ["weights", "ranks", "curves"])
    #expect(try story("![](figure:ranks)").unreferencedFigures == ["weights", "curves"])
    #expect(try story("![](figure:ranks)").cover == sampleFigures[1])
    #expect(throws: StoryError.self) { try story().requireEveryFigure() }
  }

  @Test func linksWithinThePage() throws {
    let source =
      "[a](term:site) [b](#trial) [c](figure:ranks) [d](prediction:lottery)\n\n![](figure:ranks)"
    guard case .prose(let prose) = try blocks(source)[0] else { return }
    #expect(prose.links == ["term:site", "#trial", "#figure-ranks", "#prediction-lottery"])
    #expect(try story(source).glossary == [sampleTerms[1]])
  }

  @Test func leavesCodeAlone() throws {
    let source =
      "`{{survivors}} 5` and ``a ` {{x}} 7``\n\n```\n{{#if}} 3\n\n## 4\n```\n\n~~~ 5\n```\n~~~"
    #expect(try text(source) == "{{survivors}} 5 and a ` {{x}} 7\n{{#if}} 3\n\n## 4\n```")
  }

  @Test func allowsNumbersOfHeadingsLinksAndTheBibliography() throws {
    let source = """
      [Olah et al., 2020](https://doi.org/10.23915/distill.00024.001) <https://arxiv.org/abs/1803.03635>

      ### 2.1 A part

      Text.{{! 5 comments }}
      """
    #expect(try text(source).hasSuffix("2.1 A part\nText."))
    let references = sampleStory() + "\n## References {#references}\n- A. Author, 1969, pp. 1-20.\n"
    let numbered = references.replacing("## The trial", with: "## 5. The trial")
    let story = try Story(
      parsing: numbered, file: "Story.md", findings: sampleFindings(), figures: [])
    #expect(story.sections.last?.id == "references")
    #expect(story.sections[4].title.plainText == "5. The trial")
  }

  @Test func insertsTextThatShapesNothing() throws {
    let expected = "<b> *x* [a](b) `c` {{survivors}} | é"
    #expect(try text("{{hostile}}") == expected)
    #expect(try text("- {{hostile}}") == expected)
    #expect(try text("*{{hostile}}*") == expected)
    guard case .prose(let prose) = try blocks("{{survivors}}. Eight.\n\n{{survivors}}) Eight.")[0]
    else { return }
    #expect(prose.html() == "<p>8. Eight.</p>\n<p>8) Eight.</p>\n")
  }

  @Test func keepsAnyScriptAndSign() throws {
    let source =
      "So <script>alert('x')</script> \"q\" 😀👩‍👩‍👧 שלום \u{202E}x\u{202C} "
      + String(repeating: "w", count: 900)
    #expect(try text(source) == source)
    let lines = source.replacing(" ", with: "\r\n")
    #expect(try text(lines).replacing("\n", with: " ") == source)
  }

  @Test func becomesAPage() throws {
    let page = try story("![](figure:ranks)").page(
      slug: "xor", predictions: sampleFindings().predictions,
      reproduction: .init(specimen: "seed 3", commands: ["make xor"], hashName: "CRC-32", files: [])
    )
    #expect(page.predictions.map(\.verdict) == [.held, .failed, .inconclusive])
    #expect(page.predictions[0].passed == "83 of 90")
    #expect(page.predictions[1].p == "p < 0.001 against it")
    #expect(page.html().contains("<h1>Two survive</h1>"))
  }
}
