/// The folder of everything that the stages make.
public struct Gallery: Hashable, Sendable {
  public let root: String

  /// The gallery in a folder, which need not exist yet.
  public init(_ root: String = "artifacts") {
    self.root = root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// The page over all cases.
  public var page: String { "\(root)/index.html" }

  /// The same gallery as GitHub shows it.
  public var readme: String { "\(root)/README.md" }

  /// The folder of a case.
  ///
  /// - Throws: `StageError.Kind.impossible` if the name is not a slug.
  public func `case`(_ name: String) throws -> CaseFolder {
    try requireSlug(name, "case", in: root)
    return CaseFolder(gallery: self, name: name)
  }
}

/// The folder of a case, and the path of each of its artifacts.
public struct CaseFolder: Hashable, Sendable {
  public let gallery: Gallery
  public let name: String

  public var path: String { "\(gallery.root)/\(name)" }
  public var activations: String { "\(path)/activations.safetensors" }
  public var findings: String { "\(path)/findings.json" }
  public var findingsTensors: String { "\(path)/findings.safetensors" }
  public var figures: String { "\(path)/figures.json" }
  public var page: String { "\(path)/index.html" }

  /// The same story as GitHub shows it.
  public var readme: String { "\(path)/README.md" }

  /// The picture of a figure.
  ///
  /// - Throws: `StageError.Kind.impossible` if the name is not a slug.
  public func figure(_ figure: String) throws -> String {
    try requireSlug(figure, "figure", in: path)
    return "\(path)/figures/\(figure).png"
  }

  /// The folder of a variant.
  ///
  /// - Throws: `StageError.Kind.impossible` if the name is not a slug, or is `figures`.
  public func variant(_ variant: String = "main") throws -> VariantFolder {
    try requireSlug(variant, "variant", in: path)
    guard variant != "figures" else {
      throw StageError(
        .impossible, "a variant cannot be named 'figures'", at: path, remedy: "name it otherwise")
    }
    return VariantFolder(folder: self, name: variant)
  }
}

/// The folder of a variant, and the path of each of its artifacts.
public struct VariantFolder: Hashable, Sendable {
  public let folder: CaseFolder
  public let name: String

  public var path: String { "\(folder.path)/\(name)" }
  public var network: String { "\(path)/network.json" }
  public var population: String { "\(path)/population.safetensors" }
  public var training: String { "\(path)/training.json" }
  public var checkpointFolder: String { "\(path)/checkpoints" }

  /// The specimen after a number of steps, at most 999,999.
  public func checkpoint(at step: Int) -> String {
    precondition(0...999_999 ~= step, "A checkpoint at step \(step)")
    return "\(checkpointFolder)/\(String(1_000_000 + step).dropFirst()).safetensors"
  }
}

private func requireSlug(_ name: String, _ kind: String, in place: String) throws {
  guard Slug.isValid(name) else {
    throw StageError(
      .impossible, "\(name.quoted) cannot name a \(kind)", at: place,
      remedy: "use lower-case words joined by hyphens, as in 'shell-game'")
  }
}
