import CPango

/// What figures are drawn on: shapes and text in pixels at the size shown, kept at twice that
/// resolution.
///
/// Everything that could differ between two machines (smoothing, hinting, rounding of metrics) is
/// set here.
/// What cannot be drawn is remembered and thrown when the picture is taken, so that drawing reads
/// straight.
///
/// ```swift
/// let canvas = try Canvas(width: 100, height: 60)
/// canvas.fill(Rectangle(x: 10, y: 10, width: 80, height: 40), .blue)
/// let picture = try canvas.picture()  // 200 × 120 pixels
/// ```
public final class Canvas {
  /// The pixels drawn for each pixel shown, along each axis.
  public static let resolution = 2

  public let width: Double
  public let height: Double
  let context: OpaquePointer
  let surface: OpaquePointer
  /// What has been written of a page; nil where pixels are drawn.
  let page: PageBytes?
  /// The first thing that could not be drawn.
  var problem: FigureError?

  /// Makes a white canvas.
  ///
  /// - Throws: `FigureError` if the size is not one of a picture, or the font Inter is not
  /// installed.
  public convenience init(width: Double, height: Double) throws {
    try self.init(width: width, height: height, scale: Double(Self.resolution)) { width, height in
      cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, Int32(width.rounded()), Int32(height.rounded()))
    }
    fill(Rectangle(x: 0, y: 0, width: width, height: height), .white)
  }

  /// Makes a canvas on a surface, which is made in its own units: so many to a pixel shown.
  init(
    width: Double, height: Double, scale: Double, page: PageBytes? = nil,
    makingSurface make: (_ width: Double, _ height: Double) -> OpaquePointer?
  ) throws {
    try Self.requireFont()
    guard width >= 1, height >= 1, width <= 8000, height <= 8000 else {
      throw FigureError("canvas", "\(width) × \(height) is not the size of a picture")
    }
    guard let surface = make(width * scale, height * scale), let context = cairo_create(surface),
      cairo_status(context) == CAIRO_STATUS_SUCCESS
    else { throw FigureError("canvas", "cairo cannot make one of \(width) × \(height)") }
    self.width = width
    self.height = height
    self.surface = surface
    self.context = context
    self.page = page
    cairo_scale(context, scale, scale)
    cairo_set_antialias(context, CAIRO_ANTIALIAS_GRAY)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
  }

  deinit {
    cairo_destroy(context)
    cairo_surface_destroy(surface)
  }

  /// The pixels drawn so far.
  ///
  /// - Throws: `FigureError`, the first thing that could not be drawn.
  public func picture() throws -> Picture {
    if let problem { throw problem }
    cairo_surface_flush(surface)
    let columns = Int(cairo_image_surface_get_width(surface))
    let rows = Int(cairo_image_surface_get_height(surface))
    let stride = Int(cairo_image_surface_get_stride(surface))
    guard cairo_status(context) == CAIRO_STATUS_SUCCESS,
      let data = cairo_image_surface_get_data(surface)
    else { throw FigureError("canvas", "cairo could not draw it") }
    // The data goes with the surface, and the surface with the canvas.
    defer { withExtendedLifetime(self) {} }
    var bytes = [UInt8]()
    bytes.reserveCapacity(3 * columns * rows)
    for row in 0..<rows {
      let start = UnsafeRawPointer(data + row * stride)
      for column in 0..<columns {
        let pixel = start.load(fromByteOffset: 4 * column, as: UInt32.self)
        bytes.append(UInt8(pixel >> 16 & 0xFF))
        bytes.append(UInt8(pixel >> 8 & 0xFF))
        bytes.append(UInt8(pixel & 0xFF))
      }
    }
    return Picture(width: columns, height: rows, bytes: bytes)
  }
}

/// How a line looks.
public struct Stroke: Hashable, Sendable {
  public var colour: Colour
  public var width: Double
  /// Lengths of dashes and gaps in turn; empty for a line without gaps.
  public var dashes: [Double]

  public init(_ colour: Colour, width: Double = 1, dashes: [Double] = []) {
    self.colour = colour
    self.width = width
    self.dashes = dashes
  }

  public static let axis = Stroke(.rule)
  public static let gridline = Stroke(.gridline)
}

extension Canvas {
  /// Fills a rectangle, its corners rounded by a radius.
  public func fill(_ rectangle: Rectangle, _ colour: Colour, radius: Double = 0) {
    trace(rectangle, radius: radius)
    paint(colour)
  }

  /// Outlines a rectangle.
  public func outline(_ rectangle: Rectangle, _ stroke: Stroke, radius: Double = 0) {
    trace(rectangle, radius: radius)
    draw(stroke)
  }

  /// Draws a line through points.
  public func line(_ points: [Point], _ stroke: Stroke) {
    trace(points)
    draw(stroke)
  }

  /// Fills the area inside points.
  public func fill(_ points: [Point], _ colour: Colour) {
    trace(points)
    cairo_close_path(context)
    paint(colour)
  }

  /// Outlines the area inside points.
  public func outline(_ points: [Point], _ stroke: Stroke) {
    trace(points)
    cairo_close_path(context)
    draw(stroke)
  }

  /// Draws a curve that leaves and arrives level.
  public func levelCurve(from start: Point, to end: Point, _ stroke: Stroke) {
    let middle = (start.x + end.x) / 2
    cairo_new_path(context)
    cairo_move_to(context, start.x, start.y)
    cairo_curve_to(context, middle, start.y, middle, end.y, end.x, end.y)
    draw(stroke)
  }

  /// Fills a disc.
  public func fill(discAt centre: Point, radius: Double, _ colour: Colour) {
    trace(ellipseAt: centre, radius, radius)
    paint(colour)
  }

  /// Outlines a circle, or an ellipse if a height is given.
  public func outline(
    circleAt centre: Point, radius: Double, height: Double? = nil, _ stroke: Stroke
  ) {
    trace(ellipseAt: centre, radius, height ?? radius)
    draw(stroke)
  }

  /// Draws a straight arrow with its tip at the end.
  public func arrow(from start: Point, to end: Point, _ stroke: Stroke, head: Double = 8) {
    arrow(along: Curve(from: start, to: end), stroke, head: head)
  }

  /// Draws an arrow that follows a curve.
  func arrow(along curve: Curve, _ stroke: Stroke, head: Double = 8) {
    let length = curve.control2.distance(to: curve.end)
    guard length > 0 else { return }
    let end = curve.end
    let along = Point((end.x - curve.control2.x) / length, (end.y - curve.control2.y) / length)
    let neck = Point(end.x - head * along.x, end.y - head * along.y)
    let half = head * 0.45
    cairo_new_path(context)
    cairo_move_to(context, curve.start.x, curve.start.y)
    let (control1, control2) = (curve.control1, curve.control2)
    cairo_curve_to(context, control1.x, control1.y, control2.x, control2.y, neck.x, neck.y)
    draw(stroke)
    fill(
      [
        end, Point(neck.x - half * along.y, neck.y + half * along.x),
        Point(neck.x + half * along.y, neck.y - half * along.x),
      ], stroke.colour)
  }

  /// Fills a rectangle with slanted lines: how a control looks.
  public func hatch(_ rectangle: Rectangle, _ stroke: Stroke, spacing: Double = 5) {
    clipped(to: rectangle) {
      var offset = -rectangle.height
      while offset < rectangle.width {
        line(
          [
            Point(rectangle.x + offset, rectangle.maxY),
            Point(rectangle.x + offset + rectangle.height, rectangle.y),
          ], stroke)
        offset += spacing
      }
    }
  }

  /// Draws what a body draws, only inside a rectangle.
  public func clipped(to rectangle: Rectangle, _ body: () -> Void) {
    cairo_save(context)
    cairo_rectangle(context, rectangle.x, rectangle.y, rectangle.width, rectangle.height)
    cairo_clip(context)
    body()
    cairo_restore(context)
  }

  /// Draws a level line on whole pixels.
  func rule(y: Double, from left: Double, to right: Double, _ stroke: Stroke) {
    line([Point(left, snapped(y)), Point(right, snapped(y))], stroke)
  }

  /// Draws an upright line on whole pixels.
  func rule(x: Double, from top: Double, to bottom: Double, _ stroke: Stroke) {
    line([Point(snapped(x), top), Point(snapped(x), bottom)], stroke)
  }

  func setSource(_ colour: Colour) {
    cairo_set_source_rgba(context, colour.red, colour.green, colour.blue, colour.alpha)
  }

  private func paint(_ colour: Colour) {
    setSource(colour)
    cairo_fill(context)
  }

  private func draw(_ stroke: Stroke) {
    setSource(stroke.colour)
    cairo_set_line_width(context, stroke.width)
    cairo_set_dash(context, stroke.dashes, Int32(stroke.dashes.count), 0)
    cairo_stroke(context)
  }

  private func trace(_ points: [Point]) {
    cairo_new_path(context)
    for point in points { cairo_line_to(context, point.x, point.y) }
  }

  private func trace(_ rectangle: Rectangle, radius: Double) {
    cairo_new_path(context)
    let (x, y) = (rectangle.x, rectangle.y)
    let (right, bottom) = (rectangle.maxX, rectangle.maxY)
    let r = min(radius, rectangle.width / 2, rectangle.height / 2)
    guard r > 0 else {
      return cairo_rectangle(context, x, y, rectangle.width, rectangle.height)
    }
    let k = r * (1 - Self.circleHandle)
    cairo_move_to(context, x + r, y)
    cairo_line_to(context, right - r, y)
    cairo_curve_to(context, right - k, y, right, y + k, right, y + r)
    cairo_line_to(context, right, bottom - r)
    cairo_curve_to(context, right, bottom - k, right - k, bottom, right - r, bottom)
    cairo_line_to(context, x + r, bottom)
    cairo_curve_to(context, x + k, bottom, x, bottom - k, x, bottom - r)
    cairo_line_to(context, x, y + r)
    cairo_curve_to(context, x, y + k, x + k, y, x + r, y)
    cairo_close_path(context)
  }

  /// Four cubic curves: cairo's own arc asks the C library for sines.
  private func trace(ellipseAt centre: Point, _ a: Double, _ b: Double) {
    let (x, y) = (centre.x, centre.y)
    let (h, v) = (a * Self.circleHandle, b * Self.circleHandle)
    cairo_new_path(context)
    cairo_move_to(context, x + a, y)
    cairo_curve_to(context, x + a, y + v, x + h, y + b, x, y + b)
    cairo_curve_to(context, x - h, y + b, x - a, y + v, x - a, y)
    cairo_curve_to(context, x - a, y - v, x - h, y - b, x, y - b)
    cairo_curve_to(context, x + h, y - b, x + a, y - v, x + a, y)
    cairo_close_path(context)
  }

  /// The handle of the cubic curve nearest to a quarter of the unit circle.
  private static let circleHandle = 0.5522847498307936
}
