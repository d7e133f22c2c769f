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

  /// The sources of a case's own targets and the folders of all others that a program is linked with.
  private func linked(_ program: String, of slug: String) throws -> Set<String> {
    let lists = ["TaskList", "HypothesisList", "FigureList"]
    let folder = try package.lines("make case=\(slug) --eval='f:;@echo $(folder)' f")[0]
    var paths = Set<String>()
    for target in try reached(from: program).subtracting(lists).compactMap({ targets[$0] }) {
      guard target.path.hasPrefix("Sources/CaseStudies/") else {
        paths.insert(target.path)
        continue
      }
      guard target.path == folder else { continue }
      for source in target.sources { paths.insert("\(folder)/\(source)") }
    }
    return paths
  }

  /// What the key of a job lists, without what no compiler sees.
  private func listed(_ stage: String, of slug: String) throws -> Set<String> {
    let lines = try package.lines(
      "make case=\(slug) --eval='f:;@printf \"%s\\n\" $(sort $(reads.\(stage)))' f")
    return Set(lines.filter { $0 != ".toolchain" && !$0.hasSuffix("Story.md") })
  }

  @Test("every stage's targets are its key, and no others", .enabled(if: Real.hasStages))
  func keys() throws {
    for slug in try package.lines("make list") {
      var paths = Set<String>()
      for stage in Gallery.stages {
        paths.formUnion(try linked(stage, of: slug))
        let compiled = try listed(stage, of: slug)
        #expect(paths.subtracting(compiled) == [], "linked, not in the key of \(stage) \(slug)")
        #expect(compiled.subtracting(paths) == [], "in the key, not linked: \(stage) \(slug)")
      }
    }
  }

  @Test("a sweep's targets are its key, and no others", .enabled(if: Real.hasStages))
  func sweepKeys() throws {
    for slug in try package.lines("make --eval='f:;@printf \"%s\\n\" $(SWEPT)' f") {
      let paths = try linked("sweep", of: slug).subtracting(["Sources/sweep"])
        .union(["Sources/sweep/SweepStage.swift"])
      let compiled = try listed("sweep", of: slug)
      #expect(paths.subtracting(compiled) == [], "linked, not in the key of \(slug)")
      #expect(compiled.subtracting(paths) == [], "in the key, not linked: \(slug)")
    }
  }

  @Test(
    "one target knows libpng, one zlib, one cmark, one pango, one vectors of C",
    arguments: [
      ("CPNG", "Figures"), ("CPango", "Figures"), ("CZlib", "Artifacts"), ("CCMark", "Documents"),
      ("CVectors", "Tensors"),
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
