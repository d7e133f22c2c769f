import Foundation

/// A Jupyter notebook before it is executed, in the format 4.5 (nbformat.readthedocs.io).
///
/// ```swift
/// Notebook([.markdown("# Two survive", id: "title"), .code("print(2)", id: "two")]).json()
/// ```
public struct Notebook: Hashable, Sendable {
  /// A cell, which bears an id that no other cell of the notebook has.
  public struct Cell: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case markdown, code }

    public var kind: Kind
    public var id: String
    public var source: String

    public static func markdown(_ source: String, id: String) -> Cell {
      Cell(kind: .markdown, id: id, source: source)
    }

    public static func code(_ source: String, id: String) -> Cell {
      Cell(kind: .code, id: id, source: source)
    }

    /// Whether the format takes a text as an id: 1 to 64 letters, digits, hyphens and low lines.
    public static func isID(_ id: String) -> Bool {
      let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
      return 1...64 ~= id.utf8.count && id.utf8.allSatisfy(allowed.contains)
    }
  }

  public var cells: [Cell]

  public init(_ cells: [Cell]) {
    self.cells = cells
  }

  /// The notebook as a file: sorted keys, one trailing newline, no version of anybody's kernel.
  ///
  /// - Throws: `InvalidNotebook` naming an id that cannot be or stands twice.
  public func json() throws -> String {
    var ids: Set<String> = []
    for cell in cells {
      guard Cell.isID(cell.id) else {
        throw InvalidNotebook("a cell cannot have the id '\(cell.id)'")
      }
      guard ids.insert(cell.id).inserted else {
        throw InvalidNotebook("two cells have the id '\(cell.id)'")
      }
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

/// A notebook that no reader could open.
public struct InvalidNotebook: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension Notebook: Encodable {
  private struct Metadata: Encodable {
    let kernelspec = ["display_name": "Python 3", "language": "python", "name": "python3"]
    let languageInfo = ["name": "python"]

    enum CodingKeys: String, CodingKey {
      case kernelspec
      case languageInfo = "language_info"
    }
  }

  private enum CodingKeys: String, CodingKey {
    case cells, metadata, nbformat
    case minor = "nbformat_minor"
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(cells, forKey: .cells)
    try members.encode(Metadata(), forKey: .metadata)
    try members.encode(4, forKey: .nbformat)
    try members.encode(5, forKey: .minor)
  }
}

extension Notebook.Cell: Encodable {
  private enum CodingKeys: String, CodingKey {
    case kind = "cell_type"
    case count = "execution_count"
    case id, metadata, outputs, source
  }

  public func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: CodingKeys.self)
    try members.encode(kind.rawValue, forKey: .kind)
    try members.encode(id, forKey: .id)
    try members.encode([String: String](), forKey: .metadata)
    try members.encode(source, forKey: .source)
    if kind == .code {
      try members.encodeNil(forKey: .count)
      try members.encode([String](), forKey: .outputs)
    }
  }
}
