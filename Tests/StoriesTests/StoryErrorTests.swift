import Stories
import Documents
import Findings
import Testing

/// The error of a story, as the command line shows it.
private func complaint(_ source: String) throws -> String {
  do {
    _ = try Story(
      parsing: source, file: "Story.md", findings: sampleFindings(), figures: sampleFigures,
      glossary: sampleTerms)
    return "none"
  } catch let error as StoryError {
    #expect(!error.remedy.isEmpty)
    #expect(!error.description.contains("\n"))
    return error.description
  }
}

@Suite struct StoryErrorTests {
  @Test func acceptsTheSample() throws {
    #expect(try complaint(sampleStory()) == "none")
  }

  /// What is wrong stands two lines below the first line of the scene, which is line 7.
  @Test(arguments: [
    ("{{survivor}}", "there is no finding 'survivor'; did you mean 'survivors'?"),
    (
      "{{two-survive.verdikt}}",
      "there is no fact of a prediction 'verdikt'; did you mean 'verdict'?"
    ),
    ("{{two-survive}}", "'two-survive' is a prediction, not a number"),
    ("{{survivors|word}}", "there is no filter 'word'; did you mean 'words'?"),
    ("{{survivors|}}", "has a '|' without a filter"),
    ("{{survivors|words|integer}}", "a filter stands after 'words'"),
    ("{{gap|decimals}}", "after 'decimals' comes a number from 0 to 9"),
    ("{{gap|words two}}", "after 'words' comes nothing"),
    ("{{survivors|counted}}", "after 'counted' comes a noun"),
    ("{{gap|words}}", "'gap' is not a whole number below a million or a share"),
    ("{{survivors|interval}}", "'survivors' is not given with an interval"),
    ("{{survivors|share}}", "'survivors' is 8.0, which is no share"),
    ("{{algorithm|integer}}", "'algorithm' is not a number"),
    ("{{broken}}", "'broken' is nan"),
    ("{{infinite}}", "'infinite' is inf"),
    ("{{a b}}", "is no reference"),
    ("{{}}", "is no reference"),
    ("{{survivors", "'{{' is not closed on its line"),
    ("{{survivors\n}}", "'{{' is not closed on its line"),
    ("survivors}}", "'}}' closes nothing"),
    ("{{#if survivors == 8}}a", "{{#if}} is never ended"),
    ("a{{/if}}", "{{/if}} ends nothing"),
    ("a{{else}}b", "{{else}} stands outside a branch"),
    ("{{#if survivors == 8}}a{{else}}b{{else}}c{{/if}}", "{{else}} stands outside a branch"),
    ("{{#if survivors}}a{{/if}}", "'survivors' is no condition"),
    ("{{#if survivors is held}}a{{/if}}", "'survivors' is a number, which 'is' does not compare"),
    ("{{#if lottery.verdict is hold}}a{{/if}}", "there is no verdict 'hold'; did you mean 'held'?"),
    ("{{#if lottery.verdict > 1}}a{{/if}}", "'lottery.verdict' is not a number"),
    ("{{#if gap > 1 and gap < 2 or gap > 3}}a{{/if}}", "mixes 'and' and 'or'"),
    ("{{#unless gap > 1}}a", "there is no directive '{{#unless gap > 1}}'"),
    ("{{#if survivors == 7}}{{nothing}}{{/if}}", "there is no finding 'nothing'"),
    ("{{#if survivors == 7}}{{gap|wrong}}{{/if}}", "there is no filter 'wrong'"),
    ("![](figure:weight)", "there is no figure 'weight'; did you mean 'weights'?"),
    ("![two](figure:weights)", "a figure has a text in its brackets"),
    ("![](http://example.org/x.png)", "is no figure of this case"),
    ("Text ![](figure:weights)", "a picture stands in the middle of a line"),
    ("![](figure:ranks) ![](figure:ranks)", "the figure 'ranks' is shown twice"),
    ("a {{predictions}}", "{{predictions}} stands in a line"),
    ("83 of them", "a digit in the prose: '83'"),
    ("about x²", "a digit in the prose: 'x²'"),
    ("½ of them", "a digit in the prose: '½'"),
    ("٣ of them", "a digit in the prose: '٣'"),
    ("1. a list", "a digit in the prose: '1.'"),
    ("`code` 4", "a digit in the prose: '4'"),
    ("&#56; entities", "a digit in the prose: '&#56;'"),
    ("### Some 5 headings", "a digit in the prose: '5'"),
    ("[5 of 6](#trial)", "a digit in the prose: '[5'"),
    ("[a](javascript:x)", "a link leads to 'javascript:x'"),
    ("[a](//example.org)", "a link leads to '//example.org'"),
    ("[a](x:\u{301}y)", "a link leads to 'x:\u{301}y'"),
    ("[a](term:sit)", "there is no term 'sit'; did you mean 'site'?"),
    ("[a](#trail)", "there is no place on the page '#trail'; did you mean '#trial'?"),
    ("[a](figure:weights)", "there is no place on the page '#figure-weights'"),
    ("[a](b", "a link's target is not closed"),
    ("[a]({{gap}})", "a reference stands in a link's target"),
    ("```\n5", "a block of code is never closed"),
    ("# Title", "a heading of level one"),
    ("## Scene {#scene}", "the section 'scene' is there twice"),
    ("## 12", "a section has no name"),
  ])
  func tellsLineAndRemedy(_ line: String, _ expected: String) throws {
    let complaint = try complaint(sampleStory("One.\n\n" + line))
    #expect(complaint.hasPrefix("Story.md:9: "))
    #expect(complaint.contains(expected))
  }

  @Test func aFormulaIsRefusedAtItsLine() throws {
    let story = sampleStory("One.\n\n```math\n\nx +\n\\foo\n```")
    #expect(try complaint(story).hasPrefix("Story.md:12: there is no command '\\foo' here"))
    #expect(try complaint(sampleStory("```math\n```")).hasPrefix("Story.md:8: a formula is empty"))
    #expect(try complaint(sampleStory("~~~ math\nx_5\n~~~")) == "none")
  }

  /// A link that only CommonMark sees is refused at its section.
  @Test(arguments: [
    ("<odd:x>", "odd:x"), ("[a][b]\n\n[b]: odd:x", "odd:x"), ("[a](\\//x.org)", "//x.org"),
    ("[a](odd&colon;x)", "odd:x"),
  ])
  func refusesLinksOfEveryForm(_ text: String, _ target: String) throws {
    let expected = "a link leads to '\(target)'"
    #expect(try complaint(sampleStory(text)).contains(expected))
    let head = frontMatter.replacing("the surviving pair", with: text.prefix { $0 != "\n" })
    if !text.contains("\n") { #expect(try complaint(sampleStory(head: head)).contains(expected)) }
    let heading = sampleStory().replacing("The scene: corners", with: text.prefix { $0 != "\n" })
    if !text.contains("\n") { #expect(try complaint(heading).hasPrefix("Story.md:6: \(expected)")) }
  }

  @Test(arguments: [
    "scene", "suspects", "clues", "theory", "trial", "verdict", "breaks", "wrong", "reflection",
    "reproduce",
  ])
  func asksForEachSection(_ id: String) throws {
    let complaint = try complaint(sampleStory().replacing("{#\(id)}", with: "{#other}"))
    #expect(complaint.contains("the story has no section"))
    #expect(complaint.contains("{#\(id)}' before this line"))
  }

  @Test func asksForTheOrderAndForText() throws {
    let story = sampleStory()
    let swapped = story.replacing("{#clues}", with: "{#x}").replacing("{#theory}", with: "{#clues}")
      .replacing("{#x}", with: "{#theory}")
    #expect(try complaint(swapped).contains("the section 'theory' stands too early"))
    #expect(try complaint(sampleStory("")).hasPrefix("Story.md:6: the section 'scene' is empty"))
    #expect(try complaint(sampleStory("a\n===")).contains("'a' is a heading by the line under it"))
    let silent = story.replacing("{{predictions}}", with: "Text.")
    #expect(try complaint(silent).hasPrefix("Story.md:16: no line shows the predictions"))
    let twice = story.replacing("{{predictions}}", with: "{{predictions}}\n{{predictions}}")
    #expect(try complaint(twice).contains("the predictions are shown twice"))
  }

  @Test(arguments: [
    ("", 1, "the story has no front matter"),
    ("---\ntitle: a\n", 1, "the story has no front matter"),
    ("---\ntitle: a\ntitel: b\n---\n", 3, "there is no key 'titel'; did you mean 'title'?"),
    ("---\ntitle: a\ntitle: b\n---\n", 3, "'title' is there twice"),
    ("---\ntitle: a\nclaim: b\n---\n", 1, "the front matter has no component"),
    ("---\ntitle:\nclaim: b\ncomponent: c\n---\n", 2, "the front matter has no title"),
    ("---\ntitle: 2\nclaim: b\ncomponent: c\n---\n", 2, "a digit in the prose: '2'"),
    ("---\ntitle: a\nclaim: {{x}}\ncomponent: c\n---\n", 3, "there is no finding 'x'"),
    ("---\ntitle: a\nclaim: b\ncomponent: c\nevidence: d\n---\n", 5, "there is no prediction 'd'"),
    ("---\ntitle: a\nclaim: b\ncomponent: c\ncover: d\n---\n", 5, "there is no figure 'd'"),
  ])
  func readsFrontMatter(_ head: String, _ line: Int, _ expected: String) throws {
    let complaint = try complaint(sampleStory(head: head))
    #expect(complaint.hasPrefix("Story.md:\(line): "))
    #expect(complaint.contains(expected))
  }

  /// Law: whatever stands in a story, it is read or refused with a line of it.
  @Test func survivesAnyDamage() throws {
    let scene =
      "{{#if survivors == 8}}`a` [b](#trial){{else}}*c*{{/if}}\n\n![](figure:ranks)\n```\nx\n```"
    let whole = Array(sampleStory(scene).unicodeScalars)
    let marks = Array("{}|#/[]()`~!:-\\\n\" <>*1\u{301}\u{0}".unicodeScalars)
    var generator = SeededGenerator()
    for _ in 0..<2_000 {
      var scalars = whole
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let begin = Int.random(in: 0..<scalars.count, using: &generator)
        let end = min(scalars.count, begin + Int.random(in: 0...6, using: &generator))
        let mark = marks.randomElement(using: &generator).map { [$0] } ?? []
        scalars.replaceSubrange(begin..<end, with: mark)
      }
      var source = String.UnicodeScalarView()
      source.append(contentsOf: scalars)
      let text = String(source)
      do {
        let story = try Story(
          parsing: text, file: "Story.md", findings: sampleFindings(), figures: sampleFigures)
        #expect(story.sections.count >= 10)
      } catch let error as StoryError {
        #expect((1...scalars.count { $0 == "\n" } + 1).contains(error.line), "\(error) in \(text)")
      }
    }
  }
}
