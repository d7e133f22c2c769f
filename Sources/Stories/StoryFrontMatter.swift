/// The lines `key: value` between two lines `---` that a story begins with.
struct StoryFrontMatter {
  /// What a story says of itself.
  enum Key: String, CaseIterable {
    /// The page's title.
    case title
    /// The question that the case takes up; it leads over from the cases before.
    case question
    /// What the case found, in one sentence.
    case claim
    /// The one component that the story is about.
    case component
    /// The prediction whose grade is the claim's; the first if it is left out.
    case evidence
    /// The figure on the gallery's card; the first that is shown if it is left out.
    case cover
    /// The case that is best read before this one.
    case after

    var isRequired: Bool { self == .title || self == .claim || self == .component }
  }

  struct Value {
    var text: String
    let line: Int
  }

  private(set) var values: [Key: Value] = [:]
  /// The rest of the story, and the line that it begins on.
  let body: String
  let bodyLine: Int

  init(_ source: String, file: String) throws {
    func error(_ line: Int, _ what: String, _ remedy: String) -> StoryError {
      StoryError(file: file, line: line, what: what, remedy: remedy)
    }
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.first, first.trimmed == "---",
      let last = lines.dropFirst().firstIndex(where: { $0.trimmed == "---" })
    else {
      throw error(
        1, "the story has no front matter",
        "begin with '---', lines such as 'title: ...', and '---' again")
    }
    var current: Key?
    for (number, line) in zip(2..., lines[1..<last]) {
      if line.first?.isWhitespace ?? false, let key = current {
        values[key]?.text += " " + line.trimmed
        continue
      }
      guard !line.trimmed.isEmpty else { continue }
      let name = line.prefix { $0 != ":" }.trimmed
      guard let key = Key(rawValue: name), line.contains(":") else {
        let fault = StoryFault.unknown("key", name, among: Key.allCases.map(\.rawValue))
        throw error(number, fault.what, fault.remedy)
      }
      guard values[key] == nil else {
        throw error(number, "'\(name)' is there twice", "keep one")
      }
      current = key
      values[key] = Value(text: line.drop { $0 != ":" }.dropFirst().trimmed, line: number)
    }
    for key in Key.allCases where key.isRequired && values[key]?.text.isEmpty ?? true {
      throw error(
        values[key]?.line ?? 1, "the front matter has no \(key.rawValue)",
        "add a line '\(key.rawValue): ...'")
    }
    body = lines[(last + 1)...].joined(separator: "\n")
    bodyLine = last + 2
  }
}
