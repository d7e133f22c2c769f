import Foundation

extension VariantFolder {
  /// The checkpoints that are there, by step.
  ///
  /// - Throws: `StageError.Kind.unreadable` if the folder cannot be read.
  public func checkpoints() throws -> [(step: Int, path: String)] {
    try OutputFile.names(in: checkpointFolder).compactMap { name in
      let digits = name.prefix(6)
      guard name.utf8.count == 18, name.hasSuffix(".safetensors"),
        digits.utf8.allSatisfy({ 48...57 ~= $0 }), let step = Int(digits)
      else { return nil }
      return (step, "\(checkpointFolder)/\(name)")
    }
  }

  /// Removes the checkpoints at other steps than these.
  ///
  /// - Throws: `StageError.Kind.unreadable` if one cannot be removed.
  public func removeCheckpoints(except steps: some Collection<Int>) throws {
    for checkpoint in try checkpoints() where !steps.contains(checkpoint.step) {
      try OutputFile.remove(checkpoint.path)
    }
    _ = rmdir(checkpointFolder)
  }
}

extension Gallery {
  /// Removes what interrupted stages left half written beside the gallery's pages.
  ///
  /// - Throws: `StageError.Kind.unreadable` if the folder cannot be read.
  public func removeLeftovers() throws {
    if OutputFile.isFolder(root) { try OutputFile.sweep(root, within: false) }
  }
}

extension CaseFolder {
  /// Removes what interrupted stages left half written anywhere in the folder.
  ///
  /// - Throws: `StageError.Kind.unreadable` if a folder in it cannot be read, or is a link to one that
  ///   lies elsewhere.
  public func removeLeftovers() throws {
    try OutputFile.refuseLink(path)
    if OutputFile.isFolder(path) { try OutputFile.sweep(path, within: true) }
  }

  /// The names of the variants that are there, sorted.
  ///
  /// - Throws: `StageError.Kind.unreadable` if the folder cannot be read.
  public func variants() throws -> [String] {
    try OutputFile.names(in: path).filter { name in
      guard Slug.isValid(name), name != "figures" else { return false }
      return OutputFile.isFolder("\(path)/\(name)")
        && access("\(path)/\(name)/network.json", F_OK) == 0
    }
  }

  /// Removes what `train` made for other variants than these; files of any other name stay.
  ///
  /// - Throws: `StageError.Kind.unreadable` if a file cannot be removed.
  public func removeVariants(except names: some Collection<String>) throws {
    for name in try OutputFile.names(in: path) where Slug.isValid(name) && name != "figures" {
      guard !names.contains(name), OutputFile.isFolder("\(path)/\(name)") else { continue }
      let variant = try variant(name)
      if access(variant.network, F_OK) == 0 {
        try variant.removeCheckpoints(except: [])
        for path in [variant.population, variant.training, variant.network] {
          try OutputFile.remove(path)
        }
      }
      // Where the last to remove it was interrupted, only the folder is left.
      _ = rmdir(variant.path)
    }
  }

  /// Removes the pictures of other figures than these.
  ///
  /// - Throws: `StageError.Kind.unreadable` if one cannot be removed.
  public func removeFigures(except names: some Collection<String>) throws {
    for file in try OutputFile.names(in: "\(path)/figures") where file.hasSuffix(".png") {
      let name = String(file.dropLast(4))
      if Slug.isValid(name) && !names.contains(name) {
        try OutputFile.remove("\(path)/figures/\(file)")
      }
    }
  }
}

extension OutputFile {
  /// The names in a folder, sorted; none where there is no folder, or only a link to one.
  fileprivate static func names(in folder: String) throws -> [String] {
    guard isFolder(folder) else { return [] }
    return try entries(of: folder)
  }

  fileprivate static func isFolder(_ path: String) -> Bool {
    var info = stat()
    return lstat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
  }
}
