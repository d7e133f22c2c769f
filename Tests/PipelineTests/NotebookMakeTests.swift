import Testing

/// `make notebooks` in the miniature, whose Python and kernel are stand-ins.
@Suite("The notebooks")
struct NotebookMakeTests {
  private func withNotebooks() throws -> Gallery {
    let gallery = try Gallery.miniature()
    try gallery.place.lines("make notebooks")
    return gallery
  }

  private func log(_ place: Workplace) throws -> [String] {
    place.exists("log") ? try place.lines("cat log; rm log") : []
  }

  @Test("are made by their own target alone, each under a key of its own")
  func made() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    #expect(try place.lines("make").count == 1)
    #expect(try log(place).isEmpty && !place.exists("artifacts/alpha/case-study.ipynb"))

    #expect(try place.lines("make notebooks").last == "The notebooks are made.")
    #expect(
      try log(place) == [
        "compile", "install", "compose alpha", "execute alpha", "compose beta-two",
        "execute beta-two",
      ])
    let key = try place.read("artifacts/.keys/alpha/notebook")
    #expect(key.contains("\nartifacts/alpha/case-study.ipynb="))
    #expect(key.contains("Sources/compose/Cells.py=") && key.contains("/Alpha/Story.md="))
    #expect(!key.contains("BetaTwo") && !key.contains("Sources/assemble"))

    #expect(try place.lines("make notebooks") == ["The notebooks are current."])
    #expect(try place.lines("make").count == 1)
    #expect(try log(place).isEmpty)
  }

  @Test(
    "a stale one is named by make, which leaves it alone, and is made by make notebooks",
    arguments: [
      "echo more >>Sources/CaseStudies/Alpha/Notebook.py", "rm artifacts/alpha/case-study.ipynb",
      "printf more >>artifacts/alpha/case-study.ipynb",
    ])
  func stale(change: String) throws {
    let gallery = try withNotebooks()
    let place = gallery.place
    defer { place.remove() }
    let before = try gallery.contents()
    try place.lines("rm log; \(change)")
    #expect(try place.run("make -q").status == 0)
    #expect(try gallery.foreseen().isEmpty)
    let words = try place.lines("make")
    #expect(words.last == "Stale notebooks (`make notebooks` executes them again): alpha")
    #expect(try log(place).isEmpty)
    let verified = try place.run("make verify")
    #expect(verified.status != 0 && verified.errors.contains("Stale notebooks"))

    try place.lines("rm -f log; make notebooks")
    #expect(try log(place) == ["compile", "compose alpha", "execute alpha"])
    #expect(try place.lines("make").count == 1)
    if !change.contains("Notebook.py") { #expect(try gallery.contents() == before) }
  }

  @Test("a case's notebook is in no key but its own")
  func ownKey() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    try gallery.place.write("# %%\n", to: "Sources/CaseStudies/Alpha/Notebook.py")
    #expect(try gallery.foreseen().isEmpty)
    try gallery.place.lines("make lists")
    #expect(!(try gallery.place.read("Package.swift").contains("Notebook.py")))
  }

  @Test("a story that changes makes them stale; regenerate and verify leave them as they are")
  func leftAlone() throws {
    let gallery = try withNotebooks()
    let place = gallery.place
    defer { place.remove() }
    let before = try gallery.contents()
    try place.lines("make regenerate")
    #expect(try gallery.contents() == before)
    #expect(
      try place.lines("make verify").last == "Made again, every byte of the gallery is the same.")
    try place.lines("rm log; echo more >>Sources/CaseStudies/BetaTwo/Story.md")
    #expect(try place.lines("make").last?.hasSuffix(": beta-two") == true)
    #expect(
      try log(place).filter { $0 != "compile" } == ["assemble beta-two", "assemble gallery"])
  }

  @Test("one that fails writes neither a notebook nor a key, and keeps no other from being made")
  func failing() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let outcome = try place.run("echo 'execute alpha' >fail; make -k notebooks")
    #expect(outcome.status != 0 && outcome.errors.contains("an assertion fails"))
    #expect(!place.exists("artifacts/alpha/case-study.ipynb"))
    #expect(!place.exists("artifacts/.keys/alpha/notebook"))
    #expect(place.exists("artifacts/beta-two/case-study.ipynb"))
    try place.lines("rm fail log; make notebooks")
    #expect(try log(place) == ["compile", "compose alpha", "execute alpha"])
  }

  @Test("what is stale before them is made first, and other versions make another environment")
  func order() throws {
    let gallery = try withNotebooks()
    let place = gallery.place
    defer { place.remove() }
    try place.lines("rm log; echo more >>Sources/CaseStudies/Alpha/Figures.swift")
    try place.lines("echo '# more' >>Sources/compose/requirements.txt; make -j4 notebooks")
    let all = try log(place)
    let render = try #require(all.firstIndex(of: "render alpha"))
    #expect(render < (all.firstIndex(of: "compose alpha") ?? 0) && all.contains("install"))
    #expect(!all.contains("render beta-two") && all.contains("execute beta-two"))
  }
}
