/// An outline in the plane of the data: a square of inputs, a boundary, a direction, a walk.
public struct Guide: Hashable, Sendable {
  enum Kind: String, Hashable, Sendable { case polygon, path, circle, arrow, line, walk }

  let kind: Kind
  let points: [Point]
  let colour: Colour
  var isDashed = false
  var isFilled = false
  var label = ""

  /// A closed outline, filled with a tint of its colour if asked for.
  public static func polygon(
    _ corners: [Point], colour: Colour = .rule, isDashed: Bool = false, isFilled: Bool = false
  ) -> Guide {
    Guide(
      kind: .polygon, points: corners, colour: colour, isDashed: isDashed, isFilled: isFilled)
  }

  /// A line through points.
  public static func path(
    _ points: [Point], colour: Colour = .rule, isDashed: Bool = false
  ) -> Guide { Guide(kind: .path, points: points, colour: colour, isDashed: isDashed) }

  /// A circle around a point.
  public static func circle(
    _ centre: Point, radius: Double, colour: Colour = .rule, isDashed: Bool = false
  ) -> Guide {
    let ends = [
      Point(centre.x - radius, centre.y - radius), Point(centre.x + radius, centre.y + radius),
    ]
    return Guide(kind: .circle, points: ends, colour: colour, isDashed: isDashed)
  }

  /// An arrow from one point to another, with a label at its tip.
  public static func arrow(
    from start: Point = Point(0, 0), to end: Point, label: String = "", colour: Colour = .muted
  ) -> Guide { Guide(kind: .arrow, points: [start, end], colour: colour, label: label) }

  /// The line through the origin and a point, from edge to edge: a mirror, a direction's span.
  public static func line(
    through point: Point, label: String = "", colour: Colour = .muted, isDashed: Bool = false
  ) -> Guide {
    Guide(kind: .line, points: [point], colour: colour, isDashed: isDashed, label: label)
  }

  /// Numbered arrows from point to point, with a loop where a step stays where it is.
  public static func walk(_ points: [Point], colour: Colour = .vermilion) -> Guide {
    Guide(kind: .walk, points: points, colour: colour)
  }
}

extension Guide {
  func check(in part: String) throws {
    try requireFinite(points.flatMap { [$0.x, $0.y] }, "the \(kind)", in: part)
    let least: [Kind: Int] = [.polygon: 3, .line: 1]
    guard points.count >= least[kind, default: 2] else {
      throw FigureError(part, "\(points.count) points are too few for a \(kind)")
    }
    if kind == .line, points[0] == Point(0, 0) {
      throw FigureError(part, "a line through the origin needs a second point")
    }
  }

  /// The points that an axis has to hold, with room for the bends and loops of a walk.
  var extent: [Point] {
    switch kind {
    case .line: return []
    case .walk:
      guard let x = range(of: points.map(\.x)), let y = range(of: points.map(\.y)) else {
        return []
      }
      let spread = max(x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
      let room = 0.62 * (spread > 0 ? spread : max(abs(x.lowerBound), abs(y.lowerBound)))
      let middle = Point((x.lowerBound + x.upperBound) / 2, (y.lowerBound + y.upperBound) / 2)
      return [
        Point(middle.x - room, middle.y - room), Point(middle.x + room, middle.y + room),
      ]
    default: return points
    }
  }

  /// Draws what lies behind the points, and keeps labels off it.
  func draw(in axes: Axes, avoiding labels: inout LabelPlacement, on canvas: Canvas) {
    let stroke = Stroke(colour, width: 1.25, dashes: isDashed ? [4, 3] : [])
    let points = self.points.map(axes.position)
    switch kind {
    case .polygon:
      if isFilled { canvas.fill(points, colour.opacity(0.12)) }
      canvas.outline(points, stroke)
      labels.avoid(path: points + points.prefix(1))
    case .path:
      canvas.line(points, stroke)
      labels.avoid(path: points)
    case .circle:
      canvas.outline(
        circleAt: Point((points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2),
        radius: (points[1].x - points[0].x) / 2, height: (points[0].y - points[1].y) / 2, stroke)
    case .arrow:
      canvas.arrow(from: points[0], to: points[1], Stroke(colour, width: 1.75))
      labels.avoid(path: points)
    case .line:
      canvas.line(ends(in: axes), stroke)
      labels.avoid(path: ends(in: axes))
    case .walk:
      drawWalk(through: points, in: axes, avoiding: &labels, on: canvas)
    }
  }

  /// Where a label may stand: at the tip of an arrow, near either end of a line.
  func anchors(in axes: Axes) -> [Point] {
    guard kind == .line else { return points.suffix(1).map(axes.position) }
    let ends = ends(in: axes)
    return zip(ends, ends.dropFirst()).flatMap { start, end in
      [0.06, 0.94, 0.12, 0.88].map { start.towards(end, $0) }
    }
  }

  /// The ends, at the edges of the area, of a line through the origin; none if it passes by.
  private func ends(in axes: Axes) -> [Point] {
    // However near the point is to the origin, its direction is taken as far as the axes reach.
    let far = (axes.x.upper - axes.x.lower) / max(abs(points[0].x), abs(points[0].y))
    let origin = axes.position(Point(0, 0))
    let other = axes.position(Point(far * points[0].x, far * points[0].y))
    let (x, y) = (other.x - origin.x, other.y - origin.y)
    // The shares of the way at which the line enters and leaves the area's width and height.
    var (first, last) = (-Double.infinity, Double.infinity)
    for (step, low, high) in [
      (x, axes.area.x - origin.x, axes.area.maxX - origin.x),
      (y, axes.area.y - origin.y, axes.area.maxY - origin.y),
    ] where step != 0 {
      first = max(first, min(low / step, high / step))
      last = min(last, max(low / step, high / step))
    }
    guard first < last else { return [] }
    return [first, last].map { Point(origin.x + $0 * x, origin.y + $0 * y) }
  }

  private func drawWalk(
    through points: [Point], in axes: Axes, avoiding labels: inout LabelPlacement,
    on canvas: Canvas
  ) {
    let curves = Curve.walk(
      points, around: axes.position(Point(0, 0)),
      loop: min(max(0.1 * axes.area.width, 24), 34))
    for curve in curves {
      canvas.arrow(along: curve, Stroke(colour, width: 1.75))
      labels.avoid(path: curve.samples)
    }
    for (index, curve) in curves.enumerated() {
      let middle = curve.point(at: 0.5)
      canvas.fill(discAt: middle, radius: 8.5, .white)
      canvas.fill(discAt: middle, radius: 7.5, colour.asText)
      let style = TextStyle(size: 11, weight: .semibold, colour: .white)
      canvas.text("\(index + 1)", at: middle, .centre, style)
      labels.avoid(discAt: middle, radius: 9)
    }
  }
}
