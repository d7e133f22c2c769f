/// The decimal digits of a number as it is printed and stored, for rounding as a reader would.
///
/// Its size is 0.d₁d₂d₃… × 10^exponent. Rounding binary fractions shows 1.115 as 1.11; rounding the
/// digits that the reader finds in the file shows it as 1.12.
struct DecimalDigits {
  var digits: [Int]
  var exponent: Int

  /// Takes the shortest digits that give the number back; its sign is dropped.
  init(_ value: Double) {
    let parts = abs(value).description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    let whole = mantissa[0]
    let fraction = mantissa.count > 1 ? mantissa[1] : ""
    digits = (whole + fraction).compactMap(\.wholeNumberValue)
    exponent = whole.count + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let zeros = digits.prefix { $0 == 0 }.count
    digits.removeFirst(zeros)
    exponent = digits.isEmpty ? 1 : exponent - zeros
  }

  var timesHundred: Double {
    // Exact where the digits allow: 0.29 gives 29, not 28.999999999999996.
    var copy = self
    copy.exponent += 2
    return copy.value
  }

  private var value: Double {
    Double("0." + digits.map(String.init).joined() + "e\(exponent)") ?? 0
  }

  /// The digits before and after the point, with so many after it; halves go away from zero.
  func rounded(toPlaces places: Int) -> Rounded {
    let kept = exponent + places
    guard kept >= 0 else { return Rounded(digits: [], places: places) }
    var result = Array(digits.prefix(kept))
    result += Array(repeating: 0, count: kept - result.count)
    if kept < digits.count, digits[kept] >= 5 {
      var place = kept - 1
      while place >= 0, result[place] == 9 {
        result[place] = 0
        place -= 1
      }
      if place >= 0 { result[place] += 1 } else { result.insert(1, at: 0) }
    }
    return Rounded(digits: result, places: places)
  }

  struct Rounded {
    /// All digits, those after the point last; may be fewer than there are places.
    let digits: [Int]
    let places: Int

    var isZero: Bool { digits.allSatisfy { $0 == 0 } }

    var whole: String {
      let whole = digits.dropLast(max(places, 0)).drop { $0 == 0 }
      return whole.map(String.init).joined()
        + (places < 0 && !whole.isEmpty ? String(repeating: "0", count: -places) : "")
    }

    var fraction: String {
      let fraction = digits.suffix(max(places, 0)).map(String.init).joined()
      return String(repeating: "0", count: max(places, 0) - fraction.count) + fraction
    }

    /// The exponent of the leading digit, as `DecimalDigits` counts it.
    var leadingExponent: Int {
      let zeros = digits.prefix { $0 == 0 }.count
      return digits.count - places - (zeros == digits.count ? 0 : zeros)
    }
  }
}
