/// Small multiples: plots side by side, each with a short title, with what they share drawn once.
///
/// Panels of the same kind share the ranges of their axes, the scale of their colours and their
/// legend; heatmaps with the same axes name them once.
///
/// ```swift
/// Grid(columns: 3, panels: [Panel("k = 2", small), Panel("k = 3", middle), Panel("k = 4", large)])
/// ```
public struct Grid: Plot {
  public var columns: Int
  public var panels: [Panel]
  /// Whether panels of the same kind share ranges, colours and legend.
  public var isShared: Bool
  /// The shares of the width that the columns take; equal if nil.
  public var columnShares: [Double]?

  public init(
    columns: Int, panels: [Panel], isShared: Bool = true, columnShares: [Double]? = nil
  ) {
    self.columns = columns
    self.panels = panels
    self.isShared = isShared
    self.columnShares = columnShares
  }

  public func check() throws {
    guard !panels.isEmpty, columns >= 1 else { throw FigureError("grid", "there are no panels") }
    if let columnShares {
      try requireCount(columnShares.count, "shares", equals: columns, "columns", in: "grid")
      guard columnShares.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw FigureError("grid", "a column's share of the width is not positive")
      }
    }
    for panel in panels {
      do { try panel.plot.check() } catch let error as FigureError {
        throw FigureError("grid", "panel \"\(panel.title)\": \(error.description)")
      }
    }
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    layout(forWidth: width, on: canvas).height
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let layout = layout(forWidth: frame.width, on: canvas)
    let legend = Legend(entries: layout.shared?.legend ?? [])
    legend.draw(on: canvas, in: frame)
    // A figure with a height of its own gives the difference to the rows.
    let rowCount = Double(layout.rowHeights.count)
    let extra = (frame.height - layout.height) / rowCount
    var y = frame.y + legend.height(forWidth: frame.width, on: canvas)
    for (row, rowHeight) in layout.rowHeights.enumerated() {
      let height = max(rowHeight + extra, 40)
      var x = frame.x
      for column in 0..<columns {
        let index = row * columns + column
        guard index < layout.panels.count else { break }
        let panel = layout.panels[index]
        let width = layout.widths[column]
        canvas.text(panel.title, at: Point(x, y), .topLeft, .panel, width: width)
        let title = layout.titleHeights[row]
        panel.plot.draw(
          on: canvas, in: Rectangle(x: x, y: y + title, width: width, height: height - title))
        x += width + Self.columnGap
      }
      y += height + Self.rowGap
    }
    if let bar = layout.bar {
      bar.drawLevel(
        on: canvas,
        in: Rectangle(x: frame.x, y: y - Self.rowGap + 16, width: frame.width, height: 54))
    }
  }

  private static let columnGap = 30.0
  private static let rowGap = 26.0

  private struct Layout {
    var panels: [Panel]
    var shared: Shared?
    var bar: ColourBar?
    var widths: [Double]
    var titleHeights: [Double]
    var rowHeights: [Double]
    var height: Double
  }

  private func layout(forWidth width: Double, on canvas: Canvas) -> Layout {
    let shared = self.shared
    let panels = namingOnce.map { panel in
      guard let shared, let plot = panel.plot as? any SharingPlot else { return panel }
      return Panel(panel.title, plot.sharing(shared))
    }
    let shares = columnShares ?? [Double](repeating: 1, count: columns)
    let room = width - Self.columnGap * Double(columns - 1)
    let widths = shares.map { room * $0 / shares.reduce(0, +) }
    var titleHeights: [Double] = []
    var rowHeights: [Double] = []
    for start in stride(from: 0, to: panels.count, by: columns) {
      let row = panels[start..<min(start + columns, panels.count)]
      let titles = zip(row, widths).map { panel, width in
        panel.title.isEmpty ? 0 : canvas.size(of: panel.title, .panel, width: width).height + 10
      }
      let plots = zip(row, widths).map { $0.plot.height(forWidth: $1, on: canvas) }
      titleHeights.append(titles.max() ?? 0)
      rowHeights.append((titles.max() ?? 0) + (plots.max() ?? 0))
    }
    let bar = shared?.colours.map { ColourBar(scale: $0, label: shared?.colourLabel ?? "") }
    let legend = Legend(entries: shared?.legend ?? []).height(forWidth: width, on: canvas)
    let height =
      legend + rowHeights.reduce(0, +) + Self.rowGap * Double(rowHeights.count - 1)
      + (bar.map { $0.height(on: canvas) + 16 } ?? 0)
    return Layout(
      panels: panels, shared: shared, bar: bar, widths: widths, titleHeights: titleHeights,
      rowHeights: rowHeights, height: height)
  }

  /// The panels; of heatmaps with the same axes the first names the rows, the first of the last row
  /// the columns.
  var namingOnce: [Panel] {
    let maps = panels.compactMap { $0.plot as? Heatmap }
    guard isShared, maps.count == panels.count, maps.allSatisfy({ $0.hasAxes(of: maps[0]) }) else {
      return panels
    }
    let lastRow = (panels.count - 1) / columns
    return zip(panels, maps).enumerated().map { index, panel in
      var map = panel.1
      if index >= columns { map.rowTitle = "" }
      map.hidesRowTitle = index > 0
      if index / columns < lastRow { map.columnTitle = "" }
      map.hidesColumnTitle = index != lastRow * columns
      return Panel(panel.0.title, map)
    }
  }

  /// What all panels have in common, if they are of the same kind and mean the same by it.
  private var shared: Shared? {
    guard isShared, panels.count > 1, let first = panels.first?.plot as? any SharingPlot else {
      return nil
    }
    let plots = panels.compactMap { $0.plot as? any SharingPlot }
    guard plots.count == panels.count,
      plots.allSatisfy({ type(of: $0) == type(of: first) }),
      plots.allSatisfy({ $0.own.colourLabel == first.own.colourLabel }),
      plots.allSatisfy({ $0.own.colours?.map == first.own.colours?.map })
    else { return nil }
    return plots.dropFirst().reduce(first.own) { $0.joined(with: $1.own) }
  }
}

/// A plot among small multiples.
public struct Panel: Sendable {
  public var title: String
  public var plot: any Plot

  public init(_ title: String, _ plot: any Plot) {
    self.title = title
    self.plot = plot
  }
}
