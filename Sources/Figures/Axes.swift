/// Two axes with the area between them: the frame of every plot of numbers against numbers.
///
/// The vertical axis has its title above, level, where it is read first.
struct Axes {
  let x: SettledAxis
  let y: SettledAxis
  /// Where the data lie.
  let area: Rectangle
  private let frame: Rectangle
  private let hidesX: Bool

  /// Lays out axes so that titles and labels fit the frame.
  ///
  /// `right` and `top` are the room kept free beside and above the area. With `isEqual`, a step is
  /// as long on both axes.
  init(
    x: Axis, holding xData: ClosedRange<Double>?, xMargin: SettledAxis.Margin, y: Axis,
    holding yData: ClosedRange<Double>?, yMargin: SettledAxis.Margin, in frame: Rectangle,
    right: Double = 0, top extraTop: Double = 0, isEqual: Bool = false, hidesX: Bool = false,
    on canvas: Canvas
  ) {
    let top = canvas.size(of: y.title, .axis, width: frame.width).height + 10 + extraTop
    let bottom = hidesX ? 0 : Self.bottom(x, frame.width, canvas)
    let height = max(frame.height - top - bottom, 20)
    var settledY = SettledAxis(
      y, holding: yData, margin: yMargin, tickCount: max(2, Int(height / 54)))
    let left = canvas.widest(of: settledY.ticks.map(\.label), .tick) + 8
    // The label of the last tick is centred below the end of the area.
    let width = max(frame.width - left - max(right, 14), 20)
    var settledX = SettledAxis(
      x, holding: xData, margin: xMargin, tickCount: max(2, Int(width / 90)))
    var area = Rectangle(x: frame.x + left, y: frame.y + top, width: width, height: height)
    if isEqual {
      // The same step on both axes, and the area as the ranges are.
      let step = max(
        Ticks.step(span: settledX.upper - settledX.lower, count: max(3, Int(width / 70))),
        Ticks.step(span: settledY.upper - settledY.lower, count: max(3, Int(height / 48))))
      settledX = SettledAxis(x, holding: xData, margin: xMargin, tickCount: 2, step: step)
      settledY = SettledAxis(y, holding: yData, margin: yMargin, tickCount: 2, step: step)
      let scale = min(
        area.width / (settledX.upper - settledX.lower),
        area.height / (settledY.upper - settledY.lower))
      area.width = scale * (settledX.upper - settledX.lower)
      area.height = scale * (settledY.upper - settledY.lower)
    }
    area.x = snapped(area.x)
    area.y = snapped(area.y)
    area.width = snapped(area.width)
    area.height = snapped(area.height)
    self.x = settledX
    self.y = settledY
    self.area = area
    self.frame = frame
    self.hidesX = hidesX
  }

  /// The room that labels and title of the horizontal axis take.
  private static func bottom(_ x: Axis, _ width: Double, _ canvas: Canvas) -> Double {
    8 + canvas.size(of: "0", .tick).height + 6
      + canvas.size(of: x.title, .axis, width: width).height
  }

  func position(x value: Double) -> Double { area.x + x.place(value) * area.width }
  func position(y value: Double) -> Double { area.maxY - y.place(value) * area.height }
  func position(_ point: Point) -> Point { Point(position(x: point.x), position(y: point.y)) }

  /// Draws grid, ticks and titles, all that lies behind the data.
  func draw(on canvas: Canvas, xGrid: Bool = false, yGrid: Bool = true) {
    canvas.text(y.axis.title, at: Point(frame.x, frame.y), .topLeft, .axis, width: frame.width)
    for tick in y.ticks where isInside(y.place(tick.value)) {
      let height = position(y: tick.value)
      if yGrid { canvas.rule(y: height, from: area.x, to: area.maxX, .gridline) }
      canvas.text(tick.label, at: Point(area.x - 8, height), .right, .tick)
    }
    if hidesX { return }
    for tick in x.ticks where isInside(x.place(tick.value)) {
      let place = position(x: tick.value)
      if xGrid { canvas.rule(x: place, from: area.y, to: area.maxY, .gridline) }
      canvas.rule(x: place, from: area.maxY, to: area.maxY + 4, .axis)
      canvas.text(tick.label, at: Point(place, area.maxY + 8), .top, .tick)
    }
    canvas.rule(y: area.maxY, from: area.x, to: area.maxX, .axis)
    canvas.text(
      x.axis.title,
      at: Point(area.midX, area.maxY + 14 + canvas.size(of: "0", .tick).height), .top, .axis,
      width: nil)
  }

  /// Draws the lines that mark a number, with their labels, outside the area where data would lie
  /// beneath.
  func draw(_ references: [ReferenceLine], on canvas: Canvas, isOutside: Bool = false) {
    for reference in references {
      let stroke = Stroke(.muted, width: 1, dashes: [4, 3])
      let style = ReferenceLine.style
      switch reference.direction {
      case .horizontal where isOutside && isInside(y.place(reference.value)):
        let height = position(y: reference.value)
        canvas.rule(y: height, from: area.x, to: area.maxX, stroke)
        canvas.text(
          reference.label, at: Point(area.maxX + 7, height), .left, style,
          width: ReferenceLine.labelWidth)
      case .vertical where isOutside && isInside(x.place(reference.value)):
        let place = position(x: reference.value)
        canvas.rule(x: place, from: area.y - 2, to: area.maxY, stroke)
        let half = canvas.size(of: reference.label, style).width / 2
        let middle = max(min(place, frame.maxX - half), area.x + half)
        canvas.text(reference.label, at: Point(middle, area.y - 3), .bottom, style)
      case .horizontal where isInside(y.place(reference.value)):
        let height = position(y: reference.value)
        canvas.rule(y: height, from: area.x, to: area.maxX, stroke)
        let isBelow = height - area.y < 16
        let isLeft = reference.labelPlace == .start
        let x = isLeft ? area.x + 4 : area.maxX - 2
        let anchor: Anchor =
          isLeft ? (isBelow ? .topLeft : .bottomLeft) : (isBelow ? .topRight : .bottomRight)
        canvas.text(
          reference.label, at: Point(x, height + (isBelow ? 3 : -3)), anchor, style, hasHalo: true)
      case .vertical where isInside(x.place(reference.value)):
        let place = position(x: reference.value)
        canvas.rule(x: place, from: area.y, to: area.maxY, stroke)
        let isLeft = place > area.midX
        let height = reference.labelPlace == .start ? area.maxY - 6 : area.y + 2
        let anchor: Anchor =
          reference.labelPlace == .start
          ? (isLeft ? .bottomRight : .bottomLeft) : (isLeft ? .topRight : .topLeft)
        canvas.text(
          reference.label, at: Point(place + (isLeft ? -5 : 5), height), anchor, style,
          hasHalo: true)
      default: break
      }
    }
  }

  private func isInside(_ place: Double) -> Bool { place > -1e-6 && place < 1 + 1e-6 }
}

/// A dashed line at a number, with a label.
public struct ReferenceLine: Hashable, Sendable {
  /// Which way the line runs.
  public enum Direction: Hashable, Sendable { case horizontal, vertical }
  /// The end of the line at which the label stands: left or lower, right or upper.
  public enum LabelPlace: Hashable, Sendable { case start, end }

  static let style = TextStyle(size: 11.5, weight: .medium, colour: .muted)
  /// The width at which labels outside the area are broken.
  static let labelWidth = 92.0

  public var label: String
  public var value: Double
  public var direction: Direction
  public var labelPlace: LabelPlace

  /// A level line at a number of the vertical axis.
  public static func horizontal(
    _ label: String, at value: Double, labelPlace: LabelPlace = .end
  ) -> ReferenceLine {
    ReferenceLine(label: label, value: value, direction: .horizontal, labelPlace: labelPlace)
  }

  /// An upright line at a number of the horizontal axis.
  public static func vertical(
    _ label: String, at value: Double, labelPlace: LabelPlace = .end
  ) -> ReferenceLine {
    ReferenceLine(label: label, value: value, direction: .vertical, labelPlace: labelPlace)
  }
}

extension Collection where Element == ReferenceLine {
  /// The room that labels beside the area take.
  func labelWidth(on canvas: Canvas) -> Double {
    let widths = map {
      canvas.size(of: $0.label, ReferenceLine.style, width: ReferenceLine.labelWidth).width
    }
    return widths.max().map { $0 + 9 } ?? 0
  }

  func values(_ direction: ReferenceLine.Direction) -> [Double] {
    filter { $0.direction == direction }.map(\.value)
  }
}
