import Artifacts
import Figures

/// A gallery beside one that the same sources made again.
struct GalleryComparison {
  let gallery: GalleryFolder
  let made: GalleryFolder

  /// The true hash of every file of the gallery, as keys write them.
  let hashes: [String: String]
  let toolchain: ToolchainChanges

  struct Report {
    /// A line each, beginning with the job, as in `record xor: `.
    var differences: [String] = []

    /// The pictures of other bytes whose pixels another library explains.
    var redrawn: [String] = []
  }

  /// All that differs.
  func report() -> Report {
    var report = Report()
    for job in Set(made.keys.keys).union(gallery.keys.keys).sorted(by: isBefore) {
      report.differences += keyDifferences(of: job)
    }
    for path in made.files.union(gallery.files).sorted(by: isBefore)
    where !path.hasPrefix(GalleryFolder.keyFolder) {
      compare(path, &report)
    }
    report.differences += gallery.odd.map {
      "\(owner(of: $0)): \(shown($0)) is no plain file; remove it"
    }
    return report
  }

  /// What a key says that is not so: of sources, against the key made now; of files, against the files.
  private func keyDifferences(of job: String) -> [String] {
    guard let key = gallery.keys[job] else {
      return ["\(title(job)): its key .keys/\(job) is missing"]
    }
    var found = key.strange.map { "the line \($0.quoted) is none of a key, or stands there twice" }
    if let fresh = made.keys[job] {
      let sources = differing(key.sources, fresh.sources)
      if !sources.isEmpty {
        found.append("was made by other sources: \(list(sources))")
      }
      found += differing(
        key.outputs.mapValues { _ in "" }, fresh.outputs.mapValues { _ in "" }
      ).map {
        key.outputs[$0] == nil
          ? "its key does not name \(shown($0))"
          : "its key names \(shown($0)), which it does not make"
      }
    } else if Self.stages.contains(where: { job.hasSuffix("/\($0)") }) {
      found.append("its key .keys/\(job) is stray: there is no such case or stage")
    }
    for (path, hash) in key.outputs.sorted(by: { isBefore($0.key, $1.key) }) {
      guard let actual = hashes[Key.output + path] else { continue }
      found += fault(of: path, hash, actual, in: job).map { [$0] } ?? []
    }
    if found.isEmpty, let fresh = made.keys[job], key.lines == fresh.lines, key != fresh {
      found.append("its key says the same, written otherwise")
    }
    return found.map { "\(title(job)): \($0)" }
  }

  /// What is untrue in what a key says of a file: its hash, beside the actual one.
  private func fault(of path: String, _ hash: String, _ actual: String, in job: String) -> String? {
    let name = shown(path)
    let fresh = made.keys[job]
    switch (actual == hash, isSame(path)) {
    case (true, true): return nil
    case (true, false):
      let isExplained = path.hasSuffix(".png") && !toolchain.isEmpty
      guard let fresh, fresh.outputs[path] != nil, !isExplained,
        fresh.sources == gallery.keys[job]?.sources
      else { return nil }
      return "its key vouches for \(name) as it is, and its sources make another:"
        + " both were edited, or this machine computes otherwise"
    case (false, true): return "its key lies: it says \(hash) of \(name), which has \(actual)"
    case (false, false):
      return fresh?.outputs[path] == hash
        ? "\(name) was edited after it was made"
        : "its key does not vouch for \(name): it says \(hash), and the file has \(actual)"
    }
  }

  /// A file that is in one of the two, or in both.
  private func compare(_ path: String, _ report: inout Report) {
    let name = "\(owner(of: path)): \(shown(path))"
    if isOnItsOwn(path) { return }
    guard made.files.contains(path) else {
      report.differences.append("\(name) is stray: nothing makes it; remove it")
      return
    }
    guard gallery.files.contains(path) else {
      report.differences.append("\(name) is missing")
      return
    }
    do {
      let pair = Pair(here: try made.bytes(of: path), gallery: try gallery.bytes(of: path))
      guard pair.here != pair.gallery else { return }
      if path.hasSuffix(".png"), !toolchain.isEmpty, pair.isRedrawn {
        report.redrawn.append(path)
        return
      }
      let found =
        switch path.split(separator: ".").last {
        case "safetensors": pair.tensorDifferences
        case "json", "ipynb": pair.entryDifferences
        case "png": pair.pictureDifferences
        default: pair.textDifferences
        }
      report.differences += found.prefix(Self.most).map { "\(name)\($0)" }
      if found.count > Self.most {
        report.differences.append("\(name) has \(found.count - Self.most) more differences")
      }
    } catch {
      report.differences.append("\(name): \(error)")
    }
  }

  private func isSame(_ path: String) -> Bool {
    guard made.files.contains(path), gallery.files.contains(path) else { return false }
    return (try? made.bytes(of: path) == gallery.bytes(of: path)) ?? false
  }

  /// Whether a key of another stage than the five vouches for a file, which is then no part of this comparison.
  private func isOnItsOwn(_ path: String) -> Bool {
    gallery.keys.contains { job, key in
      made.keys[job] == nil && key.outputs[path] != nil
        && !Self.stages.contains { job.hasSuffix("/\($0)") }
    }
  }

  /// What makes a file: `record xor`.
  private func owner(of path: String) -> String {
    for keys in [made.keys, gallery.keys] {
      if let job = keys.filter({ $0.value.outputs[path] != nil }).keys.min() { return title(job) }
    }
    return "no stage"
  }

  /// A job in words.
  private func title(_ job: String) -> String {
    let parts = job.split(separator: "/", maxSplits: 1)
    return parts.count == 2 ? "\(parts[1]) \(parts[0])" : job
  }

  /// A path as it is called beside the case's name; the whole of it where it is of no stage.
  private func shown(_ path: String) -> String {
    let parts = path.split(separator: "/", maxSplits: 1)
    guard parts.count == 2, made.keys.keys.contains(where: { $0.hasPrefix("\(parts[0])/") }),
      owner(of: path) != "no stage"
    else { return "artifacts/\(path)" }
    return String(parts[1])
  }

  private func list(_ names: [String]) -> String {
    names.prefix(Self.most).joined(separator: ", ")
      + (names.count > Self.most ? " and \(names.count - Self.most) more" : "")
  }

  private func differing(_ one: [String: String], _ other: [String: String]) -> [String] {
    Set(one.keys).union(other.keys).filter { one[$0] != other[$0] }.sorted(by: isBefore)
  }

  private func isBefore(_ one: String, _ other: String) -> Bool {
    one.utf8.lexicographicallyPrecedes(other.utf8)
  }

  /// How many differences of a file are told.
  private static let most = 5

  private static let stages = ["train", "record", "analyze", "render", "assemble"]
}
