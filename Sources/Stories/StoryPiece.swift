/// A part of a story as the lexer finds it.
struct StoryPiece {
  enum Kind {
    /// Markdown, to pass on as it is.
    case markdown(String)
    case reference(StoryReference)
    /// `## Title {#id}`
    case section(id: String, title: [StoryPiece])
    /// `![](figure:slug) ![](figure:slug)`
    case pictures([String])
    /// `{{predictions}}`
    case predictions
    case ifBegins(StoryCondition)
    case elseIf(StoryCondition)
    case otherwise
    case ifEnds
  }

  let kind: Kind
  let line: Int
}

/// `{{name|filter argument|filter}}`, without its braces.
struct StoryReference {
  struct Filter {
    let name: String
    let argument: String?
  }

  let path: String
  let filters: [Filter]

  init(_ text: String) throws {
    let parts = text.split(separator: "|", omittingEmptySubsequences: false).map { part in
      part.split(whereSeparator: \.isWhitespace).map(String.init)
    }
    guard let path = parts.first, path.count == 1 else {
      throw StoryFault(
        "'{{\(text)}}' is no reference",
        "write {{name}} or {{name|filter}}, the name without spaces")
    }
    self.path = path[0]
    filters = try parts.dropFirst().map { words in
      guard let name = words.first else {
        throw StoryFault("'{{\(text)}}' has a '|' without a filter", "name the filter after it")
      }
      return Filter(
        name: name,
        argument: words.count == 1 ? nil : words.dropFirst().joined(separator: " "))
    }
  }
}

/// What follows `{{#if`: comparisons joined by `and`, or by `or`.
struct StoryCondition {
  enum Operator: String, CaseIterable {
    case isText = "is"
    case isNotText = "is not"
    case equal = "=="
    case unequal = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
  }

  struct Comparison {
    let left: String
    let comparator: Operator
    /// A word or words after `is`; else a name or a number.
    let right: String
  }

  let comparisons: [Comparison]
  /// Whether all must be true, or one is enough.
  let all: Bool

  init(_ text: String) throws {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    let joints = Set(words.filter { $0 == "and" || $0 == "or" })
    guard joints.count < 2 else {
      throw StoryFault("a condition mixes 'and' and 'or'", "nest one branch in another")
    }
    all = !joints.contains("or")
    comparisons = try words.split(omittingEmptySubsequences: false) { joints.contains($0) }.map {
      try Self.comparison(Array($0))
    }
  }

  private static func comparison(_ words: [String]) throws -> Comparison {
    let fault = StoryFault(
      "'\(words.joined(separator: " "))' is no condition",
      "write 'name.verdict is held' or 'name >= other', with spaces around the comparison")
    guard words.count >= 3 else { throw fault }
    let negated = words[1] == "is" && words[2] == "not"
    let right = words.dropFirst(negated ? 3 : 2).joined(separator: " ")
    guard let comparator = Operator(rawValue: negated ? "is not" : words[1]), !right.isEmpty
    else { throw fault }
    return Comparison(left: words[0], comparator: comparator, right: right)
  }
}
