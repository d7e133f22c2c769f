// swift-tools-version: 6.3
import PackageDescription

// The cases, and which of their files each of their three targets has.
// `make build` keeps this list true to the folders of Sources/CaseStudies.
// BEGIN CASES
// swift-format-ignore
let cases: [(name: String, task: [String], hypotheses: [String], figures: [String])] = [
  (name: "Elman", task: ["Network.swift", "Task.swift"], hypotheses: ["Hypotheses+Clues.swift", "Hypotheses+Exchange.swift", "Hypotheses+Explanation.swift", "Hypotheses+Games.swift", "Hypotheses+Planes.swift", "Hypotheses.swift"], figures: ["Figures+Trial.swift", "Figures.swift"]),
  (name: "Induction", task: ["Network.swift", "Task.swift", "Tunes.swift"], hypotheses: ["Hypotheses+Answers.swift", "Hypotheses+Breaks.swift", "Hypotheses+Clues.swift", "Hypotheses+Explanation.swift", "Hypotheses+Margins.swift", "Hypotheses+Page.swift", "Hypotheses+Rewiring.swift", "Hypotheses.swift"], figures: ["Figures+Population.swift", "Figures+Trial.swift", "Figures.swift"]),
  (name: "Parity", task: ["Lottery.swift", "Network.swift", "Task.swift", "Templates.swift"], hypotheses: ["Hypotheses+Clues.swift", "Hypotheses+Emergence.swift", "Hypotheses+Explanation.swift", "Hypotheses+Formula.swift", "Hypotheses+Jury.swift", "Hypotheses+Ruler.swift", "Hypotheses+Specimen.swift", "Hypotheses+Sweep.swift", "Hypotheses.swift"], figures: ["Figures+Population.swift", "Figures+Trial.swift", "Figures.swift"]),
  (name: "Reversal", task: ["Network.swift", "Task.swift"], hypotheses: ["Hypotheses+Clues.swift", "Hypotheses+Crew.swift", "Hypotheses+Explanation.swift", "Hypotheses+Hardest.swift", "Hypotheses+Limits.swift", "Hypotheses+Specimen.swift", "Hypotheses+Workbench.swift", "Hypotheses.swift"], figures: ["Figures+Limits.swift", "Figures+Rewiring.swift", "Figures.swift"]),
  (name: "ShellGame", task: ["Task.swift"], hypotheses: ["Hypotheses+Clues.swift", "Hypotheses+Explanation.swift", "Hypotheses+Games.swift", "Hypotheses+Interchange.swift", "Hypotheses+Room.swift", "Hypotheses+Surgery.swift", "Hypotheses+Triangle.swift", "Hypotheses.swift"], figures: ["Figures+Trial.swift", "Figures.swift"]),
  (name: "TrickShellGame", task: ["Task.swift"], hypotheses: ["Hypotheses+Clues.swift", "Hypotheses+Explanation.swift", "Hypotheses+Ledger.swift", "Hypotheses+Trials.swift", "Hypotheses.swift"], figures: ["Figures+Trial.swift", "Figures.swift"]),
  (name: "XOR", task: ["Lottery.swift", "Network.swift", "Pair.swift", "Task.swift"], hypotheses: ["Hypotheses+Beginnings.swift", "Hypotheses+Clues.swift", "Hypotheses+Explanation.swift", "Hypotheses+OneNumber.swift", "Hypotheses+Sweep.swift", "Hypotheses.swift"], figures: ["Figures+Trial.swift", "Figures.swift"]),
]
// END CASES

let arguments: Target.Dependency = .product(
  name: "ArgumentParser", package: "swift-argument-parser")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")

let lower: [Target] = [
  // MARK: Floor 0: system libraries
  .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
  .systemLibrary(
    name: "CPango", pkgConfig: "pangocairo", providers: [.apt(["libpango1.0-dev"])]),
  .systemLibrary(name: "CCMark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
  // The compiler's own: roots, comparisons and choices of a whole vector.
  .systemLibrary(name: "CVectors"),

  // MARK: Floor 1
  .target(name: "Tensors", dependencies: ["CVectors"]),
  .target(name: "Findings"),
  .target(
    name: "Documents", dependencies: ["CCMark", mustache],
    resources: [.embedInCode("Templates")]),

  // MARK: Floor 2
  .target(name: "Networks", dependencies: ["Tensors"]),
  .target(name: "Figures", dependencies: ["CPNG", "CPango", "Tensors"]),

  // MARK: Floor 3
  .target(name: "Artifacts", dependencies: ["CZlib", "Findings", "Networks", "Tensors"]),
  .target(name: "Interpretability", dependencies: ["Findings", "Networks", "Tensors"]),

  // MARK: Floor 4: what a case trains, and above it what a case study is
  .target(
    name: "Experiments", dependencies: ["Artifacts", "Findings", "Networks", "Tensors"]),
  .target(
    name: "Investigations",
    dependencies: [
      "Artifacts", "Experiments", "Findings", "Interpretability", "Networks", "Tensors",
    ]),
  .target(
    name: "Sweeps",
    dependencies: [
      "Artifacts", "Experiments", "Figures", "Findings", "Investigations", "Networks",
    ]),
  .target(
    name: "Illustrations",
    dependencies: ["Artifacts", "Experiments", "Figures", "Findings", "Networks", "Tensors"]),
  .target(
    name: "Stories",
    dependencies: ["Artifacts", "Documents", "Experiments", "Findings", "Tensors"]),
  .target(name: "Stages", dependencies: ["Artifacts", arguments]),

  .target(
    name: "Calibration",
    dependencies: [
      "Artifacts", "Findings", "Interpretability", "Investigations", "Networks", "Tensors",
    ]),

  // MARK: Floor 6: the stages
  .executableTarget(
    name: "train", dependencies: ["Experiments", "Stages", "TaskList", arguments]),
  .executableTarget(
    name: "record", dependencies: ["Experiments", "Networks", "Stages", "TaskList", arguments]),
  .executableTarget(
    name: "analyze",
    dependencies: [
      "Experiments", "Findings", "HypothesisList", "Investigations", "Stages", arguments,
    ]),
  .executableTarget(
    name: "calibrate",
    dependencies: ["Artifacts", "Calibration", "Investigations", "Stages", arguments]),
  .executableTarget(
    name: "render",
    dependencies: ["Experiments", "FigureList", "Illustrations", "Stages", arguments]),
  .executableTarget(
    name: "assemble", dependencies: ["Stages", "Stories", "TaskList", arguments]),
  .executableTarget(name: "compare", dependencies: ["Artifacts", "Figures", "Tensors", arguments]),
  .executableTarget(
    name: "compose",
    dependencies: ["Artifacts", "Documents", "Stages", "Stories", "TaskList", arguments],
    exclude: ["execute.py", "requirements.txt"], resources: [.embedInCode("Cells.py")]),
  .executableTarget(
    name: "sweep",
    dependencies: [
      "Artifacts", "Experiments", "HypothesisList", "Investigations", "Stages", "Sweeps", arguments,
    ], exclude: ["sweep.mk"]),
  .executableTarget(
    name: "bench", dependencies: ["Interpretability", "Networks", "Tensors", arguments]),
]

// MARK: Floor 5: the cases

/// Three targets a case, so that no stage is linked with what it may not read.
func targets(of name: String, _ task: [String], _ hypotheses: [String], _ figures: [String])
  -> [Target]
{
  let path = "Sources/CaseStudies/\(name)"
  let words = ["Story.md", "Notebook.py"]
  let all: [Target.Dependency] = ["Artifacts", "Experiments", "Networks", "Tensors"]
  let inquiry: [Target.Dependency] = ["Findings", "Interpretability", "Investigations"]
  let drawing: [Target.Dependency] = ["Figures", "Findings", "Illustrations"]
  let own: Target.Dependency = .byName(name: "\(name)Task")
  return [
    .target(
      name: "\(name)Task", dependencies: all, path: path,
      exclude: hypotheses + figures + words, sources: task),
    .target(
      name: "\(name)Hypotheses", dependencies: all + inquiry + [own], path: path,
      exclude: task + figures + words, sources: hypotheses),
    .target(
      name: "\(name)Figures", dependencies: all + drawing + [own], path: path,
      exclude: task + hypotheses + words, sources: figures),
  ]
}

func each(_ part: String) -> [Target.Dependency] {
  cases.map { .byName(name: $0.name + part) }
}

let lists: [Target] = [
  .target(name: "TaskList", dependencies: ["Experiments"] + each("Task")),
  .target(
    name: "HypothesisList", dependencies: ["Investigations"] + each("Task") + each("Hypotheses")),
  .target(name: "FigureList", dependencies: ["Illustrations"] + each("Task") + each("Figures")),
]

// MARK: Tests

let tests: [Target] = [
  .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
  .testTarget(name: "FindingsTests", dependencies: ["Findings"]),
  .testTarget(name: "DocumentsTests", dependencies: ["Documents"]),
  .testTarget(name: "NetworksTests", dependencies: ["Networks", "Tensors"]),
  .testTarget(
    name: "InterpretabilityTests", dependencies: ["Interpretability", "Networks", "Tensors"]),
  .testTarget(
    name: "FiguresTests", dependencies: ["CPNG", "Figures", "Tensors"], exclude: ["Pictures"]),
  .testTarget(name: "ArtifactsTests", dependencies: ["Artifacts", "Findings", "Tensors"]),
  .testTarget(
    name: "StoriesTests",
    dependencies: ["Artifacts", "Documents", "Findings", "Networks", "Stories", "Tensors"]),
  .testTarget(
    name: "StageTests",
    dependencies: [
      "Artifacts", "Experiments", "Figures", "Findings", "Investigations", "Networks", "Stages",
      "Stories", "Tensors", "train", "record", "analyze", "render", "assemble", "compare",
      "sweep", arguments,
    ]),
  .testTarget(
    name: "SweepsTests",
    dependencies: [
      "Artifacts", "Experiments", "Figures", "Findings", "HypothesisList", "Investigations",
      "Networks", "Sweeps", "Tensors",
    ]),
  .testTarget(
    name: "CalibrationTests",
    dependencies: [
      "Calibration", "Findings", "Interpretability", "Investigations", "Networks", "Tensors",
    ]),
  .testTarget(name: "PipelineTests", dependencies: ["compare"]),
]

let package = Package(
  name: "casebook",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: lower + cases.flatMap(targets) + lists + tests,
  swiftLanguageModes: [.v6]
)

// What a file uses it imports, so that the package manager knows what to compile again. A case need not: its
// targets depend on all that it may use.
for target in package.targets where target.type != .system && target.path == nil {
  target.swiftSettings = [.enableUpcomingFeature("MemberImportVisibility")]
}

// A value may hold others of any lower floor, and a target is compiled again where what it declares has changed, but
// not where the size of what that holds has: so each declares all that it stands on.
let own = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
func named(_ dependencies: [Target.Dependency]) -> [String] {
  dependencies.compactMap { if case .byNameItem(let name, _) = $0 { name } else { nil } }
}
@MainActor func below(_ target: Target) -> Set<String> {
  named(target.dependencies).reduce(into: []) { found, name in
    guard let lower = own[name], lower.type != .system, !found.contains(name) else { return }
    found.formUnion([name] + below(lower))
  }
}
for target in package.targets {
  let missing = below(target).subtracting(named(target.dependencies))
  target.dependencies += missing.sorted().map { .byName(name: $0) }
}
