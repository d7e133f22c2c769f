import Foundation
import Testing

@Suite("the story, as the last stage reads it")
struct StoryStageTests {
  @Test(
    "an error in the story is named with file and line, and the old page stays",
    arguments: [
      ("There are 4 corners.", "a digit in the prose"),
      ("So {{no-such-finding}} of them.", "there is no finding 'no-such-finding'"),
      ("{{#if two-are-enough.verdict is held}}It held.", "{{#if}} is never ended"),
      ("![](figure:no-such-figure)", "there is no figure 'no-such-figure'"),
    ])
  func errors(line: String, complaint: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    var lines = try workshop.text(Workshop.story).components(separatedBy: "\n")
    let place = try #require(lines.firstIndex { $0.contains("{#suspects}") }) + 1
    lines.insert(contentsOf: ["", line, ""], at: place)
    try workshop.write(Data(lines.joined(separator: "\n").utf8), to: Workshop.story)
    try workshop.expectRefusal(
      of: .assemble, status: 65, saying: ["\(Workshop.story):\(place + 2): \(complaint)"])
  }

  @Test("a figure that the story leaves out is named")
  func unshown() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let story = try workshop.text(Workshop.story)
    let line = try #require(story.split(separator: "\n").first { $0.hasPrefix("![](figure:") })
    let slug = line.dropFirst(11).prefix { $0 != ")" }
    try workshop.write(
      Data(story.replacing("![](figure:\(slug))", with: "").utf8), to: Workshop.story)
    try workshop.expectRefusal(
      of: .assemble, status: 65, saying: [Workshop.story + ":", "'\(slug)'"])
  }

  @Test("a missing story is named, and one that is not text is refused")
  func unreadable() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete(Workshop.story)
    try workshop.expectRefusal(of: .assemble, status: 74, saying: [Workshop.story, "is missing"])
    try workshop.write(Data([0x2D, 0xFF, 0xFE]), to: Workshop.story)
    try workshop.expectRefusal(of: .assemble, status: 65, saying: [Workshop.story, "UTF-8"])
  }

  @Test("a story of brackets takes no time, and one that is too long is refused")
  func long() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let story = try workshop.text(Workshop.story)
    for mark in ["[", "<", "`", "> ", "{{", "*a_"] {
      let room = (64 << 10) - story.utf8.count - 2
      let marks = String(repeating: mark, count: room / mark.utf8.count)
      try workshop.write(Data((story + "\n\n" + marks).utf8), to: Workshop.story)
      let clock = ContinuousClock()
      let time = try clock.measure { _ = try workshop.run(.assemble, "xor") }
      #expect(time < .seconds(20), "\(mark)")
    }
    let padded = story + String(repeating: "\n", count: 64 << 10)
    try workshop.write(Data(padded.utf8), to: Workshop.story)
    try workshop.expectRefusal(
      of: .assemble, status: 65, saying: [Workshop.story, "more than the 65536 that are read"])
  }

  @Test("HTML, scripts, quotes and emoji stand on the page as they were written")
  func escaped() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let hostile = "<script>alert('x')</script> \"q\" & 😀 <img src=x onerror=alert(document)>"
    let story = try workshop.text(Workshop.story)
    let heading = try #require(story.split(separator: "\n").first { $0.contains("{#clues}") })
    try workshop.write(
      Data(story.replacing(heading, with: "\(heading)\n\n\(hostile)\n").utf8), to: Workshop.story)
    #expect(try workshop.run(.assemble, "xor").status == 0)
    let page = try workshop.text("artifacts/xor/index.html")
    #expect(
      page.contains("&lt;script&gt;alert('x')&lt;/script&gt;")
        || page.contains("&lt;script&gt;alert(&#39;x"))
    #expect(!page.contains("<script>alert") && !page.contains("<img src=x"))
    #expect(page.contains("😀"))
  }

  @Test("the gallery needs every case, and names the first file that is not there")
  func gallery() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete("artifacts/xor/findings.json")
    let outcome = try workshop.run(.assemble, "gallery")
    #expect(outcome.status == 74 && outcome.output.isEmpty)
    #expect(outcome.complaints.count == 1 && outcome.errors.hasPrefix("assemble gallery: error: "))
    #expect(outcome.errors.contains("is missing; make it with make "))
    #expect(try workshop.contents()["artifacts/index.html"] == nil)
  }
}
