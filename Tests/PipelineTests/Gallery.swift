import Foundation

/// A gallery that a test may change: the real one's copy, or the miniature.
struct Gallery {
  static let stages = ["train", "record", "analyze", "render", "assemble"]

  let place: Workplace
  /// Every case by its slug, with its folder.
  let cases: [(slug: String, folder: String)]

  /// What `make -n` says would run, as `train xor`, sorted.
  func foreseen() throws -> [String] {
    try place.lines("make -n").compactMap { line in
      let words = line.split(separator: " ")
      guard let stage = words.first?.split(separator: "/").last, words.count > 1,
        line.hasPrefix(".build/release/")
      else { return nil }
      return "\(stage) \(words[1])"
    }.sorted()
  }

  /// The jobs from a stage on, of some cases, and with them the gallery's page.
  func jobs(from stage: String, of slugs: [String]) -> [String] {
    let following = Self.stages.drop { $0 != stage }
    return (slugs.flatMap { slug in following.map { "\($0) \(slug)" } } + ["assemble gallery"])
      .sorted()
  }

  /// Everything in `artifacts`, keys included, as lines of hash and path.
  func contents() throws -> [String] {
    try place.lines("find artifacts -type f | LC_ALL=C sort | xargs sha256sum")
  }
}

extension Gallery {
  /// A copy of the real gallery with its sources, without anything compiled.
  static func copyOfReal() throws -> Gallery {
    let place = try Workplace.temporary()
    try package.lines(
      "cp -R Makefile Package.swift Sources artifacts .toolchain '\(place.root.path)'")
    let folders = try place.lines("ls -d Sources/CaseStudies/*/")
    return Gallery(
      place: place,
      cases: Array(zip(try place.lines("make list"), folders.map { String($0.dropLast()) })))
  }

  /// A gallery of two tiny cases, made by the real Makefile with a stand-in for `swift`.
  ///
  /// Its stages write files of a few bytes that follow from their sources, and note that they ran in
  /// the file `log`. The job in the file `fail`, if there is one, fails; that in the file `die` kills
  /// itself, and the `make` above it, when it has written its first output.
  static func miniature() throws -> Gallery {
    let original = try prepared.get()
    var place = try Workplace.temporary()
    place.path = "\(place.root.path)/bin:\(place.path)"
    try original.lines("cp -R . '\(place.root.path)'")
    return Gallery(
      place: place,
      cases: [("alpha", "Sources/CaseStudies/Alpha"), ("beta-two", "Sources/CaseStudies/BetaTwo")])
  }

  /// The miniature, made once, which every test copies.
  private static let prepared: Result<Workplace, any Error> = Result {
    var place = try Workplace.temporary()
    place.path = "\(place.root.path)/bin:\(place.path)"
    try package.lines(
      """
      mkdir -p '\(place.root.path)/Sources/CaseStudies' && cp Makefile '\(place.root.path)' &&
      cp -R Sources/CaseStudies/.new '\(place.root.path)/Sources/CaseStudies'
      """)
    for target in targets {
      try place.write("// \(target)\n", to: "Sources/\(target)/\(target).swift")
    }
    for name in ["Alpha", "BetaTwo"] {
      for file in ["Task", "Network", "Hypotheses", "HypothesesMore", "Figures"] {
        try place.write("// \(name) \(file)\n", to: "Sources/CaseStudies/\(name)/\(file).swift")
      }
      try place.write("# \(name)\n", to: "Sources/CaseStudies/\(name)/Story.md")
    }
    try place.write("// sweep\n", to: "Sources/CaseStudies/Alpha/Hypotheses+Sweep.swift")
    try package.lines("cp Sources/sweep/sweep.mk '\(place.root.path)/Sources/sweep'")
    try place.write("// BEGIN CASES\n// END CASES\nlet package = 1\n", to: "Package.swift")
    for file in ["execute.py", "requirements.txt", "Cells.py"] {
      try place.write("# \(file)\n", to: "Sources/compose/\(file)")
    }
    try place.write(compiler, to: "bin/swift")
    try place.write(stage, to: "bin/stage")
    try place.write(environment, to: "bin/python3")
    try place.write(kernel, to: "bin/kernel")
    try place.lines("chmod +x bin/*; make regenerate; rm log")
    atexit { try? Gallery.prepared.get().remove() }
    return place
  }

  /// The targets below the cases, by the first stage that reads them.
  static let floors = [
    "train": [
      "CVectors", "CZlib", "Findings", "Tensors", "Networks", "Artifacts", "Experiments", "Stages",
      "train",
    ],
    "record": ["record"],
    "analyze": ["Interpretability", "Investigations", "analyze"],
    "render": ["CPNG", "CPango", "Figures", "Illustrations", "render"],
    "assemble": ["CCMark", "Documents", "Stories", "assemble"],
  ]
  static let targets = floors.values.flatMap(\.self) + calibrating + sweeping

  /// The targets that only sweeps read.
  static let sweeping = ["Sweeps", "sweep"]

  /// The targets that only the calibration reads.
  static let calibrating = ["Calibration", "calibrate"]

  /// The jobs of the calibration after a target was changed.
  static func calibration(after target: String) -> [String] {
    let all = ["assemble calibration", "calibrate calibration"]
    if calibrating.contains(target) { return all }
    switch floors.first(where: { $0.value.contains(target) })?.key {
    case "train", "analyze": return stages.contains(target) ? [] : all
    case "assemble": return ["assemble calibration"]
    default: return []
    }
  }

  /// The real program that `make verify` compares with, beside the one that runs these tests.
  private static let comparer = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    .deletingLastPathComponent().appending(path: "compare").path

  private static let compiler = """
    #!/bin/sh
    case $1 in
    --version) echo 'Swift version 6.3';;
    build)
      echo compile >>log; echo '{}' >Package.resolved; mkdir -p .build/release
      for stage in train record analyze render assemble calibrate compose sweep; do cp bin/stage .build/release/$stage; done
      ln -sf '\(comparer)' .build/release/compare;;
    esac
    """

  /// A Python that can only make environments, whose own executes a notebook by copying it.
  private static let environment = """
    #!/bin/sh
    [ "$1 $2" = '-m venv' ] || exit 0
    mkdir -p $3/bin && cp bin/kernel $3/bin/python && printf '#!/bin/sh\\necho install >>log\\n' >$3/bin/pip &&
    chmod +x $3/bin/*
    """

  private static let kernel = """
    #!/bin/sh
    job="execute $(basename $2 .ipynb)"
    echo "$job" >>log
    [ "$(cat fail 2>/dev/null)" != "$job" ] || { echo "$job: an assertion fails" >&2; exit 1; }
    cp $2 $4
    """

  private static let stage = """
    #!/bin/sh
    stage=${0##*/} case=$1; shift
    artifacts=artifacts threads=
    while [ $# -gt 0 ]; do
      case $1 in
      --artifacts) artifacts=$2;; --threads) threads=" --threads $2";; --output) output=$2;;
      --shards) printf '%s\n' one two three; exit;; --shard) shard=" $2";; --collect) shard=' collected' shards=$2;;
      --sources) ;; *) exit 64;;
      esac
      shift 2
    done
    echo "$stage $case$shard$threads$ACROSS" >>log
    [ "$(cat fail 2>/dev/null)" != "$stage $case$shard" ] || exit 65
    place=$artifacts/$case
    [ $case = gallery ] && place=$artifacts
    sources=$(find Sources .toolchain -type f | LC_ALL=C sort | xargs cat | cksum)
    put() {
      mkdir -p $(dirname $place/$1)
      echo "$stage $case $1 $sources" >$place/.partial-$stage
      mv $place/.partial-$stage $place/$1
      if [ "$(cat die 2>/dev/null)" = "$stage $case" ]; then rm die; kill -KILL $PPID $$; fi
    }
    need() { [ -f $place/$1 ] || { echo "$stage $case: no $1" >&2; exit 65; }; }
    case $stage in
    compose) need figures.json; mkdir -p ${output%/*}; echo "$case $sources" >$output;;
    sweep)
      if [ "$shards" ]; then
        for name in one two three; do [ -f $shards/$name.json ] || exit 74; done
        put sweep.json; put sweep.png
      else
        mkdir -p ${output%/*}; echo "$case$shard $sources" >$output
      fi;;
    train)
      for step in 000000 000100; do put main/checkpoints/$step.safetensors; done
      for file in network.json population.safetensors training.json; do put main/$file; done;;
    record) need main/network.json; put activations.safetensors;;
    calibrate) put findings.json;;
    analyze) need activations.safetensors; put findings.json; put findings.safetensors;;
    render) need findings.json; put figures/weights.png; put figures/curve.png; put figures.json;;
    assemble)
      case $case in gallery) put README.md;; calibration) need findings.json;; *) need figures.json;; esac
      put index.html;;
    esac
    echo "$stage $case done"
    """
}
