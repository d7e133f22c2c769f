/// Something wrong in a story, with its line and what to do about it.
public struct StoryError: Error, Hashable, CustomStringConvertible {
  public let file: String
  public let line: Int
  public let what: String
  public let remedy: String

  public var description: String { "\(file):\(line): \(what); \(remedy)" }
}

/// Something wrong in a part of a story that does not know where it stands.
struct StoryFault: Error {
  let what: String
  let remedy: String

  init(_ what: String, _ remedy: String) {
    self.what = what
    self.remedy = remedy
  }

  /// A name that is not among those there are, with the one most like it.
  static func unknown(_ kind: String, _ name: String, among known: some Sequence<String>)
    -> StoryFault
  {
    let known = known.sorted()
    guard let nearest = nearest(to: name, among: known) else {
      return StoryFault("there is no \(kind) '\(name)'", "there is none at all; remove it")
    }
    let listing = known.count > 12 ? "" : " (there are: \(known.joined(separator: ", ")))"
    return StoryFault("there is no \(kind) '\(name)'", "did you mean '\(nearest)'?\(listing)")
  }

  private static func nearest(to name: String, among known: [String]) -> String? {
    known.map { (name: $0, distance: distance(name.prefix(64), $0.prefix(64))) }
      .min { $0.distance < $1.distance }?.name
  }

  /// The number of letters to insert, delete or replace that turn one word into another.
  ///
  /// V. Levenshtein, Soviet Physics Doklady 10 (1966) 707.
  static func distance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
    let b = Array(b)
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let replaced = diagonal + (x == y ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
      }
    }
    return row[b.count]
  }
}
