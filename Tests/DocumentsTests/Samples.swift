import Documents

/// Texts that do harm where they are not escaped.
let hostileTexts = [
  "<script>alert('x')</script>",
  "\"><img src=x onerror=alert(1)>",
  "\"\u{301} onload=alert(1) x=\"\u{301}",
  "<\u{338}b> & &amp; &#60;",
  "{{title}} {{{title}}} {{#x}}{{/x}}",
  "</style></title><svg/onload=1>",
  "*x* _y_ `z` [a](javascript:b) ![c](http://d) | e",
  "שלום עולם \u{202E}مرحبا", "😀 👩‍👩‍👧 🇨🇭", "]]> --> <!-- ",
]

func picture(_ slug: String, text: String = "Two neurons are left.") -> Picture {
  Picture(
    slug: slug, title: text, caption: text, alt: text, width: 640, height: 400,
    path: "figures/\(slug).png")
}

func row(_ verdict: PredictionRow.Verdict, text: String = "Two are enough.") -> PredictionRow {
  PredictionRow(
    name: "row-\(verdict.rawValue)", hypothesis: text, rival: text,
    intervention: verdict == .failed ? nil : text, predicted: text, control: text,
    passed: "83 of 90", share: 0.92, interval: 0.84...0.96, claimedShare: 0.8,
    intervalText: "84 % to 96 %", effect: text, effectInterval: text, controlEffect: text,
    p: "p < 0.001", verdict: verdict, grade: "causal, sampled")
}

/// A page that has everything a page can have, with one text in all places that take one.
func page(_ text: String = "Two neurons survive.", slug: String = "xor") -> CasePage {
  CasePage(
    slug: slug, title: text, kicker: text, claim: Markdown(Markdown.escaped(text)),
    grade: text, component: Markdown(Markdown.escaped(text)),
    facts: [Fact(label: text, value: text)],
    opening: [.prose(Markdown(Markdown.escaped(text)))],
    sections: [
      PageSection(
        id: "clues", title: Markdown(Markdown.escaped(text)),
        blocks: [
          .prose("See [the table](#trial), [a site](term:site).\n\n### Controls\n\nText."),
          .pictures([picture("one", text: text), picture("two", text: text)]),
        ]),
      PageSection(
        id: "trial", title: "The trial",
        blocks: [.prose("### Controls\n\nText `code`."), .predictions]),
      PageSection(id: "reproduce", title: "Reproduce", blocks: []),
    ],
    predictions: PredictionRow.Verdict.allCases.map { row($0, text: text) },
    glossary: [Term(name: "site", title: text, meaning: Markdown(Markdown.escaped(text)))],
    reproduction: CasePage.Reproduction(
      specimen: text, commands: [text], hashName: "CRC-32",
      files: [CasePage.Reproduction.File(path: text, hash: text)]),
    cover: picture("one", text: text),
    previous: CasePage.Link(slug: "first", title: text),
    next: CasePage.Link(slug: "last", title: text))
}

func gallery(_ text: String = "Two neurons survive.") -> GalleryPage {
  GalleryPage(
    title: text, introduction: Markdown(Markdown.escaped(text)),
    cases: [page(text), page(text, slug: "parity")],
    sections: [
      PageSection(id: "own", title: "Your own", blocks: [.prose(Markdown(Markdown.escaped(text)))])
    ])
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
