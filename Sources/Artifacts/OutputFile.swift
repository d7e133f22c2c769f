import Foundation

/// Writes files so that at every moment either the old or the new one is there, whole.
///
/// Each is written under a hidden name beside its place, `.NAME.PID.tmp`, and renamed into it.
/// While it is written it is locked; one that lies there unlocked was left by a process that died,
/// and the next stage that runs there removes it.
public enum OutputFile {
  /// Whether there is a file at a path, and not a folder.
  public static func exists(_ path: String) -> Bool {
    var info = stat()
    return stat(path, &info) == 0 && info.st_mode & S_IFMT != S_IFDIR
  }

  /// Writes bytes to a file, making its folder where there is none.
  ///
  /// - Throws: `StageError.Kind.unreadable` with the system's reason; what was there is untouched.
  public static func write(_ bytes: some ContiguousBytes, to path: String) throws {
    try replace(path) { file in
      try bytes.withUnsafeBytes { buffer in
        var rest = buffer
        while !rest.isEmpty {
          let written = Foundation.write(file, rest.baseAddress, rest.count)
          if written >= 0 {
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
          } else if errno != EINTR {
            throw failure("cannot be written", path)
          }
        }
      }
    }
  }

  /// Writes text to a file as UTF-8, making its folder where there is none.
  ///
  /// - Throws: `StageError.Kind.unreadable` with the system's reason; what was there is untouched.
  public static func write(_ text: String, to path: String) throws {
    try write(Array(text.utf8), to: path)
  }

  /// Removes a file, if it is there.
  ///
  /// - Throws: `StageError.Kind.unreadable` with the system's reason.
  public static func remove(_ path: String) throws {
    guard unlink(path) == 0 || errno == ENOENT else { throw failure("cannot be removed", path) }
  }

  /// Makes a folder and those around it, where they are not there yet.
  ///
  /// - Throws: `StageError.Kind.unreadable` with the system's reason.
  public static func makeFolder(_ path: String) throws {
    var info = stat()
    if path.isEmpty || (stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR) { return }
    let parent = split(path).folder
    if parent != path { try makeFolder(parent) }
    // Another stage may make the same folder at the same time.
    guard mkdir(path, 0o777) == 0 || (errno == EEXIST && stat(path, &info) == 0)
    else { throw failure("cannot be made", path) }
    guard stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR else {
      errno = ENOTDIR
      throw failure("cannot be made", path)
    }
  }

  /// Lends the descriptor of a file that takes the place of `path` if the body does not throw.
  private static func replace(_ path: String, _ body: (Int32) throws -> Void) throws {
    _ = ignoringFileSizeSignal
    let (folder, name) = split(path)
    try makeFolder(folder)
    let temporary = folder + (folder.isEmpty ? "" : "/") + ".\(name).\(getpid()).tmp"
    let file = try openLocked(temporary, for: path)
    do {
      defer { close(file) }
      try body(file)
      // Some file systems say only on closing that there was no room; the lock stays until the end.
      let copy = dup(file)
      guard copy >= 0, close(copy) == 0 else { throw failure("cannot be written", path) }
      guard rename(temporary, path) == 0 else { throw failure("cannot be written", path) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  /// Opens and locks a temporary file; again, if another process took it for a leftover in between.
  private static func openLocked(_ temporary: String, for path: String) throws -> Int32 {
    for _ in 0..<100 {
      let file = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
      guard file >= 0 else { throw failure("cannot be written", path) }
      var info = stat()
      while flock(file, LOCK_EX) != 0 && errno == EINTR {}
      if fstat(file, &info) == 0, info.st_nlink > 0 { return file }
      close(file)
    }
    errno = EBUSY
    throw failure("cannot be written", path)
  }

  /// Removes what dead processes left half written in a folder and, if asked, in those within.
  ///
  /// - Throws: `StageError.Kind.unreadable` if a folder cannot be read, or is a link to one: what is
  ///   made stays where it belongs.
  static func sweep(_ folder: String, within: Bool) throws {
    for name in try entries(of: folder) {
      let path = "\(folder)/\(name)"
      switch kind(of: path) {
      case S_IFDIR where within: try sweep(path, within: true)
      case S_IFLNK where within: try refuseLink(path)
      case S_IFREG where isTemporary(name): removeIfDead(path)
      default: break
      }
    }
  }

  /// - Throws: `StageError.Kind.unreadable` if a path is a link to a folder.
  static func refuseLink(_ path: String) throws {
    var info = stat()
    guard kind(of: path) == S_IFLNK, stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFDIR
    else { return }
    throw StageError(
      .unreadable, "is a link to a folder, and the stages write only within the gallery", at: path,
      remedy: "remove the link and run it again")
  }

  private static func kind(of path: String) -> mode_t? {
    var info = stat()
    return lstat(path, &info) == 0 ? info.st_mode & S_IFMT : nil
  }

  /// Whether a name is `.NAME.PID.tmp`.
  private static func isTemporary(_ name: String) -> Bool {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count >= 4 && parts[0].isEmpty && parts[parts.count - 1] == "tmp"
      && !parts[parts.count - 2].isEmpty && parts[parts.count - 2].utf8.allSatisfy { 48...57 ~= $0 }
  }

  private static func removeIfDead(_ path: String) {
    let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard file >= 0 else { return }
    defer { close(file) }
    if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
  }

  /// The names in a folder, in the order of their bytes.
  package static func entries(of folder: String) throws -> [String] {
    guard let stream = opendir(folder) else { throw failure("cannot be read", folder) }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { field in
        field.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func split(_ path: String) -> (folder: String, name: String) {
    guard let slash = path.lastIndex(of: "/") else { return ("", path) }
    let folder = path[..<slash]
    return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
  }

  static func failure(_ what: String, _ path: String) -> StageError {
    let reason = errno
    let remedy =
      switch reason {
      case ENOSPC, EDQUOT: "free some space and run it again"
      case EFBIG: "raise the limit on files (ulimit -f) and run it again"
      case EACCES, EPERM, EROFS: "make it writable and run it again"
      case EISDIR, ENOTDIR, EEXIST, ENOTEMPTY: "move what is in its place away and run it again"
      default: "see to that and run it again"
      }
    return StageError(.unreadable, "\(what) (\(message(reason)))", at: path, remedy: remedy)
  }

  /// Beyond a limit on file sizes, `write` should fail instead of killing the process.
  private static let ignoringFileSizeSignal: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()
}
