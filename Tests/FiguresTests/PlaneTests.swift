import Testing

@testable import Figures

@Suite("Scatters as planes")
struct PlaneTests {
  /// A plane from -3 to 3 with a marker at the origin and one a step to the right.
  private func plane(_ guides: [Guide]) -> Scatter {
    let axis = Axis("h", range: -3...3)
    var plot = Scatter(
      groups: [
        PointGroup("0", [Point(0, 0)], colour: .green, marker: .square, radius: 3),
        PointGroup("1", [Point(1, 0)], colour: .purple, marker: .square, radius: 3),
      ], x: axis, y: axis, isEqual: true, guides: guides)
    plot.hidesLegend = true
    return plot
  }

  private func middle(_ patch: Patch) -> Point {
    Point(
      Double(patch.columns.lowerBound + patch.columns.upperBound) / 2,
      Double(patch.rows.lowerBound + patch.rows.upperBound) / 2)
  }

  @Test("A line through the origin goes from edge to edge with the slope of its point")
  func line() throws {
    let picture = try picture(of: plane([.line(through: Point(0.5, 1), colour: .blue)]))
    let origin = middle(Patch(.green, in: picture))
    let step = middle(Patch(.purple, in: picture)).x - origin.x
    let line = Patch(.blue, in: picture)
    #expect(abs(Double(line.rows.count) - 6 * step) < 8)
    #expect(abs(Double(line.columns.count) - 3 * step) < 8)
    #expect(middle(line).distance(to: origin) < 4)
  }

  @Test("An arrow's tip lies at its point, and its label beside it")
  func arrow() throws {
    let picture = try picture(of: plane([.arrow(to: Point(-2, 1), colour: .vermilion)]))
    let origin = middle(Patch(.green, in: picture))
    let step = middle(Patch(.purple, in: picture)).x - origin.x
    let arrow = Patch(.vermilion, in: picture)
    #expect(abs(Double(arrow.columns.lowerBound) - (origin.x - 2 * step)) < 6)
    #expect(abs(Double(arrow.rows.lowerBound) - (origin.y - step)) < 8)
  }

  @Test("A filled polygon is tinted inside its corners")
  func polygon() throws {
    let corners = [Point(1, 1), Point(2, 1), Point(2, 2), Point(1, 2)]
    let picture = try picture(
      of: plane([.polygon(corners, colour: Colour(0xFF0000), isFilled: true)]))
    let step =
      middle(Patch(.purple, in: picture)).x - middle(Patch(.green, in: picture)).x
    let tint = Patch(Colour(0xFF0000).mixed(with: .white, 0.88), in: picture)
    #expect(Double(tint.count) > 0.8 * step * step && Double(tint.count) < step * step)
  }

  @Test("A walk's arrows begin and end at its points, and no two of them lie on each other")
  func walk() {
    let points = [Point(0, 0), Point(100, 0), Point(0, 0), Point(100, 0), Point(100, 0)]
    let curves = Curve.walk(points, around: Point(50, 50), loop: 30)
    #expect(curves.count == 4)
    for (curve, ends) in zip(curves, zip(points, points.dropFirst())) {
      #expect(abs(curve.start.distance(to: ends.0) - 9) < 1e-9)
      #expect(abs(curve.end.distance(to: ends.1) - 9) < 1e-9)
    }
    let middles = curves.map { $0.point(at: 0.5) }
    // To the left of the way there, on the other side on the way back, further out again.
    #expect(abs(middles[0].x - 50) < 1e-9 && middles[0].y < -5)
    #expect(abs(middles[1].x - 50) < 1e-9 && middles[1].y > 5)
    #expect(middles[2].y < middles[0].y - 15)
    // The loop is away from the centre.
    #expect(middles[3].x > 110 && middles[3].y < -10)
  }

  @Test("Loops that stay at one point lie apart")
  func loops() {
    let points = [Point](repeating: Point(20, 0), count: 5)
    let middles = Curve.walk(points, around: Point(0, 0), loop: 25).map { $0.point(at: 0.5) }
    for (index, middle) in middles.enumerated() {
      for other in middles[..<index] { #expect(middle.distance(to: other) > 17) }
    }
  }

  @Test("Each step of a walk has its number on a disc")
  func numbers() throws {
    let square = [Point(-2, -2), Point(2, -2), Point(2, 2), Point(-2, 2)]
    let picture = try picture(of: plane([.walk(square, colour: .amber)]))
    let discs = Patch(Colour.amber.asText, in: picture)
    let origin = middle(Patch(.green, in: picture))
    let step = middle(Patch(.purple, in: picture)).x - origin.x
    // To the left of an anticlockwise way is inside: below, right and above, but none on the left.
    #expect(Double(discs.rows.upperBound) > origin.y + step)
    #expect(Double(discs.rows.lowerBound) < origin.y - step)
    #expect(Double(discs.columns.upperBound) > origin.x + step)
    #expect(Double(discs.columns.lowerBound) > origin.x - step)
  }

  @Test("A label keeps off what is beside its point")
  func labels() throws {
    let black = Colour(0x000000)
    func columns(_ avoid: (inout LabelPlacement) -> Void) throws -> ClosedRange<Int> {
      let canvas = try Canvas(width: 200, height: 80)
      var labels = LabelPlacement(in: Rectangle(x: 0, y: 0, width: 200, height: 80))
      avoid(&labels)
      labels.place("HH", at: [Point(100, 40)], black, on: canvas)
      return Patch(black, in: try canvas.picture()).columns
    }
    #expect(try columns { _ in }.lowerBound > 200)
    #expect(try columns { $0.avoid(path: [Point(110, 0), Point(110, 80)]) }.upperBound < 200)
    #expect(
      try columns {
        for radius in [4.0, 8, 12, 16] { $0.avoid(discAt: Point(100, 40), radius: radius) }
        $0.avoid(path: [Point(90, 0), Point(90, 80)])
      }.lowerBound > 232)
  }

  @Test("The origin is shown, however far away the points are")
  func origin() throws {
    var plot = Scatter(
      groups: [PointGroup("", [Point(5, 5)], colour: .green, marker: .square)], x: Axis("x"),
      y: Axis("y"), isEqual: true, showsOrigin: true)
    #expect(plot.own.x == 0...5)
    plot.guides = [.line(through: Point(100, 0))]
    #expect(plot.own.x == 0...5)
    let picture = try picture(of: plot)
    let origin = Patch(.muted, in: picture, from: 100)
    let point = Patch(.green, in: picture)
    #expect(origin.rows.upperBound > point.rows.upperBound + 100)
  }

  @Test("Groups of one name have one colour, groups of one kind one shape, and each is named once")
  func kinds() {
    let groups = ["A", "B", "C"].flatMap { name in
      ["x", "y"].map { PointGroup(name, [Point(0, 0)], kind: $0) }
    }
    let plot = Scatter(groups: groups, x: Axis("x"), y: Axis("y"))
    let legend = plot.own.legend
    #expect(legend.map(\.name) == ["A", "B", "C", "x", "y"])
    #expect(
      legend.map(\.symbol) == [
        .box(.category(0)), .box(.category(1)), .box(.category(2)), .marker(.circle),
        .marker(.square),
      ])
  }

  @Test("Guides that say nothing are refused in one line")
  func errors() {
    func message(_ guide: Guide) -> String {
      do {
        try plane([guide]).check()
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(
      message(.line(through: Point(0, 0)))
        == "scatter: a line through the origin needs a second point")
    #expect(
      message(.walk([Point(1, 1)])) == "scatter: 1 points are too few for a walk")
    #expect(
      message(.polygon([Point(1, 1), Point(0, 0)]))
        == "scatter: 2 points are too few for a polygon")
    #expect(
      message(.arrow(to: Point(.nan, 1))) == "scatter: the arrow is not a number at index 2")
    #expect(message(.walk([Point(1, 1), Point(1, 1)])) == "no error")
    let logarithmic = Scatter(
      groups: [], x: Axis("x", scale: .logarithmic), y: Axis("y"),
      guides: [.path([Point(1, 1), Point(2, 2)]), .line(through: Point(1, 1))])
    #expect(
      throws: FigureError("scatter", "a line through the origin needs linear axes"),
      performing: logarithmic.check)
  }

  @Test("Guides far beyond the axes, or too short to see, are drawn all the same")
  func extremes() throws {
    let guides: [Guide] = [
      .line(through: Point(1e-300, 0), label: "a"), .line(through: Point(1, 1e99), label: "b"),
      .arrow(to: Point(1e99, 1e99), label: "c"), .arrow(to: Point(0, 0), label: "d"),
      .path([Point(-1e99, 0), Point(1e99, 1)]), .walk([Point(0, 0), Point(1e9, 1e9)]),
    ]
    #expect(try picture(of: plane(guides)).width == 840)
    var away = plane([.line(through: Point(1, 1), label: "passes by")])
    away.x.range = 5...6
    #expect(try picture(of: away).width == 840)
  }

  @Test("A plane of guides alone is drawn, a walk that stays included")
  func guidesAlone() throws {
    for guide in [Guide.walk([Point(0, 0), Point(0, 0)]), .arrow(to: Point(1, 1))] {
      let plot = Scatter(
        groups: [], x: Axis("x"), y: Axis("y"), isEqual: true, showsOrigin: true, guides: [guide])
      #expect(try picture(of: plot).width == 840)
    }
  }
}
