import CPango

extension Canvas {
  /// The points of paper for each pixel shown: a pixel is the ninety-sixth part of an inch.
  static let pointsPerPixel = 0.75

  /// Makes a canvas whose drawing becomes a page of PDF: text stays text, and its fonts are inside.
  ///
  /// - Throws: `FigureError` as the canvas of pixels does.
  convenience init(
    pageOfWidth width: Double, height: Double, title: String, subject: String, keywords: String
  ) throws {
    let page = PageBytes()
    try self.init(width: width, height: height, scale: Self.pointsPerPixel, page: page) {
      cairo_pdf_surface_create_for_stream(
        { closure, data, count in
          guard let closure, let data else { return CAIRO_STATUS_WRITE_ERROR }
          Unmanaged<PageBytes>.fromOpaque(closure).takeUnretainedValue().bytes
            .append(contentsOf: UnsafeBufferPointer(start: data, count: Int(count)))
          return CAIRO_STATUS_SUCCESS
        }, Unmanaged.passUnretained(page).toOpaque(), $0, $1)
    }
    for (field, text) in [
      (CAIRO_PDF_METADATA_TITLE, title), (CAIRO_PDF_METADATA_SUBJECT, subject),
      (CAIRO_PDF_METADATA_KEYWORDS, keywords), (CAIRO_PDF_METADATA_CREATOR, "Casebook"),
      // cairo would write the time; the bytes are to be the same on any day.
      (CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z"),
    ] {
      cairo_pdf_surface_set_metadata(surface, field, text)
    }
  }

  /// The page as the bytes of a PDF file; nothing can be drawn after this.
  ///
  /// - Throws: `FigureError`, the first thing that could not be drawn.
  func pdf() throws -> [UInt8] {
    if let problem { throw problem }
    cairo_show_page(context)
    cairo_surface_finish(surface)
    guard cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS, let page else {
      throw FigureError("canvas", "cairo could not write it as PDF")
    }
    return page.bytes
  }
}

/// The bytes that cairo has written of a page.
final class PageBytes {
  var bytes: [UInt8] = []
}
