/// Texts beside marks, each where it covers least.
struct LabelPlacement {
  let area: Rectangle
  private var obstacles: [Rectangle] = []

  init(in area: Rectangle) { self.area = area }

  /// Keeps texts off a disc.
  mutating func avoid(discAt centre: Point, radius: Double) {
    obstacles.append(
      Rectangle(
        x: centre.x - radius, y: centre.y - radius, width: 2 * radius, height: 2 * radius))
  }

  /// Keeps texts off the line through points.
  mutating func avoid(path points: [Point]) {
    for (start, end) in zip(points, points.dropFirst()) {
      // A path far beyond the area is sampled coarsely.
      let count = Int(min(start.distance(to: end) / 3, 2000)) + 1
      for step in 0...count {
        avoid(discAt: start.towards(end, Double(step) / Double(count)), radius: 1.5)
      }
    }
  }

  /// Draws a text beside one of some points: right, left, above or below, near if it can.
  mutating func place(_ label: String, at anchors: [Point], _ colour: Colour, on canvas: Canvas) {
    let style = TextStyle(size: 12, weight: .medium, colour: colour.asText)
    let size = canvas.size(of: label, style)
    var best: (box: Rectangle, cost: Double)?
    // What lies farther away is worth the overlap of a few pixels.
    for (distance, penalty) in [(8.0, 0.0), (13, 12), (19, 30)] {
      for box in anchors.flatMap({ Self.boxes(of: size, around: $0, distance) }) {
        let cost = penalty + self.cost(of: box)
        if cost < best?.cost ?? .infinity { best = (box, cost) }
      }
    }
    guard let box = best?.box else { return }
    canvas.text(label, at: Point(box.x, box.y), .topLeft, style, hasHalo: true)
    obstacles.append(box)
  }

  private static func boxes(of size: Size, around point: Point, _ distance: Double) -> [Rectangle] {
    let (slant, rise) = (distance - 2, distance - 3)
    return [
      (point.x + distance, point.y - size.height / 2),
      (point.x - distance - size.width, point.y - size.height / 2),
      (point.x - size.width / 2, point.y - distance - size.height),
      (point.x - size.width / 2, point.y + distance),
      (point.x + slant, point.y - rise - size.height),
      (point.x - slant - size.width, point.y - rise - size.height),
      (point.x + slant, point.y + rise),
      (point.x - slant - size.width, point.y + rise),
    ].map { Rectangle(x: $0.0, y: $0.1, width: size.width, height: size.height) }
  }

  private func cost(of box: Rectangle) -> Double {
    let hidden = obstacles.reduce(0) { $0 + Self.overlap($1, box) }
    return hidden + 4 * (box.width * box.height - Self.overlap(area, box))
  }

  private static func overlap(_ one: Rectangle, _ other: Rectangle) -> Double {
    max(min(one.maxX, other.maxX) - max(one.x, other.x), 0)
      * max(min(one.maxY, other.maxY) - max(one.y, other.y), 0)
  }
}
