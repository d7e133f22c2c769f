import Foundation

/// Reads whole files that a stage needs.
public enum InputFile {
  /// Whether nothing at all is at a path.
  public static func isMissing(_ path: String) -> Bool {
    access(path, F_OK) != 0 && errno == ENOENT
  }

  /// The bytes of a regular file, which is measured before memory is taken for it.
  ///
  /// - Parameters:
  ///   - path: Where the file lies.
  ///   - limit: The most bytes that are read.
  ///   - maker: The command that makes the file, for the message if it is missing.
  /// - Returns: The bytes.
  /// - Throws: `StageError.Kind.unreadable` if it cannot be read, `.malformed` if it is too large.
  package static func read(_ path: String, limit: Int, madeBy maker: String) throws -> [UInt8] {
    // Without O_NONBLOCK, a pipe in the file's place would wait for a writer for ever.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      let reason = errno
      throw StageError(
        .unreadable, reason == ENOENT ? "is missing" : "cannot be read (\(message(reason)))",
        at: path, remedy: reason == ENOENT ? "make it with \(maker)" : "see to that, then \(maker)")
    }
    defer { close(file) }
    func refuse(_ what: String) -> StageError {
      StageError(.unreadable, what, at: path, remedy: "see to that, then \(maker)")
    }
    var info = stat()
    guard fstat(file, &info) == 0 else { throw refuse("cannot be read (\(message(errno)))") }
    switch info.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw refuse("is a folder, not a file")
    default: throw refuse("is not a regular file")
    }
    let size = Int(info.st_size)
    guard size <= limit else {
      throw StageError(
        .malformed, "has \(size) bytes, more than the \(limit) that are read", at: path,
        remedy: "make it again with \(maker)")
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let got = Foundation.read(file, buffer.baseAddress.map { $0 + count }, size - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = errno
          break
        }
      }
    }
    guard failure == 0 else { throw refuse("cannot be read (\(message(failure)))") }
    return bytes
  }
}

/// The system's words for an error number.
func message(_ number: Int32) -> String { String(cString: strerror(number)) }

extension InputFile {
  /// Reads a file of text of at most so many bytes.
  ///
  /// - Throws: `StageError`: `.unreadable` if it cannot be read, `.malformed` if it is not UTF-8.
  public static func text(
    _ path: String, limit: Int = 1 << 20, madeBy maker: String
  ) throws -> String {
    let bytes = try read(path, limit: limit, madeBy: maker)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw StageError(
        .malformed, "is not UTF-8 text", at: path, remedy: "save it as UTF-8")
    }
    return text
  }
}
