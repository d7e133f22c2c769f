import Tensors

/// A small feed-forward network: columns of units, weights as edges coloured by sign and as wide as
/// large.
///
/// ```swift
/// NetworkDiagram(
///   columns: [
///     .init("inputs", units: [.init("x₁"), .init("x₂")]),
///     .init("hidden neurons", units: [.init("n1"), .init("n2", isDead: true)]),
///     .init("output", units: [.init("y")]),
///   ], weights: [[[1.2, 0], [-1.2, 0]], [[0.9], [0]]])
/// ```
public struct NetworkDiagram: Plot {
  public var columns: [Column]
  /// For each two neighbouring columns, a row for each unit of the first, a number for each of the
  /// second.
  public var weights: [[[Double]]]
  public var weightLabel: String
  /// The range of the edges' colours; that of the weights if nil.
  public var scale: ColourScale?
  /// What the colours of the units mean, if any has a value.
  public var valueLabel: String
  var hidesColourBar = false

  /// Makes a diagram; edges below a fiftieth of the largest weight are left out.
  public init(
    columns: [Column], weights: [[[Double]]], weightLabel: String = "weight",
    scale: ColourScale? = nil, valueLabel: String = "activation"
  ) {
    self.columns = columns
    self.weights = weights
    self.weightLabel = weightLabel
    self.scale = scale
    self.valueLabel = valueLabel
  }

  /// Makes a diagram of a network's weight matrices.
  ///
  /// - Shape: each `[units of the column before, units of the column after]`
  /// - Throws: `FigureError` if a tensor is no matrix.
  public init(
    columns: [Column], matrices: [Tensor], weightLabel: String = "weight",
    scale: ColourScale? = nil, valueLabel: String = "activation"
  ) throws {
    self.init(
      columns: columns, weights: try matrices.map { try $0.rows(in: "network diagram") },
      weightLabel: weightLabel, scale: scale, valueLabel: valueLabel)
  }

  public func check() throws {
    let part = "network diagram"
    guard columns.count > 1 else { throw FigureError(part, "a network has at least two columns") }
    try scale?.check(in: part)
    try requireCount(weights.count, "weight matrices", equals: columns.count - 1, "gaps", in: part)
    for (index, matrix) in weights.enumerated() {
      let (before, after) = (columns[index], columns[index + 1])
      try requireCount(
        matrix.count, "rows of weights", equals: before.units.count, "\(before.name)", in: part)
      for row in matrix {
        try requireCount(
          row.count, "weights in a row", equals: after.units.count, "\(after.name)", in: part)
        try requireFinite(row, "a weight from \(before.name) to \(after.name)", in: part)
      }
    }
    for column in columns {
      guard !column.units.isEmpty else {
        throw FigureError(part, "the column \"\(column.name)\" has no units")
      }
      try requireFinite(column.units.compactMap(\.value), "a value of \(column.name)", in: part)
    }
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    let most = Double(columns.map(\.units.count).max() ?? 1)
    let isWide = !hidesColourBar && width > 420
    return min(max(most * 46, isWide ? 200 : 140), 470) + 34
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let bars = colourBars
    let barWidth = bars.map { $0.width(on: canvas) }.max() ?? 0
    let layout = NetworkLayout(
      columns, in: frame.inset(right: bars.isEmpty ? 0 : barWidth + Heatmap.barGap), canvas)
    let scale = resolvedScale
    drawEdges(layout, scale, canvas)
    for (index, column) in columns.enumerated() {
      canvas.text(
        column.name, at: Point(layout.x(index), frame.y), .top, .axis)
      for (unit, item) in column.units.enumerated() {
        draw(item, layout.centre(index, unit), index, layout, canvas)
      }
    }
    var top = frame.y
    for bar in bars {
      let height = min((frame.height - 20) / Double(bars.count), 180)
      bar.drawUpright(
        on: canvas,
        in: Rectangle(x: frame.maxX - barWidth, y: top, width: barWidth, height: height))
      top += height + 24
    }
  }

  var resolvedScale: ColourScale {
    scale ?? ColourScale(.diverging, holding: weights.flatMap { $0.flatMap { $0 } })
  }

  private var values: [Double] { columns.flatMap { $0.units.compactMap(\.value) } }

  private var valueScale: ColourScale { ColourScale(.diverging, holding: values) }

  private var colourBars: [ColourBar] {
    let ofWeights = hidesColourBar ? [] : [ColourBar(scale: resolvedScale, label: weightLabel)]
    return ofWeights + (values.isEmpty ? [] : [ColourBar(scale: valueScale, label: valueLabel)])
  }

  /// Draws the edges, the largest last.
  private func drawEdges(_ layout: NetworkLayout, _ scale: ColourScale, _ canvas: Canvas) {
    struct Edge {
      let gap: Int
      let from: Int
      let to: Int
      let weight: Double
    }
    var edges: [Edge] = []
    for (gap, matrix) in weights.enumerated() {
      for (from, row) in matrix.enumerated() {
        for (to, weight) in row.enumerated() {
          edges.append(Edge(gap: gap, from: from, to: to, weight: weight))
        }
      }
    }
    let largest = max(abs(scale.lower), abs(scale.upper))
    let isCrowded = edges.count > 150
    for edge in edges.sorted(by: { abs($0.weight) < abs($1.weight) }) {
      let amount = min(abs(edge.weight) / largest, 1)
      guard amount >= 0.02 else { continue }
      let isDead =
        columns[edge.gap].units[edge.from].isDead || columns[edge.gap + 1].units[edge.to].isDead
      // Never so pale that a thin line is lost on white.
      let shade = 0.5 + (edge.weight < 0 ? -0.5 : 0.5) * (0.3 + 0.7 * amount)
      let colour = isDead ? Colour.rule.opacity(0.5) : scale.map.colour(at: shade)
      let width = isDead ? 0.6 : 0.5 + (isCrowded ? 3 : 5.5) * amount
      canvas.levelCurve(
        from: layout.centre(edge.gap, edge.from), to: layout.centre(edge.gap + 1, edge.to),
        Stroke(colour, width: width))
    }
  }

  private func draw(
    _ unit: Unit, _ centre: Point, _ column: Int, _ layout: NetworkLayout, _ canvas: Canvas
  ) {
    let radius = layout.radius
    let fill = unit.isDead ? Colour(0xF6F7F8) : unit.value.map(valueScale.colour) ?? .white
    canvas.fill(discAt: centre, radius: radius, .white)
    canvas.fill(discAt: centre, radius: radius, fill)
    canvas.outline(
      circleAt: centre, radius: radius,
      unit.isDead
        ? Stroke(.rule, width: 1, dashes: [3, 2.5])
        : Stroke(.ink.mixed(with: .white, 0.25), width: 1.5))
    let colour: Colour =
      unit.isDead ? .control.asText : layout.isLabelInside[column] ? fill.contrasting : .ink
    let style = TextStyle(size: 12, weight: .medium, colour: colour)
    if layout.isLabelInside[column] {
      canvas.text(unit.label, at: centre, .centre, style)
    } else if column == 0 {
      canvas.text(unit.label, at: Point(centre.x - radius - 7, centre.y), .right, style)
    } else if column == columns.count - 1 {
      canvas.text(unit.label, at: Point(centre.x + radius + 7, centre.y), .left, style)
    } else if layout.step > 2 * radius + 17 {
      canvas.text(
        unit.label, at: Point(centre.x, centre.y - radius - 2), .bottom, style, hasHalo: true)
    }
  }
}

extension NetworkDiagram {
  /// A column of units with its name.
  public struct Column: Hashable, Sendable {
    public var name: String
    public var units: [Unit]

    public init(_ name: String, units: [Unit]) {
      self.name = name
      self.units = units
    }
  }

  /// A circle of a network diagram: an input, a neuron, an output.
  public struct Unit: Hashable, Sendable {
    public var label: String
    /// The number that its colour shows.
    public var value: Double?
    /// Whether it does nothing: drawn faint.
    public var isDead: Bool

    public init(_ label: String, value: Double? = nil, isDead: Bool = false) {
      self.label = label
      self.value = value
      self.isDead = isDead
    }
  }
}

extension NetworkDiagram: SharingPlot {
  var own: Shared { Shared(colours: resolvedScale, colourLabel: weightLabel) }

  func sharing(_ shared: Shared) -> NetworkDiagram {
    var copy = self
    copy.scale = shared.colours
    copy.hidesColourBar = true
    return copy
  }
}
