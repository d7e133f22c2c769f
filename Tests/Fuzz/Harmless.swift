@testable import Documents

/// Traps unless a page has only elements, attributes and destinations that this gallery writes, and no script but its
/// own.
func requireHarmless(_ page: String) {
  var rest = Array(page.utf8)[...]
  func take(while isPart: (UInt8) -> Bool) -> String {
    let part = rest.prefix(while: isPart)
    rest = rest[part.endIndex...]
    return String(decoding: part, as: UTF8.self)
  }
  while let tag = rest.firstIndex(of: UInt8(ascii: "<")) {
    rest = rest[(tag + 1)...]
    if rest.starts(with: "!DOCTYPE html>".utf8) { continue }
    let isClosing = rest.first == UInt8(ascii: "/")
    if isClosing { rest = rest.dropFirst() }
    let element = take { $0.isLetter || 48...57 ~= $0 }
    guard elements.contains(element) else { fatalError("the page has an element '\(element)'") }
    while true {
      _ = take { $0 <= 32 }
      if rest.starts(with: "/>".utf8) || rest.first == UInt8(ascii: ">") { break }
      let name = take { $0.isLetter || $0 == UInt8(ascii: "-") }
      guard !isClosing, attributes.contains(name), rest.starts(with: "=\"".utf8) else {
        fatalError("the page has, in <\(element)>, an attribute '\(name)'")
      }
      rest = rest.dropFirst(2)
      let value = take { $0 != UInt8(ascii: "\"") }
      rest = rest.dropFirst()
      if name == "href" || name == "src", element != "link" { requireHarmless(destination: value) }
    }
    // The data of the live network may not end its element; this the program may do.
    if element == "script", rest.dropFirst().starts(with: LiveNetwork.script.utf8) {
      rest = rest.dropFirst(1 + LiveNetwork.script.utf8.count)
    }
  }
}

/// A destination is a place on the web or in the gallery.
private func requireHarmless(destination: String) {
  let scheme = destination.utf8.prefix { !"/#?".utf8.contains($0) }
  guard let colon = scheme.firstIndex(of: UInt8(ascii: ":")) else { return }
  guard ["http", "https", "mailto"].contains(String(scheme[..<colon])) else {
    fatalError("the page leads to \(destination)")
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { 97...122 ~= self | 32 }
}

private let elements = Set(
  """
  a article b blockquote body br caption circle code dd details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 head
  header hr html img li link main meta nav noscript ol p pre rect script section span strong style summary svg table
  tbody td th thead title tr ul
  """.split(whereSeparator: \.isWhitespace).map(String.init))

private let attributes = Set(
  """
  alt aria-hidden aria-label aria-labelledby charset class content cx cy data-label focusable height href http-equiv id
  lang loading name property r rel role rx scope src start style tabindex title type viewBox width x y
  """.split(whereSeparator: \.isWhitespace).map(String.init))
