import Foundation
import Testing

/// Names that are commands to a shell, functions to make, or the way to another folder.
private let hostileNames = [
  "x;touch evil;", "$(touch evil)", "`touch evil`", "$(shell touch evil)", "-rf", "a b", "a'b",
  "a\"b", "x\ny", "..x", "a%b", "é",
]

private func quoted(_ name: String) -> String {
  "'\(name.replacing("'", with: "'\\''"))'"
}

@Suite("Hostile names")
struct HostileNamesTests {
  /// A folder that begins with a point is hidden, and no case.
  @Test(
    "a case's folder that is no name is refused, and nothing is run",
    arguments: hostileNames.filter { !$0.hasPrefix(".") })
  func caseFolder(name: String) throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let folder = "Sources/CaseStudies/\(name)"
    try place.lines("cp -R Sources/CaseStudies/Alpha \(quoted(folder))")
    let before = try gallery.contents()
    let outcome = try place.run("make")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("Sources/CaseStudies has a folder"), "\(outcome.errors)")
    #expect(try place.lines("find . -name '*evil'").filter { !$0.contains(name) }.isEmpty)
    #expect(try gallery.contents() == before)
  }

  @Test(
    "keys under a name that no case can have remove nothing and run nothing",
    arguments: hostileNames)
  func keyFolder(name: String) throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    try place.write("kept\n", to: "kept/file")
    try place.lines(
      """
      mkdir -- \(quoted("artifacts/.keys/\(name)")) && echo x >\(quoted("artifacts/.keys/\(name)/train"))
      rm artifacts/alpha/index.html
      """)
    let before = try place.lines("find . -path ./.build -prune -o -type f -print | sort")
    #expect(try place.run("make -j2").status == 0)
    let after = try place.lines("find . -path ./.build -prune -o -type f -print | sort")
    let own = Set(["./log", "./artifacts/alpha/index.html", "./Package.resolved"])
    #expect(Set(after).subtracting(own) == Set(before).subtracting(own))
  }

  @Test("a link in a key's place is replaced, not followed")
  func links() throws {
    let gallery = try Gallery.miniature()
    let place = gallery.place
    defer { place.remove() }
    let before = try gallery.contents()
    try place.lines(
      """
      echo mine >mine; cd artifacts/.keys/alpha && ln -s $PWD/../../../mine render.new &&
      ln -sf $PWD/../../../mine render
      """)
    try place.lines("make")
    #expect(try place.read("mine") == "mine\n")
    #expect(try gallery.contents() == before)
    #expect(try place.lines("find artifacts ! -type d ! -type f").isEmpty)
  }
}
