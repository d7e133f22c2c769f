import Documents

/// Cuts the text of a story into pieces, and refuses digits in its prose.
///
/// It knows as much of CommonMark as it must: code, links and headings, in which braces and digits
/// mean something else.
struct StoryLexer {
  let file: String
  var scalars: [Unicode.Scalar]
  var index = 0
  var line: Int
  var pieces: [StoryPiece] = []
  /// The links within the story, to be checked when all is known.
  var targets: [(target: String, line: Int)] = []

  private var markdown = String.UnicodeScalarView()
  private var markdownLine = 1
  /// Up to where digits are allowed: the text of a link to a publication.
  private var exemptUntil = 0
  /// Whether this is the bibliography, which is made of numbers.
  private var isBibliography = false

  init(_ source: String, file: String, line: Int) {
    self.file = file
    self.line = line
    scalars = Array(source.unicodeScalars)
  }

  /// Cuts a whole text, in which lines matter.
  mutating func lexBlocks() throws {
    while index < scalars.count {
      if try !lexLineStart() {
        // Code may end on a later line than it began.
        repeat { try lexInline(until: lineEnd(index)) } while lineEnd(index) > index
      }
      if index < scalars.count, scalars[index] == "\n" { take(1) }
    }
    flush()
  }

  /// Cuts a text that is part of a line.
  mutating func lexLine() throws {
    try lexInline(until: scalars.count)
    flush()
  }
}

// MARK: - Within a line

extension StoryLexer {
  /// Goes on to an index, or past it where code or a link ends behind it.
  private mutating func lexInline(until end: Int) throws {
    while index < min(end, scalars.count) {
      switch scalars[index] {
      case "\\" where index + 1 < scalars.count && scalars[index + 1].isMarkup: take(2)
      case "`": lexCodeSpan()
      case "{" where has("{{"): try lexDirective()
      case "}" where has("}}"):
        throw error("'}}' closes nothing", "remove it, or open it with '{{'")
      case "<": lexAutolink()
      case "!" where has("!["):
        throw error(
          "a picture stands in the middle of a line",
          "give it a line of its own: ![](figure:slug)")
      case "[": lexLinkText()
      case "]" where has("]("): try lexLinkTarget()
      default:
        try refuseDigit()
        take(1)
      }
    }
  }

  private func refuseDigit() throws {
    guard scalars[index].isNumeral, index >= exemptUntil, !isBibliography else { return }
    var begin = index
    while begin > 0, !scalars[begin - 1].properties.isWhitespace { begin -= 1 }
    var end = index
    while end < scalars.count, !scalars[end].properties.isWhitespace { end += 1 }
    throw error(
      "a digit in the prose: '\(text(begin..<end))'",
      "refer to a finding, {{name}}, write the number as a word, or set it as code")
  }

  /// Passes code on, or the backquotes if nothing closes them in the paragraph.
  private mutating func lexCodeSpan() {
    let width = run(of: "`", from: index)
    var i = index + width
    while i < scalars.count {
      if scalars[i] == "`" {
        let closing = run(of: "`", from: i)
        if closing == width { return take(i + closing - index) }
        i += closing
      } else if scalars[i] == "\n", isBlank(lineFrom: i + 1) {
        break
      } else {
        i += 1
      }
    }
    take(width)
  }

  private mutating func lexAutolink() {
    let end = lineEnd(index)
    guard let close = scalars[index..<end].firstIndex(of: ">") else { return take(1) }
    let inside = text(index + 1..<close)
    let isLink = ["http://", "https://", "mailto:"].contains { inside.hasPrefix($0) }
    take(isLink && !inside.contains(" ") ? close + 1 - index : 1)
  }

  /// Allows digits in the text of a link to a publication, such as its year.
  private mutating func lexLinkText() {
    var depth = 0
    for i in index..<scalars.count {
      if scalars[i] == "\n", isBlank(lineFrom: i + 1) { break }
      if scalars[i] == "[" { depth += 1 }
      if scalars[i] == "]" { depth -= 1 }
      guard depth == 0 else { continue }
      let rest = text(i..<min(i + 10, scalars.count))
      if rest.hasPrefix("](http://") || rest.hasPrefix("](https://") { exemptUntil = i }
      break
    }
    take(1)
  }

  private mutating func lexLinkTarget() throws {
    var depth = 0
    guard
      let close = scalars[(index + 1)..<lineEnd(index)].firstIndex(where: { scalar in
        if scalar == "(" { depth += 1 }
        if scalar == ")" { depth -= 1 }
        return depth == 0
      })
    else { throw error("a link's target is not closed", "end it with ')' on the same line") }
    let target = text(index + 2..<close)
    guard !target.contains("{{") else {
      throw error("a reference stands in a link's target", "write the target out")
    }
    append(try "](" + resolved(target) + ")")
    index = close + 1
  }

  /// A link's target as the page has it.
  private mutating func resolved(_ target: String) throws -> String {
    for kind in ["figure", "prediction"] where target.hasPrefix(kind + ":") {
      let anchor = "#\(kind)-" + target.dropFirst(kind.count + 1)
      targets.append((anchor, line))
      return anchor
    }
    guard StoryLinks.isAllowed(target) else {
      let fault = StoryLinks.fault(target)
      throw error(fault.what, fault.remedy)
    }
    targets.append((target, line))
    return target
  }

  /// Cuts `{{...}}`.
  private mutating func lexDirective() throws {
    let isComment = has("{{!")
    guard let close = find("}}", from: index + 2, until: isComment ? scalars.count : lineEnd(index))
    else { throw error("'{{' is not closed on its line", "close it with '}}'") }
    let content = text(index + 2..<close).trimmed
    if isComment {
      line += scalars[index..<close].count { $0 == "\n" }
    } else {
      do { emit(try directive(content)) } catch let fault as StoryFault {
        throw error(fault.what, fault.remedy)
      }
    }
    index = close + 2
  }

  private func directive(_ content: String) throws -> StoryPiece.Kind {
    let words = content.split(whereSeparator: \.isWhitespace)
    switch words.first {
    case "#if": return .ifBegins(try StoryCondition(String(content.dropFirst("#if".count))))
    case "/if" where words.count == 1: return .ifEnds
    case "else" where words.count == 1: return .otherwise
    case "else" where words[1] == "if":
      return .elseIf(try StoryCondition(words.dropFirst(2).joined(separator: " ")))
    case "predictions":
      throw StoryFault("{{predictions}} stands in a line", "give it a line of its own")
    case .some(let word) where "#/".contains(word.first ?? " "):
      throw StoryFault("there is no directive '{{\(content)}}'", "write {{#if ...}} or {{/if}}")
    default: return .reference(try StoryReference(content))
    }
  }
}

// MARK: - At the beginning of a line

extension StoryLexer {
  /// Cuts what fills whole lines, if it is that.
  private mutating func lexLineStart() throws -> Bool {
    let end = lineEnd(index)
    let content = text(index..<end).trimmed
    if try lexFence() { return true }
    if content.hasPrefix("#") { return try lexHeading(content, until: end) }
    if content == "{{predictions}}" {
      emit(.predictions)
    } else if content.hasPrefix("!["), let slugs = try pictures(content) {
      emit(.pictures(slugs))
    } else if content.hasPrefix("{{"), content.hasSuffix("}}"), isDirective(content) {
      try lexInline(until: end)
    } else {
      return false
    }
    index = end
    // Nothing of the line remains, not even its end.
    if index < scalars.count { skipLineEnd() }
    return true
  }

  /// Whether a line is one `{{#if}}`, `{{else}}`, `{{/if}}` or comment and nothing else.
  private func isDirective(_ content: String) -> Bool {
    let inside = content.dropFirst(2).dropLast(2)
    return !inside.contains("{{")
      && ["#if", "/if", "else", "!"].contains { inside.trimmed.hasPrefix($0) }
  }

  private mutating func lexFence() throws -> Bool {
    func fence(_ i: Int) -> (mark: Unicode.Scalar, width: Int, end: Int)? {
      var i = i
      while i < scalars.count, scalars[i] == " " || scalars[i] == ">" { i += 1 }
      guard i < scalars.count, scalars[i] == "`" || scalars[i] == "~" else { return nil }
      let width = run(of: scalars[i], from: i)
      return width < 3 ? nil : (scalars[i], width, i + width)
    }
    guard let opening = fence(index) else { return false }
    let first = lineEnd(index)
    guard opening.mark == "~" || !scalars[opening.end..<first].contains("`") else { return false }
    var end = first
    while end < scalars.count {
      let begin = end + 1
      end = lineEnd(begin)
      if let closing = fence(begin), closing.mark == opening.mark, closing.width >= opening.width,
        text(closing.end..<end).trimmed.isEmpty
      {
        if text(opening.end..<first).trimmed == Formula.language {
          try check(formula: text(min(first + 1, begin)..<begin))
        }
        take(end - index)
        return true
      }
    }
    throw error("a block of code is never closed", "end it with a line of the same marks")
  }

  private func check(formula source: String) throws {
    do { _ = try Formula(source) } catch let fault as FormulaError {
      let blank = source.prefix { $0.isWhitespace }.count { $0.isNewline }
      throw StoryError(
        file: file, line: line + 1 + blank + fault.line, what: fault.what,
        remedy: "write it with what Sources/Documents/Formula.swift lists")
    }
  }

  private mutating func lexHeading(_ content: String, until end: Int) throws -> Bool {
    let level = content.prefix { $0 == "#" }.count
    var title = content.dropFirst(level).trimmed
    guard level <= 6, content.dropFirst(level).first?.isWhitespace ?? false else { return false }
    guard level > 1 else {
      throw error(
        "a heading of level one", "the title stands in the front matter; begin sections with '##'")
    }
    guard level == 2 else {
      take(run(of: " ", from: index))
      take(level + 1)
      take(headingNumber(text(index..<end)).unicodeScalars.count)
      return false
    }
    var id = title.lowercased().split { !$0.isLetter }.joined(separator: "-")
    if title.hasSuffix("}"), let brace = title.firstRange(of: "{#") {
      id = String(title[brace.upperBound...].dropLast())
      title = title[..<brace.lowerBound].trimmed
    }
    guard !id.isEmpty, id.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" }) else {
      throw error("a section has no name", "end its heading with {#name}, of letters and hyphens")
    }
    isBibliography = id == "references"
    let number = headingNumber(title)
    var lexer = StoryLexer(String(title.dropFirst(number.count)), file: file, line: line)
    try lexer.lexLine()
    targets += lexer.targets
    var pieces = lexer.pieces
    if !number.isEmpty {
      // Escaped, or the heading would be a list.
      pieces.insert(StoryPiece(kind: .markdown(Markdown.escaped(number) + " "), line: line), at: 0)
    }
    emit(.section(id: id, title: pieces))
    index = end
    if index < scalars.count { skipLineEnd() }
    return true
  }

  /// The slugs of a line that holds figures and nothing else.
  private func pictures(_ content: String) throws -> [String]? {
    var slugs: [String] = []
    for picture in content.split(separator: "![") {
      let picture = picture.trimmed
      guard picture.hasSuffix(")"), let middle = picture.firstRange(of: "](figure:") else {
        throw error(
          "'![\(picture)' is no figure of this case",
          "write ![](figure:slug), several on one line to set them side by side")
      }
      guard middle.lowerBound == picture.startIndex else {
        throw error(
          "a figure has a text in its brackets",
          "leave them empty: caption and alternative text come with the figure")
      }
      slugs.append(picture[middle.upperBound...].dropLast().trimmed)
    }
    return slugs
  }
}

// MARK: - Moving on

extension StoryLexer {
  private mutating func emit(_ kind: StoryPiece.Kind) {
    flush()
    pieces.append(StoryPiece(kind: kind, line: line))
  }

  private mutating func flush() {
    guard !markdown.isEmpty else { return }
    pieces.append(StoryPiece(kind: .markdown(String(markdown)), line: markdownLine))
    markdown = String.UnicodeScalarView()
  }

  private mutating func append(_ text: String) {
    if markdown.isEmpty { markdownLine = line }
    markdown.append(contentsOf: text.unicodeScalars)
  }

  /// Passes the next scalars on as they are.
  private mutating func take(_ count: Int) {
    if markdown.isEmpty { markdownLine = line }
    for scalar in scalars[index..<(index + count)] {
      markdown.append(scalar)
      if scalar == "\n" { line += 1 }
    }
    index += count
  }

  private mutating func skipLineEnd() {
    index += 1
    line += 1
  }

  private func has(_ text: String) -> Bool {
    scalars[index...].starts(with: text.unicodeScalars)
  }

  private func text(_ range: Range<Int>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars[range])
    return String(view)
  }

  private func lineEnd(_ index: Int) -> Int {
    scalars[index...].firstIndex(of: "\n") ?? scalars.count
  }

  private func isBlank(lineFrom index: Int) -> Bool {
    scalars[index..<lineEnd(index)].allSatisfy(\.properties.isWhitespace)
  }

  private func run(of scalar: Unicode.Scalar, from index: Int) -> Int {
    scalars[index...].prefix { $0 == scalar }.count
  }

  private func find(_ text: String, from begin: Int, until end: Int) -> Int? {
    let wanted = Array(text.unicodeScalars)
    guard end - begin >= wanted.count else { return nil }
    return (begin...(end - wanted.count)).first {
      scalars[$0..<($0 + wanted.count)].elementsEqual(wanted)
    }
  }

  private func error(_ what: String, _ remedy: String) -> StoryError {
    StoryError(file: file, line: line, what: what, remedy: remedy)
  }
}
