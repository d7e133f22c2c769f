/// The strip that says which colour is which number.
struct ColourBar {
  let scale: ColourScale
  let label: String

  private static let thickness = 12.0
  /// The width at which the label of an upright bar is broken.
  static let widestLabel = 96.0

  /// The width that an upright bar takes, labels included.
  func width(on canvas: Canvas) -> Double {
    max(
      Self.thickness + 6 + canvas.widest(of: ticks.map(\.label), .tick),
      min(canvas.size(of: label, .axis).width, Self.widestLabel))
  }

  /// The height that a level bar takes, labels included.
  func height(on canvas: Canvas) -> Double { 16 + 6 + Self.thickness + 4 + 16 }

  /// Draws an upright bar with its label above and its ends and middle beside it.
  func drawUpright(on canvas: Canvas, in frame: Rectangle) {
    let labelHeight = canvas.size(of: label, .axis, width: frame.width).height
    canvas.text(label, at: Point(frame.x, frame.y), .topLeft, .axis, width: frame.width)
    let bar = Rectangle(
      x: snapped(frame.x), y: snapped(frame.y + labelHeight + 8), width: Self.thickness,
      height: snapped(max(min(frame.height - labelHeight - 8, 220), 48)))
    let steps = Int(bar.height * 2)
    for step in 0..<steps {
      let place = 1 - (Double(step) + 0.5) / Double(steps)
      canvas.fill(
        Rectangle(x: bar.x, y: bar.y + Double(step) / 2, width: bar.width, height: 0.5),
        scale.map.colour(at: place))
    }
    canvas.outline(bar, Stroke(.rule, width: 0.5))
    for tick in ticks {
      let place = (tick.value - scale.lower) / (scale.upper - scale.lower)
      let y = bar.maxY - place * bar.height
      canvas.rule(y: y, from: bar.maxX, to: bar.maxX + 3, .axis)
      let shifted = min(max(y, bar.y + 5), bar.maxY - 5)
      canvas.text(tick.label, at: Point(bar.maxX + 6, shifted), .left, .tick)
    }
  }

  /// Draws a level bar with its label before it and the numbers below.
  func drawLevel(on canvas: Canvas, in frame: Rectangle) {
    canvas.text(label, at: Point(frame.x, frame.y), .topLeft, .axis)
    let bar = Rectangle(
      x: snapped(frame.x), y: snapped(frame.y + 21), width: snapped(min(frame.width, 220)),
      height: Self.thickness)
    let steps = Int(bar.width * 2)
    for step in 0..<steps {
      canvas.fill(
        Rectangle(x: bar.x + Double(step) / 2, y: bar.y, width: 0.5, height: bar.height),
        scale.map.colour(at: (Double(step) + 0.5) / Double(steps)))
    }
    canvas.outline(bar, Stroke(.rule, width: 0.5))
    for (index, tick) in ticks.enumerated() {
      let place = (tick.value - scale.lower) / (scale.upper - scale.lower)
      let anchor: Anchor = index == 0 ? .topLeft : index == ticks.count - 1 ? .topRight : .top
      canvas.text(tick.label, at: Point(bar.x + place * bar.width, bar.maxY + 4), anchor, .tick)
    }
  }

  /// The ends, always, and round numbers well between them; of a diverging scale just zero.
  private var ticks: [Tick] {
    let span = scale.upper - scale.lower
    let between: [Double]
    switch scale.map {
    case .diverging: between = [0]
    case .sequential:
      let step = Ticks.step(span: span, count: 3)
      between = Ticks.linear(from: scale.lower, to: scale.upper, step: step).map(\.value)
        .filter { min($0 - scale.lower, scale.upper - $0) > 0.2 * span }
    }
    return ([scale.lower] + between + [scale.upper]).map { Tick($0, NumberLabel.short($0)) }
  }
}
