import ArgumentParser
import Artifacts
import Foundation

/// Compares a gallery with one that was made again.
@main
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares a gallery with one made again from the same sources, entry by entry.",
    discussion: """
      The folder that was made has, beside what the stages made, the file `.hashes`: the hash of every file of the \
      gallery, as its keys write them; and `.toolchain`, which says what made it, as the recorded one does for the \
      gallery.
      """)

  @Argument(help: "The folder of the gallery.")
  var gallery = "artifacts"

  @Argument(help: "The folder in which it was made again.")
  var made = ".build/verify"

  @Option(help: "What made the gallery.")
  var toolchain = ".toolchain"

  func run() throws {
    do {
      let changes = try ToolchainChanges(
        recorded: InputFile.text(toolchain, madeBy: "make regenerate"),
        here: InputFile.text("\(made)/.toolchain", madeBy: "make verify"))
      let hashes = try Key(
        InputFile.read("\(made)/.hashes", limit: 1 << 26, madeBy: "make verify"))
      let comparison = try GalleryComparison(
        gallery: GalleryFolder(gallery), made: GalleryFolder(made), hashes: hashes.lines,
        toolchain: changes)
      let report = comparison.report()
      report.differences.forEach { complain($0.onOneLine) }
      if !report.differences.isEmpty { changes.lines.forEach { complain($0.onOneLine) } }
      guard report.differences.isEmpty else {
        complain("Made again, the gallery is another: \(count(report.differences)).")
        throw ExitCode(1)
      }
      print(
        report.redrawn.isEmpty
          ? "Made again, every byte of the gallery is the same."
          : "Made again, the gallery is the same, but for the bytes of \(report.redrawn.count) pictures, whose"
            + " pixels are within \(Pair.tolerance)/255: \(changes.words).")
    } catch let error as StageError {
      complain("error: \(error)")
      throw ExitCode(error.exitCode)
    }
  }

  private func count(_ differences: [String]) -> String {
    differences.count == 1 ? "1 difference" : "\(differences.count) differences"
  }

  private func complain(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }
}
