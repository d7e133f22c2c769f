import Findings

/// The section that every story has: what the tests that all cases share say of this one.
///
/// It is written in the language of stories, from what the findings hold, and filled in like the rest.
enum EvidenceSection {
  static let id = "file"

  /// The section's text, or nil of findings without evidence.
  static func text(_ findings: FindingsFile) -> String? {
    let known = findings.findings
    guard known["evidence-component"] != nil else { return nil }
    let parts = [
      """
      ## The file: the same tests for every case {#file}

      What follows is the same in every case of the gallery: the same questions, the same thresholds, written down before any case was \
      asked. How often they err is [measured, too](../calibration/index.html), on networks whose mechanism is known. Here they are put to \
      *{{evidence-component}}*.
      """,
      found(known), ablations(known), criteria(known), program(known), beyond(known),
      emergence(known), twins(known),
    ]
    return parts.compactMap { $0 }.joined(separator: "\n\n") + "\n"
  }

  private static func words(_ finding: Finding) -> String? {
    if case .text(let text) = finding.value { text } else { nil }
  }

  private static func found(_ known: [String: Finding]) -> String {
    let others = known["evidence-others-kinds"].flatMap(words) ?? "none"
    return """
      **How universal?** Our rule finds it in {{evidence-found|share}} trial networks ({{evidence-found|interval}}), in \
      {{evidence-untrained-found|share}} of them before training, and in {{evidence-shuffled-found|share}} twins that were trained on \
      answers dealt out at random.
      """
        + (others == "none"
          ? ""
          : " What the others among all {{evidence-found-all|n}} networks have instead: {{evidence-others-kinds}}.")
  }

  private static func ablations(_ known: [String: Finding]) -> String? {
    guard known["evidence-clean"] != nil else { return nil }
    let hasRest = known["evidence-mean-rest"] != nil
    let flips = known["evidence-flips"].flatMap(words) ?? "none"
    return """
      ![](figure:evidence-ablations)

      **Does it depend on how one cuts?** Untouched, the networks that have it get {{evidence-clean|percent}} of the answers right; with it at \
      zero {{evidence-zero-set|percent}}, at its mean {{evidence-mean-set|percent}}, with what it is on another input \
      {{evidence-resample-set|percent}}. \(hasRest
        ? "With everything else of the site cut away: {{evidence-zero-rest|percent}}, {{evidence-mean-rest|percent}} and {{evidence-resample-rest|percent}}. "
        : "There is nothing else at its site to cut away. ")\
      \(flips == "none"
        ? "No conclusion flips from one way of cutting to another."
        : "Flagged, for it depends on the way of cutting: {{evidence-flips}}.")
      """
  }

  private static func criteria(_ known: [String: Finding]) -> String? {
    guard known["evidence-sets"] != nil else { return nil }
    let isExact = known["evidence-search"].flatMap(words) == "exact"
    let hasRest = known["evidence-mean-rest"] != nil
    let redundant = known["evidence-redundant-groups"].flatMap(words) ?? "none"
    let repairing = known["evidence-repairing-groups"].flatMap(words) ?? "none"
    return """
      **Faithful, complete, minimal?** {{evidence-sets|integer}} sets of its members were cut in {{evidence-faithfulness|n}} explore networks, \
      \(isExact ? "all there are" : "one and two at a time and then greedily, so that what follows is a lower bound"). \
      \(hasRest
        ? "Alone it falls {{evidence-faithfulness|percent 1}} short of the network; when both lose the same members they come apart by {{evidence-incompleteness|percent 1}} at most. "
        : "")\
      The member that adds least adds {{evidence-minimality|percent 1}} of the answers somewhere. \
      \(redundant == "none"
        ? "No two stand in for each other"
        : "In the first of these networks members stand in for each other, when they are cut to their mean: {{evidence-redundant-groups}}")\
      \(repairing == "none" ? "." : "; the loss of one is repaired by losing another: {{evidence-repairing-groups}}.")
      """
  }

  private static func program(_ known: [String: Finding]) -> String {
    let count = (1...).prefix { known["evidence-variable-\($0)"] != nil }.count
    let moves =
      count > 3
      ? [
        "{{evidence-variables-least|percent}} of the time with the one that does least (placebo {{evidence-variables-most-placebo|percent}} at most)"
      ]
      : (0..<count).map { index in
        let name = "evidence-variable-\(index + 1)"
        return
          "{{\(name)-name}} {{\(name)|percent}} of the time (placebo {{\(name)-placebo|percent}})"
      }
    return """
      **As a program** it reads: *{{evidence-program}}*. On {{evidence-agreement|percent 1}} of {{evidence-inputs|integer}} inputs the networks \
      answer as it does.\(moves.isEmpty
        ? "" : " Taken over from another input, its variables change the answer as it says: \(moves.joined(separator: ", ")).")
      """
  }

  private static func beyond(_ known: [String: Finding]) -> String? {
    let names = known.keys.filter { $0.hasPrefix("evidence-beyond-") && $0.hasSuffix("-kind") }
      .sorted().map { String($0.dropLast("-kind".count)) }
    guard !names.isEmpty else { return nil }
    let sentences = names.map { name in
      var parts: [String] = []
      if known["\(name)-must-break"] != nil {
        parts.append(
          "where the program says that the network must err, it does on {{\(name)-must-break|percent}}"
        )
      }
      if known["\(name)-must-hold"] != nil {
        parts.append("where it must not, it is right on {{\(name)-must-hold|percent}}")
      }
      parts.append("drawn at random, {{\(name)-any|percent}} go wrong")
      return "Of {{\(name)-inputs|integer}} {{\(name)-kind}}: \(parts.joined(separator: "; "))."
    }
    return "**Beyond what it was trained on.** " + sentences.joined(separator: " ")
  }

  private static func emergence(_ known: [String: Finding]) -> String {
    let hasRest = known["evidence-mean-rest"] != nil
    let what = hasRest ? "the component alone gets" : "losing the component costs"
    return """
      ![](figure:evidence-emergence)

      **When does it come?** At the transition, step {{evidence-transition-step|integer}}, the specimen gets \
      {{evidence-transition-accuracy|percent}} of the answers right and \(what) {{evidence-transition-sufficiency|percent}}; at the end \
      {{evidence-convergence-accuracy|percent}} and {{evidence-convergence-sufficiency|percent}}. From step \
      {{evidence-mechanism-step|integer}} on the mechanism does what it does in the end, or nine tenths of it.
      """
  }

  private static func twins(_ known: [String: Finding]) -> String {
    let tests = [
      ("component-suffices", "that it is enough"), ("component-is-needed", "that it is needed"),
      ("variables-move", "that its variables move"),
      ("program-agrees", "that the program answers as the network does"),
      ("program-foretells-failure", "that the program foretells what lies beyond"),
    ]
    let passed = tests.compactMap { test, words -> String? in
      guard known["evidence-trained-\(test)"] != nil else { return nil }
      return """
        - \(words): {{evidence-trained-\(test)|percent}}, {{evidence-untrained-\(test)|percent}} before training, \
        {{evidence-shuffled-\(test)|percent}} after training on shuffled answers
        """
    }
    return """
      **And the twins?** The same tests were put to the trial networks before training, and to networks trained on answers dealt out at \
      random. Where the component is not found, every test counts as failed. So many of each bear out

      \(passed.joined(separator: "\n"))
      """
  }
}
