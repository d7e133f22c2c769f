import ArgumentParser
import Artifacts
import Stages
import Stories
import TaskList

/// Writes the page of a case, or of the whole gallery.
@main
struct Assemble: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes the page of a case, or that of the gallery or of its calibration.",
    discussion: "Besides the cases there are 'gallery' and 'calibration'.")

  @OptionGroup var options: StageOptions

  @Flag(help: "Write nothing, and look whether the gallery has all that its assignment asks for.")
  var check = false

  func validate() throws {
    guard !check || options.name == "gallery" else {
      throw ValidationError("--check is for the whole gallery: assemble gallery --check")
    }
  }

  func run() throws {
    if options.name == "gallery" {
      let gallery = Gallery(options.artifacts)
      try options.run("assemble") { _ in
        let stories = try experiments.map { (try gallery.case($0.key), story("\($0.value)")) }
        let count = experiments.count == 1 ? "1 case" : "\(experiments.count) cases"
        if check {
          let gaps = submissionGaps(gallery, stories: stories)
          for gap in gaps { options.complain("assemble", of: gap) }
          guard gaps.isEmpty else {
            throw StageError(
              .malformed, "lacks \(gaps.count == 1 ? "one thing" : "\(gaps.count) things")",
              at: gallery.root, remedy: "mend what is named above, then run make submit-check")
          }
          return "\(count), ready to be handed in"
        }
        try gallery.removeLeftovers()
        try assemble(gallery, stories: stories)
        return count
      }
    } else if options.name == "calibration" {
      try options.run("assemble") { _ in
        let folder = try options.folder()
        try assembleCalibration(in: folder)
        return folder.page
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
