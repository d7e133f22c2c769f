import Foundation

/// A change to a gallery, and what has to run after it: the rows of the rerun table.
enum Change: Hashable, CustomStringConvertible {
  case nothing
  /// The time of every file.
  case times
  case build(removed: Bool)
  /// A file that is in no key.
  case bystander(String)
  /// A source file of a target below the cases, and the first stage that reads it.
  case target(String, stage: String)
  /// A file of the first case, and the first stage that reads it; a file that is not there is added.
  case source(String, stage: String)
  case sourceRemoved(String, stage: String)
  case toolchain
  /// An output of the first case, or of the gallery where it has no case.
  case output(String, stage: String, deleted: Bool, ofGallery: Bool = false)
  case caseAdded
  case caseRemoved

  var description: String {
    switch self {
    case .nothing: "nothing"
    case .times: "touch of everything"
    case .build: "no build"
    case .bystander(let path): "\(path) edited"
    case .target(let target, _): "target \(target) edited"
    case .source(let file, _): "a case's \(file) edited"
    case .sourceRemoved(let file, _): "a case's \(file) removed"
    case .toolchain: "another toolchain"
    case .output(let file, _, let deleted, _): "output \(file) \(deleted ? "deleted" : "edited")"
    case .caseAdded: "a case added"
    case .caseRemoved: "a case removed"
    }
  }

  static let rows: [Change] =
    [
      .nothing, .times, .build(removed: true), .toolchain, .caseAdded, .caseRemoved,
      .bystander("Package.swift"), .bystander("README.md"),
      .bystander("Tests/SomeTests/Some.swift"),
      .bystander("Sources/TaskList/TaskList.swift"),
      .bystander("Sources/CaseStudies/.new/Task.swift"),
      .bystander("Sources/compose/Cells.py"), .bystander("Sources/Sweeps/Another.swift"),
      .source("Task.swift", stage: "train"), .source("Network.swift", stage: "train"),
      .source("Words.txt", stage: "train"), .source("Hypotheses.swift", stage: "analyze"),
      .source("HypothesesOfAnother.swift", stage: "analyze"),
      .source("Figures.swift", stage: "render"), .source("FiguresOfAnother.swift", stage: "render"),
      .source("Story.md", stage: "assemble"),
    ]
    + Gallery.stages.flatMap { stage in
      (Gallery.floors[stage] ?? []).map { .target($0, stage: stage) }
    }
    + Gallery.calibrating.map { .target($0, stage: "calibrate") }
    + [true, false].flatMap { deleted -> [Change] in
      [
        .output("main/network.json", stage: "train", deleted: deleted),
        .output("main/population.safetensors", stage: "train", deleted: deleted),
        .output("main/checkpoints/000000.safetensors", stage: "train", deleted: deleted),
        .output("activations.safetensors", stage: "record", deleted: deleted),
        .output("findings.json", stage: "analyze", deleted: deleted),
        .output("figures.json", stage: "render", deleted: deleted),
        .output("index.html", stage: "assemble", deleted: deleted),
        .output("index.html", stage: "assemble", deleted: deleted, ofGallery: true),
        .output("README.md", stage: "assemble", deleted: deleted, ofGallery: true),
      ]
    }

  /// Makes the change.
  func apply(to gallery: Gallery) throws {
    let (place, first) = (gallery.place, gallery.cases[0])
    func edit(_ path: String) throws {
      try place.write(place.exists(path) ? place.read(path) + "\n// more\n" : "// more\n", to: path)
    }
    switch self {
    case .nothing: break
    case .times: try place.lines("find . -type f | xargs touch")
    case .build: try place.lines("rm -rf .build")
    case .bystander(let path): try edit(path)
    case .target(let target, _): try edit("Sources/\(target)/Another.swift")
    case .source(let file, _): try edit("\(first.folder)/\(file)")
    case .sourceRemoved(let file, _): try place.lines("rm \(first.folder)/\(file)")
    case .toolchain: try edit(".toolchain")
    case .output(let file, _, let deleted, let ofGallery):
      let path = "artifacts/\(ofGallery ? "" : first.slug + "/")\(file)"
      try place.lines(deleted ? "rm \(path)" : "printf more >>\(path)")
    case .caseAdded: try place.lines("cp -R \(first.folder) Sources/CaseStudies/GammaRay")
    case .caseRemoved: try place.lines("rm -r \(first.folder)")
    }
  }

  /// The jobs that have to run then, sorted, and no others.
  func runs(in gallery: Gallery) -> [String] {
    let slugs = gallery.cases.map(\.slug)
    switch self {
    case .nothing, .times, .build, .bystander: return []
    case .target(let target, let stage):
      let jobs = Gallery.calibrating.contains(target) ? [] : gallery.jobs(from: stage, of: slugs)
      return (jobs + Gallery.calibration(after: target)).sorted()
    case .source(_, let stage), .sourceRemoved(_, let stage):
      return gallery.jobs(from: stage, of: [slugs[0]])
    case .toolchain:
      return (gallery.jobs(from: "train", of: slugs) + Gallery.calibration(after: "Tensors"))
        .sorted()
    case .output(_, let stage, _, let ofGallery):
      return ["\(stage) \(ofGallery ? "gallery" : slugs[0])"]
    case .caseAdded: return gallery.jobs(from: "train", of: ["gamma-ray"])
    case .caseRemoved: return ["assemble gallery"]
    }
  }
}
