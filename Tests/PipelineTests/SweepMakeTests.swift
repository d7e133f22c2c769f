import Testing

/// `make sweep` in the miniature, whose first case alone declares one, in three shards.
@Suite("The sweeps")
struct SweepMakeTests {
  private func swept() throws -> Gallery {
    let gallery = try Gallery.miniature()
    try gallery.place.lines("make sweep; rm log")
    return gallery
  }

  private func log(_ place: Workplace) throws -> [String] {
    place.exists("log") ? try place.lines("cat log; rm log") : []
  }

  @Test(
    "are made by their own target alone, shard by shard through LAUNCH, under a key of their own")
  func made() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    #expect(try place.lines("make").count == 1)
    #expect(try log(place).isEmpty && !place.exists("artifacts/alpha/sweep.json"))
    #expect(try place.lines("make -n sweep").last?.contains("sweep alpha, shard by shard") == true)
    #expect(try place.run("make -q sweep").status == 1)

    #expect(try place.lines("make -j3 sweep LAUNCH='env ACROSS=!'").last == "The sweeps are made.")
    let ran = try log(place)
    #expect(ran.first == "compile" && ran.last == "sweep alpha collected!")
    #expect(
      ran.dropFirst().dropLast().sorted() == [
        "sweep alpha one!", "sweep alpha three!", "sweep alpha two!",
      ])
    let key = try place.read("artifacts/.keys/alpha/sweep")
    for line in [
      "\nartifacts/alpha/sweep.json=", "\nartifacts/alpha/sweep.png=", "/Hypotheses+Sweep.swift=",
      "Sources/Sweeps/Sweeps.swift=", "Sources/CPNG/",
    ] { #expect(key.contains(line)) }
    #expect(
      !key.contains("BetaTwo") && !key.contains("Figures.swift\n")
        && !key.contains("Sources/render"))
    #expect(!key.contains("sweep.mk"))

    #expect(try place.lines("make sweep") == ["The sweeps are current."])
    #expect(try place.run("make -q sweep").status == 0)
    #expect(try place.lines("make").count == 1)
    #expect(try log(place).isEmpty)
  }

  @Test(
    "a stale one is named by make, which leaves it alone, and is made by make sweep",
    arguments: [
      ("echo more >>Sources/Sweeps/Sweeps.swift", 3), ("rm artifacts/alpha/sweep.json", 0),
      ("printf more >>artifacts/alpha/sweep.png", 0),
    ])
  func stale(change: String, shards: Int) throws {
    let gallery = try swept()
    let place = gallery.place
    defer { place.remove() }
    try place.lines(change)
    #expect(try place.run("make -q").status == 0)
    #expect(try gallery.foreseen().isEmpty)
    #expect(try place.lines("make").last == "Stale sweeps (`make sweep` makes them again): alpha")
    let verified = try place.run("make verify")
    #expect(verified.status != 0 && verified.errors.contains("Stale sweeps"))
    try place.lines("rm -f log; make sweep CASE=alpha")
    #expect(try log(place).filter { $0.hasPrefix("sweep") }.count == shards + 1)
    #expect(try place.lines("make").count == 1)
  }

  @Test(
    "a shard that failed is made by the next make, and no other; the rest is as if nothing had been"
  )
  func failed() throws {
    let (gallery, undisturbed) = (try Gallery.miniature(), try swept())
    let place = gallery.place
    defer { [place, undisturbed.place].forEach { $0.remove() } }
    let outcome = try place.run("echo 'sweep alpha two' >fail; make -k sweep")
    #expect(outcome.status != 0)
    #expect(try log(place).filter { $0.hasPrefix("sweep") }.count == 3)
    #expect(
      !place.exists("artifacts/alpha/sweep.json") && !place.exists("artifacts/.keys/alpha/sweep"))
    try place.lines("rm fail; make sweep")
    #expect(
      try log(place).filter { $0.hasPrefix("sweep") } == [
        "sweep alpha two", "sweep alpha collected",
      ])
    #expect(try gallery.contents() == undisturbed.contents())
  }

  @Test("regenerate and verify leave them as they are, and verify finds a lie in their key")
  func leftAlone() throws {
    let gallery = try swept()
    let place = gallery.place
    defer { place.remove() }
    let before = try gallery.contents()
    try place.lines("make regenerate")
    #expect(try gallery.contents() == before)
    #expect(
      try place.lines("make verify").last == "Made again, every byte of the gallery is the same.")
    try place.lines("echo more >>artifacts/alpha/notes.json")
    #expect(try place.run("make verify").errors.contains("stray"))
  }

  @Test("a case without one is refused by name, and no case is called sweep")
  func refused() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let outcome = try place.run("make sweep CASE=beta-two")
    #expect(
      outcome.status != 0 && outcome.errors.contains("\"beta-two\" has no Hypotheses+Sweep.swift"))
    try place.lines("cp -R Sources/CaseStudies/Alpha Sources/CaseStudies/Sweep")
    #expect(try place.run("make").errors.contains("No case can be called \"sweep\""))
  }
}
