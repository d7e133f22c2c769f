/// In what the toolchain that is here differs from the one that was recorded.
struct ToolchainChanges {
  /// What was recorded and is not here, and what is here and was not recorded.
  let recorded: [String]
  let here: [String]

  init(recorded: String, here: String) {
    let recorded = recorded.split(separator: "\n").map(String.init)
    let here = here.split(separator: "\n").map(String.init)
    self.recorded = recorded.filter { !here.contains($0) }
    self.here = here.filter { !recorded.contains($0) }
  }

  var isEmpty: Bool { recorded.isEmpty && here.isEmpty }

  /// A line for each.
  var lines: [String] {
    recorded.map { "The gallery was made with \($0)" } + here.map { "and here is \($0)" }
  }

  var words: String {
    "made with \(recorded.joined(separator: ", ")), and here is \(here.joined(separator: ", "))"
  }
}
