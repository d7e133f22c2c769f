import Findings

/// The case's `findings.json`.
extension FindingsFile: JSONArtifact {
  public static let format = "casebook.findings"
  public static let version = 1
}

/// The case's `figures.json`: what stands beside each picture.
public struct FiguresFile: Hashable, Sendable, JSONArtifact {
  public static let format = "casebook.figures"
  public static let version = 1

  /// One picture in words.
  public struct Entry: Hashable, Sendable, Codable {
    /// The slug: `figures/<name>.png`.
    public var name: String
    public var title: String
    public var caption: String
    public var alt: String

    /// The size of the picture in its own pixels.
    public var width: Int
    public var height: Int

    /// The findings, tensors or files that it was drawn from.
    public var from: [String]

    public init(
      name: String, title: String, caption: String, alt: String, width: Int, height: Int,
      from: [String]
    ) {
      self.name = name
      self.title = title
      self.caption = caption
      self.alt = alt
      self.width = width
      self.height = height
      self.from = from
    }
  }

  /// The case that is drawn.
  public var `case`: String?
  /// The pictures in the order in which they were drawn.
  public var figures: [Entry]

  public init(case name: String? = nil, _ figures: [Entry] = []) {
    self.case = name
    self.figures = figures
  }

  /// The picture of a name, or nil.
  public func figure(_ name: String) -> Entry? { figures.first { $0.name == name } }

  /// Checks names, words and sizes.
  ///
  /// - Throws: `InvalidFigure` naming the figure.
  public func validate() throws {
    var names: Set<String> = []
    for figure in figures {
      func refuse(_ what: String) -> InvalidFigure {
        InvalidFigure(description: "figure \(figure.name.quoted) \(what)")
      }
      guard Slug.isValid(figure.name) else { throw refuse("is not named by a slug") }
      guard names.insert(figure.name).inserted else { throw refuse("is there twice") }
      for (field, text) in [
        ("title", figure.title), ("caption", figure.caption), ("alt text", figure.alt),
      ] where text.isEmpty {
        throw refuse("has no \(field)")
      }
      guard 1...20_000 ~= figure.width, 1...20_000 ~= figure.height else {
        throw refuse("has the size \(figure.width) × \(figure.height)")
      }
      guard !figure.from.isEmpty else { throw refuse("does not say what it was drawn from") }
    }
  }
}

/// A figure that may not be published.
public struct InvalidFigure: Error, Hashable, CustomStringConvertible {
  public let description: String
}

extension CaseFolder {
  /// What was found.
  ///
  /// - Throws: `StageError` if the file is missing, malformed or another case's.
  public func readFindings() throws -> FindingsFile {
    let file: FindingsFile = try JSONFile.read(findings, madeBy: "make \(name)")
    try require(file.case, in: findings)
    return file
  }

  /// What was drawn.
  ///
  /// - Throws: `StageError` if the file is missing, malformed or another case's.
  public func readFigures() throws -> FiguresFile {
    let file: FiguresFile = try JSONFile.read(figures, madeBy: "make \(name)")
    try require(file.case, in: figures)
    return file
  }

  private func require(_ owner: String?, in path: String) throws {
    guard owner != name else { return }
    throw StageError(
      .malformed, "belongs to \(owner.map { "the case " + $0.quoted } ?? "no case"), not '\(name)'",
      at: path, remedy: "make it again with make \(name)")
  }
}
