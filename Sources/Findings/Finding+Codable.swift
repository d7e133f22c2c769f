/// Every key is always written, `null` where it does not apply, and every key must be there on
/// reading.
extension Finding: Codable {
  private enum CodingKeys: CodingKey { case value, unit, n, interval, seeds, from }

  public init(from decoder: Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    value = try container.decode(Value.self, forKey: .value)
    unit = try container.decode(String?.self, forKey: .unit)
    n = try container.decode(Int.self, forKey: .n)
    interval = try container.decode(Interval?.self, forKey: .interval)
    seeds = try container.decode(String?.self, forKey: .seeds)
    from = try container.decode([String].self, forKey: .from)
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(value, forKey: .value)
    try container.encode(unit, forKey: .unit)
    try container.encode(n, forKey: .n)
    try container.encode(interval, forKey: .interval)
    try container.encode(seeds, forKey: .seeds)
    try container.encode(from, forKey: .from)
  }
}

/// A value is written bare: `0.5`, `[1, 2]` or `"unit 3"`.
extension Finding.Value: Codable {
  public init(from decoder: Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let numbers = try? container.decode([Double].self) {
      self = .numbers(numbers)
    } else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "a value is a number, an array of numbers or a text")
    }
  }

  public func encode(to encoder: Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .number(let number): try container.encode(number)
    case .numbers(let numbers): try container.encode(numbers)
    case .text(let text): try container.encode(text)
    }
  }
}
