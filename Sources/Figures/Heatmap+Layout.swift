extension Heatmap {
  /// Where the cells and labels of a heatmap lie.
  struct Layout {
    private let map: Heatmap
    private let frame: Rectangle
    private let isTurned: Bool
    private let labelHeight: Double
    private let legend: Legend
    private let legendHeight: Double
    /// Where the cells lie.
    let area: Rectangle

    init(_ map: Heatmap, _ frame: Rectangle, _ canvas: Canvas) {
      self.map = map
      self.frame = frame
      // Square maps side by side are of one size, whatever stands beside their bars.
      let barWidth =
        map.isSquare
        ? ColourBar.widestLabel
        : max(ColourBar(scale: map.resolvedScale, label: map.colourLabel).width(on: canvas), 40)
      let bar = map.hidesColourBar ? 0 : Heatmap.barGap + barWidth
      let top = map.rowTitle.isEmpty ? 0 : canvas.size(of: map.rowTitle, .axis).height + 8
      let left = canvas.widest(of: map.rows, .tick) + (map.rows.allSatisfy(\.isEmpty) ? 0 : 8)
      let available = max(frame.width - left - bar, 20)
      let count = (rows: Double(map.values.count), columns: Double(map.columns.count))
      let widest = canvas.widest(of: map.columns, .tick)
      let room = min(available / count.columns, 76)
      isTurned = widest > room - 4 && widest <= 90 && room >= 15
      labelHeight = isTurned ? widest : canvas.size(of: "0", .tick).height
      let title = map.columnTitle.isEmpty ? 0 : canvas.size(of: map.columnTitle, .axis).height + 6
      legend = Legend(entries: map.legendEntries)
      legendHeight = legend.height(forWidth: frame.width, on: canvas)
      let height = max(frame.height - top - labelHeight - 8 - title - legendHeight, 20)
      var width = min(available / count.columns, 76)
      var cellHeight = min(max(width, 20), 38, height / count.rows)
      if map.isSquare {
        width = min(available / count.columns, height / count.rows, 64)
        cellHeight = width
      }
      // Whole pixels where cells are large enough for the difference to be none.
      if width > 6 { width = (width * 2).rounded(.down) / 2 }
      if cellHeight > 6 { cellHeight = (cellHeight * 2).rounded(.down) / 2 }
      area = Rectangle(
        x: snapped(frame.x + left), y: snapped(frame.y + top), width: width * count.columns,
        height: cellHeight * count.rows)
    }

    /// The height that everything takes.
    var bottom: Double {
      legendTop - frame.y + legendHeight + 2
    }

    private var legendTop: Double {
      area.maxY + 6 + labelHeight + (map.columnTitle.isEmpty ? 0 : 22)
    }

    func cell(_ row: Int, _ column: Int) -> Rectangle {
      let width = area.width / Double(map.columns.count)
      let height = area.height / Double(map.rows.count)
      let left = snapped(area.x + Double(column) * width)
      let top = snapped(area.y + Double(row) * height)
      return Rectangle(
        x: left, y: top, width: snapped(area.x + Double(column + 1) * width) - left,
        height: snapped(area.y + Double(row + 1) * height) - top)
    }

    func drawGridAndLabels(on canvas: Canvas) {
      let first = cell(0, 0)
      if first.width >= 12, first.height >= 12 {
        for column in 1..<max(map.columns.count, 2) where column < map.columns.count {
          canvas.rule(
            x: cell(0, column).x, from: area.y, to: area.maxY, Stroke(.white, width: 1))
        }
        for row in 1..<max(map.rows.count, 2) where row < map.rows.count {
          canvas.rule(y: cell(row, 0).y, from: area.x, to: area.maxX, Stroke(.white, width: 1))
        }
      }
      canvas.outline(area, Stroke(.rule, width: 0.5))
      if !map.hidesRowTitle {
        canvas.text(map.rowTitle, at: Point(frame.x, frame.y), .topLeft, .axis)
      }
      var rowStep = max(1, Int((12 / first.height).rounded(.up)))
      // Single letters may stand closer together than numbers.
      let label = canvas.widest(of: map.columns, .tick)
      let widest = isTurned ? 14 : label + (label > 12 ? 6 : 2)
      var columnStep = max(1, Int((widest / first.width).rounded(.up)))
      if map.isSquare {
        rowStep = max(rowStep, columnStep)
        columnStep = rowStep
      }
      for (row, label) in map.rows.enumerated() where row % rowStep == 0 {
        canvas.text(label, at: Point(area.x - 8, cell(row, 0).midY), .right, .tick)
      }
      for (column, label) in map.columns.enumerated() where column % columnStep == 0 {
        let place = Point(cell(0, column).midX, area.maxY + 6)
        canvas.text(
          label, at: place, isTurned ? .right : .top, .tick, isTurned: isTurned)
      }
      if !map.hidesColumnTitle {
        canvas.text(
          map.columnTitle, at: Point(area.midX, area.maxY + 6 + labelHeight + 6), .top, .axis)
      }
      legend.draw(
        on: canvas,
        in: Rectangle(x: frame.x, y: legendTop + 8, width: frame.width, height: legendHeight))
    }
  }
}
