/// Names that are folders, files, words of a command line and parts of an address at once.
///
/// ```swift
/// Slug.isValid("shell-game")  // true
/// Slug.isValid("../etc")  // false
/// ```
public enum Slug {
  /// Whether the text is lower-case words of letters and digits, joined by single hyphens, the
  /// first beginning with a letter; at most 64 characters.
  public static func isValid(_ text: String) -> Bool {
    let words = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return text.utf8.count <= 64 && text.utf8.first.map { 97...122 ~= $0 } ?? false
      && words.allSatisfy { word in
        !word.isEmpty && word.allSatisfy { 97...122 ~= $0 || 48...57 ~= $0 }
      }
  }
}
