import Foundation
import Testing

@Suite("What runs again")
struct RerunTests {
  @Test("each row of the table, run on the miniature", arguments: Change.rows, [1, 4, 16])
  func row(change: Change, workers: Int) throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    try check(change, on: gallery, workers: workers)
  }

  @Test(
    "a file fewer in a case's folder",
    arguments: [
      Change.sourceRemoved("HypothesesMore.swift", stage: "analyze"),
      .sourceRemoved("Network.swift", stage: "train"),
    ])
  func removedFile(change: Change) throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    try check(change, on: gallery, workers: 4)
  }

  private func check(_ change: Change, on gallery: Gallery, workers: Int) throws {
    let place = gallery.place
    try change.apply(to: gallery)
    let expected = change.runs(in: gallery)
    if workers == 1 {
      #expect(try gallery.foreseen() == expected, "make -n")
      #expect(try place.run("make -q").status == (expected.isEmpty ? 0 : 1), "make -q")
      #expect(!place.exists("log"), "make -n and make -q run nothing")
    }

    try place.lines("make -j\(workers)")
    let log = place.exists("log") ? try place.lines("cat log") : []
    #expect(log.filter { $0 != "compile" }.sorted() == expected)
    #expect(log.count { $0 == "compile" } == (expected.isEmpty ? 0 : 1))
    #expect(log.isEmpty || log[0] == "compile")

    let again = try place.lines("rm -f log; make -j\(workers)")
    #expect(again.count == 1 && again[0].contains("current: open artifacts/index.html"))
    #expect(!place.exists("log"))
    if change == .caseRemoved {
      #expect(!place.exists("artifacts/alpha") && !place.exists("artifacts/.keys/alpha"))
    }
  }

  @Test("a fresh clone runs nothing, not even the compiler")
  func freshClone() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let clone = try gallery.place.lines(
      """
      git init -q && git add -f Makefile Package.swift Sources artifacts .toolchain bin &&
      git -c user.name=a -c user.email=a commit -qm all && git clone -q . clone
      cd clone && make && ls -d log .build 2>/dev/null | cat
      """)
    #expect(clone.count == 1 && clone[0].contains("current"))
  }

  @Test("one case alone")
  func oneCase() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    try Change.toolchain.apply(to: gallery)
    try gallery.place.lines("make alpha")
    #expect(
      try gallery.place.lines("grep -v compile log")
        == Gallery.stages.map { "\($0) alpha" })
  }

  @Test(
    "a stage that is killed runs again, and ends as if nothing had been", arguments: [1, 4, 16])
  func interrupted(workers: Int) throws {
    let undisturbed = try Gallery.miniature()
    defer { undisturbed.place.remove() }
    try Change.toolchain.apply(to: undisturbed)
    try undisturbed.place.lines("make")
    let result = try undisturbed.contents()

    for stage in Gallery.stages {
      let gallery = try Gallery.miniature()
      defer { gallery.place.remove() }
      try Change.toolchain.apply(to: gallery)
      try gallery.place.write("\(stage) beta-two\n", to: "die")
      #expect(try gallery.place.run("make -j\(workers)").status != 0)
      #expect(try gallery.foreseen().contains("\(stage) beta-two"))
      try gallery.place.lines("make -j\(workers)")
      #expect(try gallery.contents() == result)
    }
  }

  @Test("a stage that fails stops what follows it, and runs again")
  func failing() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    try Change.source("Task.swift", stage: "train").apply(to: gallery)
    try place.lines("rm artifacts/beta-two/index.html; echo 'record alpha' >fail")
    #expect(try place.run("make -k").status != 0)
    #expect(
      try place.lines("cat log") == ["compile", "train alpha", "record alpha", "assemble beta-two"])
    #expect(try gallery.foreseen() == gallery.jobs(from: "record", of: ["alpha"]))
  }

  @Test("a change that is taken back after an interruption leaves nothing of it")
  func takenBack() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let before = try gallery.contents()
    try gallery.place.lines("cp .toolchain kept; echo more >>.toolchain; echo 'train alpha' >die")
    #expect(try gallery.place.run("make").status != 0)
    try gallery.place.lines("mv kept .toolchain; make")
    #expect(try gallery.contents() == before)
  }

  @Test("regenerate")
  func regenerate() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let before = try gallery.contents()
    try place.lines("make regenerate")
    #expect(try gallery.contents() == before)
    let log = try place.lines("sort log; rm log")
    #expect(
      log.filter { $0 != "compile" }
        == (gallery.jobs(from: "train", of: ["alpha", "beta-two"])
        + Gallery.calibration(after: "Tensors")).sorted())
  }

  @Test("launcher and threads")
  func launch() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    try Change.source("Figures.swift", stage: "render").apply(to: gallery)
    try gallery.place.lines("make -j8 LAUNCH='env ACROSS=-machines' THREADS=3")
    #expect(
      try gallery.place.lines("grep -v compile log") == [
        "render alpha --threads 3-machines", "assemble alpha --threads 3-machines",
        "assemble gallery --threads 3-machines",
      ])
  }

  @Test("without a recorded toolchain nothing is made")
  func noToolchain() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    let outcome = try gallery.place.run("rm .toolchain; make")
    #expect(outcome.status != 0 && outcome.errors.contains("`make regenerate` writes it"))
    #expect(!gallery.place.exists("log"))
  }
}
