import Artifacts

extension Pair {
  /// The entries of a JSON document that differ.
  var entryDifferences: [String] {
    do {
      let mine = try JSON(document: here)
      do {
        let found = differences(mine, try JSON(document: gallery), at: [])
        return found.isEmpty ? [": the same entries, written otherwise"] + textDifferences : found
      } catch let error as JSONError {
        let line = 1 + gallery[..<error.offset].count { $0 == 10 }
        return [" cannot be read: at its line \(line) it \(error.what)"] + textDifferences
      }
    } catch {
      return [" cannot be read"] + textDifferences
    }
  }

  private func differences(_ mine: JSON, _ theirs: JSON, at path: [String]) -> [String] {
    switch (mine, theirs) {
    case (.object(let mine), .object(let theirs)):
      return Set(mine.keys).union(theirs.keys)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        .flatMap { name -> [String] in
          let entry = entry(path + [name])
          guard let one = mine[name] else { return [" has an \(entry) too many"] }
          guard let other = theirs[name] else { return [" lacks the \(entry)"] }
          return differences(one, other, at: path + [name])
        }
    case (.array(let mine), .array(let theirs)) where mine.count == theirs.count:
      return zip(mine, theirs).enumerated().flatMap { index, pair in
        differences(pair.0, pair.1, at: path + [name(of: pair.0) ?? "\(index)"])
      }
    case (.array(let mine), .array(let theirs)):
      return [
        ", \(entry(path)): \(mine.count) elements here, \(theirs.count) in the gallery"
      ]
    default:
      return mine == theirs
        ? [] : [", \(entry(path)): \(short(mine)) here, \(short(theirs)) in the gallery"]
    }
  }

  private func entry(_ path: [String]) -> String {
    "entry \"\(path.joined(separator: ".").onOneLine)\""
  }

  /// What an element of an array is called, if it has a name.
  private func name(of element: JSON) -> String? {
    guard case .object(let members) = element, case .string(let name) = members["name"] else {
      return nil
    }
    return name
  }

  private func short(_ value: JSON) -> String {
    switch value {
    case .object: return "an object"
    case .array(let elements): return "an array of \(elements.count)"
    case .string(let text): return text.quoted
    default: return value.pretty.split(separator: "\n").joined()
    }
  }
}
