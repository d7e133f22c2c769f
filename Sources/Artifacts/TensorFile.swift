import Tensors

/// Named tensors and where they come from, kept in the safetensors format.
///
/// ```swift
/// let file = TensorFile(Provenance(case: "xor", seed: "3"), ["w1": weights])
/// try file.write(to: "artifacts/xor/main/checkpoints/001500.safetensors")
/// try TensorFile.read(path, madeBy: "make xor").tensor("w1", shape: [2, 4])
/// ```
///
/// It writes `F32` and, for tensors of whole numbers, `I32`, and reads nothing else. It refuses
/// what the format's reference library refuses (https://github.com/huggingface/safetensors), and
/// more: names given twice, fields it does not know, a file without a checksum or with a wrong one.
public struct TensorFile: Hashable, Sendable {
  /// The most bytes of a header that are read: far more than any has, far fewer than exhaust memory. (The format's
  /// reference reads six times as many.)
  public static let headerLimit = 16 << 20

  /// The most bytes of a file that are read.
  public static let sizeLimit = 256 << 20

  /// The most tensors of a file that are read or written.
  public static let countLimit = 65_536

  public var provenance: Provenance
  public var tensors: [String: Tensor]

  /// The file that the tensors were read from, and what makes it; for messages.
  private var origin = Origin(path: "tensors", maker: "its stage")

  public init(_ provenance: Provenance, _ tensors: [String: Tensor] = [:]) {
    self.provenance = provenance
    self.tensors = tensors
  }

  /// The names of all tensors, sorted.
  public var names: [String] {
    tensors.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The tensor of a name.
  ///
  /// - Throws: `StageError.Kind.malformed` naming file and tensor if it is not there or has another
  ///   shape.
  public func tensor(_ name: String, shape: Shape? = nil) throws -> Tensor {
    func refuse(_ what: String) -> StageError {
      StageError(
        .malformed, what, at: origin.path, remedy: "make it again with \(origin.maker)")
    }
    guard let tensor = tensors[name] else { throw refuse("has no tensor \(name.quoted)") }
    if let shape, tensor.shape != shape {
      throw refuse("tensor \(name.quoted) has the shape \(tensor.shape), not \(shape)")
    }
    return tensor
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: Where the file lies.
  ///   - name: The case that the tensors must be of, if given.
  ///   - maker: The command that makes the file, for the message if it is missing or malformed.
  /// - Returns: The tensors.
  /// - Throws: `StageError`: `.unreadable` if it cannot be read, `.malformed` naming file and
  ///   tensor if it is not whole, not this format, of another version or of another case.
  public static func read(
    _ path: String, of name: String? = nil, madeBy maker: String
  ) throws -> TensorFile {
    let bytes = try InputFile.read(path, limit: sizeLimit, madeBy: maker)
    let file = try TensorFile(bytes: bytes, path: path, madeBy: maker)
    if let name, file.provenance.case != name {
      throw StageError(
        .malformed, "belongs to the case \(file.provenance.case.quoted), not '\(name)'", at: path,
        remedy: "make it again with \(maker)")
    }
    return file
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: What messages call it.
  ///   - maker: The command that makes it, for messages.
  /// - Throws: `StageError.Kind.malformed` naming file and tensor.
  public init(bytes: [UInt8], path: String, madeBy maker: String) throws {
    origin = Origin(path: path, maker: maker)
    (provenance, tensors) = try TensorReader(bytes: bytes, path: path, maker: maker).read()
  }

  /// Reads the bytes of a file whose data may be damaged, to be compared with a whole one.
  ///
  /// - Throws: `StageError.Kind.malformed` naming file and tensor.
  package init(damaged bytes: [UInt8], path: String) throws {
    let reader = TensorReader(
      bytes: bytes, path: path, maker: "make regenerate", checksData: false)
    (provenance, tensors) = try reader.read()
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: `StageError`: `.impossible` naming the tensor that cannot be stored, `.unreadable`
  ///   if the file cannot be written.
  public func write(to path: String) throws {
    try OutputFile.write(bytes(for: path), to: path)
  }
}

private struct Origin: Hashable, Sendable {
  var path: String
  var maker: String

  /// Two files are the same if they hold the same.
  static func == (_: Origin, _: Origin) -> Bool { true }
  func hash(into _: inout Hasher) {}
}
