import Foundation
import Testing

/// `make setup` on machines that do not exist: every program that it asks is a stand-in.
@Suite("make setup")
struct SetupTests {
  /// A machine with the given answers; `apt-get install` brings whatever is missing.
  private func machine(
    swift: String = "6.3", installed: Bool, user: Int = 0, sudo: Bool = false, apt: Bool = true,
    processor: String = "x86_64"
  ) throws -> Workplace {
    var place = try Workplace.temporary()
    try package.lines("cp Makefile '\(place.root.path)'")
    var programs = [
      "uname": "echo \(processor)", "id": "echo \(user)",
      "swift": "echo 'Swift version \(swift) (swift-RELEASE)'",
    ]
    let libraries = "[ -e installed ]"
    programs["fc-list"] = "\(libraries) && echo 'Inter,Inter Thin'"
    if installed { programs["pkg-config"] = libraries }
    if apt {
      programs["apt-get"] = """
        echo "$@" >>log
        [ $1 = update ] || { touch installed; printf '#!/bin/sh\\n\(libraries)\\n' >bin/pkg-config; chmod +x bin/pkg-config; }
        """
    }
    programs["sudo"] = sudo ? "[ $1 = -n ] && shift; exec \"$@\"" : "exit 1"
    for (name, body) in programs { try place.write("#!/bin/sh\n\(body)\n", to: "bin/\(name)") }
    for name in [
      "sh", "env", "make", "sed", "sort", "grep", "cat", "true", "touch", "chmod", "printf", "find",
    ]
    where programs[name] == nil {
      try place.lines(
        "ln -s \"$(command -v \(name) | grep / || echo /usr/bin/\(name))\" bin/\(name)")
    }
    try place.lines("chmod +x bin/* 2>/dev/null; \(installed ? "touch installed" : "true")")
    place.path = "\(place.root.path)/bin"
    return place
  }

  private static let packages =
    "pkg-config libpng-dev zlib1g-dev libpango1.0-dev libcmark-dev fonts-inter"

  @Test("says in one line that nothing is to do, and does not ask for packages")
  func nothingToDo() throws {
    let place = try machine(installed: true)
    defer { place.remove() }
    #expect(try place.lines("make setup") == ["All that the build needs is installed."])
    #expect(!place.exists("log"))
  }

  @Test("installs what is missing, and says what", arguments: [(0, false), (1000, true)])
  func installs(user: Int, sudo: Bool) throws {
    let place = try machine(installed: false, user: user, sudo: sudo)
    defer { place.remove() }
    #expect(try place.lines("make setup") == ["Installing with apt-get: \(Self.packages)"])
    #expect(
      try place.lines("cat log") == [
        "update", "install -y --no-install-recommends \(Self.packages)",
      ])
    #expect(try place.lines("make setup") == ["All that the build needs is installed."])
  }

  @Test("stops with the exact command where it may not install")
  func mayNot() throws {
    let place = try machine(installed: false, user: 1000)
    defer { place.remove() }
    let outcome = try place.run("make setup")
    #expect(outcome.status != 0)
    #expect(
      outcome.errors.contains(
        "apt-get update && apt-get install -y --no-install-recommends \(Self.packages)\n"))
    #expect(!place.exists("log"))
  }

  @Test("stops with the list where there is no apt-get")
  func noApt() throws {
    let place = try machine(installed: false, apt: false)
    defer { place.remove() }
    let outcome = try place.run("make setup")
    #expect(outcome.status != 0 && outcome.errors.contains(Self.packages))
  }

  @Test("stops at a Swift that is too old", arguments: ["5.10.1", "6.0.3"])
  func oldSwift(version: String) throws {
    let place = try machine(swift: version, installed: true)
    defer { place.remove() }
    let outcome = try place.run("make setup")
    #expect(outcome.status != 0)
    #expect(outcome.errors.contains("needs Swift 6.3 or later, and found \(version)"))
  }

  @Test("stops at another processor")
  func otherProcessor() throws {
    let place = try machine(installed: true, processor: "aarch64")
    defer { place.remove() }
    let outcome = try place.run("make setup")
    #expect(outcome.status != 0 && outcome.errors.contains("needs Linux on x86-64 with FMA"))
  }
}
