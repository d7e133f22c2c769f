import Figures
import Findings
import Tensors

extension Exhibits {
  /// A share in words for a title: "27 %"; "all" or "none" where it is exactly that.
  ///
  /// - Throws: `StageError` if there is no such finding.
  public func percent(_ name: String) throws -> String {
    let share = try number(name)
    return share == 1 ? "all" : share == 0 ? "none" : Self.percent(share)
  }

  /// A share as a percentage, with a decimal where it lies close to none or all.
  public static func percent(_ share: Double) -> String {
    let fine = share != 0 && share != 1 && (share < 0.01 || share > 0.99)
    return NumberLabel.fixed(share * 100, decimals: fine ? 1 : 0) + "\u{A0}%"
  }

  /// Findings as the bars of a chart, with their intervals as whiskers.
  ///
  /// - Throws: `StageError` if a finding is missing.
  public func bars(
    _ title: String, _ names: [String], isControl: Bool = false, colour: Colour? = nil,
    colours: [Colour]? = nil
  ) throws -> BarSeries {
    let values = try names.map { try number($0) }
    let intervals = try names.map { try finding($0).interval }
    let band = Band(
      lower: zip(intervals, values).map { $0?.lower ?? $1 },
      upper: zip(intervals, values).map { $0?.upper ?? $1 })
    return BarSeries(
      title, values: values, intervals: band, isControl: isControl, colour: colour,
      colours: colours)
  }
}

extension Tensor {
  /// The rows of a matrix as numbers for a plot.
  ///
  /// - Shape: `[rows, columns]`
  public var plotRows: [[Double]] {
    (0..<shape[0]).map { row in slice(row).scalars.map(Double.init) }
  }
}
