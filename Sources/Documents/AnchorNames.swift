/// The anchors that a page has given out, so that none is given twice.
struct AnchorNames {
  private var taken: Set<String> = []

  /// The anchor for a title: its letters and digits, joined by hyphens, with a number if it is taken.
  mutating func claim(_ title: String) -> String {
    let words = title.lowercased().split { !$0.isLetter && !$0.isNumber }
    let name = words.isEmpty ? "section" : words.joined(separator: "-")
    var unique = name
    var count = 1
    while !taken.insert(unique).inserted {
      count += 1
      unique = "\(name)-\(count)"
    }
    return unique
  }
}
