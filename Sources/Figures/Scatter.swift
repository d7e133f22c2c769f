/// Points in the plane, in groups that differ by colour and by shape, with what is drawn around
/// them.
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
  /// Whether the point where both are zero is marked, with lines through it.
  public var showsOrigin: Bool
  public var references: [ReferenceLine]
  /// Outlines behind the points.
  public var guides: [Guide]
  var hidesLegend = false

  public init(
    groups: [PointGroup], x: Axis, y: Axis, isEqual: Bool = false, showsOrigin: Bool = false,
    references: [ReferenceLine] = [], guides: [Guide] = []
  ) {
    self.groups = groups
    self.x = x
    self.y = y
    self.isEqual = isEqual
    self.showsOrigin = showsOrigin
    self.references = references
    self.guides = guides
  }

  public func check() throws {
    let part = "scatter"
    guard groups.contains(where: { !$0.points.isEmpty }) || !guides.isEmpty else {
      throw FigureError(part, "there is no point to show")
    }
    for guide in guides { try guide.check(in: part) }
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
    if guides.contains(where: { $0.kind == .line }), x.scale != .linear || y.scale != .linear {
      throw FigureError(part, "a line through the origin needs linear axes")
    }
    try x.check(extent.map(\.x) + references.values(.vertical), in: part)
    try y.check(extent.map(\.y) + references.values(.horizontal), in: part)
  }

  /// The points that the axes have to hold.
  private var extent: [Point] {
    groups.flatMap(\.points) + guides.flatMap(\.extent) + (showsOrigin ? [Point(0, 0)] : [])
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
    return min(max(area, 80), 420) + 76 + legend
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let legend = Legend(entries: legendEntries)
    // Square pictures leave room beside them.
    let isBeside = isEqual && frame.width > 480 && !legend.entries.isEmpty
    let top = isBeside ? 0 : legend.height(forWidth: frame.width, on: canvas)
    let right = isBeside ? legend.columnWidth(on: canvas) + 24 : 0
    let shared = own
    let axes = Axes(
      x: x, holding: shared.x, xMargin: margin, y: y, holding: shared.y, yMargin: margin,
      in: frame.inset(top: top), right: right, isEqual: isEqual, on: canvas)
    if isBeside {
      legend.drawColumn(on: canvas, at: Point(axes.area.maxX + 28, axes.area.y))
    } else {
      legend.draw(on: canvas, in: frame)
    }
    axes.draw(on: canvas, xGrid: true)
    var labels = LabelPlacement(in: axes.area)
    if showsOrigin { drawOrigin(axes, &labels, canvas) }
    for guide in guides {
      // The loops of a walk may reach a little beyond.
      let room = guide.kind == .walk ? -14.0 : 0
      canvas.clipped(to: axes.area.inset(left: room, top: room, right: room, bottom: room)) {
        guide.draw(in: axes, avoiding: &labels, on: canvas)
      }
    }
    axes.draw(references, on: canvas)
    for index in groups.indices { drawPoints(of: index, axes, &labels, canvas) }
    for (index, group) in groups.enumerated() {
      for (label, point) in zip(group.labels ?? [], group.points) where !label.isEmpty {
        labels.place(label, at: [axes.position(point)], colour(index), on: canvas)
      }
    }
    for guide in guides where !guide.label.isEmpty {
      labels.place(guide.label, at: guide.anchors(in: axes), guide.colour, on: canvas)
    }
  }

  /// Lines through the origin leave more room, for labels at their ends.
  private var margin: SettledAxis.Margin { .share(showsOrigin ? 0.14 : 0.07) }

  private func drawOrigin(_ axes: Axes, _ labels: inout LabelPlacement, _ canvas: Canvas) {
    let origin = axes.position(Point(0, 0))
    canvas.rule(x: origin.x, from: axes.area.y, to: axes.area.maxY, .axis)
    canvas.rule(y: origin.y, from: axes.area.x, to: axes.area.maxX, .axis)
    canvas.fill(discAt: origin, radius: 2.5, .muted)
    labels.avoid(discAt: origin, radius: 2.5)
  }

  private func drawPoints(
    of index: Int, _ axes: Axes, _ labels: inout LabelPlacement, _ canvas: Canvas
  ) {
    let group = groups[index]
    // Clouds of several kinds are told apart by shapes, which need some size.
    let count = kinds.isEmpty ? group.points.count : groups.reduce(0) { $0 + $1.points.count }
    let least = kinds.isEmpty ? 2.4 : 3
    let fitting = count > 300 ? least : count > 60 ? 3.4 : 5
    let radius = group.radius ?? min(fitting, max(axes.area.width / 45, least))
    let colour = count > 60 ? self.colour(index).opacity(0.6) : self.colour(index)
    for point in group.points.map(axes.position)
    where axes.area.inset(left: -3, top: -3, right: -3, bottom: -3).contains(point) {
      canvas.mark(marker(index), at: point, radius: radius, colour)
      labels.avoid(discAt: point, radius: radius)
    }
  }

  /// The next of the colours for each new name.
  private func colour(_ index: Int) -> Colour {
    groups[index].colour
      ?? .category(
        Self.place(of: groups[index].name, in: groups.filter { $0.colour == nil }.map(\.name)))
  }

  /// The next of the shapes for each new kind, or for each group where there are no kinds.
  private func marker(_ index: Int) -> Marker {
    groups[index].marker
      ?? .category(groups[index].kind.map { Self.place(of: $0, in: kinds) } ?? index)
  }

  private var kinds: [String] { groups.compactMap(\.kind) }

  /// How many different names come before a name.
  private static func place(of name: String, in names: [String]) -> Int {
    Set(names.prefix { $0 != name }).count
  }

  private var legendEntries: [LegendEntry] { hidesLegend || groups.count < 2 ? [] : allEntries }

  /// An entry for each group; for each colour, then for each shape, where there are kinds.
  private var allEntries: [LegendEntry] {
    guard !kinds.isEmpty else {
      return groups.indices.map {
        LegendEntry(name: groups[$0].name, symbol: .marker(marker($0)), colour: colour($0))
      }
    }
    let colours = groups.indices.map {
      LegendEntry(name: groups[$0].name, symbol: .box(colour($0)), colour: colour($0))
    }
    let shapes = groups.indices.compactMap { index in
      groups[index].kind.map {
        LegendEntry(name: $0, symbol: .marker(marker(index)), colour: .muted)
      }
    }
    return (colours + shapes).reduce(into: []) { entries, entry in
      if !entries.contains(entry) { entries.append(entry) }
    }
  }
}

/// Points of one kind.
public struct PointGroup: Hashable, Sendable {
  public var name: String
  public var points: [Point]
  /// What the shape of the points says, where their colour says the name.
  public var kind: String?
  /// A text beside each point; empty for none.
  public var labels: [String]?
  /// The next of the categories' colours if nil.
  public var colour: Colour?
  /// The next of the shapes if nil.
  public var marker: Marker?
  /// The size of the markers; by their number if nil.
  public var radius: Double?

  public init(
    _ name: String, _ points: [Point], kind: String? = nil, labels: [String]? = nil,
    colour: Colour? = nil, marker: Marker? = nil, radius: Double? = nil
  ) {
    self.name = name
    self.points = points
    self.kind = kind
    self.labels = labels
    self.colour = colour
    self.marker = marker
    self.radius = radius
  }
}

extension Scatter: SharingPlot {
  var own: Shared {
    var shared = Shared()
    shared.x = range(of: extent.map(\.x) + references.values(.vertical))
    shared.y = range(of: extent.map(\.y) + references.values(.horizontal))
    shared.legend = groups.count < 2 ? [] : allEntries
    return shared
  }

  func sharing(_ shared: Shared) -> Scatter {
    var copy = self
    copy.hidesLegend = true
    func widened(_ axis: Axis, _ range: ClosedRange<Double>?) -> ClosedRange<Double>? {
      if let own = axis.range { return own }
      let settled = SettledAxis(axis, holding: range, margin: margin, tickCount: 4)
      return settled.lower...settled.upper
    }
    copy.x.range = widened(x, shared.x)
    copy.y.range = widened(y, shared.y)
    return copy
  }
}
