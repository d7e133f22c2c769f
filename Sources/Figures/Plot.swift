/// Something that can be drawn into a frame: a value of data and names, with no state of drawing.
///
/// The plots here conform; a case with a picture all its own makes another that does.
public protocol Plot: Sendable {
  /// Refuses data that no picture can show.
  ///
  /// - Throws: `FigureError` that names the plot and what is wrong.
  func check() throws

  /// The height that suits a width.
  func height(forWidth width: Double, on canvas: Canvas) -> Double

  /// Draws everything, titles of axes included, inside the frame.
  func draw(on canvas: Canvas, in frame: Rectangle)

  /// The numbers that are drawn, for a reader who wants to have them.
  var table: DataTable { get }
}

extension Plot {
  /// No numbers.
  public var table: DataTable { DataTable([], []) }
}

/// A plot that can give up its own legend and scales for those of a whole grid.
protocol SharingPlot: Plot {
  /// What the plot would have for itself.
  var own: Shared { get }
  /// The plot drawn with what the grid shares.
  func sharing(_ shared: Shared) -> Self
}

/// What the panels of a grid may have in common.
struct Shared {
  var colours: ColourScale?
  var colourLabel: String?
  var legend: [LegendEntry] = []
  var x: ClosedRange<Double>?
  var y: ClosedRange<Double>?

  /// What holds both: the union of ranges, the first of each legend entry's name.
  func joined(with other: Shared) -> Shared {
    var joined = self
    if let mine = colours, let theirs = other.colours {
      joined.colours = ColourScale(
        mine.map, holding: [mine.lower, mine.upper, theirs.lower, theirs.upper])
    } else {
      joined.colours = colours ?? other.colours
    }
    joined.colourLabel = colourLabel ?? other.colourLabel
    for entry in other.legend where !legend.contains(where: { $0.name == entry.name }) {
      joined.legend.append(entry)
    }
    joined.x = union(x, other.x)
    joined.y = union(y, other.y)
    return joined
  }
}

/// The range that holds both.
func union(_ one: ClosedRange<Double>?, _ other: ClosedRange<Double>?) -> ClosedRange<Double>? {
  guard let one, let other else { return one ?? other }
  return min(one.lowerBound, other.lowerBound)...max(one.upperBound, other.upperBound)
}

/// The range that just holds the numbers.
func range(of values: some Sequence<Double>) -> ClosedRange<Double>? {
  var lower = Double.infinity
  var upper = -Double.infinity
  for value in values where value.isFinite {
    lower = min(lower, value)
    upper = max(upper, value)
  }
  return lower <= upper ? lower...upper : nil
}
