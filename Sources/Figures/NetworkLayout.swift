/// Where the units of a network diagram lie.
struct NetworkLayout {
  let radius: Double
  /// Whether a column's labels fit into its circles.
  let isLabelInside: [Bool]
  /// The distance of neighbours in the fullest column.
  let step: Double
  private let area: Rectangle
  private let counts: [Int]

  init(_ columns: [NetworkDiagram.Column], in frame: Rectangle, _ canvas: Canvas) {
    counts = columns.map(\.units.count)
    let most = Double(counts.max() ?? 1)
    let height = frame.height - 34
    step = min(height / most, 80)
    let radius = max(min(step * 0.3, 20), 2.5)
    let style = TextStyle(size: 12, weight: .medium)
    let isLabelInside = columns.map { column in
      radius >= 9 && canvas.widest(of: column.units.map(\.label), style) <= 2 * radius - 5
    }
    self.radius = radius
    self.isLabelInside = isLabelInside
    // Room beside the first and the last column for half their titles, or labels outside.
    let sides = [0, columns.count - 1].map { index in
      let title = canvas.size(of: columns[index].name, .axis).width / 2
      let outside = canvas.widest(of: columns[index].units.map(\.label), style) + 8
      return max(title, radius + (isLabelInside[index] ? 2 : outside))
    }
    area = frame.inset(left: sides[0], top: 30, right: sides[1], bottom: 4)
  }

  func x(_ column: Int) -> Double {
    area.x + area.width * Double(column) / Double(counts.count - 1)
  }

  func centre(_ column: Int, _ unit: Int) -> Point {
    let offset = Double(unit) - Double(counts[column] - 1) / 2
    // Fewer units stand a little further apart.
    let most = Double(counts.max() ?? 1)
    let room =
      Double(counts[column]) < most ? min(step * 1.35, area.height / Double(counts[column])) : step
    return Point(x(column), area.midY + offset * room)
  }
}
