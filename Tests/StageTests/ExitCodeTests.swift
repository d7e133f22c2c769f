import ArgumentParser
import Artifacts
import Networks
import Stages
import Tensors
import Testing

@Suite("exit codes")
struct ExitCodeTests {
  @Test("each kind of failure has its code")
  func codes() throws {
    let options = try StageOptions.parse(["tiny"])
    let failures: [(error: any Error, code: Int32)] = [
      (StageError(.malformed, "is wrong", at: "file", remedy: "mend it"), 65),
      (StageError(.impossible, "cannot be", at: "case", remedy: "change it"), 70),
      (StageError(.unreadable, "is away", at: "file", remedy: "find it"), 74),
      (ShapeError("shapes clash"), 70),
      (NetworkError("sites clash"), 70),
    ]
    for failure in failures {
      let thrown = #expect(throws: ExitCode.self) {
        try options.run("analyze") { _ in throw failure.error }
      }
      #expect(thrown?.rawValue == failure.code)
    }
  }
}
