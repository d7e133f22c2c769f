import Foundation

/// A value that is kept as a JSON file, which says by name and version what it is.
///
/// ```swift
/// extension FindingsFile: JSONArtifact {
///   public static let format = "casebook.findings"
///   public static let version = 1
/// }
/// ```
public protocol JSONArtifact: Codable {
  /// What the file's `"format"` says.
  static var format: String { get }

  /// What the file's `"version"` says; it grows with every change that older readers do not
  /// understand.
  static var version: Int { get }

  /// Checks what the types alone do not say, before writing and after reading.
  func validate() throws
}

extension JSONArtifact {
  public func validate() throws {}
}

/// Reads and writes JSON artifacts: sorted keys, numbers that round-trip, one trailing newline.
public enum JSONFile {
  /// The most bytes of a JSON file that are read.
  public static let sizeLimit = 16 << 20

  /// Writes an artifact, whole or not at all.
  ///
  /// - Throws: `StageError`: `.impossible` naming the entry if a number is not finite or the
  ///   artifact is not valid, `.unreadable` if the file cannot be written.
  public static func write<Artifact: JSONArtifact>(_ artifact: Artifact, to path: String) throws {
    try OutputFile.write(text(of: artifact, for: path), to: path)
  }

  /// Reads an artifact.
  ///
  /// - Parameters:
  ///   - path: Where the file lies.
  ///   - maker: The command that makes it, for the message if it is missing or malformed.
  /// - Returns: The artifact.
  /// - Throws: `StageError`: `.unreadable` if it cannot be read, `.malformed` naming the line or
  ///   the entry if it is not what it should be.
  public static func read<Artifact: JSONArtifact>(
    _ path: String, madeBy maker: String
  ) throws -> Artifact {
    let bytes = try InputFile.read(path, limit: sizeLimit, madeBy: maker)
    return try artifact(from: bytes, of: path, madeBy: maker)
  }

  /// The artifact as text.
  static func text<Artifact: JSONArtifact>(of artifact: Artifact, for path: String) throws -> String
  {
    func refuse(_ what: String) -> StageError {
      StageError(.impossible, what, at: path, remedy: "the stage computed what cannot be published")
    }
    do { try artifact.validate() } catch { throw refuse("\(error)") }
    let data: Data
    do {
      data = try JSONEncoder().encode(artifact)
    } catch EncodingError.invalidValue(let value, let context) {
      throw refuse("\(name(of: context.codingPath)) is no finite number: \(value)")
    }
    guard case .object(var members) = try JSON(parsing: data) else {
      throw refuse("\(Artifact.self) is not written as an object")
    }
    members["format"] = .string(Artifact.format)
    members["version"] = .number("\(Artifact.version)")
    return JSON.object(members).pretty
  }

  /// The artifact that bytes hold.
  static func artifact<Artifact: JSONArtifact>(
    from bytes: [UInt8], of path: String, madeBy maker: String
  ) throws -> Artifact {
    func refuse(_ what: String, line: Int? = nil, remedy: String? = nil) -> StageError {
      StageError(
        .malformed, what, at: path + (line.map { ":\($0)" } ?? ""),
        remedy: remedy ?? "make it again with \(maker)")
    }
    let document: JSON
    do {
      document = try JSON(parsing: bytes)
    } catch let error as JSONError {
      throw refuse(error.what, line: 1 + bytes[..<error.offset].count { $0 == 10 })
    }
    guard case .object(let members) = document, case .string(let format) = members["format"] else {
      throw refuse("does not say what it is: it has no \"format\"")
    }
    guard format == Artifact.format else {
      throw refuse("is of the format \(format.quoted), not '\(Artifact.format)'")
    }
    guard let version = members["version"]?.index else { throw refuse("has no \"version\"") }
    guard version == Artifact.version else {
      throw refuse(
        "is of version \(version), and this program reads version \(Artifact.version)",
        remedy: "run make regenerate")
    }
    do {
      let artifact = try JSONDecoder().decode(Artifact.self, from: Data(bytes))
      try artifact.validate()
      return artifact
    } catch let error as DecodingError {
      throw refuse(explanation(of: error))
    } catch {
      throw refuse("\(error)")
    }
  }

  private static func explanation(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "has no \(name(of: context.codingPath + [key]))"
    case .typeMismatch(let type, let context):
      "has at \(name(of: context.codingPath)) something else than \(type)"
    case .valueNotFound(_, let context):
      "has nothing at \(name(of: context.codingPath))"
    case .dataCorrupted(let context):
      "is wrong at \(name(of: context.codingPath)): \(context.debugDescription)"
    @unknown default: "cannot be read"
    }
  }

  private static func name(of path: [any CodingKey]) -> String {
    path.isEmpty
      ? "the top"
      : path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".").quoted
  }
}
