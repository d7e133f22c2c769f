import Findings

/// What a reference of a story stands for.
struct StoryValue {
  enum Content {
    case number(Double)
    case numbers([Double])
    case text(String)
  }

  /// What a number says, which decides how it is written.
  enum Kind {
    case quantity
    case share
    case probability
  }

  var content: Content
  var kind = Kind.quantity
  var unit: String?
  var n: Int?
  var interval: Interval?
  /// Whether there is no interval because all values were the same.
  var isIdentical = false

  init(_ content: Content) {
    self.content = content
  }

  init(_ finding: Finding) {
    switch finding.value {
    case .number(let number): content = .number(number)
    case .numbers(let numbers): content = .numbers(numbers)
    case .text(let text): content = .text(text)
    }
    unit = finding.unit
    n = finding.n
    interval = finding.interval
    if Self.isShare(unit) { kind = .share }
  }

  /// Whether a unit says that its numbers are shares, from 0 to 1: `share`, `share of networks`.
  static func isShare(_ unit: String?) -> Bool {
    unit == "share" || unit?.hasPrefix("share of ") ?? false
  }

  /// The number, if it is one and finite.
  func number(_ path: String) throws -> Double {
    guard case .number(let number) = content else {
      throw StoryFault("'\(path)' is not a number", "use a finding whose value is one number")
    }
    guard number.isFinite else {
      throw StoryFault(
        "'\(path)' is \(number)", "make `analyze` find a number, or branch around it")
    }
    return number
  }

  /// The share, if the number can be one.
  func share(_ path: String) throws -> Double {
    let number = try number(path)
    guard (0...1).contains(number) else {
      throw StoryFault("'\(path)' is \(number), which is no share", "use a number from 0 to 1")
    }
    return number
  }
}

/// All that a story may refer to.
struct StoryValues {
  let file: FindingsFile

  /// The names, for suggestions.
  var names: [String] {
    Array(file.findings.keys)
      + file.predictions.flatMap { prediction in
        Self.predictionFields.keys.map { "\(prediction.name).\($0)" }
      }
  }

  /// What a path stands for: a finding, or a field of a finding or a prediction.
  func value(_ path: String) throws -> StoryValue {
    if let finding = file.findings[path] { return StoryValue(finding) }
    if file.prediction(path) != nil {
      throw StoryFault(
        "'\(path)' is a prediction, not a number",
        "say which of its facts: \(path).verdict, .share, .passed, .n, .effect, .p")
    }
    guard let dot = path.lastIndex(of: ".") else {
      throw StoryFault.unknown("finding", path, among: names)
    }
    let owner = String(path[..<dot])
    let field = String(path[path.index(after: dot)...])
    if let finding = file.findings[owner] {
      return try Self.field(field, of: StoryValue(finding), seeds: finding.seeds, path: path)
    }
    if let prediction = file.prediction(owner) {
      guard let value = Self.predictionFields[field]?(prediction) else {
        throw StoryFault.unknown(
          "fact of a prediction", field, among: Array(Self.predictionFields.keys))
      }
      return value
    }
    throw StoryFault.unknown("finding or prediction", path, among: names)
  }

  private static let findingFields = [
    "n", "unit", "seeds", "lower", "upper", "first", "last", "count", "least", "most",
  ]

  private static func field(_ field: String, of value: StoryValue, seeds: String?, path: String)
    throws -> StoryValue
  {
    func some<T>(_ part: T?) throws -> T {
      guard let part else {
        throw StoryFault("'\(path)' has no value", "the finding has no \(field); leave it out")
      }
      return part
    }
    var result = value
    result.interval = nil
    switch field {
    case "n": return StoryValue(.number(Double(try some(value.n))))
    case "unit": return StoryValue(.text(try some(value.unit)))
    case "seeds": return StoryValue(.text(try some(seeds)))
    case "lower": result.content = .number(try some(value.interval).lower)
    case "upper": result.content = .number(try some(value.interval).upper)
    default:
      guard case .numbers(let numbers) = value.content else {
        throw StoryFault.unknown("fact of a finding", field, among: findingFields)
      }
      switch field {
      case "count": return StoryValue(.number(Double(numbers.count)))
      case "first": result.content = .number(try some(numbers.first))
      case "last": result.content = .number(try some(numbers.last))
      case "least": result.content = .number(try some(numbers.min()))
      case "most": result.content = .number(try some(numbers.max()))
      default:
        guard let index = Int(field), numbers.indices.contains(index) else {
          throw StoryFault.unknown("fact of a finding", field, among: findingFields)
        }
        result.content = .number(numbers[index])
      }
    }
    return result
  }

  private static let predictionFields: [String: @Sendable (Prediction) -> StoryValue] = [
    "absent": { StoryValue(.number(Double($0.absent))) },
    "claimedShare": { share($0.claimedShare, n: nil, interval: nil) },
    "control": { text($0.control) },
    "controlEffect": { effect($0.controlEffect, of: $0) },
    "effect": { prediction in
      var value = effect(prediction.effect, of: prediction)
      value.interval = prediction.effectInterval
      value.isIdentical = prediction.effectInterval == nil
      return value
    },
    "grade": { text($0.grade.rawValue) },
    "hypothesis": { text($0.hypothesis) },
    "intervention": { text($0.intervention) },
    "n": { StoryValue(.number(Double($0.n))) },
    "p": { probability($0.p) },
    "passed": { StoryValue(.number(Double($0.passed))) },
    "predicted": { text($0.predicted) },
    "reverseP": { probability($0.reverseP) },
    "rival": { text($0.rival) },
    "seeds": { text($0.seeds) },
    "share": { share($0.share, n: $0.n, interval: $0.interval) },
    "threshold": { effect($0.threshold, of: $0) },
    "unit": { text($0.unit) },
    "verdict": { text($0.verdict.rawValue) },
  ]

  private static func text(_ text: String?) -> StoryValue {
    StoryValue(.text(text ?? "none"))
  }

  private static func probability(_ p: Double) -> StoryValue {
    var value = StoryValue(.number(p))
    value.kind = .probability
    return value
  }

  private static func share(_ share: Double, n: Int?, interval: Interval?) -> StoryValue {
    var value = StoryValue(.number(share))
    value.kind = .share
    value.n = n
    value.interval = interval
    return value
  }

  private static func effect(_ effect: Double?, of prediction: Prediction) -> StoryValue {
    var value = StoryValue(effect.map(StoryValue.Content.number) ?? .text("not measured"))
    value.unit = prediction.unit
    value.n = prediction.n
    if StoryValue.isShare(prediction.unit) { value.kind = .share }
    return value
  }
}
