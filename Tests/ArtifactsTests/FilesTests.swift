import Foundation
import Testing

@testable import Artifacts

@Suite struct OutputFileTests {
  @Test func writesAndReplaces() throws {
    let scratch = try Scratch()
    try OutputFile.write("old", to: scratch("x.json"))
    try OutputFile.write("new", to: scratch("x.json"))
    #expect(try contents(scratch("x.json")) == "new")
    let large = [UInt8](repeating: 7, count: 3_000_000)
    try OutputFile.write(large, to: scratch("a/b/c/large"))
    #expect(try contents(scratch("a/b/c/large")) == large)
    try OutputFile.write([] as [UInt8], to: scratch("empty"))
    #expect(try contents(scratch("empty")) == [] as [UInt8])
    #expect(try scratch.names == ["a", "empty", "x.json"])
  }

  @Test func aFolderInItsPlace() throws {
    let scratch = try Scratch()
    try OutputFile.write("kept", to: scratch("x/inside"))
    let error = #expect(throws: StageError.self) { try OutputFile.write("new", to: scratch("x")) }
    #expect(
      error?.description
        == "\(scratch("x")): cannot be written (Is a directory); move what is in its place away and run it again"
    )
    #expect(error?.exitCode == 74)
    #expect(try scratch.names == ["x"])
    #expect(try contents(scratch("x/inside")) == "kept")
  }

  @Test func aFileAsItsFolder() throws {
    let scratch = try Scratch()
    try OutputFile.write("kept", to: scratch("x"))
    for path in ["x/y", "x/y/z"] {
      let error = #expect(throws: StageError.self) { try OutputFile.write("n", to: scratch(path)) }
      #expect(error?.kind == .unreadable)
      #expect(error?.what == "cannot be made (Not a directory)")
    }
    #expect(try contents(scratch("x")) == "kept")
  }

  @Test func whereNothingCanBeMade() {
    for path in ["/proc/x.json", "/proc/a/x.json", "/dev/null/x"] {
      let error = #expect(throws: StageError.self) { try OutputFile.write("n", to: path) }
      #expect(error?.kind == .unreadable)
    }
  }

  @Test func aBodyThatIsTooLongForAName() throws {
    let scratch = try Scratch()
    let name = String(repeating: "n", count: 255)
    #expect(throws: StageError.self) { try OutputFile.write("n", to: scratch(name)) }
    #expect(try scratch.names == [])
  }

  @Test func leftoversOfTheDeadAreRemovedAndThoseOfTheLivingStay() throws {
    let scratch = try Scratch()
    let gallery = Gallery(scratch.path)
    let folder = try gallery.case("xor")
    try OutputFile.makeFolder(folder.variant("old").checkpointFolder)
    for name in [
      "xor/.x.json.4194399.tmp", "xor/old/.x.json.1.tmp", "xor/old/checkpoints/.0.tensors.99.tmp",
      "xor/.x.json.z.tmp", "xor/x.99.tmp", "xor/.99.tmp", ".index.html.99.tmp",
    ] {
      #expect(FileManager.default.createFile(atPath: scratch(name), contents: Data("half".utf8)))
    }
    func names() throws -> [String] {
      try FileManager.default.subpathsOfDirectory(atPath: scratch.path).filter {
        $0.hasSuffix(".tmp")
      }.sorted()
    }
    let living = open(scratch("xor/old/.x.json.1.tmp"), O_WRONLY)
    #expect(flock(living, LOCK_EX | LOCK_NB) == 0)
    try folder.removeLeftovers()
    let others = ["xor/.99.tmp", "xor/.x.json.z.tmp", "xor/x.99.tmp"]
    #expect(try names() == ([".index.html.99.tmp", "xor/old/.x.json.1.tmp"] + others).sorted())
    close(living)
    try folder.removeLeftovers()
    try gallery.removeLeftovers()
    #expect(try names() == others)
  }

  @Test func aLinkToAFolderIsRefused() throws {
    let scratch = try Scratch()
    try OutputFile.makeFolder(scratch("elsewhere"))
    for link in ["xor", "xor/figures", "xor/main/checkpoints"] {
      let gallery = Gallery(scratch("artifacts"))
      let path = "\(gallery.root)/\(link)"
      try OutputFile.makeFolder(
        String(path.prefix(upTo: path.lastIndex(of: "/") ?? path.startIndex)))
      #expect(symlink(scratch("elsewhere"), path) == 0)
      let error = #expect(throws: StageError.self) { try gallery.case("xor").removeLeftovers() }
      #expect(error?.kind == .unreadable && error?.place == path)
      try FileManager.default.removeItem(atPath: gallery.root)
    }
    // A gallery that lies elsewhere as a whole was put there by whoever runs the stages.
    #expect(symlink(scratch("elsewhere"), scratch("artifacts")) == 0)
    try Gallery(scratch("artifacts")).case("xor").removeLeftovers()
  }

  @Test func removing() throws {
    let scratch = try Scratch()
    try OutputFile.write("n", to: scratch("x"))
    try OutputFile.remove(scratch("x"))
    try OutputFile.remove(scratch("x"))
    try OutputFile.makeFolder(scratch("folder"))
    #expect(throws: StageError.self) { try OutputFile.remove(scratch("folder")) }
  }
}

@Suite struct InputFileTests {
  private func message(_ path: String, limit: Int = 100) -> String? {
    #expect(throws: StageError.self) {
      try InputFile.read(path, limit: limit, madeBy: "make xor")
    }?.description
  }

  @Test func whatCannotBeRead() throws {
    let scratch = try Scratch()
    #expect(message(scratch("x")) == "\(scratch("x")): is missing; make it with make xor")
    #expect(
      message(scratch.path)
        == "\(scratch.path): is a folder, not a file; see to that, then make xor")
    try OutputFile.write([UInt8](repeating: 1, count: 101), to: scratch("x"))
    #expect(
      message(scratch("x"))
        == "\(scratch("x")): has 101 bytes, more than the 100 that are read; make it again with make xor"
    )
    #expect(
      message(scratch("x/y"))
        == "\(scratch("x/y")): cannot be read (Not a directory); see to that, then make xor")
    #expect(mkfifo(scratch("pipe"), 0o600) == 0)
    #expect(
      message(scratch("pipe"))
        == "\(scratch("pipe")): is not a regular file; see to that, then make xor")
    #expect(
      message("/dev/zero") == "/dev/zero: is not a regular file; see to that, then make xor")
  }

  @Test func errorsStayOnOneLine() {
    let error = StageError(.malformed, "is\u{1B}[31m bad", at: "a\nb", remedy: "see\u{2028}")
    #expect(error.description == #"a\nb: is\u001b[31m bad; see\u2028"#)
    #expect(String(repeating: "é", count: 1_000).quoted.count == 83)
    #expect("e\(String(repeating: "\u{301}", count: 10_000))".quoted.unicodeScalars.count == 83)
  }
}

@Suite struct GalleryTests {
  @Test func slugs() {
    for name in ["xor", "shell-game", "width-4", "a", "k3"] { #expect(Slug.isValid(name)) }
    for name in [
      "", "-", "-a", "a-", "a--b", "4a", "A", "é", "a b", "a/b", "..", "../etc", "a.b", "a_b",
      "a\n",
      "a\0", String(repeating: "a", count: 65),
    ] {
      #expect(!Slug.isValid(name))
    }
  }

  @Test func paths() throws {
    let folder = try Gallery("artifacts/").case("xor")
    #expect(Gallery().page == "artifacts/index.html" && Gallery().readme == "artifacts/README.md")
    #expect(folder.path == "artifacts/xor")
    #expect(folder.activations == "artifacts/xor/activations.safetensors")
    #expect(folder.findings == "artifacts/xor/findings.json")
    #expect(folder.findingsTensors == "artifacts/xor/findings.safetensors")
    #expect(folder.figures == "artifacts/xor/figures.json")
    #expect(folder.page == "artifacts/xor/index.html")
    #expect(try folder.figure("loss") == "artifacts/xor/figures/loss.png")
    let variant = try folder.variant()
    #expect(variant.network == "artifacts/xor/main/network.json")
    #expect(variant.population == "artifacts/xor/main/population.safetensors")
    #expect(variant.training == "artifacts/xor/main/training.json")
    #expect(variant.checkpoint(at: 15) == "artifacts/xor/main/checkpoints/000015.safetensors")
    #expect(throws: StageError.self) { try Gallery().case("../x") }
    #expect(throws: StageError.self) { try folder.variant("figures") }
    #expect(throws: StageError.self) { try folder.figure("a/b") }
  }

  @Test func listsAndRemoves() throws {
    let scratch = try Scratch()
    let folder = try Gallery(scratch.path).case("xor")
    #expect(try folder.variants() == [] && folder.variant().checkpoints().isEmpty)
    for name in ["main", "width-2", "old"] {
      let variant = try folder.variant(name)
      for path in [variant.network, variant.population, variant.training] {
        try OutputFile.write("x", to: path)
      }
    }
    let main = try folder.variant()
    for step in [100, 0, 20] { try OutputFile.write("x", to: main.checkpoint(at: step)) }
    try OutputFile.write("x", to: "\(main.checkpointFolder)/notes.txt")
    try OutputFile.write("x", to: try folder.variant("old").checkpoint(at: 3))
    for name in ["a", "b"] { try OutputFile.write("x", to: folder.figure(name)) }
    #expect(try folder.variants() == ["main", "old", "width-2"])
    #expect(try main.checkpoints().map(\.step) == [0, 20, 100])
    try main.removeCheckpoints(except: [0, 100])
    #expect(try main.checkpoints().map(\.path) == [0, 100].map(main.checkpoint))
    try folder.removeVariants(except: ["main", "width-2"])
    #expect(try folder.variants() == ["main", "width-2"])
    #expect(!FileManager.default.fileExists(atPath: try folder.variant("old").path))
    try OutputFile.makeFolder(folder.variant("half-gone").path)
    try OutputFile.write("x", to: "\(folder.path)/notes/training.json")
    try folder.removeVariants(except: ["main", "width-2"])
    #expect(!FileManager.default.fileExists(atPath: try folder.variant("half-gone").path))
    #expect(FileManager.default.fileExists(atPath: "\(folder.path)/notes/training.json"))
    try folder.removeFigures(except: ["b"])
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/figures") == ["b.png"])
    #expect(FileManager.default.fileExists(atPath: "\(main.checkpointFolder)/notes.txt"))
  }

  @Test func linksAreNotFollowed() throws {
    let scratch = try Scratch()
    let folder = try Gallery(scratch("artifacts")).case("xor")
    try OutputFile.write("kept", to: scratch("elsewhere/network.json"))
    try OutputFile.makeFolder(folder.path)
    #expect(symlink(scratch("elsewhere"), "\(folder.path)/old") == 0)
    try folder.removeVariants(except: [])
    #expect(try contents(scratch("elsewhere/network.json")) == "kept")
  }
}
