import Foundation
import Testing

@Suite("a case of one's own")
struct ScaffoldTests {
  /// The case is compiled against the libraries of this build, in their three parts as the package has them.
  @Test("what make new writes compiles without a warning, trains, and stands in the gallery")
  func majority() throws {
    let workshop = try Workshop.empty()
    defer { workshop.remove() }
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    // The case is part of the package, which the package manager names after its folder.
    let name = URL(filePath: package).lastPathComponent.lowercased()
    try workshop.write(Data(Self.main.utf8), to: "main.swift")
    let outcome = try workshop.shell(
      """
      set -e
      mkdir -p Sources/CaseStudies modules
      cp '\(package)/Makefile' '\(package)/.swift-format' . && cp -R '\(package)/Sources/CaseStudies/.new' Sources/CaseStudies
      make -s new CASE=majority
      for module in CPNG CPango CCMark CVectors CZlib; do include="$include -I \(package)/Sources/$module"; done
      compile() {
        swiftc -swift-version 6 -package-name '\(name)' -warnings-as-errors -wmo -I "$STAGES/Modules" -I modules $include \
          $(pkg-config --cflags-only-I pangocairo) "$@"
      }
      folder=Sources/CaseStudies/Majority
      compile -parse-as-library -module-name MajorityTask -c -o task.o -emit-module \
        -emit-module-path modules/MajorityTask.swiftmodule $folder/Task.swift $folder/Network.swift
      for target in \(Self.targets.joined(separator: " ")); do
        objects="$objects $(ls "$STAGES/$target.build/"*.o)"
      done
      compile -module-name Stages -o stages main.swift $folder/Hypotheses*.swift $folder/Figures.swift \
        task.o $objects $(pkg-config --libs-only-l libpng pangocairo libcmark zlib)
      ./stages
      """)
    #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.isEmpty, "\(outcome.errors)")
    for file in ["findings.json", "figures.json", "main/training.json", "index.html"] {
      #expect(try !workshop.read("artifacts/majority/\(file)").isEmpty)
    }
    let page = try workshop.text("artifacts/majority/index.html")
    #expect(page.contains("<h1>Majority</h1>") && page.contains("make new CASE=majority"))
    for place in ["artifacts/index.html", "artifacts/README.md"] {
      #expect(try workshop.text(place).contains("majority/"))
    }
    let again = try workshop.shell("swift format lint --strict -r Sources 2>&1")
    #expect(again.status == 0, "\(again.output)")
  }

  private static let targets = [
    "Tensors", "Findings", "Documents", "Networks", "Figures", "Artifacts", "Interpretability",
    "Experiments", "Investigations", "Illustrations", "Stories", "Mustache",
  ]

  private static let main = """
    import Artifacts
    import Experiments
    import Illustrations
    import Investigations
    import MajorityTask
    import Stories

    let gallery = Gallery("artifacts")
    let folder = try gallery.case("majority")
    let majority = try Majority()
    let story = "Sources/CaseStudies/Majority/Story.md"
    try train(majority, in: folder, threads: 2) { _, _, _ in }
    try record(majority, in: folder, threads: 2)
    _ = try analyze(majority, in: folder, threads: 2)
    _ = try render(majority, in: folder, threads: 2)
    try assemble(story: story, in: folder)
    try assemble(gallery, stories: [(folder, story)])
    """
}
