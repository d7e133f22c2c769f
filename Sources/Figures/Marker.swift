/// The shape of a point: categories differ by shape as well as by colour.
public enum Marker: Hashable, Sendable, CaseIterable {
  case circle, square, triangle, diamond, cross, ring

  /// The shape of the category at an index.
  public static func category(_ index: Int) -> Marker {
    let all = Marker.allCases
    return all[((index % all.count) + all.count) % all.count]
  }
}

extension Canvas {
  /// Draws a marker of about the given radius, all shapes of about the same area.
  public func mark(_ marker: Marker, at point: Point, radius: Double, _ colour: Colour) {
    let (x, y, r) = (point.x, point.y, radius)
    switch marker {
    case .circle:
      fill(discAt: point, radius: r, colour)
    case .square:
      fill(Rectangle(x: x - 0.88 * r, y: y - 0.88 * r, width: 1.76 * r, height: 1.76 * r), colour)
    case .triangle:
      fill(
        [
          Point(x, y - 1.25 * r), Point(x + 1.1 * r, y + 0.75 * r),
          Point(x - 1.1 * r, y + 0.75 * r),
        ], colour)
    case .diamond:
      fill(
        [
          Point(x, y - 1.3 * r), Point(x + 1.1 * r, y), Point(x, y + 1.3 * r),
          Point(x - 1.1 * r, y),
        ], colour)
    case .cross:
      let stroke = Stroke(colour, width: max(0.5 * r, 1.2))
      line([Point(x - r, y - r), Point(x + r, y + r)], stroke)
      line([Point(x - r, y + r), Point(x + r, y - r)], stroke)
    case .ring:
      outline(circleAt: point, radius: 0.85 * r, Stroke(colour, width: max(0.4 * r, 1.2)))
    }
  }
}
