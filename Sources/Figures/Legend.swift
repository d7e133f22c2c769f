/// One line of a legend.
struct LegendEntry: Hashable, Sendable {
  enum Symbol: Hashable, Sendable {
    case line(Stroke)
    case box(Colour)
    case control
    case marker(Marker)
    case outline
    case missing
  }

  var name: String
  var symbol: Symbol
  var colour: Colour
}

/// Names beside their symbols, in rows as wide as there is room.
struct Legend {
  let entries: [LegendEntry]

  private static let rowHeight = 22.0
  private static let symbolWidth = 24.0
  private static let gap = 20.0

  func height(forWidth width: Double, on canvas: Canvas) -> Double {
    entries.isEmpty ? 0 : Double(rows(width, canvas).count) * Self.rowHeight + 8
  }

  func draw(on canvas: Canvas, in frame: Rectangle) {
    for (row, entries) in rows(frame.width, canvas).enumerated() {
      var x = frame.x
      let y = frame.y + (Double(row) + 0.5) * Self.rowHeight - 3
      for entry in entries {
        draw(entry, at: Point(x, y), on: canvas)
        canvas.text(entry.name, at: Point(x + Self.symbolWidth, y), .left, .label)
        x += Self.symbolWidth + canvas.size(of: entry.name).width + Self.gap
      }
    }
  }

  /// The width of all entries one below the other.
  func columnWidth(on canvas: Canvas) -> Double {
    Self.symbolWidth + canvas.widest(of: entries.map(\.name))
  }

  /// Draws the entries one below the other.
  func drawColumn(on canvas: Canvas, at corner: Point) {
    for (row, entry) in entries.enumerated() {
      let y = corner.y + (Double(row) + 0.5) * Self.rowHeight
      draw(entry, at: Point(corner.x, y), on: canvas)
      canvas.text(entry.name, at: Point(corner.x + Self.symbolWidth, y), .left, .label)
    }
  }

  private func draw(_ entry: LegendEntry, at point: Point, on canvas: Canvas) {
    let box = Rectangle(x: point.x, y: point.y - 6, width: 16, height: 12)
    switch entry.symbol {
    case .line(var stroke):
      stroke.width = max(stroke.width, 2)
      canvas.line([Point(point.x, point.y), Point(point.x + 18, point.y)], stroke)
    case .box(let colour): canvas.fill(box, colour, radius: 2)
    case .control: canvas.controlBar(box)
    case .marker(let marker):
      canvas.mark(marker, at: Point(point.x + 8, point.y), radius: 5, entry.colour)
    case .outline:
      canvas.outline(
        Rectangle(x: point.x + 3, y: point.y - 5, width: 10, height: 10),
        Stroke(entry.colour, width: 2))
    case .missing:
      canvas.missing(box)
      canvas.outline(box, Stroke(.rule, width: 0.5))
    }
  }

  private func rows(_ width: Double, _ canvas: Canvas) -> [[LegendEntry]] {
    var rows: [[LegendEntry]] = []
    var used = Double.infinity
    for entry in entries {
      let needed = Self.symbolWidth + canvas.size(of: entry.name).width + Self.gap
      if used + needed - Self.gap > width, used > 0 {
        rows.append([])
        used = 0
      }
      rows[rows.count - 1].append(entry)
      used += needed
    }
    return rows
  }
}

extension Canvas {
  /// The look of cells that have no number.
  func missing(_ box: Rectangle) {
    fill(box, Colour(0xF6F7F8))
    hatch(box, Stroke(Colour(0xD3D8DF)), spacing: 6)
  }

  /// The look of every bar that is a control: pale, hatched, outlined.
  func controlBar(_ box: Rectangle) {
    fill(box, Colour(0xEEF0F3))
    hatch(box, Stroke(.control, width: 1.2), spacing: 5)
    outline(box.inset(left: 0.5, top: 0.5, right: 0.5, bottom: 0.5), Stroke(.control))
  }
}
