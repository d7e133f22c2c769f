import Foundation
import Testing

/// A file that each stage writes; what it reads is none of these.
private let outputs: [(stage: Stage, file: String)] = [
  (.record, "activations.safetensors"), (.analyze, "findings.json"),
  (.analyze, "findings.safetensors"), (.render, "figures.json"),
  (.render, "figures/\(Workshop.anyFigure).png"), (.assemble, "index.html"),
]

extension Workshop {
  /// A figure of the case.
  static let anyFigure: String = {
    guard let workshop = try? furnished() else { return "none" }
    defer { workshop.remove() }
    let names = try? FileManager.default.contentsOfDirectory(
      atPath: workshop.path("artifacts/xor/figures").path)
    return names?.sorted().first.map { String($0.dropLast(4)) } ?? "none"
  }()
}

@Suite("what the stages write")
struct DestinationTests {
  @Test("a folder in the place of an output stays, and is named", arguments: outputs)
  func folder(stage: Stage, file: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    try workshop.delete("artifacts/xor/\(file)")
    try workshop.write(Data("mine".utf8), to: "artifacts/xor/\(file)/inside")
    let outcome = try workshop.run(stage, "xor")
    #expect(outcome.status == 74 && outcome.output.isEmpty, "\(outcome.errors)")
    #expect(outcome.complaints.count == 1)
    #expect(outcome.errors.contains("artifacts/xor/\(file): cannot be written"))
    #expect(try workshop.text("artifacts/xor/\(file)/inside") == "mine")
    try expectNoTemporary(workshop)
  }

  @Test("where nothing can be written, training says so before it begins or as it ends")
  func noFolder() throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    try workshop.write(Data("a file".utf8), to: "artifacts")
    try workshop.expectRefusal(of: .train, status: 74, saying: ["artifacts", "cannot be made"])
    try workshop.expectRefusal(
      of: .train, "xor", "--artifacts", "/proc/casebook", status: 74,
      saying: ["/proc/casebook", "cannot be made"])
  }

  /// No file may grow beyond one block, as on a disk that is full; nor could what counts the lines that run.
  @Test("a write that fails half way leaves the old file and no other", arguments: outputs)
  func tooLarge(stage: Stage, file: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let before = try workshop.contents()
    let outcome = try workshop.shell(
      "ulimit -f 1; LLVM_PROFILE_FILE=/dev/null \"$STAGES/\(stage.rawValue)\" xor")
    #expect(outcome.status == 74, "\(outcome.errors)")
    #expect(outcome.errors.contains("cannot be written") && outcome.complaints.count == 1)
    #expect(try workshop.contents() == before)
  }

  @Test(
    "a full disk leaves the old file and no other", .enabled(if: mayMount),
    arguments: Stage.allCases.dropFirst())
  func full(stage: Stage) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    // A disk with room for what is there and no more.
    let outcome = try workshop.shell(
      """
      sums=$(mktemp) unshare --mount sh -c '
        mkdir disk && mount -t tmpfs -o size=64m tmpfs disk && cp -R artifacts Sources disk && cd disk || exit 99
        dd if=/dev/zero of=filler bs=1k 2>/dev/null; find . -type f | sort | xargs cksum >$sums
        "$STAGES/\(stage.rawValue)" xor; status=$?
        find . -type f | sort | xargs cksum | cmp - $sums || status=98
        rm $sums; exit $status'
      """)
    #expect(outcome.status == 74 && outcome.output.isEmpty, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.contains("No space left on device"))
    #expect(outcome.complaints.count == 1)
  }

  private static let mayMount: Bool = {
    let command = "mount -t tmpfs tmpfs /mnt && umount /mnt"
    guard let workshop = try? Workshop.empty() else { return false }
    defer { workshop.remove() }
    return (try? workshop.shell("unshare --mount sh -c '\(command)'").status) == 0
  }()

  @Test(
    "a folder that may not be written to is named", .enabled(if: geteuid() != 0),
    arguments: outputs)
  func readOnly(stage: Stage, file: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    #expect(try workshop.shell("chmod a-w artifacts/xor artifacts/xor/figures").status == 0)
    try workshop.expectRefusal(of: stage, status: 74, saying: ["make it writable"])
  }

  @Test("what a killed stage left is removed by the next, and figures that are no more too")
  func leftovers() throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let before = try workshop.contents()
    try workshop.write(Data("half".utf8), to: "artifacts/xor/.figures.json.99999.tmp")
    try workshop.write(Data("half".utf8), to: "artifacts/xor/lottery/.network.json.99999.tmp")
    try workshop.write(Data("old".utf8), to: "artifacts/xor/figures/no-more.png")
    #expect(try workshop.run(.render, "xor").status == 0)
    #expect(try workshop.contents() == before)
  }

  @Test(
    "a folder that is a link to another is refused, and nothing is written there",
    arguments: Stage.allCases, ["", "/figures", "/main", "/main/checkpoints"])
  func link(stage: Stage, folder: String) throws {
    let workshop = try Workshop.furnished()
    defer { workshop.remove() }
    let path = "artifacts/xor\(folder)"
    let command = "mv \(path) elsewhere && ln -s $PWD/elsewhere \(path)"
    #expect(try workshop.shell(command).status == 0)
    try workshop.expectRefusal(
      of: stage, status: 74, saying: ["error: \(path): is a link to a folder", "remove the link"])
  }

  private func expectNoTemporary(_ workshop: Workshop) throws {
    #expect(try workshop.contents().keys.filter { $0.hasSuffix(".tmp") }.isEmpty)
  }
}
