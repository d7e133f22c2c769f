import ArgumentParser
import Artifacts
import Documents
import Foundation
import Stages
import Stories
import TaskList

/// Writes the notebook of a case, whose cells `execute.py` beside this file then executes.
@main
struct Compose: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the notebook of a case, before it is executed.")

  @OptionGroup var options: StageOptions

  @Option(help: "Where the notebook is written.")
  var output: String

  func run() throws {
    try options.run("compose", among: experiments) { type, folder, _ in
      let place = "Sources/CaseStudies/\(type)"
      let notebook = try notebook(
        story: "\(place)/Story.md", sources: sources(in: place), in: folder,
        repository: .published)
      try write(notebook, to: output)
      return "\(notebook.cells.count) cells"
    }
  }

  /// The files of a case that a notebook shows, those that are trained first.
  private func sources(in place: String) throws -> NotebookSources {
    func file(_ name: String) throws -> NotebookSources.File {
      let path = "\(place)/\(name)"
      return (path, try InputFile.text(path, madeBy: "git checkout"))
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: place).sorted()
    let swift = names.filter { $0.hasSuffix(".swift") && !$0.hasPrefix(".") }
    let first = ["Task.swift", "Network.swift"].filter(swift.contains)
    let later = swift.filter { !first.contains($0) }
    return NotebookSources(
      common: (
        "Sources/compose/Cells.py", String(decoding: PackageResources.Cells_py, as: UTF8.self)
      ),
      own: try names.contains("Notebook.py") ? file("Notebook.py") : nil,
      swift: try (first + later).map(file), countBelowScene: first.count)
  }
}
