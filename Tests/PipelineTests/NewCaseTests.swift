import Testing

@Suite("make new, and the lists of cases")
struct NewCaseTests {
  @Test("a case begun by make new is built, made and listed, and no file was edited by hand")
  func majority() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let words = try place.lines("make new CASE=odd-one-out").joined()
    #expect(words.contains("Sources/CaseStudies/OddOneOut") && words.hasSuffix("then run: make"))
    #expect(try place.lines("make list") == ["alpha", "beta-two", "odd-one-out"])
    let story = try place.read("Sources/CaseStudies/OddOneOut/Story.md")
    #expect(story.contains("\ntitle: Odd one out\n"))
    #expect(try place.read("Sources/CaseStudies/OddOneOut/Task.swift").contains("struct OddOneOut"))
    #expect(try place.run("grep -rE 'NAME|SLUG|TITLE' Sources/CaseStudies/OddOneOut").status == 1)

    #expect(try gallery.foreseen() == gallery.jobs(from: "train", of: ["odd-one-out"]))
    try place.lines("make")
    #expect(try place.read("Package.swift").contains("(name: \"OddOneOut\","))
    #expect(
      try place.read("Sources/TaskList/TaskList.swift").contains("\"odd-one-out\": OddOneOut.self,")
    )
    #expect(try place.run("make -q").status == 0)
  }

  @Test(
    "a name that cannot be is refused, and nothing is written",
    arguments: [
      ("", "lower-case words"), ("Majority", "lower-case words"), ("7up", "lower-case words"),
      ("a--b", "lower-case words"), ("-a", "lower-case words"), ("mod-97", "lower-case words"),
      ("x-or", "lower-case words"), ("../evil", "lower-case words"), ("a b", "lower-case words"),
      ("'; touch evil; '", "lower-case words"), ("$$(touch evil)", "lower-case words"),
      ("gallery", "meaning already"), ("list", "meaning already"), ("self", "meaning already"),
      ("networks", "called Networks already"), ("stages", "called Stages already"),
      ("alpha", "such a case already"), ("beta-two", "such a case already"),
    ])
  func refused(name: String, reason: String) throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let before = try gallery.place.lines("find . | sort")
    let quoted = name.replacing("'", with: "'\\''")
    let outcome = try gallery.place.run("make new CASE='\(quoted)'")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    #expect(try gallery.place.lines("find . | sort") == before)
  }

  @Test("the lists name every case and file, and are rewritten only when that changes")
  func lists() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    #expect(
      try place.read("Package.swift") == """
        // BEGIN CASES
        // swift-format-ignore
        let cases: [(name: String, task: [String], hypotheses: [String], figures: [String])] = [
          (name: "Alpha", task: ["Network.swift", "Task.swift"], \
        hypotheses: ["Hypotheses+Sweep.swift", "Hypotheses.swift", "HypothesesMore.swift"], \
        figures: ["Figures.swift"]),
          (name: "BetaTwo", task: ["Network.swift", "Task.swift"], \
        hypotheses: ["Hypotheses.swift", "HypothesesMore.swift"], figures: ["Figures.swift"]),
        ]
        // END CASES
        let package = 1

        """)
    #expect(
      try place.read("Sources/HypothesisList/HypothesisList.swift") == """
        // Written by `make build` from the folders of Sources/CaseStudies.
        // swift-format-ignore-file
        import AlphaHypotheses
        import AlphaTask
        import BetaTwoHypotheses
        import BetaTwoTask
        import Investigations

        /// How every case is analyzed.
        public let investigations: KeyValuePairs<String, any Investigation.Type> = [
          "alpha": Alpha.self,
          "beta-two": BetaTwo.self,
        ]

        """)
    let inodes = "stat -c %i Package.swift Sources/*List/*.swift"
    let before = try place.lines(inodes)
    try place.lines("make build")
    #expect(try place.lines(inodes) == before)
  }

  @Test("a folder that no case can be called after is refused by name")
  func reservedFolder() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let outcome = try gallery.place.run(
      "cp -R Sources/CaseStudies/Alpha Sources/CaseStudies/Gallery; make")
    #expect(outcome.status != 0 && outcome.errors.contains("No case can be called \"gallery\""))
  }

  @Test("an unknown target is one clear line, with -n too", arguments: ["", "-n", "-q"])
  func unknown(option: String) throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let outcome = try gallery.place.run("make \(option) perplexity")
    #expect(outcome.status != 0 && outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.errors.contains("no case or target called \"perplexity\""))
  }
}
