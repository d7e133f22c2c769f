import Testing

@Suite("make verify")
struct VerifyTests {
  /// What is done to the gallery, what has to be said of it, and whether `make -q` believes the keys.
  struct Fraud: CustomTestStringConvertible {
    let name: String
    let command: String
    let complaints: [String]
    var isBelieved = false

    var testDescription: String { name }
  }

  /// Writes into a key the hash that a file has.
  private static func forge(_ path: String, in key: String) -> String {
    "sha=$(sha256sum \(path) | cut -c-16); sed -i \"s|\(path)=.*|\(path)=$sha|\" \(key)"
  }

  static let frauds = [
    Fraud(
      name: "a file edited", command: "echo more >>artifacts/alpha/findings.json",
      complaints: [
        "analyze alpha: findings.json was edited after it was made",
        "analyze alpha: findings.json, line 2: the end here, 'more' in the gallery",
      ]),
    Fraud(
      name: "a file edited, and the key that vouches for it",
      command: "echo more >>artifacts/alpha/index.html; "
        + forge("artifacts/alpha/index.html", in: "artifacts/.keys/alpha/assemble"),
      complaints: [
        "assemble alpha: its key vouches for index.html as it is, and its sources make another",
        "assemble alpha: index.html, line 2: the end here, 'more' in the gallery",
      ], isBelieved: true),
    Fraud(
      name: "a key edited", command: "sed -i s/findings.json=./findings.json=x/ $K/alpha/analyze",
      complaints: ["analyze alpha: its key lies: it says x"]),
    Fraud(
      name: "a key that names too little", command: "sed -i /findings.json/d $K/alpha/analyze",
      complaints: ["analyze alpha: its key does not name findings.json"]),
    Fraud(
      name: "a key that names too much", command: "echo artifacts/alpha/x=1 >>$K/alpha/analyze",
      complaints: ["analyze alpha: its key names x, which it does not make"]),
    Fraud(
      name: "other sources", command: "echo '// more' >>Sources/Networks/Networks.swift",
      complaints: [
        "train alpha: was made by other sources: Sources/Networks/Networks.swift",
        "assemble beta-two: was made by other sources: Sources/Networks/Networks.swift",
        "train alpha: main/network.json",
      ]),
    Fraud(
      name: "other sources, and keys that say it were these",
      command: "echo '// more' >>Sources/Networks/Networks.swift; for key in $K/*/*; do "
        + forge("Sources/Networks/Networks.swift", in: "$key") + "; done",
      complaints: ["train alpha: its key vouches for main/network.json as it is"],
      isBelieved: true),
    Fraud(
      name: "another toolchain recorded", command: "echo libpng 9 >>.toolchain",
      complaints: [
        "render alpha: was made by other sources: .toolchain", "The gallery was made with libpng 9",
      ]),
    Fraud(
      name: "a file missing", command: "rm artifacts/alpha/figures/curve.png",
      complaints: ["render alpha: figures/curve.png is missing"]),
    Fraud(
      name: "a key missing", command: "rm $K/alpha/render",
      complaints: ["render alpha: its key .keys/alpha/render is missing"]),
    Fraud(
      name: "a file too many", command: "echo mine >artifacts/alpha/notes.txt",
      complaints: ["no stage: artifacts/alpha/notes.txt is stray"], isBelieved: true),
    Fraud(
      name: "a file too many that is hidden", command: "echo >artifacts/alpha/.figures.json.7.tmp",
      complaints: ["artifacts/alpha/.figures.json.7.tmp is stray"], isBelieved: true),
    Fraud(
      name: "a link too many", command: "ln -s findings.json artifacts/alpha/link",
      complaints: ["artifacts/alpha/link is no plain file"], isBelieved: true),
    Fraud(
      name: "a link in the place of a file",
      command: "cd artifacts/alpha && mv findings.json ../kept && ln -s ../kept findings.json",
      complaints: ["analyze alpha: findings.json is missing", "findings.json is no plain file"]),
    Fraud(
      name: "a case too many",
      command: "cp -R artifacts/alpha artifacts/gone; cp -R $K/alpha $K/gone",
      complaints: [
        "train gone: its key .keys/gone/train is stray",
        "artifacts/gone/index.html is stray: nothing makes it",
      ]),
  ]

  @Test("finds out", arguments: frauds)
  func found(fraud: Fraud) throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    try place.lines("K=artifacts/.keys; \(fraud.command)")
    let before = try gallery.contents()
    #expect(try place.run("make -q").status == (fraud.isBelieved ? 0 : 1))
    let outcome = try place.run("make verify")
    #expect(outcome.status != 0)
    for complaint in fraud.complaints {
      #expect(outcome.errors.contains(complaint), "\(outcome.errors)")
    }
    #expect(try gallery.contents() == before, "make verify changed the gallery")
  }

  @Test("has nothing against the gallery as it was made, here or by another compiler")
  func same() throws {
    let gallery = try Gallery.miniature()
    defer { gallery.place.remove() }
    for command in ["true", "sed -i 's/version 6.3/version 6.4/' bin/swift"] {
      try gallery.place.lines(command)
      let said = try gallery.place.lines("make verify").last
      #expect(said == "Made again, every byte of the gallery is the same.")
    }
    let outcome = try gallery.place.run("echo more >>artifacts/README.md; make verify")
    #expect(outcome.errors.contains("The gallery was made with Swift version 6.3\n"))
    #expect(outcome.errors.contains("and here is Swift version 6.4\n"))
  }
}
