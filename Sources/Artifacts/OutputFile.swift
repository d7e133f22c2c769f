import Foundation

/// Writes files so that at every moment either the old or the new one is there, whole.
///
/// Each is written under a hidden name beside its place, `.NAME.PID.tmp`, and renamed into it.
/// While it is written it is locked; one that lies there unlocked was left by a process that died,
/// and the next write of the same file removes it.
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
    removeLeftovers(of: name, in: folder)
    let temporary = folder + (folder.isEmpty ? "" : "/") + ".\(name).\(getpid()).tmp"
    let file = try openLocked(temporary, for: path)
    do {
      defer { close(file) }
      try body(file)
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

  /// Removes what dead processes left of a file.
  private static func removeLeftovers(of name: String, in folder: String) {
    let prefix = ".\(name)."
    for entry in (try? entries(of: folder.isEmpty ? "." : folder)) ?? [] {
      guard entry.hasPrefix(prefix), entry.hasSuffix(".tmp") else { continue }
      let process = entry.dropFirst(prefix.count).dropLast(4)
      guard !process.isEmpty, process.allSatisfy({ ("0"..."9").contains($0) }) else { continue }
      let path = folder + (folder.isEmpty ? "" : "/") + entry
      let file = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
      guard file >= 0 else { continue }
      if flock(file, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
      close(file)
    }
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
      case EACCES, EPERM, EROFS: "make it writable and run it again"
      case EISDIR, ENOTDIR, EEXIST, ENOTEMPTY: "move what is in its place away and run it again"
      default: "see to that and run it again"
      }
    return StageError(.unreadable, "\(what) (\(message(reason)))", at: path, remedy: remedy)
  }

  /// Beyond a limit on file sizes, `write` should fail instead of killing the process.
  private static let ignoringFileSizeSignal: Void = { _ = signal(SIGXFSZ, SIG_IGN) }()
}
