import ArgumentParser
import Artifacts
import Stages
import Stories
import TaskList

/// Writes the page of a case, or of the whole gallery.
@main
struct Assemble: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the page of a case, or that of the gallery if the case is 'gallery'.")

  @OptionGroup var options: StageOptions

  func run() throws {
    if options.name == "gallery" {
      let gallery = Gallery(options.artifacts)
      try options.run("assemble") { _ in
        try assemble(
          gallery,
          stories: experiments.map { (try gallery.case($0.key), story("\($0.value)")) })
        return experiments.count == 1 ? "1 case" : "\(experiments.count) cases"
      }
    } else {
      try options.run("assemble", among: experiments) { type, folder, _ in
        try assemble(story: story("\(type)"), in: folder)
        return folder.page
      }
    }
  }

  /// The story of a case, whose type is named like its folder.
  private func story(_ type: String) -> String { "Sources/CaseStudies/\(type)/Story.md" }
}
