import Networks
import Tensors

/// How much of a probe's accuracy is the network's doing, and not the probe's.
///
/// The control task gives each *type* of row (a token, a position) a label once and for all at random, as often as the
/// labels themselves come; a probe can learn it only by heart. Selectivity is the accuracy on rows that the
/// probe was not fitted to, minus that of the same probe on the control task.
///
/// Hewitt and Liang 2019, arXiv 1909.03368.
public struct ProbeSelectivity: Sendable, Hashable {
  /// The share of held-out rows that are read rightly, and the same of the control task.
  public let accuracy, controlAccuracy: Double

  public var selectivity: Double { accuracy - controlAccuracy }

  /// Fits a probe and its control to some rows and tries both on the others.
  ///
  /// - Parameters:
  ///   - activations: One network's, a row an example: `[examples, dimension]`.
  ///   - labels: A class for each row.
  ///   - classes: How many there are.
  ///   - types: The type of each row, any whole number.
  ///   - heldOut: The share of rows that is not fitted to.
  ///   - penalty: What slopes cost, in units of the activations' mean square.
  ///   - generator: Draws the rows and the control's labels.
  /// - Throws: `NetworkError` if labels or types are not as many as rows, or no row is fitted to or held out.
  public init(
    on activations: Tensor, labels: [Int], classes: Int, types: [Int], heldOut: Double = 0.5,
    penalty: Double = 1e-3, using generator: inout Generator
  ) throws {
    try LinearProbe.check(activations, labels)
    try LinearProbe.check(activations, types)
    let order = generator.permutation(of: labels.count)
    let first = Int((Double(labels.count) * heldOut).rounded())
    guard first > 0, first < labels.count else {
      throw NetworkError("\(heldOut) of \(labels.count) rows leaves none to fit or none to try")
    }
    let (tried, fitted) = (Array(order[..<first]), Array(order[first...]))
    var controlOfType: [Int: Int] = [:]
    let control = types.map { type in
      let label = controlOfType[type] ?? labels[generator.index(below: labels.count)]
      controlOfType[type] = label
      return label
    }
    func accuracy(_ labels: [Int]) throws -> Double {
      let probe = try LinearProbe(
        on: activations.slices(fitted), labels: fitted.map { labels[$0] }, classes: classes,
        penalty: penalty)
      return try probe.accuracy(
        on: activations.slices(tried), labels: tried.map { labels[$0] })
    }
    self.accuracy = try accuracy(labels)
    controlAccuracy = try accuracy(control)
  }
}
