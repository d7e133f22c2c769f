/// Every number of a population as a dot, a row for each group, with the median as a line.
///
/// ```swift
/// Strip(
///   groups: [Sample("template neuron", drops), Sample("random neuron", placebo, isControl: true)],
///   x: Axis("accuracy lost", unit: "percentage points"))
/// ```
public struct Strip: Plot {
  public var groups: [Sample]
  public var x: Axis
  public var references: [ReferenceLine]
  /// What a dot is.
  public var dotMeaning: String

  public init(
    groups: [Sample], x: Axis, references: [ReferenceLine] = [],
    dotMeaning: String = "one network"
  ) {
    self.groups = groups
    self.x = x
    self.references = references
    self.dotMeaning = dotMeaning
  }

  public func check() throws {
    try Sample.check(groups, x, references.values(.vertical), in: "strip")
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    Self.rowHeight * Double(groups.count) + 76 + (references.isEmpty ? 0 : 16)
  }

  private static let rowHeight = 64.0

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let labelWidth = min(canvas.widest(of: groups.map(\.name), .label), frame.width * 0.28)
    let left = labelWidth > 0 ? labelWidth + 16 : 0
    let count = Double(groups.count)
    let axes = Axes(
      x: x, holding: own.x, xMargin: .share(0.03), y: Axis("", range: 0...count, ticks: []),
      holding: nil, yMargin: .none, in: frame.inset(left: left, top: 16),
      top: references.isEmpty ? 0 : 16, on: canvas)
    axes.draw(on: canvas, xGrid: true)
    axes.draw(references, on: canvas, isOutside: true)
    let row = axes.area.height / count
    for (index, group) in groups.enumerated() {
      let middle = axes.area.y + (Double(index) + 0.5) * row
      if index > 0 {
        canvas.rule(y: middle - row / 2, from: frame.x, to: axes.area.maxX, .gridline)
      }
      canvas.text(
        group.name, at: Point(frame.x, middle), .left, .label, width: max(labelWidth, 20) + 1)
      drawDots(of: group, Sample.colour(index, of: groups), middle, row, axes, canvas)
    }
    drawLegend(from: Point(axes.area.x, frame.y + 7), canvas)
  }

  private func drawLegend(from start: Point, _ canvas: Canvas) {
    canvas.line(
      [Point(start.x + 1, start.y - 6), Point(start.x + 1, start.y + 6)], Stroke(.ink, width: 2))
    canvas.text("median", at: Point(start.x + 8, start.y), .left, .tick)
    let next = start.x + 8 + canvas.size(of: "median", .tick).width + 22
    canvas.mark(.circle, at: Point(next, start.y), radius: 3.4, .muted)
    canvas.text(dotMeaning, at: Point(next + 9, start.y), .left, .tick)
  }

  /// Stacks the dots of neighbouring numbers around the middle, closer together where they are
  /// many.
  private func drawDots(
    of group: Sample, _ colour: Colour, _ middle: Double, _ row: Double, _ axes: Axes,
    _ canvas: Canvas
  ) {
    let radius = group.values.count > 400 ? 2.2 : group.values.count > 120 ? 2.8 : 3.4
    let bin = radius * 2
    let sorted = group.values.sorted()
    let places = sorted.map { axes.position(x: $0) }
    var start = 0
    while start < places.count {
      var end = start
      while end < places.count, places[end] < places[start] + bin { end += 1 }
      let count = Double(end - start)
      let spacing = min(radius * 2, (row - 14 - 2 * radius) / max(count - 1, 1))
      for index in start..<end {
        // From the middle outwards, in turn up and down.
        let order = Double(index - start)
        let steps = (order / 2).rounded(.up) * (Int(order) % 2 == 0 ? 1 : -1)
        let offset = (steps + (Int(count) % 2 == 0 ? 0.5 : 0)) * spacing
        canvas.mark(
          .circle, at: Point(places[index], middle + offset), radius: radius,
          colour.opacity(group.isControl ? 0.6 : 0.62))
      }
      start = end
    }
    guard !sorted.isEmpty else { return }
    let half = sorted.count / 2
    let median = sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
    let place = axes.position(x: median)
    let height = row * 0.36
    canvas.line(
      [Point(place, middle - height), Point(place, middle + height)], Stroke(.white, width: 4))
    canvas.line(
      [Point(place, middle - height), Point(place, middle + height)], Stroke(.ink, width: 2))
  }
}

extension Strip: SharingPlot {
  var own: Shared {
    var shared = Shared()
    shared.x = range(of: groups.flatMap(\.values) + references.values(.vertical))
    return shared
  }

  func sharing(_ shared: Shared) -> Strip {
    var copy = self
    if x.range == nil { copy.x.range = shared.x }
    return copy
  }
}
