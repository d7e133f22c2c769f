/// A Python file that is a list of cells, as editors and Jupytext know it: each begins with a line `# %%`.
///
/// ```python
/// # %% [markdown] id="about-cut" after="trial"
/// # **Cut.** Everything but the pair is set to zero.
///
/// # %% id="cut"
/// print("cut")
/// ```
///
/// `after` names the section of the story that a cell stands behind; a cell without one stands where the one
/// before it does. What is above the first cell may only be comments.
public struct PercentScript: Hashable, Sendable {
  public struct Cell: Hashable, Sendable {
    public var cell: Notebook.Cell
    public var section: String
    /// The line that it begins on.
    public var line: Int
  }

  public struct Fault: Error, Hashable {
    public let what: String
    public let line: Int
    public let remedy: String
  }

  public private(set) var cells: [Cell] = []

  /// Reads a file.
  ///
  /// - Throws: `Fault` at a header that says something else, or at a line of Markdown that is no comment.
  public init(_ source: String) throws {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in zip(1..., lines) {
      if line == "# %%" || line.hasPrefix("# %% ") {
        try begin(line, number)
      } else if cells.isEmpty || cells[cells.count - 1].cell.kind == .markdown {
        guard line.isEmpty || line.first == "#" else {
          throw Fault(
            what: "a line of text is no comment", line: number,
            remedy: "put '# ' before it, or begin a cell of code with '# %%'")
        }
        append(line.hasPrefix("# ") ? line.dropFirst(2) : line.drop { $0 == "#" })
      } else {
        append(line)
      }
    }
    for index in cells.indices { cells[index].cell.source = cells[index].cell.source.trimmedLines }
  }

  private mutating func append(_ line: Substring) {
    guard !cells.isEmpty else { return }
    cells[cells.count - 1].cell.source += line + "\n"
  }

  private mutating func begin(_ line: Substring, _ number: Int) throws {
    var id = ""
    var section = cells.last?.section ?? ""
    var kind = Notebook.Cell.Kind.code
    func fault(_ what: String) -> Fault {
      Fault(
        what: what, line: number,
        remedy: "write it as in '# %% [markdown] id=\"about-cut\" after=\"trial\"'")
    }
    for word in line.dropFirst(4).split(separator: " ") {
      let parts = word.split(separator: "\"", omittingEmptySubsequences: false)
      switch (parts[0], parts.count, parts.last) {
      case ("[markdown]", 1, _): kind = .markdown
      case ("id=", 3, ""): id = String(parts[1])
      case ("after=", 3, ""): section = String(parts[1])
      default: throw fault("the cell's first line has '\(word)'")
      }
    }
    guard Notebook.Cell.isID(id) else { throw fault("the cell has no id of letters and digits") }
    guard !section.isEmpty else { throw fault("the first cell does not say after what it stands") }
    guard !cells.contains(where: { $0.cell.id == id }) else {
      throw fault("the id '\(id)' is there twice")
    }
    cells.append(
      Cell(
        cell: Notebook.Cell(kind: kind, id: id, source: ""), section: section, line: number))
  }
}

extension String {
  /// The text without empty lines at either end.
  fileprivate var trimmedLines: String {
    var text = Substring(self)
    while text.first == "\n" { text = text.dropFirst() }
    while text.last == "\n" { text = text.dropLast() }
    return String(text)
  }
}
