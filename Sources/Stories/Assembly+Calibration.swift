import Artifacts
import Documents
import Findings

/// Writes the page that says how often the tests of all cases are right.
///
/// - Throws: `StageError` if the findings are missing or malformed, or the page cannot be written.
public func assembleCalibration(in folder: CaseFolder) throws {
  let found = try folder.readFindings()
  func finding(_ name: String) throws -> Finding {
    guard let finding = found.findings[name] else {
      throw StageError(
        .malformed, "has no finding '\(name)'", at: folder.findings, remedy: "run make calibration")
    }
    return finding
  }
  func number(_ name: String) throws -> Double {
    guard case .number(let value) = try finding(name).value else { return .nan }
    return value
  }
  func words(_ name: String) throws -> String {
    guard case .text(let text) = try finding(name).value else { return "" }
    return text
  }
  let tests = found.findings.keys.filter { $0.hasSuffix("-claim") }.sorted()
    .map { String($0.dropLast("-claim".count)) }
  let kinds = ["known", "untrained", "false", "borderline"]
  let rows = try tests.map { test in
    CalibrationPage.Row(
      test: try words("\(test)-claim"), predicted: try words("\(test)-predicted"),
      cells: try kinds.map { kind in
        let finding = try finding("\(test)-\(kind)")
        return CalibrationPage.Cell(
          share: Wording.percent(try number("\(test)-\(kind)")),
          interval: finding.interval.map {
            Wording.interval($0.lower, $0.upper, isShare: true)
          } ?? "")
      })
  }
  let shares = try tests.flatMap { test in
    try ["untrained", "false"].compactMap { try finding("\(test)-\($0)").interval?.upper }
  }
  let trials = try tests.first.map { try finding("\($0)-known").n } ?? 0
  let page = CalibrationPage(
    title: "How often are the tests right?",
    introduction: Markdown(
      """
      Every case in this gallery faces the same \(Wording.words(tests.count) ?? "few") tests. A test that says “held” whatever it is \
      shown proves nothing, so the tests were tested: on networks whose mechanism was written into them by hand, and on claims that are \
      wrong. Of claims that are plainly wrong, each test called at most \(Wording.percent(shares.max() ?? 1)) held, at the upper \
      end of its interval; above \(Wording.percent(0.05)) the gallery could not be made.
      """),
    columns: [
      "Mechanism there, claim true", "Untrained networks", "Mechanism there, claim false",
      "Just not true enough",
    ], rows: rows,
    sections: [
      PageSection(
        id: "how", title: "How it was counted",
        blocks: [
          .prose(
            Markdown(
              """
              A trial is a fresh population of \(Wording.number(try number("seeds"))) networks and one prediction, judged as in the cases; there are \
              \(Wording.number(Double(trials))) trials of each kind.

              The networks answer whether two of six signs differ. Of sixteen hidden neurons two are detectors, one for each way to differ. Four \
              others are decoys: loud, and heard by nobody. The neurons of each network stand in an order of their own, each is scaled by a factor \
              that its read-out undoes, and all weights carry one per cent of noise.

              In the second column nothing was trained or written. In the third the mechanism is there, but what is said of it is wrong in one \
              point: other neurons, the two detectors exchanged, two other signs, a rule that is right on three inputs in four, or another point \
              between the corners at which the answer turns.

              The last column is the hardest question that can be asked. The claim is that *more than* four networks in five have the mechanism; here each \
              has it with a probability of four in five. No test can do better than chance there: by design \
              \(Wording.percent(try number("designed-error"), decimals: 1)) of such claims are called held.
              """))
        ]),
      PageSection(
        id: "limits", title: "What this does not show",
        blocks: [
          .prose(
            Markdown(
              """
              These networks are simple, and their mechanism is of one kind: a few neurons. The tests that a case makes for itself, of planes, of \
              attention and of matrices, are checked against hand-written networks of their own in the project's tests, but their errors are \
              not counted here. And a test can only be as good as its control: a claim that is true of every part of a network says nothing about one.

              Other draws: `.build/release/calibrate calibration --seed 7`, into a folder of your own with `--artifacts`.
              """))
        ]),
    ])
  try OutputFile.write(page.html(), to: folder.page)
}
