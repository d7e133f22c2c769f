/// A cubic curve on the canvas.
struct Curve {
  var start: Point
  var control1: Point
  var control2: Point
  var end: Point

  /// A curve whose middle lies some pixels to the left of the straight way.
  init(from start: Point, to end: Point, bend: Double = 0) {
    let length = max(start.distance(to: end), 1e-9)
    // The middle of a cubic curve has three quarters of its handles' distance.
    let (x, y) = ((end.y - start.y) / length, -(end.x - start.x) / length)
    let handle = bend / 0.75
    func handlePoint(_ share: Double) -> Point {
      let foot = start.towards(end, share)
      return Point(foot.x + handle * x, foot.y + handle * y)
    }
    self.start = start
    self.end = end
    control1 = handlePoint(1.0 / 3)
    control2 = handlePoint(2.0 / 3)
  }

  /// A loop that leaves a point in a direction of length 1 and comes back, so many pixels long.
  init(loopAt point: Point, towards direction: Point, length: Double) {
    let handle = length / 0.75
    func side(_ sign: Double) -> Point {
      Point(
        point.x + handle * (direction.x - sign * 0.6 * direction.y),
        point.y + handle * (direction.y + sign * 0.6 * direction.x))
    }
    start = point
    control1 = side(-1)
    control2 = side(1)
    end = point
  }

  /// The curve with its ends some pixels away from the points that it joins.
  func trimmed(by gap: Double) -> Curve {
    var curve = self
    curve.start = start.stepped(gap, towards: control1)
    curve.end = end.stepped(gap, towards: control2)
    return curve
  }

  /// The point at a share of the curve's parameter, 0 at the start.
  func point(at share: Double) -> Point {
    let first = start.towards(control1, share)
    let second = control1.towards(control2, share)
    let third = control2.towards(end, share)
    return first.towards(second, share).towards(second.towards(third, share), share)
  }

  /// Points along the curve.
  var samples: [Point] { (0...24).map { point(at: Double($0) / 24) } }
}

extension Curve {
  /// The curves of a walk from point to point: bent to the left, further each time the same step
  /// comes again, and a loop away from the centre where a step stays.
  static func walk(_ points: [Point], around centre: Point, loop: Double) -> [Curve] {
    var steps: [(from: Point, to: Point)] = []
    return zip(points, points.dropFirst()).map { from, to in
      let before = steps.count { $0.from.distance(to: from) < 5 && $0.to.distance(to: to) < 5 }
      steps.append((from, to))
      let length = from.distance(to: to)
      guard length > 24 else {
        // The second and third loop at a point lie beside the first, the fourth is longer.
        let out = centre.distance(to: from)
        let (x, y) =
          out > 1 ? ((from.x - centre.x) / out, (from.y - centre.y) / out) : (0.0, -1.0)
        let turns = [(1, 0), (0.5, 0.75.squareRoot()), (0.5, -0.75.squareRoot())]
        let (cosine, sine) = turns[before % turns.count]
        let direction = Point(cosine * x - sine * y, sine * x + cosine * y)
        let longer = 20 * Double(before / turns.count)
        return Curve(loopAt: from, towards: direction, length: loop + longer).trimmed(by: 9)
      }
      return Curve(from: from, to: to, bend: 0.12 * length + 20 * Double(before)).trimmed(by: 9)
    }
  }
}
