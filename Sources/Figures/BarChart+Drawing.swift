extension BarChart {
  func drawUp(on canvas: Canvas, in frame: Rectangle) {
    // The labels' room depends on the bars' width, which hardly depends on the rest: 60 px for the
    // numbers.
    let slot = max((frame.width - 60) / Double(categories.count), 8)
    let widestWord =
      categories.flatMap { $0.split(separator: " ").map(String.init) }
      .map { canvas.size(of: $0, .tick).width }.max() ?? 0
    let isTurned = widestWord > slot - 4
    let step = isTurned ? max(1, Int((15 / slot).rounded(.up))) : 1
    let labelHeight =
      isTurned
      ? canvas.widest(of: categories, .tick)
      : categories.map { canvas.size(of: $0, .tick, width: slot - 4).height }.max() ?? 0
    let title = categoryTitle.isEmpty ? 0 : canvas.size(of: categoryTitle, .axis).height + 6
    let axes = Axes(
      x: Axis("", range: 0...Double(categories.count), ticks: []), holding: nil, xMargin: .none,
      y: axis, holding: valueRange, yMargin: .ticks,
      in: frame.inset(bottom: labelHeight + title + 8), right: references.labelWidth(on: canvas),
      hidesX: true, on: canvas)
    axes.draw(on: canvas)
    for (index, category) in categories.enumerated() {
      let left = axes.position(x: Double(index))
      let right = axes.position(x: Double(index + 1))
      drawBars(at: index, from: left, to: right, on: canvas) { axes.position(y: $0) }
      guard index % step == 0 else { continue }
      let place = Point((left + right) / 2, axes.area.maxY + 8)
      if isTurned {
        canvas.text(category, at: place, .right, .tick, isTurned: true)
      } else {
        canvas.text(category, at: place, .top, .tick, width: slot - 4)
      }
    }
    let baseline = axis.scale == .linear ? axes.position(y: max(axes.y.lower, 0)) : axes.area.maxY
    canvas.rule(y: baseline, from: axes.area.x, to: axes.area.maxX, Stroke(.muted))
    axes.draw(
      references.map { .horizontal($0.label, at: $0.value) }, on: canvas, isOutside: true)
    canvas.text(
      categoryTitle, at: Point(axes.area.midX, axes.area.maxY + 8 + labelHeight + 6), .top, .axis)
  }

  func drawRight(on canvas: Canvas, in frame: Rectangle) {
    let count = Double(categories.count)
    let ticks = categories.enumerated().map { Tick(count - Double($0) - 0.5, $1) }
    let axes = Axes(
      x: axis, holding: valueRange, xMargin: .ticks,
      y: Axis(categoryTitle, range: 0...count, ticks: ticks), holding: nil, yMargin: .none,
      in: frame, right: valueDecimals == nil ? 0 : 44, top: references.isEmpty ? 0 : 14,
      on: canvas)
    axes.draw(on: canvas, xGrid: true, yGrid: false)
    for index in categories.indices {
      let top = axes.position(y: count - Double(index))
      let bottom = axes.position(y: count - Double(index) - 1)
      drawBars(at: index, from: top, to: bottom, on: canvas) { axes.position(x: $0) }
    }
    let baseline = axis.scale == .linear ? axes.position(x: max(axes.x.lower, 0)) : axes.area.x
    canvas.rule(x: baseline, from: axes.area.y, to: axes.area.maxY, Stroke(.muted))
    axes.draw(references.map { .vertical($0.label, at: $0.value) }, on: canvas, isOutside: true)
  }

  /// Draws the bars of one category between two places across; `along` places a number.
  private func drawBars(
    at index: Int, from start: Double, to end: Double, on canvas: Canvas, along: (Double) -> Double
  ) {
    let slot = end - start
    if isStacked {
      let thickness = min(slot * 0.78, 46)
      let near = snapped((start + end - thickness) / 2)
      return drawStack(at: index, from: near, to: near + snapped(thickness), on: canvas, along)
    }
    let share = series.count == 1 ? 0.66 : 0.78
    let thickness = min(slot * share / Double(series.count), 46)
    let first = (start + end - thickness * Double(series.count)) / 2
    for (place, bars) in series.enumerated() {
      let value = bars.values[index]
      let near = snapped(first + Double(place) * thickness + (series.count > 1 ? 0.5 : 0))
      let far = snapped(first + Double(place + 1) * thickness - (series.count > 1 ? 0.5 : 0))
      let zero = along(axis.scale == .linear ? 0 : axis.range?.lowerBound ?? smallest)
      let box = self.box(near, far, snapped(zero), snapped(along(value)))
      if bars.isControl {
        canvas.controlBar(box)
      } else {
        canvas.fill(box, bars.colours?[index] ?? colour(place))
      }
      let middle = (near + far) / 2
      var tip = value
      if let intervals = bars.intervals, intervals.lower[index] < intervals.upper[index] {
        let (lower, upper) = (intervals.lower[index], intervals.upper[index])
        whisker(middle, along(lower), along(upper), cap: min(4, (far - near) / 4), canvas)
        tip = value < 0 ? min(lower, value) : max(upper, value)
      }
      if let valueDecimals {
        let text = NumberLabel.fixed(value, decimals: valueDecimals)
        let style = TextStyle(size: 11.5, weight: .medium, colour: bars.isControl ? .muted : .ink)
        let end = along(tip)
        switch direction {
        case .up:
          canvas.text(
            text, at: Point(middle, end + (value < 0 ? 3 : -3)), value < 0 ? .top : .bottom, style)
        case .right:
          canvas.text(
            text, at: Point(end + (value < 0 ? -5 : 5), middle), value < 0 ? .right : .left, style)
        }
      }
    }
  }

  /// Draws the parts of one category, the first at zero and each on the one before.
  private func drawStack(
    at index: Int, from near: Double, to far: Double, on canvas: Canvas,
    _ along: (Double) -> Double
  ) {
    var sum = 0.0
    for (place, part) in series.enumerated() where part.values[index] > 0 {
      let box = self.box(
        near, far, snapped(along(sum)), snapped(along(sum + part.values[index])))
      if part.isControl {
        canvas.controlBar(box)
      } else {
        canvas.fill(box, part.colours?[index] ?? colour(place))
      }
      sum += part.values[index]
    }
  }

  private var smallest: Double { valueRange?.lowerBound ?? 1 }

  private func box(_ near: Double, _ far: Double, _ zero: Double, _ tip: Double) -> Rectangle {
    let (low, length) = (min(zero, tip), abs(tip - zero))
    switch direction {
    case .up: return Rectangle(x: near, y: low, width: far - near, height: length)
    case .right: return Rectangle(x: low, y: near, width: length, height: far - near)
    }
  }

  private func whisker(
    _ across: Double, _ lower: Double, _ upper: Double, cap: Double, _ canvas: Canvas
  ) {
    let stroke = Stroke(.ink, width: 1.25)
    func point(_ along: Double, _ offset: Double) -> Point {
      direction == .up ? Point(across + offset, along) : Point(along, across + offset)
    }
    canvas.line([point(lower, 0), point(upper, 0)], stroke)
    for end in [lower, upper] { canvas.line([point(end, -cap), point(end, cap)], stroke) }
  }
}
