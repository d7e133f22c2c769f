/// All that a case found: what `findings.json` holds.
public struct FindingsFile: Hashable, Sendable, Codable {
  /// The case that was investigated.
  public var `case`: String?
  public var findings: [String: Finding]
  public var predictions: [Prediction]

  public init(
    case name: String? = nil, findings: [String: Finding] = [:], predictions: [Prediction] = []
  ) {
    self.case = name
    self.findings = findings
    self.predictions = predictions
  }

  /// The prediction of a name, or nil.
  public func prediction(_ name: String) -> Prediction? {
    predictions.first { $0.name == name }
  }

  /// Checks what the types alone do not say.
  ///
  /// - Throws: `InvalidFinding` naming the finding or prediction that has a number that is not
  ///   finite, no source, a negative count, more numbers than a finding holds, or a name used
  ///   twice.
  public func validate() throws {
    for (name, finding) in findings.sorted(by: { $0.key < $1.key }) {
      try finding.validate(as: "finding '\(name)'")
    }
    var names: Set<String> = []
    for prediction in predictions {
      guard names.insert(prediction.name).inserted else {
        throw InvalidFinding("prediction '\(prediction.name)' is there twice")
      }
      try prediction.validate()
    }
  }
}

/// A finding or prediction that may not be published.
public struct InvalidFinding: Error, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Finding {
  fileprivate func validate(as label: String) throws {
    switch value {
    case .number(let number): try requireFinite([number], "value", of: label)
    case .numbers(let numbers):
      try requireFinite(numbers, "value", of: label)
      guard numbers.count <= Self.numbersLimit else {
        throw InvalidFinding(
          "\(label) has \(numbers.count) numbers;"
            + " more than \(Self.numbersLimit) belong in findings.safetensors"
        )
      }
    case .text: break
    }
    try interval?.validate(as: label)
    try requireSource(n: n, from: from, of: label)
  }
}

extension Prediction {
  fileprivate func validate() throws {
    let label = "prediction '\(name)'"
    try requireFinite([threshold], "threshold", of: label)
    try requireFinite([claimedShare, share], "share", of: label)
    try requireFinite([p, reverseP], "p", of: label)
    try requireFinite([effect, controlEffect].compactMap(\.self), "effect", of: label)
    try interval.validate(as: label)
    try effectInterval?.validate(as: label)
    try requireSource(n: n, from: from, of: label)
    guard passed >= 0, absent >= 0, passed <= n - absent else {
      throw InvalidFinding("\(label) counts \(passed) passed and \(absent) absent of \(n)")
    }
  }
}

extension Interval {
  fileprivate func validate(as label: String) throws {
    try requireFinite([lower, upper], "interval", of: label)
    guard lower <= upper else {
      throw InvalidFinding("\(label) has an interval that ends before it begins")
    }
  }
}

private func requireFinite(_ numbers: [Double], _ field: String, of label: String) throws {
  guard let number = numbers.first(where: { !$0.isFinite }) else { return }
  throw InvalidFinding("\(label) has, as its \(field), no finite number: \(number)")
}

private func requireSource(n: Int, from: [String], of label: String) throws {
  guard n >= 0 else { throw InvalidFinding("\(label) has a negative n: \(n)") }
  guard !from.isEmpty else {
    throw InvalidFinding("\(label) does not say what it was computed from")
  }
}
