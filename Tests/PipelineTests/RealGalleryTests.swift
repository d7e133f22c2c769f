import Foundation
import Testing

/// What of the real package is there to be tested.
private enum Real {
  static let isMade = package.exists("artifacts/.keys/gallery/assemble")
  static let hasStages = package.exists("Sources/assemble")
}

@Suite("The real gallery")
struct RealGalleryTests {
  /// The rows that ask for a file which the first case may not have stand for themselves in the miniature.
  private static let rows = Change.rows.filter { row in
    if case .output(let file, _, _, _) = row { !file.hasPrefix("main/checkpoints") } else { true }
  }

  @Test("each row of the table, by make -n", .enabled(if: Real.isMade), arguments: rows)
  func row(change: Change) throws {
    let gallery = try Gallery.copyOfReal()
    defer { gallery.place.remove() }
    try change.apply(to: gallery)
    let expected = change.runs(in: gallery)
    #expect(try gallery.foreseen() == expected)
    #expect(try gallery.place.run("make -q").status == (expected.isEmpty ? 0 : 1))
  }

  @Test("nothing to do takes less than half a second", .enabled(if: Real.isMade))
  func quick() throws {
    let gallery = try Gallery.copyOfReal()
    defer { gallery.place.remove() }
    let times = try (0..<5).map { _ in
      try ContinuousClock().measure { try gallery.place.lines("make") }
    }
    #expect(try #require(times.min()) < .milliseconds(500))
  }
}

/// The Makefile's lists of what a stage reads, against the package's own account of its targets.
@Suite("What a stage reads")
struct ReadTests {
  private struct Description: Decodable {
    struct Target: Decodable {
      let name: String
      let path: String
      let sources: [String]
      let targetDependencies: [String]?
    }
    let targets: [Target]
  }

  private let targets: [String: Description.Target]

  init() throws {
    let scratch = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    let text = try package.lines(
      "swift package --scratch-path '\(scratch)' describe --type json; rm -rf '\(scratch)'")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let description = try decoder.decode(
      Description.self, from: Data(text.joined(separator: "\n").utf8))
    targets = Dictionary(uniqueKeysWithValues: description.targets.map { ($0.name, $0) })
  }

  /// All that a target is linked with, itself included.
  private func reached(from name: String) throws -> Set<String> {
    var (found, open) = (Set<String>(), [name])
    while let next = open.popLast() {
      guard found.insert(next).inserted else { continue }
      open += try #require(targets[next]).targetDependencies ?? []
    }
    return found
  }

  @Test("every stage's targets are its key, and no others", .enabled(if: Real.hasStages))
  func keys() throws {
    let lists = ["TaskList", "HypothesisList", "FigureList"]
    for slug in try package.lines("make list") {
      var paths = Set<String>()
      for stage in Gallery.stages {
        for target in try reached(from: stage).subtracting(lists).compactMap({ targets[$0] }) {
          guard target.path.hasPrefix("Sources/CaseStudies/") else {
            paths.insert(target.path)
            continue
          }
          let folder = try package.lines("make case=\(slug) --eval='f:;@echo $(folder)' f")[0]
          guard target.path == folder else { continue }
          for source in target.sources { paths.insert("\(folder)/\(source)") }
        }
        let listed = try package.lines(
          "make case=\(slug) --eval='f:;@printf \"%s\\n\" $(sort $(reads.\(stage)))' f")
        let compiled = listed.filter { $0 != ".toolchain" && !$0.hasSuffix("Story.md") }
        #expect(paths.subtracting(compiled) == [], "linked, not in the key of \(stage) \(slug)")
        #expect(Set(compiled).subtracting(paths) == [], "in the key, not linked: \(stage) \(slug)")
      }
    }
  }

  @Test(
    "one target knows libpng, one zlib, one cmark, one pango",
    arguments: [
      ("CPNG", "Figures"), ("CPango", "Figures"), ("CZlib", "Artifacts"), ("CCMark", "Documents"),
    ])
  func oneKnower(library: String, knower: String) throws {
    let importers = try package.run("grep -rlE '^ *(@.* )?import .*\\b\(library)\\b' Sources")
      .output
      .split(separator: "\n")
    #expect(importers.allSatisfy { $0.hasPrefix("Sources/\(knower)/") }, "\(importers)")
  }

  @Test("only a case's folder and the written lists know a case")
  func casesAreUnknown() throws {
    let importers = try package.run("grep -rlE '^ *(@.* )?import \\w+(Task|Hypotheses)$' Sources")
      .output
      .split(separator: "\n")
    #expect(
      importers.allSatisfy { path in
        path.hasPrefix("Sources/CaseStudies/")
          || ["TaskList", "HypothesisList", "FigureList"].contains { path.contains("/\($0)/") }
      }, "\(importers)")
  }
}
