import Findings

extension StoryCondition {
  /// Checks that the names are there and that they can be compared so.
  func check(_ values: StoryValues) throws {
    for comparison in comparisons { _ = try comparison.isTrue(values, checkingOnly: true) }
  }

  func isTrue(_ values: StoryValues) throws -> Bool {
    let truths = try comparisons.map { try $0.isTrue(values, checkingOnly: false) }
    return all ? truths.allSatisfy { $0 } : truths.contains(true)
  }
}

extension StoryCondition.Comparison {
  fileprivate func isTrue(_ values: StoryValues, checkingOnly: Bool) throws -> Bool {
    let leftValue = try values.value(left)
    if comparator == .isText || comparator == .isNotText {
      guard case .text(let text) = leftValue.content else {
        throw StoryFault(
          "'\(left)' is a number, which 'is' does not compare", "write ==, <, <=, > or >=")
      }
      if left.hasSuffix(".verdict"), Verdict(rawValue: right) == nil {
        throw StoryFault.unknown("verdict", right, among: ["held", "failed", "inconclusive"])
      }
      return (text == right) == (comparator == .isText)
    }
    let rightValue = try Double(right).map { StoryValue(.number($0)) } ?? values.value(right)
    if checkingOnly {
      for (name, value) in [(left, leftValue), (right, rightValue)] {
        guard case .number = value.content else { _ = try value.number(name); continue }
      }
      return false
    }
    let (a, b) = (try leftValue.number(left), try rightValue.number(right))
    return switch comparator {
    case .equal: a == b
    case .unequal: a != b
    case .less: a < b
    case .lessOrEqual: a <= b
    case .greater: a > b
    case .greaterOrEqual, .isText, .isNotText: a >= b
    }
  }
}
