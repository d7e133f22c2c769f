import Findings

/// How a reference's value is written, as named after its `|`.
///
/// A filter that begins with a capital, `{{name|Words}}`, begins its text with one.
enum StoryFilter: String, CaseIterable {
  /// As its unit suggests: a share in per cent, a p value as `p < 0.001`, else the number alone.
  case text
  /// The number followed by its unit.
  case unit
  /// `29 523`
  case integer
  /// `{{name|decimals 2}}`
  case decimals
  /// `{{name|digits 3}}`: so many digits that count.
  case digits
  /// `83 %`; `{{name|percent 1}}` with a decimal.
  case percent
  /// A whole number or a share in words: eight, none, all, most.
  case words
  /// `{{name|counted neuron}}`: two neurons, one neuron, no neuron.
  case counted
  /// `{{name|every network}}`: every network, most networks, no network.
  case every
  /// Of a share: `83 of 90`.
  case share
  /// How many things it was computed over.
  case n
  /// Its 95 % interval, `79 % to 93 %`.
  case interval
  /// `p < 0.001`
  case p
  /// The size of a number, without its sign.
  case absolute
  /// Several numbers in a row: `a, b and c`.
  case list

  /// What must follow the filter's name, or nil for nothing.
  var argument: Argument {
    switch self {
    case .decimals, .digits: .number
    case .percent: .optionalNumber
    case .counted, .every: .noun
    default: .none
    }
  }

  enum Argument {
    case none, number, optionalNumber, noun
  }

  /// The filter of a name, and whether it asks for a capital.
  static func named(_ name: String) throws -> (filter: StoryFilter, capitalised: Bool) {
    if let filter = StoryFilter(rawValue: name) { return (filter, false) }
    let lowered = name.prefix(1).lowercased() + name.dropFirst()
    if let filter = StoryFilter(rawValue: lowered) { return (filter, true) }
    throw StoryFault.unknown("filter", name, among: allCases.map(\.rawValue))
  }
}

extension StoryReference {
  /// Checks that there is such a value and that there are such filters.
  func check(_ values: StoryValues) throws {
    _ = try values.value(path)
    for (place, written) in filters.enumerated() {
      let filter = try StoryFilter.named(written.name).filter
      let isLast = place == filters.count - 1
      guard isLast || filter == .absolute else {
        throw StoryFault("a filter stands after '\(written.name)'", "'\(written.name)' comes last")
      }
      let wants: String? =
        switch (filter.argument, written.argument) {
        case (.none, .some): "nothing"
        case (.number, let given) where given.flatMap(Self.places) == nil: "a number from 0 to 9"
        case (.optionalNumber, .some(let given)) where Self.places(given) == nil:
          "a number from 0 to 9"
        case (.noun, nil): "a noun in the singular"
        default: nil
        }
      if let wants {
        throw StoryFault(
          "'{{\(path)|\(written.name)}}' is incomplete or too long",
          "after '\(written.name)' comes \(wants)")
      }
    }
  }

  private static func places(_ text: String) -> Int? {
    Int(text).flatMap { (0...9).contains($0) ? $0 : nil }
  }

  /// The value as the page says it, without markup.
  func text(_ values: StoryValues) throws -> String {
    try check(values)
    var value = try values.value(path)
    var text = ""
    for written in filters.isEmpty ? [Filter(name: "text", argument: nil)] : filters {
      let (filter, capitalised) = try StoryFilter.named(written.name)
      if filter == .absolute {
        value.content = .number(abs(try value.number(path)))
        text = try write(value, .text, nil)
      } else {
        text = try write(value, filter, written.argument)
      }
      if capitalised { text = text.capitalisedFirst }
    }
    return text
  }

  private func write(_ value: StoryValue, _ filter: StoryFilter, _ argument: String?) throws
    -> String
  {
    let places = argument.flatMap { Int($0) }
    switch filter {
    case .text, .absolute: return try plain(value)
    case .unit: return try plain(value) + (value.unit.map { Wording.thinSpace + $0 } ?? "")
    case .integer: return Wording.fixed(try value.number(path), decimals: 0)
    case .decimals: return Wording.fixed(try value.number(path), decimals: places ?? 0)
    case .digits: return Wording.significant(try value.number(path), digits: max(places ?? 3, 1))
    case .percent: return Wording.percent(try value.number(path), decimals: places)
    case .words: return try words(value)
    case .counted:
      return try some(Wording.words(try whole(value), of: argument ?? ""), "written in words")
    case .every: return Wording.words(share: try value.share(path), of: argument ?? "")
    case .share:
      let n = try some(value.n, "a share of a known number of things")
      let passed = (try value.share(path) * Double(n)).rounded()
      return Wording.fixed(passed, decimals: 0) + " of " + Wording.number(Double(n))
    case .n: return Wording.number(Double(try some(value.n, "computed over a known number")))
    case .interval:
      if value.isIdentical, let n = value.n {
        return "identical in all \(Wording.number(Double(n)))"
      }
      let interval = try some(value.interval, "given with an interval")
      guard interval.lower.isFinite, interval.upper.isFinite else {
        throw StoryFault("the interval of '\(path)' is not finite", "make `analyze` find one")
      }
      return Wording.interval(interval.lower, interval.upper, isShare: value.kind == .share)
    case .p: return Wording.p(try value.share(path))
    case .list:
      guard case .numbers(let numbers) = value.content else {
        throw StoryFault("'\(path)' is no list", "use a finding with several numbers")
      }
      return Wording.list(
        try numbers.map { number in
          var item = value
          item.content = .number(number)
          return try plain(item)
        })
    }
  }

  private func plain(_ value: StoryValue) throws -> String {
    switch (value.content, value.kind) {
    case (.text(let text), _): return text
    case (.numbers, _): return try write(value, .list, nil)
    case (.number, .share): return Wording.percent(try value.number(path))
    case (.number, .probability): return Wording.p(try value.number(path))
    case (.number, .quantity): return Wording.number(try value.number(path))
    }
  }

  private func words(_ value: StoryValue) throws -> String {
    let number = try value.number(path)
    if value.kind == .share { return Wording.words(share: try value.share(path)) }
    return try some(
      number == number.rounded() ? Wording.words(try whole(value)) : nil,
      "a whole number below a million or a share")
  }

  private func whole(_ value: StoryValue) throws -> Int {
    try some(Int(exactly: try value.number(path)), "a whole number")
  }

  private func some<T>(_ part: T?, _ wanted: String) throws -> T {
    guard let part else {
      throw StoryFault("'\(path)' is not \(wanted)", "use another filter, such as |digits 3")
    }
    return part
  }
}
