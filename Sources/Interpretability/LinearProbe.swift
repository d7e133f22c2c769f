import Networks
import Tensors

/// A linear probe: ridge regression of activations onto labels, one-hot, solved in closed form.
///
/// The answer is the label of the largest output. Nothing is drawn and nothing iterated: the normal equations are
/// solved by Cholesky's method in Doubles. That a probe can read a label says that it is there, not that the network uses it.
/// The baseline is the control task of `ProbeSelectivity`.
///
/// Alain and Bengio 2016, arXiv 1610.01644.
public struct LinearProbe: Sendable, Hashable {
  private let mean: [Double]
  /// What each dimension adds to the output of each class: `[dimension][classes]`.
  private let slopes: [[Double]]
  private let offsets: [Double]

  /// Fits the probe.
  ///
  /// - Parameters:
  ///   - activations: One network's, a row an example: `[examples, dimension]`.
  ///   - labels: A class for each example.
  ///   - classes: How many there are.
  ///   - penalty: What slopes cost, in units of the activations' mean square.
  /// - Throws: `NetworkError` if labels are not as many as rows, or not below the number of classes.
  public init(
    on activations: Tensor, labels: [Int], classes: Int, penalty: Double = 1e-3
  ) throws {
    try Self.check(activations, labels)
    guard !labels.isEmpty, labels.allSatisfy({ 0..<classes ~= $0 }) else {
      throw NetworkError("a probe needs labels of 0 to \(classes - 1), and one row at least")
    }
    let (n, d) = (labels.count, activations.shape[1])
    let count = Double(n)
    let x = Matrix(activations)
    let mean = (0..<d).map { k in (0..<n).reduce(0.0) { $0 + x[$1, k] } / count }
    let shares = (0..<classes).map { c in Double(labels.count { $0 == c }) / count }
    var (square, product) = (
      Matrix(rows: d, columns: d) { _, _ in 0 }, Matrix(rows: d, columns: classes) { _, _ in 0 }
    )
    for (row, label) in labels.enumerated() {
      let centred = (0..<d).map { x[row, $0] - mean[$0] }
      for i in 0..<d {
        for j in 0..<d { square[i, j] += centred[i] * centred[j] }
        // The mean of one-hot rows drops out, since the activations are centred.
        product[i, label] += centred[i]
      }
    }
    let trace = (0..<d).reduce(0) { $0 + square[$1, $1] }
    self.mean = mean
    offsets = shares
    guard trace > 0 else {
      slopes = Array(repeating: Array(repeating: 0, count: classes), count: d)
      return
    }
    for i in 0..<d { square[i, i] += penalty * trace / Double(d) }
    slopes = square.solvedByCholesky(product)
  }

  /// The label that the probe reads in each row.
  ///
  /// - Throws: `NetworkError` if the activations are not of the probe's dimension.
  public func predictions(on activations: Tensor) throws -> [Int] {
    guard activations.shape.rank == 2, activations.shape[1] == mean.count else {
      throw NetworkError(
        "a probe of \(mean.count) dimensions cannot read activations \(activations.shape)")
    }
    let d = mean.count
    return (0..<activations.shape[0]).map { row in
      var outputs = offsets
      for k in 0..<d {
        let value = Double(activations.scalars[row * d + k]) - mean[k]
        for c in outputs.indices { outputs[c] += value * slopes[k][c] }
      }
      return outputs.indices.reduce(0) { outputs[$1] > outputs[$0] ? $1 : $0 }
    }
  }

  /// The share of rows in which the probe reads the right label.
  ///
  /// - Throws: `NetworkError` if the activations are not of the probe's dimension, or the labels not as many.
  public func accuracy(on activations: Tensor, labels: [Int]) throws -> Double {
    try Self.check(activations, labels)
    let right = zip(try predictions(on: activations), labels).count { $0 == $1 }
    return Double(right) / Double(max(labels.count, 1))
  }

  static func check(_ activations: Tensor, _ labels: [Int]) throws {
    guard activations.shape.rank == 2, activations.shape[0] == labels.count else {
      throw NetworkError(
        "\(labels.count) labels do not fit activations of shape \(activations.shape)")
    }
  }
}

extension Matrix {
  /// The solution X of A X = B for this A, which is symmetric and positive definite.
  fileprivate func solvedByCholesky(_ right: Matrix) -> [[Double]] {
    var l = self
    for j in 0..<rows {
      for k in 0..<j { l[j, j] -= l[j, k] * l[j, k] }
      l[j, j] = Swift.max(l[j, j], .leastNormalMagnitude).squareRoot()
      for i in j + 1..<Swift.max(rows, j + 1) {
        for k in 0..<j { l[i, j] -= l[i, k] * l[j, k] }
        l[i, j] /= l[j, j]
      }
    }
    var x = (0..<rows).map { row in (0..<right.columns).map { right[row, $0] } }
    for c in 0..<right.columns {
      for i in 0..<rows {
        for k in 0..<i { x[i][c] -= l[i, k] * x[k][c] }
        x[i][c] /= l[i, i]
      }
      for i in stride(from: rows - 1, through: 0, by: -1) {
        for k in i + 1..<Swift.max(rows, i + 1) { x[i][c] -= l[k, i] * x[k][c] }
        x[i][c] /= l[i, i]
      }
    }
    return x
  }
}
