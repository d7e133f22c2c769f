import Tensors

/// A table of numbers as colours, with a colour bar that says its range.
///
/// ```swift
/// Heatmap(
///   values: [[0.9, -0.4], [nil, 0.1]], rows: ["bit 1", "bit 2"], columns: ["n1", "n2"],
///   rowTitle: "input bit", columnTitle: "neuron", colourLabel: "weight", cellText: .decimals(1))
/// ```
public struct Heatmap: Plot {
  /// What stands in the cells.
  public enum CellText: Hashable, Sendable {
    /// Nothing.
    case none
    /// The number itself, with so many decimals.
    case decimals(Int)
    /// Texts of one's own, a row of them for each row of numbers.
    case texts([[String]])
  }

  /// A cell by its row, from the top, and its column.
  public struct Cell: Hashable, Sendable {
    public var row: Int
    public var column: Int

    public init(_ row: Int, _ column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// The numbers, row by row from the top; nil where there is none.
  public var values: [[Double?]]
  public var rows: [String]
  public var columns: [String]
  public var rowTitle: String
  public var columnTitle: String
  /// What the colours mean, with its unit.
  public var colourLabel: String
  public var map: ColourMap
  /// The range of the colours; that of the numbers if nil.
  public var scale: ColourScale?
  public var cellText: CellText
  /// Whether cells are as high as wide.
  public var isSquare: Bool
  /// Cells with an outline: where a hypothesis expects something.
  public var outlined: [Cell] = []
  /// What the outline says, in the legend.
  public var outlineLabel = ""
  /// What it says that a cell has no number, in the legend.
  public var missingLabel = ""
  var hidesColourBar = false
  var hidesLegend = false
  /// Titles that are not drawn but have their room, since a neighbour has them.
  var hidesRowTitle = false
  var hidesColumnTitle = false

  /// Makes a heatmap; labels that do not fit are left out at regular distances.
  public init(
    values: [[Double?]], rows: [String], columns: [String], rowTitle: String, columnTitle: String,
    colourLabel: String, map: ColourMap = .diverging, scale: ColourScale? = nil,
    cellText: CellText = .none, isSquare: Bool = false
  ) {
    self.values = values
    self.rows = rows
    self.columns = columns
    self.rowTitle = rowTitle
    self.columnTitle = columnTitle
    self.colourLabel = colourLabel
    self.map = map
    self.scale = scale
    self.cellText = cellText
    self.isSquare = isSquare
  }

  /// Makes a heatmap of a matrix.
  ///
  /// - Shape: `[rows, columns]`
  /// - Throws: `FigureError` if the tensor is no matrix.
  public init(
    _ matrix: Tensor, rows: [String], columns: [String], rowTitle: String, columnTitle: String,
    colourLabel: String, map: ColourMap = .diverging, scale: ColourScale? = nil,
    cellText: CellText = .none, isSquare: Bool = false
  ) throws {
    self.init(
      values: try matrix.rows(in: "heatmap"), rows: rows, columns: columns, rowTitle: rowTitle,
      columnTitle: columnTitle, colourLabel: colourLabel, map: map, scale: scale,
      cellText: cellText, isSquare: isSquare)
  }

  public func check() throws {
    guard let width = values.first?.count, width > 0 else {
      throw FigureError("heatmap", "there are no numbers to show")
    }
    for (index, row) in values.enumerated() where row.count != width {
      throw FigureError("heatmap", "row \(index) has \(row.count) numbers, row 0 has \(width)")
    }
    try requireCount(rows.count, "row labels", equals: values.count, "rows", in: "heatmap")
    try requireCount(columns.count, "column labels", equals: width, "columns", in: "heatmap")
    for (index, row) in values.enumerated() {
      try requireFinite(row.map { $0 ?? 0 }, "row \(index)", in: "heatmap")
    }
    for cell in outlined
    where !values.indices.contains(cell.row) || !values[0].indices.contains(cell.column) {
      throw FigureError(
        "heatmap", "no cell has row \(cell.row) and column \(cell.column) to be outlined")
    }
    try scale?.check(in: "heatmap")
    if case .texts(let texts) = cellText {
      try requireCount(
        texts.count, "rows of cell texts", equals: values.count, "rows", in: "heatmap")
      for row in texts {
        try requireCount(row.count, "cell texts", equals: width, "columns", in: "heatmap")
      }
    }
  }

  public func height(forWidth width: Double, on canvas: Canvas) -> Double {
    let layout = Layout(self, Rectangle(x: 0, y: 0, width: width, height: 460), canvas)
    return max(layout.bottom, hidesColourBar ? 0 : 120)
  }

  public func draw(on canvas: Canvas, in frame: Rectangle) {
    let layout = Layout(self, frame, canvas)
    let scale = resolvedScale
    if hasMissing { canvas.missing(layout.area) }
    for (row, numbers) in values.enumerated() {
      for (column, number) in numbers.enumerated() {
        guard let number else { continue }
        let cell = layout.cell(row, column)
        canvas.fill(cell, scale.colour(number))
        label(number, row, column, cell, scale, canvas)
      }
    }
    layout.drawGridAndLabels(on: canvas)
    for cell in outlined {
      let box = layout.cell(cell.row, cell.column)
      let width = box.width < 12 || box.height < 12 ? 1.0 : 2
      let half = width / 2
      canvas.outline(
        box.inset(left: half, top: half, right: half, bottom: half),
        Stroke(outlineColour, width: width))
    }
    if !hidesColourBar {
      let bar = ColourBar(scale: scale, label: colourLabel)
      let x = layout.area.maxX + Self.barGap
      bar.drawUpright(
        on: canvas,
        in: Rectangle(
          x: x, y: frame.y, width: max(bar.width(on: canvas), 40),
          height: max(layout.area.maxY - frame.y, 90)))
    }
  }

  static let barGap = 28.0

  var resolvedScale: ColourScale {
    scale ?? ColourScale(map, holding: values.flatMap { $0.compactMap { $0 } })
  }

  /// Seen on any colour of the map.
  private var outlineColour: Colour { resolvedScale.map == .diverging ? .ink : .vermilion }

  private var hasMissing: Bool { values.contains { $0.contains(nil) } }

  var legendEntries: [LegendEntry] { hidesLegend ? [] : allEntries }

  private var allEntries: [LegendEntry] {
    var entries: [LegendEntry] = []
    if !outlined.isEmpty, !outlineLabel.isEmpty {
      entries.append(LegendEntry(name: outlineLabel, symbol: .outline, colour: outlineColour))
    }
    if hasMissing, !missingLabel.isEmpty {
      entries.append(LegendEntry(name: missingLabel, symbol: .missing, colour: .muted))
    }
    return entries
  }

  private func label(
    _ number: Double, _ row: Int, _ column: Int, _ cell: Rectangle, _ scale: ColourScale,
    _ canvas: Canvas
  ) {
    let text: String
    switch cellText {
    case .none: return
    case .decimals(let decimals): text = NumberLabel.fixed(number, decimals: decimals)
    case .texts(let texts): text = texts[row][column]
    }
    let colour = scale.colour(number).contrasting
    let style = TextStyle(size: min(13, max(11, cell.height * 0.42)), colour: colour)
    canvas.text(text, at: Point(cell.midX, cell.midY), .centre, style)
  }
}

extension Heatmap: SharingPlot {
  var own: Shared {
    Shared(colours: resolvedScale, colourLabel: colourLabel, legend: allEntries)
  }

  func sharing(_ shared: Shared) -> Heatmap {
    var copy = self
    copy.scale = shared.colours
    copy.hidesColourBar = true
    copy.hidesLegend = true
    return copy
  }

  /// Whether the axes are named and labelled as another's.
  func hasAxes(of other: Heatmap) -> Bool {
    rows == other.rows && columns == other.columns && rowTitle == other.rowTitle
      && columnTitle == other.columnTitle
  }
}

extension Tensor {
  /// The rows of a matrix in double precision.
  func rows(in part: String) throws -> [[Double]] {
    guard shape.rank == 2 else {
      throw FigureError(part, "a matrix is needed, not shape \(shape)")
    }
    return (0..<shape[0]).map { row in
      scalars[row * shape[1]..<(row + 1) * shape[1]].map(Double.init)
    }
  }
}
