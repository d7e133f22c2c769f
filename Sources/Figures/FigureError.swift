/// Why a figure cannot be drawn, in one line: the figure, the plot, what is wrong.
///
/// ```swift
/// FigureError("line chart", "series \"loss\" is empty").description
/// // line chart: series "loss" is empty
/// ```
public struct FigureError: Error, Hashable, CustomStringConvertible {
  /// The slug of the figure, once it is known.
  public var figure: String?
  /// The plot or part that refused, such as `heatmap`.
  public var part: String
  /// What is wrong with it.
  public var problem: String

  public init(_ part: String, _ problem: String) {
    self.part = part
    self.problem = problem
  }

  public var description: String {
    [figure.map { "figure \($0)" }, part, problem].compactMap { $0 }.joined(separator: ": ")
  }
}

/// Refuses numbers that no picture can show, naming the first; beyond 10¹⁰⁰ nothing is left to
/// compare.
func requireFinite(_ values: some Sequence<Double>, _ name: String, in part: String) throws {
  for (index, value) in values.enumerated() where !(abs(value) <= 1e100) {
    let what = value.isNaN ? "not a number" : value.isInfinite ? "infinite" : "beyond 10¹⁰⁰"
    throw FigureError(part, "\(name) is \(what) at index \(index)")
  }
}

/// Refuses two lists that should be parallel and are not, quoting both lengths.
func requireCount(
  _ count: Int, _ name: String, equals other: Int, _ otherName: String, in part: String
)
  throws
{
  guard count == other else {
    throw FigureError(part, "\(count) \(name) for \(other) \(otherName)")
  }
}
