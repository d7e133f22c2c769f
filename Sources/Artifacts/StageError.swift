/// Why a stage could not go on: what is wrong, where, and what to do about it, in one line.
///
/// ```swift
/// StageError(.malformed, "is truncated", at: "artifacts/xor/findings.json", remedy: "run make
/// xor") // artifacts/xor/findings.json: is truncated; run make xor
/// ```
public struct StageError: Error, Hashable, CustomStringConvertible {
  /// The kind of failure; its raw value is the exit code of the stage.
  public enum Kind: Int32, Hashable, Sendable {
    /// An artifact or a story is malformed or of another version.
    case malformed = 65
    /// The case cannot be done.
    case impossible = 70
    /// A file could not be read or written.
    case unreadable = 74
  }

  public let kind: Kind
  public let what: String

  /// The file, with its line or the tensor where that helps.
  public let place: String
  public let remedy: String

  public init(_ kind: Kind, _ what: String, at place: String, remedy: String) {
    self.kind = kind
    self.what = what
    self.place = place
    self.remedy = remedy
  }

  public var description: String {
    "\(place.cut(to: 1_000)): \(what.cut(to: 1_000)); \(remedy.cut(to: 1_000))".onOneLine
  }

  public var exitCode: Int32 { kind.rawValue }
}

extension String {
  /// The text with line breaks and other control characters written out, so that it stays one line.
  package var onOneLine: String {
    unicodeScalars.contains(where: \.isControl)
      ? unicodeScalars.map { $0.isControl ? $0.escaped(asASCII: true) : String($0) }.joined() : self
  }

  /// The text in quotation marks for a message, cut where it is long.
  package var quoted: String { "'\(cut(to: 80))'".onOneLine }

  fileprivate func cut(to count: Int) -> String {
    let shown = unicodeScalars.prefix(count)
    return shown.endIndex == endIndex ? self : String(shown) + "…"
  }
}

extension Unicode.Scalar {
  fileprivate var isControl: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
