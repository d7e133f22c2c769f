/// A formula in a part of LaTeX that is set as MathML, by the browser and without a script.
///
/// In a text it stands in a fence called `math`, which GitHub sets by itself. It may hold letters, numbers and the
/// operators of a keyboard; `_`, `^` and braces; the symbols of `FormulaSymbols`; `\frac`, `\sqrt`, `\hat` and `\bar`;
/// names, `\mathrm{relu}`, and words, `\text{if}`; `\left( … \right)`; and the tables `pmatrix`, `cases` and `aligned`.
///
/// ```swift
/// try Formula("h_t = h_{t-1} W").mathML  // <math display="block" alttext="h_t = h_{t-1} W">…</math>
/// ```
///
/// MathML Core: https://www.w3.org/TR/mathml-core/
public struct Formula: Hashable, Sendable {
  /// What the info string of its fence is.
  public static let language = "math"

  /// The source in LaTeX, without space around it.
  public let source: String
  /// The formula as an element of a page.
  public let mathML: String

  /// Reads a formula.
  ///
  /// - Throws: `FormulaError` where it holds what cannot be set.
  public init(_ source: String) throws {
    self.source = source.trimmed
    var setter = FormulaSetter(try formulaTokens(self.source))
    let row = try setter.row(until: nil)
    guard !row.isEmpty else { throw FormulaError("a formula is empty", line: 0) }
    mathML =
      "<math display=\"block\" alttext=\"\(self.source.htmlEscaped)\">\(row)</math>"
  }
}

/// What cannot be set, and in which line of the formula, counted from nought.
public struct FormulaError: Error, Hashable {
  public let what: String
  public let line: Int

  init(_ what: String, line: Int) { (self.what, self.line) = (what, line) }
}

/// Sets tokens as MathML, by recursive descent.
private struct FormulaSetter {
  private let tokens: [(token: FormulaToken, line: Int)]
  private var index = 0
  private var depth = 0

  /// More than anybody reads, and less than the stack holds.
  private static let mostDepth = 30

  init(_ tokens: [(token: FormulaToken, line: Int)]) { self.tokens = tokens }

  private var next: FormulaToken? { index < tokens.count ? tokens[index].token : nil }

  private func error(_ what: String) -> FormulaError {
    FormulaError(what, line: index < tokens.count ? tokens[index].line : tokens.last?.line ?? 0)
  }

  private mutating func skip(_ token: FormulaToken) throws {
    guard next == token else {
      throw error("'\(token)' is missing before '\(next.map(\.description) ?? "the end")'")
    }
    index += 1
  }

  /// All up to one of some tokens, which is left; up to the end if nil.
  mutating func row(until ends: [FormulaToken]?) throws -> String {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.mostDepth else {
      throw error("a formula is nested deeper than \(Self.mostDepth) levels")
    }
    var set = ""
    while let token = next, !(ends ?? []).contains(token) { set += try scripted() }
    if let ends, next == nil { throw error("'\(ends[0])' is missing at the end") }
    return set
  }

  /// A row that is one element.
  private mutating func grouped(until end: FormulaToken) throws -> String {
    let inside = try row(until: [end])
    try skip(end)
    return "<mrow>\(inside)</mrow>"
  }

  /// What a command or a script takes: a group in braces, or one thing.
  private mutating func argument() throws -> String {
    switch next {
    case nil: throw error("something is missing at the end")
    case .mark("_"), .mark("^"): throw error("a script has a script: put braces around it")
    default: return try base().set
    }
  }

  /// A thing with what stands below and above it.
  private mutating func scripted() throws -> String {
    if next == .mark("_") || next == .mark("^") {
      throw error("a script stands beside nothing")
    }
    let (base, takesLimits) = try base()
    var scripts: [Unicode.Scalar: String] = [:]
    while case .mark(let mark)? = next, mark == "_" || mark == "^" {
      guard scripts[mark] == nil else { throw error("a second '\(mark)': put braces around one") }
      index += 1
      scripts[mark] = try argument()
    }
    let (below, above) = (scripts["_"], scripts["^"])
    let name = takesLimits ? ["under", "over", "underover"] : ["sub", "sup", "subsup"]
    let kind = below == nil ? name[1] : above == nil ? name[0] : name[2]
    let all = base + (below ?? "") + (above ?? "")
    return scripts.isEmpty ? base : "<m\(kind)>\(all)</m\(kind)>"
  }

  /// One thing, and whether scripts go below and above it rather than beside.
  private mutating func base() throws -> (set: String, takesLimits: Bool) {
    guard let token = next else { throw error("something is missing at the end") }
    index += 1
    switch token {
    case .letter(let letter): return ("<mi>\(letter)</mi>", false)
    case .number(let number): return ("<mn>\(number)</mn>", false)
    case .words(let words):
      // Space at the ends would be left out.
      let kept = words.replacingScalars(" ", with: "\u{A0}")
      return ("<mtext>\(kept.htmlEscaped)</mtext>", false)
    case .name(let name):
      // A function is applied to what follows in brackets.
      let applied = next == .mark("(") ? "<mo>&#x2061;</mo>" : ""
      return (
        applied.isEmpty ? Self.name(name) : "<mrow>\(Self.name(name))\(applied)</mrow>", false
      )
    case .mark("{"): return (try grouped(until: .mark("}")), false)
    case .mark(let mark):
      guard let set = FormulaSymbols.marks[mark] else {
        index -= 1
        throw error("'\(mark)' opens or closes nothing")
      }
      return (set, false)
    case .begin(let table): return (try self.table(table), false)
    case .command(let command): return try set(command)
    case .end, .newRow:
      index -= 1
      throw error("'\(token)' belongs to no table")
    }
  }

  private static func name(_ name: String) -> String {
    name.count == 1
      ? "<mi mathvariant=\"normal\">\(name.htmlEscaped)</mi>" : "<mi>\(name.htmlEscaped)</mi>"
  }

  private mutating func set(_ command: String) throws -> (set: String, takesLimits: Bool) {
    if let symbol = FormulaSymbols.commands[command] {
      return (symbol, FormulaSymbols.withLimits.contains(command))
    }
    switch command {
    case "frac":
      let above = try argument()
      return ("<mfrac>\(above)\(try argument())</mfrac>", false)
    case "sqrt": return ("<msqrt>\(try argument())</msqrt>", false)
    case "hat": return ("<mover accent=\"true\">\(try argument())<mo>^</mo></mover>", false)
    case "bar": return ("<mover accent=\"true\">\(try argument())<mo>¯</mo></mover>", false)
    case "left":
      let open = try bracket()
      let inside = try row(until: [.command("right")])
      try skip(.command("right"))
      return ("<mrow>\(open)\(inside)\(try bracket())</mrow>", false)
    default:
      index -= 1
      throw error("there is no command '\\\(command)' here")
    }
  }

  /// A bracket that grows with what it holds; a dot is none.
  private mutating func bracket() throws -> String {
    guard case .mark(let mark)? = next, "()[]|.".unicodeScalars.contains(mark) else {
      throw error("'\\left' and '\\right' each need a bracket: ( ) [ ] | or a dot for none")
    }
    index += 1
    return mark == "." ? "" : "<mo stretchy=\"true\">\(mark)</mo>"
  }

  private mutating func table(_ kind: String) throws -> String {
    guard let around = FormulaSymbols.tables[kind] else {
      index -= 1
      throw error("there is no table '\(kind)' here")
    }
    let ends: [FormulaToken] = [.end(kind), .newRow, .mark("&")]
    var rows = [""]
    while true {
      rows[rows.count - 1] += "<mtd>\(try row(until: ends))</mtd>"
      let end = next
      index += 1
      if end == .end(kind) { break }
      if end == .newRow { rows.append("") }
    }
    let inside = rows.map { "<mtr>\($0)</mtr>" }.joined()
    return
      "<mrow>\(around.before)<mtable class=\"\(kind)\">\(inside)</mtable>\(around.after)</mrow>"
  }
}
