/// What a formula is read as.
enum FormulaToken: Hashable, CustomStringConvertible {
  case letter(Unicode.Scalar)
  case number(String)
  /// Anything else that is one character.
  case mark(Unicode.Scalar)
  /// A name that is set upright, `\mathrm{relu}`.
  case name(String)
  /// Words between symbols, `\text{if}`.
  case words(String)
  case begin(String)
  case end(String)
  /// `\\`
  case newRow
  case command(String)

  var description: String {
    switch self {
    case .letter(let scalar), .mark(let scalar): String(scalar)
    case .number(let text): text
    case .name(let text): "\\mathrm{\(text)}"
    case .words(let text): "\\text{\(text)}"
    case .begin(let text): "\\begin{\(text)}"
    case .end(let text): "\\end{\(text)}"
    case .newRow: "\\\\"
    case .command(let text): "\\" + text
    }
  }
}

/// Cuts a formula into tokens, each with its line.
///
/// - Throws: `FormulaError` for a character that means nothing, or might mean something to a page or a notebook.
func formulaTokens(_ source: String) throws -> [(token: FormulaToken, line: Int)] {
  var tokens: [(token: FormulaToken, line: Int)] = []
  var (rest, line, lineIsBlank) = (source.unicodeScalars[...], 0, false)
  func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
  }
  func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
  func braced(_ command: String) throws -> String {
    guard rest.popFirst() == "{",
      let end = rest.firstIndex(where: { "{}\n".unicodeScalars.contains($0) }),
      rest[end] == "}"
    else { throw FormulaError("'\\\(command)' needs {…} behind it, on one line", line: line) }
    let text = rest[..<end]
    rest = rest[end...].dropFirst()
    let isPlain = text.allSatisfy {
      $0.properties.isAlphabetic || isDigit($0) || " ,.:-".unicodeScalars.contains($0)
    }
    guard isPlain, !text.isEmpty else {
      throw FormulaError("'\(text)' is not made of letters, digits and  , . : -", line: line)
    }
    return String(text)
  }
  while let scalar = rest.popFirst() {
    if scalar == "\n" {
      guard !lineIsBlank else { throw FormulaError("a formula has an empty line", line: line) }
      (line, lineIsBlank) = (line + 1, true)
      continue
    }
    if scalar == " " || scalar == "\t" { continue }
    lineIsBlank = false
    let token: FormulaToken
    if isLetter(scalar) {
      token = .letter(scalar)
    } else if isDigit(scalar) {
      let more = rest.prefix { isDigit($0) || $0 == "." }
      rest = rest.dropFirst(more.count)
      token = .number(String(scalar) + String(more))
    } else if scalar == "\\" {
      let name = String(rest.prefix(while: isLetter))
      rest = rest.dropFirst(name.unicodeScalars.count)
      switch name {
      case "":
        token = rest.first == "\\" ? .newRow : .command(rest.first.map { String($0) } ?? "")
        rest = rest.dropFirst()
      case "mathrm": token = .name(try braced(name))
      case "text": token = .words(try braced(name))
      case "begin": token = .begin(try braced(name))
      case "end": token = .end(try braced(name))
      default: token = .command(name)
      }
    } else if FormulaSymbols.marks[scalar] != nil || "{}_^&".unicodeScalars.contains(scalar) {
      token = .mark(scalar)
    } else {
      throw FormulaError("'\(scalar)' has no meaning here", line: line)
    }
    tokens.append((token, line))
  }
  return tokens
}

/// What formulas may hold beyond letters and numbers, each as MathML.
enum FormulaSymbols {
  private static func sign(_ text: String) -> String { "<mo>\(text)</mo>" }
  private static func letter(_ text: String) -> String { "<mi>\(text)</mi>" }
  private static func space(_ width: String) -> String { "<mspace width=\"\(width)\"></mspace>" }

  /// The characters of a keyboard.
  static let marks: [Unicode.Scalar: String] = {
    var marks: [Unicode.Scalar: String] = ["-": sign("−"), "'": sign("′"), ".": sign(".")]
    for plain in "+=,;:!/".unicodeScalars { marks[plain] = sign(String(plain)) }
    for bracket in "()[]|".unicodeScalars {
      marks[bracket] = "<mo stretchy=\"false\">\(bracket)</mo>"
    }
    return marks
  }()

  static let commands: [String: String] = {
    var commands = [
      "sum": sign("∑"), "prod": sign("∏"), "max": letter("max"), "min": letter("min"),
      "exp": letter("exp"), "log": letter("log"), "infty": letter("∞"), "top": letter("⊤"),
      ",": space("0.17em"), ";": space("0.28em"), "quad": space("1em"), "qquad": space("2em"),
    ]
    let signs = [
      "cdot": "⋅", "times": "×", "pm": "±", "le": "≤", "ge": "≥", "lt": "&lt;", "gt": "&gt;",
      "ne": "≠", "approx": "≈", "in": "∈", "to": "→", "ldots": "…", "cdots": "⋯", "mid": "|",
    ]
    let greek = [
      "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "eta": "η",
      "theta": "θ", "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ",
      "phi": "ϕ", "omega": "ω", "Delta": "Δ", "Sigma": "Σ", "Phi": "Φ", "Omega": "Ω",
    ]
    commands.merge(signs.mapValues(sign)) { old, _ in old }
    commands.merge(greek.mapValues(letter)) { old, _ in old }
    return commands
  }()

  static let withLimits: Set = ["sum", "prod", "max", "min"]

  /// What stands around a table.
  static let tables: [String: (before: String, after: String)] = [
    "pmatrix": ("<mo stretchy=\"true\">(</mo>", "<mo stretchy=\"true\">)</mo>"),
    "cases": ("<mo stretchy=\"true\">{</mo>", ""),
    "aligned": ("", ""),
  ]
}
