import Documents
import Findings
import Foundation

/// Findings with known values, and three predictions, one of each verdict.
func sampleFindings() throws -> FindingsFile {
  func finding(_ value: Finding.Value, unit: String? = nil, interval: Interval? = nil) -> Finding {
    Finding(value, unit: unit, n: 90, interval: interval, seeds: "trial 10-99", from: ["w1"])
  }
  return FindingsFile(
    findings: [
      "survivors": finding(.number(8), unit: "neurons"),
      "games": finding(.number(29_523), unit: "games"),
      "gap": finding(.number(-0.08333), interval: Interval(lower: -0.12, upper: -0.05)),
      "solved": finding(
        .number(83.0 / 90), unit: "share of networks",
        interval: Interval(lower: 0.8477, upper: 0.9620)),
      "all-solved": finding(.number(1), unit: "share"),
      "losses": finding(.numbers([0.25, 1.0 / 3, 0.5])),
      "broken": finding(.number(.nan)),
      "infinite": finding(.number(.infinity)),
      "hostile": finding(.text("<b> *x* [a](b) `c` {{survivors}} | é")),
      "algorithm": finding(.text("templates")),
      "dotted.name": finding(.number(3)),
    ],
    predictions: try [
      prediction("two-survive", passed: 83, verdict: .held),
      prediction("slow-death", passed: 9, verdict: .failed),
      prediction("lottery", passed: 70, verdict: .inconclusive),
    ])
}

private func prediction(_ name: String, passed: Int, verdict: Verdict) throws -> Prediction {
  // By way of its file, which is how a stage gets one.
  let json = """
    {"name": "\(name)", "hypothesis": "Two are enough.", "rival": "All are needed.",
     "intervention": "zero ablation", "control": "two others", "predicted": "the loss rises",
     "unit": "loss", "threshold": 0.5, "claimedShare": 0.8, "passed": \(passed), "absent": 0,
     "n": 90, "share": \(Double(passed) / 90), "interval": {"lower": 0.8477, "upper": 0.9620},
     "effect": 1.25, "effectInterval": null, "controlEffect": 0.125, "p": 0.0004,
     "reverseP": 0.00001, "verdict": "\(verdict.rawValue)", "grade": "causal, exhaustive",
     "seeds": "trial 10-99", "from": ["w1"]}
    """
  return try JSONDecoder().decode(Prediction.self, from: Data(json.utf8))
}

let sampleFigures = ["weights", "ranks", "curves"].map { slug in
  Picture(
    slug: slug, title: slug, caption: "Two are left.", alt: "Two bars.", width: 640, height: 400,
    path: "figures/\(slug).png")
}

let sampleTerms = [
  Term(name: "seed", title: "seed", meaning: "What is drawn."),
  Term(name: "site", title: "site", meaning: "A place."),
]

let frontMatter = """
  ---
  title: Two survive
  claim: Two neurons survive in {{two-survive.share|share}} networks.
  component: the surviving pair
  ---

  """

/// The sections that a story must have; the verdict shows the predictions on line 22.
func sampleStory(_ scene: String = "There are four corners.", head: String = frontMatter) -> String
{
  head + """
    ## The scene: corners {#scene}
    \(scene)
    ## The suspects {#suspects}
    Text.
    ## The clues {#clues}
    Text.
    ## The theory {#theory}
    Text.
    ## The trial {#trial}
    Text.
    ## The verdict {#verdict}
    {{predictions}}
    ## Where it breaks {#breaks}
    Text.
    ## What we got wrong {#wrong}
    Text.
    ## Reflection {#reflection}
    Text.
    ## Reproduce it {#reproduce}
    """
}

/// A generator that draws the same numbers on every run: SplitMix64 (Steele et al., 2014).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64 = 1

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
