/// Points in the plane, in groups that differ by colour and by shape.
///
/// ```swift
/// Scatter(
///   groups: [PointGroup("survivors", corners, labels: ["n3", "n9"])],
///   x: Axis("weight from input 1"), y: Axis("weight from input 2"), isEqual: true,
///   guides: [.polygon([Point(-1, -1), Point(1, -1), Point(1, 1), Point(-1, 1)])])
/// ```
public struct Scatter: Plot {
  public var groups: [PointGroup]
  public var x: Axis
  public var y: Axis
  /// Whether a step is as long on both axes.
  public var isEqual: Bool
  public var references: [ReferenceLine]
  /// Outlines behind the points.
  public var guides: [Guide]
  var hidesLegend = false

  public init(
    groups: [PointGroup], x: Axis, y: Axis, isEqual: Bool = false,
    references: [ReferenceLine] = [], guides: [Guide] = []
  ) {
    self.groups = groups
    self.x = x
    self.y = y
    self.isEqual = isEqual
    self.references = references
    self.guides = guides
  }

  public func check() throws {
    let part = "scatter"
    guard groups.contains(where: { !$0.points.isEmpty }) else {
      throw FigureError(part, "there is no point to show")
    }
    for group in groups {
      try requireFinite(
        group.points.flatMap { [$0.x, $0.y] }, "the group \"\(group.name)\"", in: part)
      if let labels = group.labels {
        try requireCount(
          labels.count, "labels", equals: group.points.count, "points in \"\(group.name)\"",
          in: part)
      }
    }
    if groups.count > 1, groups.contains(where: \.name.isEmpty) {
      throw FigureError(part, "one of several groups has no name")
    }
    if isEqual, x.scale != .linear || y.scale != .linear {
      throw FigureError(part, "only linear axes can have steps of equal length")
    }
    let points = groups.flatMap(\.points) + guides.flatMap(\.points)
    try x.check(points.map(\.x) + references.values(.vertical), in: part)
    try y.check(points.map(\.y) + references.values(.horizontal), in: part)
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    let legend =
      isEqual && width > 480
      ? 0 : Legend(entries: legendEntries).height(forWidth: width, on: canvas)
    guard isEqual else { return max(min(width * 0.6, 400), 180) + legend }
    // As high as the area would be wide, within reason.
    let (xRange, yRange) = (x.range ?? own.x ?? 0...1, y.range ?? own.y ?? 0...1)
    let (across, up) = (
      max(xRange.upperBound - xRange.lowerBound, 1e-12), yRange.upperBound - yRange.lowerBound
    )
    let area = (width - 60) * up / across
    return min(max(area, 120), 420) + 76 + legend
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let legend = Legend(entries: legendEntries)
    // Square pictures leave room beside them.
    let isBeside = isEqual && frame.width > 480 && !legend.entries.isEmpty
    let top = isBeside ? 0 : legend.height(forWidth: frame.width, on: canvas)
    let right = isBeside ? legend.columnWidth(on: canvas) + 24 : 0
    let shared = own
    let axes = Axes(
      x: x, holding: shared.x, xMargin: .share(0.07), y: y, holding: shared.y,
      yMargin: .share(0.07),
      in: frame.inset(top: top), right: right, isEqual: isEqual, on: canvas)
    if isBeside {
      legend.drawColumn(on: canvas, at: Point(axes.area.maxX + 28, axes.area.y))
    } else {
      legend.draw(on: canvas, in: frame)
    }
    axes.draw(on: canvas, xGrid: true)
    canvas.clipped(to: axes.area) {
      for guide in guides { draw(guide, axes, canvas) }
    }
    axes.draw(references, on: canvas)
    var obstacles: [Rectangle] = []
    for (index, group) in groups.enumerated() {
      let count = group.points.count
      let fitting = min(count > 300 ? 2.4 : count > 60 ? 3.4 : 5, max(axes.area.width / 45, 2.4))
      let radius = group.radius ?? fitting
      let colour = self.colour(index)
      for point in group.points.map(axes.position)
      where axes.area.inset(left: -3, top: -3, right: -3, bottom: -3).contains(point) {
        let isMany = group.points.count > 60
        canvas.mark(
          self.marker(index), at: point, radius: radius, isMany ? colour.opacity(0.6) : colour)
        obstacles.append(
          Rectangle(x: point.x - radius, y: point.y - radius, width: 2 * radius, height: 2 * radius)
        )
      }
    }
    for (index, group) in groups.enumerated() {
      for (label, point) in zip(group.labels ?? [], group.points) where !label.isEmpty {
        place(label, axes.position(point), colour(index), &obstacles, axes.area, canvas)
      }
    }
  }

  private func colour(_ index: Int) -> Colour {
    groups[index].colour ?? .category(groups[..<index].filter { $0.colour == nil }.count)
  }

  private func marker(_ index: Int) -> Marker { groups[index].marker ?? .category(index) }

  private var legendEntries: [LegendEntry] { hidesLegend || groups.count < 2 ? [] : allEntries }

  private var allEntries: [LegendEntry] {
    groups.indices.map {
      LegendEntry(name: groups[$0].name, symbol: .marker(marker($0)), colour: colour($0))
    }
  }

  private func draw(_ guide: Guide, _ axes: Axes, _ canvas: Canvas) {
    let stroke = Stroke(guide.colour, width: 1.25, dashes: guide.isDashed ? [4, 3] : [])
    let points = guide.points.map(axes.position)
    switch guide.kind {
    case .polygon: canvas.outline(points, stroke)
    case .path: canvas.line(points, stroke)
    case .circle:
      canvas.outline(
        circleAt: Point((points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2),
        radius: (points[1].x - points[0].x) / 2, height: (points[0].y - points[1].y) / 2, stroke)
    case .arrow: canvas.arrow(from: points[0], to: points[1], Stroke(guide.colour, width: 1.75))
    }
  }

  /// Puts a label where it covers least: right, left, above or below its point.
  private func place(
    _ label: String, _ point: Point, _ colour: Colour, _ obstacles: inout [Rectangle],
    _ area: Rectangle, _ canvas: Canvas
  ) {
    let style = TextStyle(size: 12, weight: .medium, colour: colour.asText)
    let size = canvas.size(of: label, style)
    let corners = [
      Point(point.x + 8, point.y - size.height / 2),
      Point(point.x - 8 - size.width, point.y - size.height / 2),
      Point(point.x - size.width / 2, point.y - 8 - size.height),
      Point(point.x - size.width / 2, point.y + 8),
      Point(point.x + 6, point.y - 5 - size.height),
      Point(point.x - 6 - size.width, point.y - 5 - size.height),
      Point(point.x + 6, point.y + 5),
      Point(point.x - 6 - size.width, point.y + 5),
    ]
    let boxes = corners.map {
      Rectangle(x: $0.x, y: $0.y, width: size.width, height: size.height)
    }
    func cost(_ box: Rectangle) -> Double {
      let hidden = obstacles.reduce(0) { $0 + overlap($1, box) }
      return hidden + 4 * (size.width * size.height - overlap(area, box))
    }
    guard let best = boxes.min(by: { cost($0) < cost($1) }) else { return }
    canvas.text(label, at: Point(best.x, best.y), .topLeft, style, hasHalo: true)
    obstacles.append(best)
  }

  private func overlap(_ one: Rectangle, _ other: Rectangle) -> Double {
    max(min(one.maxX, other.maxX) - max(one.x, other.x), 0)
      * max(min(one.maxY, other.maxY) - max(one.y, other.y), 0)
  }
}

/// Points of one kind.
public struct PointGroup: Hashable, Sendable {
  public var name: String
  public var points: [Point]
  /// A text beside each point; empty for none.
  public var labels: [String]?
  /// The next of the categories' colours if nil.
  public var colour: Colour?
  /// The next of the shapes if nil.
  public var marker: Marker?
  /// The size of the markers; by their number if nil.
  public var radius: Double?

  public init(
    _ name: String, _ points: [Point], labels: [String]? = nil, colour: Colour? = nil,
    marker: Marker? = nil, radius: Double? = nil
  ) {
    self.name = name
    self.points = points
    self.labels = labels
    self.colour = colour
    self.marker = marker
    self.radius = radius
  }
}

/// An outline in the plane of the data: a square of inputs, a boundary, a direction.
public struct Guide: Hashable, Sendable {
  enum Kind: Hashable, Sendable { case polygon, path, circle, arrow }

  let kind: Kind
  let points: [Point]
  let colour: Colour
  let isDashed: Bool

  /// A closed outline.
  public static func polygon(
    _ corners: [Point], colour: Colour = .rule, isDashed: Bool = false
  ) -> Guide { Guide(kind: .polygon, points: corners, colour: colour, isDashed: isDashed) }

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

  /// An arrow from one point to another.
  public static func arrow(from start: Point, to end: Point, colour: Colour = .muted) -> Guide {
    Guide(kind: .arrow, points: [start, end], colour: colour, isDashed: false)
  }
}

extension Scatter: SharingPlot {
  var own: Shared {
    var shared = Shared()
    let points = groups.flatMap(\.points) + guides.flatMap(\.points)
    shared.x = union(range(of: points.map(\.x)), range(of: references.values(.vertical)))
    shared.y = union(range(of: points.map(\.y)), range(of: references.values(.horizontal)))
    shared.legend = groups.count < 2 ? [] : allEntries
    return shared
  }

  func sharing(_ shared: Shared) -> Scatter {
    var copy = self
    copy.hidesLegend = true
    func widened(_ axis: Axis, _ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
      if let own = axis.range { return own }
      let settled = SettledAxis(axis, holding: range, margin: .share(0.07), tickCount: 4)
      return settled.lower...settled.upper
    }
    copy.x.range = widened(x, shared.x)
    copy.y.range = widened(y, shared.y)
    return copy
  }
}
