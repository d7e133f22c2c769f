extension Wording {
  /// A whole number in words, up to below a million; nil beyond.
  ///
  /// ```swift
  /// Wording.words(0)    // none
  /// Wording.words(105)  // one hundred and five
  /// ```
  public static func words(_ value: Int) -> String? {
    switch value {
    case 0: "none"
    case 1..<1_000_000: cardinal(value)
    default: nil
    }
  }

  private static func cardinal(_ value: Int) -> String {
    switch value {
    case ..<20: return small[value]
    case ..<100:
      return tens[value / 10] + (value % 10 == 0 ? "" : "-" + small[value % 10])
    case ..<1_000:
      let rest = value % 100
      return small[value / 100] + " hundred" + (rest == 0 ? "" : " and " + cardinal(rest))
    default:
      let rest = value % 1_000
      let joint = rest < 100 ? " and " : " "
      return cardinal(value / 1_000) + " thousand" + (rest == 0 ? "" : joint + cardinal(rest))
    }
  }

  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]

  private static let tens = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  /// A share in words: all, nearly all (nine tenths or more), most, half, fewer than half, few (a tenth or
  /// less), none.
  public static func words(share: Double) -> String {
    switch share {
    case 1...: "all"
    case 0.9...: "nearly all"
    case let share where share > 0.5: "most"
    case 0.5: "half"
    case let share where share > 0.1: "fewer than half"
    case let share where share > 0: "few"
    default: "none"
    }
  }

  /// A share of things in words: `every network`, `most networks`, `no network`.
  public static func words(share: Double, of noun: String) -> String {
    switch words(share: share) {
    case "all": "every " + noun
    case "none": "no " + noun
    case let words where words.hasSuffix("half"): words + " of the " + plural(noun)
    case let words: words + " " + plural(noun)
    }
  }

  /// A number of things in words: `two neurons`, `one neuron`, `no neuron`.
  public static func words(_ count: Int, of noun: String) -> String? {
    words(count).map { words in
      switch count {
      case 0: "no " + noun
      case 1: "one " + noun
      default: words + " " + plural(noun)
      }
    }
  }

  static func plural(_ noun: String) -> String {
    if noun.hasSuffix("s") || noun.hasSuffix("x") || noun.hasSuffix("ch") || noun.hasSuffix("sh") {
      return noun + "es"
    }
    let beforeLast = noun.dropLast().last ?? "a"
    return noun.hasSuffix("y") && !"aeiou".contains(beforeLast)
      ? noun.dropLast() + "ies" : noun + "s"
  }

  /// Several things in a row: `a, b and c`.
  public static func list(_ things: [String]) -> String {
    guard things.count > 1, let last = things.last else { return things.first ?? "" }
    return things.dropLast().joined(separator: ", ") + " and " + last
  }
}
