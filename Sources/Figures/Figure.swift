/// One picture of a case study: a title that states the finding, a plot, and where its numbers come
/// from.
///
/// ```swift
/// let figure = Figure(
///   slug: "weights", title: "Only four of the ten bits have weights",
///   plot: Heatmap(values: weights, rows: bits, columns: neurons, colourLabel: "weight"),
///   caption: "Four rows stand out.", alt: "Heatmap of ten bits by eight neurons",
///   provenance: [("Case", "parity"), ("Source", "main/population.safetensors 1f2e3d4c")])
/// let bytes = try figure.png()
/// ```
public struct Figure: Sendable {
  /// The name of the file, in lower case with hyphens.
  public var slug: String
  /// The finding, as a sentence.
  public var title: String
  /// What is shown and how it was measured.
  public var subtitle: String?
  public var plot: any Plot
  /// The text beside the figure on a page; it begins with the conclusion.
  public var caption: String
  /// What the picture shows, for those who cannot see it.
  public var alt: String
  /// What the text chunks of the PNG say.
  public var provenance: [(keyword: String, text: String)]
  /// The width in pixels at the size shown.
  public var width: Double
  /// The height of the plot, without title; what suits the plot if nil.
  public var plotHeight: Double?

  public init(
    slug: String, title: String, subtitle: String? = nil, plot: any Plot, caption: String,
    alt: String, provenance: [(keyword: String, text: String)] = [], width: Double = 720,
    plotHeight: Double? = nil
  ) {
    self.slug = slug
    self.title = title
    self.subtitle = subtitle
    self.plot = plot
    self.caption = caption
    self.alt = alt
    self.provenance = provenance
    self.width = width
    self.plotHeight = plotHeight
  }

  /// The figure as the bytes of a PNG file, the same each time.
  ///
  /// - Throws: `FigureError` that names the figure, if its data cannot be drawn or the font is
  /// missing.
  public func png() throws -> [UInt8] {
    do {
      let described = [
        ("Title", title), ("Description", alt), ("Software", "Casebook"),
      ].filter { entry in !provenance.contains { $0.keyword == entry.0 } }
      return try canvas().picture().png(text: described + provenance)
    } catch var error as FigureError {
      error.figure = slug
      throw error
    }
  }

  /// The figure as the bytes of a PDF file of one page, the same each time, with its text as text.
  ///
  /// - Throws: `FigureError` that names the figure, if its data cannot be drawn or the font is
  /// missing.
  public func pdf() throws -> [UInt8] {
    do {
      let sources = provenance.map { "\($0.keyword): \($0.text)" }.joined(separator: "; ")
      return try canvas {
        try Canvas(
          pageOfWidth: $0, height: $1, title: title, subject: alt, keywords: sources)
      }.pdf()
    } catch var error as FigureError {
      error.figure = slug
      throw error
    }
  }

  /// The figure drawn on a canvas of the size that suits it.
  func canvas(
    making make: (_ width: Double, _ height: Double) throws -> Canvas = {
      try Canvas(width: $0, height: $1)
    }
  ) throws -> Canvas {
    for (name, text) in [("title", title), ("alt text", alt)] where text.isEmpty {
      throw FigureError("figure", "the \(name) is empty")
    }
    guard width >= 200, width <= 2000 else {
      throw FigureError("figure", "a width of \(width) is not from 200 to 2000")
    }
    try plot.check()
    let measuring = try Canvas(width: 8, height: 8)
    let inner = width - 2 * Self.margin
    let titleHeight = measuring.size(of: title, .title, width: inner).height
    let subtitleHeight = subtitle.map { measuring.size(of: $0, .subtitle, width: inner).height }
    let header = titleHeight + (subtitleHeight.map { $0 + 6 } ?? 0) + 22
    let body = (plotHeight ?? plot.height(forWidth: inner, on: measuring)).rounded(.up)
    let canvas = try make(width, (Self.margin * 2 + header + body).rounded(.up))
    let origin = Point(Self.margin, Self.margin - 2)
    canvas.text(title, at: origin, .topLeft, .title, width: inner)
    if let subtitle {
      canvas.text(
        subtitle, at: Point(origin.x, origin.y + titleHeight + 6), .topLeft, .subtitle,
        width: inner)
    }
    plot.draw(
      on: canvas,
      in: Rectangle(x: Self.margin, y: Self.margin + header, width: inner, height: body))
    return canvas
  }

  /// The white space around everything.
  static let margin = 24.0
}
