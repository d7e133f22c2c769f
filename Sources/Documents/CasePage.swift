/// The page of one case, `<case>/index.html`.
///
/// The page is one file: its style is inside, its figures lie beside it, and its
/// Content-Security-Policy lets nothing else be asked for. Only the live network needs JavaScript, and its
/// script is the one that the policy lets run.
public struct CasePage: Hashable, Sendable {
  public var slug: String
  public var title: String
  /// A few words above the title, such as "Case one".
  public var kicker: String?
  /// The question that the case takes up, which leads to it from the cases before.
  public var question: Markdown?
  /// What the case found, in one sentence.
  public var claim: Markdown
  /// The grade of the evidence for the claim, such as "causal, exhaustive".
  public var grade: String
  /// The one component that the story is about.
  public var component: Markdown
  /// What the case is made of: seeds, parameters, steps.
  public var facts: [Fact]
  /// What stands before the first heading.
  public var opening: [PageSection.Block]
  public var sections: [PageSection]
  public var predictions: [PredictionRow]
  public var glossary: [Term]
  public var reproduction: Reproduction
  /// The picture for the gallery's card and for previews of the page.
  public var cover: Picture?
  public var previous: Link?
  public var next: Link?
  /// The network that a reader can touch, below the scene.
  public var live: LiveNetwork?
  /// Where the gallery is published, for previews of the page.
  public var repository: Repository?

  public init(
    slug: String, title: String, kicker: String? = nil, question: Markdown? = nil,
    claim: Markdown, grade: String,
    component: Markdown, facts: [Fact] = [], opening: [PageSection.Block] = [],
    sections: [PageSection], predictions: [PredictionRow] = [], glossary: [Term] = [],
    reproduction: Reproduction, cover: Picture? = nil, previous: Link? = nil, next: Link? = nil,
    live: LiveNetwork? = nil
  ) {
    self.slug = slug
    self.title = title
    self.kicker = kicker
    self.question = question
    self.claim = claim
    self.grade = grade
    self.component = component
    self.facts = facts
    self.opening = opening
    self.sections = sections
    self.predictions = predictions
    self.glossary = glossary
    self.reproduction = reproduction
    self.cover = cover
    self.previous = previous
    self.next = next
    self.live = live
  }

  /// A page beside this one: its case and its title.
  public struct Link: Hashable, Sendable {
    public var slug: String
    public var title: String

    public init(slug: String, title: String) {
      self.slug = slug
      self.title = title
    }

    var fields: [String: Any] { ["linkSlug": slug, "linkTitle": title] }
  }

  /// How the case is made again.
  public struct Reproduction: Hashable, Sendable {
    /// A file and the hash of its content.
    public struct File: Hashable, Sendable {
      public var path: String
      public var hash: String

      public init(path: String, hash: String) {
        self.path = path
        self.hash = hash
      }
    }

    /// Which network the figures show, such as "seed 3, the first explore seed that solves the task".
    public var specimen: String
    public var commands: [String]
    /// The kind of hash, such as "CRC-32".
    public var hashName: String
    public var files: [File]

    public init(specimen: String, commands: [String], hashName: String, files: [File]) {
      self.specimen = specimen
      self.commands = commands
      self.hashName = hashName
      self.files = files
    }

    var fields: [String: Any] {
      [
        "specimen": specimen, "commands": commands.joined(separator: "\n"), "hashName": hashName,
        "files": files.map { ["file": $0.path, "hash": $0.hash] as [String: Any] },
        "hasFiles": !files.isEmpty,
      ]
    }
  }

  /// The section that the commands and hashes stand in.
  static let reproductionID = "reproduce"

  /// The section that the live network stands below; the first one, where there is none of this name.
  static let sceneID = "scene"

  /// How many predictions held, failed and were inconclusive, as words for a line; empty ones left out.
  var tally: [[String: Any]] {
    PredictionRow.Verdict.allCases.compactMap { verdict in
      let count = predictions.count { $0.verdict == verdict }
      return count == 0
        ? nil : ["verdict": verdict.rawValue, "mark": verdict.mark, "count": count]
    }
  }
}

/// A number that describes a case, with what it counts.
public struct Fact: Hashable, Sendable {
  public var label: String
  public var value: String

  public init(label: String, value: String) {
    self.label = label
    self.value = value
  }

  var fields: [String: Any] { ["factLabel": label, "factValue": value] }
}
