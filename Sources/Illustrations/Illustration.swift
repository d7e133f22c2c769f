import Artifacts
import Experiments
import Figures
import Findings
import Tensors

/// How a case is drawn.
public protocol Illustration: Experiment {
  /// The figures, in the order of the story.
  ///
  /// - Throws: `StageError` if something to draw is missing, `FigureError` if it cannot be drawn.
  func figures(_ exhibits: Exhibits) throws -> [Exhibit]
}

/// A figure with what it was drawn from.
public struct Exhibit: Sendable {
  public let figure: Figure
  /// The findings, tensors or files that it shows.
  public let from: [String]

  public init(_ figure: Figure, from: [String]) {
    (self.figure, self.from) = (figure, from)
  }
}

/// All that there is to draw: what training and recording left, and what analysis found.
public struct Exhibits: Sendable {
  public let evidence: Evidence
  private let findings: FindingsFile
  private let tensors: TensorFile?

  init(_ evidence: Evidence) throws {
    self.evidence = evidence
    let (folder, maker) = (evidence.folder, "make \(evidence.folder.name)")
    findings = try folder.readFindings()
    tensors =
      InputFile.isMissing(folder.findingsTensors)
      ? nil : try TensorFile.read(folder.findingsTensors, of: folder.name, madeBy: maker)
  }

  /// An array that the investigation kept.
  ///
  /// - Throws: `StageError` if there is none of that name.
  public func tensor(_ name: String) throws -> Tensor {
    guard let tensors else { throw missing("array", name) }
    return try tensors.tensor(name)
  }

  /// The finding of a name.
  ///
  /// - Throws: `StageError` if there is none of that name.
  public func finding(_ name: String) throws -> Finding {
    guard let finding = findings.findings[name] else { throw missing("finding", name) }
    return finding
  }

  /// Whether there is a finding of a name.
  public func has(_ name: String) -> Bool { findings.findings[name] != nil }

  /// The words that a finding is.
  ///
  /// - Throws: `StageError` if there is none of that name, or it is no text.
  public func text(_ name: String) throws -> String {
    guard case .text(let text) = try finding(name).value else { throw missing("text", name) }
    return text
  }

  /// The number that a finding is.
  ///
  /// - Throws: `StageError` if there is none of that name, or it is no number.
  public func number(_ name: String) throws -> Double {
    guard case .number(let value) = try finding(name).value else { throw missing("number", name) }
    return value
  }

  /// The numbers that a finding is.
  ///
  /// - Throws: `StageError` if there is none of that name, or it is not several numbers.
  public func numbers(_ name: String) throws -> [Double] {
    guard case .numbers(let values) = try finding(name).value else {
      throw missing("list of numbers", name)
    }
    return values
  }

  /// The prediction of a name.
  ///
  /// - Throws: `StageError` if there is none of that name.
  public func prediction(_ name: String) throws -> Prediction {
    guard let prediction = findings.prediction(name) else { throw missing("prediction", name) }
    return prediction
  }

  private func missing(_ kind: String, _ name: String) -> StageError {
    StageError(
      .malformed, "has no \(kind) '\(name)'", at: evidence.folder.findings,
      remedy: "note it in Hypotheses.swift, or ask for another in Figures.swift")
  }
}
