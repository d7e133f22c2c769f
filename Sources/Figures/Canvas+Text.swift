import CPango

extension Canvas {
  /// Draws text in Inter at a point.
  ///
  /// Lines are broken at a width if one is given. Turned text reads upwards. A halo keeps text
  /// legible on lines.
  public func text(
    _ text: String, at point: Point, _ anchor: Anchor = .topLeft, _ style: TextStyle = .label,
    width: Double? = nil, isTurned: Bool = false, hasHalo: Bool = false
  ) {
    let layout = self.layout(text, style, width: width, anchor: anchor)
    defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
    var box = extents(of: layout)
    // Aligned lines stand somewhere in the width they were broken at; the box is their own.
    if width == nil { box.x = 0 }
    cairo_save(context)
    cairo_translate(context, point.x, point.y)
    if isTurned {
      // A quarter turn to the left, without a sine.
      var turn = cairo_matrix_t(xx: 0, yx: -1, xy: 1, yy: 0, x0: 0, y0: 0)
      cairo_transform(context, &turn)
    }
    cairo_translate(context, -anchor.x * box.width - box.x, -anchor.y * box.height - box.y)
    if hasHalo {
      cairo_new_path(context)
      pango_cairo_layout_path(context, layout)
      setSource(.white)
      cairo_set_line_width(context, 4)
      cairo_set_dash(context, nil, 0, 0)
      cairo_stroke(context)
    }
    cairo_move_to(context, 0, 0)
    setSource(style.colour)
    pango_cairo_show_layout(context, layout)
    cairo_restore(context)
  }

  /// The size of a text, with its lines broken at a width if one is given.
  public func size(
    of text: String, _ style: TextStyle = .label, width: Double? = nil
  ) -> Size {
    guard !text.isEmpty else { return Size(0, 0) }
    let layout = self.layout(text, style, width: width, anchor: .topLeft)
    defer { g_object_unref(UnsafeMutableRawPointer(layout)) }
    let box = extents(of: layout)
    return Size(box.width, box.height)
  }

  /// The widest of some texts.
  func widest(of texts: [String], _ style: TextStyle = .label) -> Double {
    texts.map { size(of: $0, style).width }.max() ?? 0
  }

  private func extents(of layout: OpaquePointer) -> Rectangle {
    var logical = PangoRectangle()
    pango_layout_get_extents(layout, nil, &logical)
    let unit = Double(PANGO_SCALE)
    return Rectangle(
      x: Double(logical.x) / unit, y: Double(logical.y) / unit,
      width: Double(logical.width) / unit, height: Double(logical.height) / unit)
  }

  private func layout(
    _ text: String, _ style: TextStyle, width: Double?, anchor: Anchor
  ) -> OpaquePointer {
    guard let layout = pango_cairo_create_layout(context) else {
      fatalError("pango has no memory for a line of text")
    }
    let pango = pango_layout_get_context(layout)
    let options = cairo_font_options_create()
    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY)
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE)
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF)
    cairo_font_options_set_subpixel_order(options, CAIRO_SUBPIXEL_ORDER_DEFAULT)
    pango_cairo_context_set_font_options(pango, options)
    cairo_font_options_destroy(options)
    pango_context_set_round_glyph_positions(pango, 0)
    pango_layout_context_changed(layout)

    let font = pango_font_description_new()
    pango_font_description_set_family(font, Self.fontFamily)
    pango_font_description_set_weight(font, style.weight.pango)
    pango_font_description_set_absolute_size(font, style.size * Double(PANGO_SCALE))
    pango_layout_set_font_description(layout, font)
    pango_font_description_free(font)

    // No other font may step in for a character that Inter lacks: which one would depend on the
    // machine.
    let attributes = pango_attr_list_new()
    pango_attr_list_insert(attributes, pango_attr_fallback_new(0))
    pango_layout_set_attributes(layout, attributes)
    pango_attr_list_unref(attributes)

    if let width {
      pango_layout_set_width(layout, Int32((width * Double(PANGO_SCALE)).rounded()))
      pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR)
    }
    let alignments = [PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER, PANGO_ALIGN_RIGHT]
    pango_layout_set_alignment(layout, alignments[Int(anchor.x * 2)])
    pango_layout_set_text(layout, text, -1)
    if pango_layout_get_unknown_glyphs_count(layout) > 0, problem == nil {
      problem = FigureError("text", "the font Inter lacks a character of \"\(text)\"")
    }
    return layout
  }
}

extension Canvas {
  static let fontFamily = "Inter"

  /// Refuses to draw in whatever font pango would put in Inter's place.
  static func requireFont() throws {
    guard hasFont else {
      throw FigureError(
        "canvas",
        "the font Inter is not installed; on Debian and Ubuntu: apt-get install fonts-inter")
    }
  }

  private static let hasFont: Bool = {
    guard let map = pango_cairo_font_map_get_default() else { return false }
    var families: UnsafeMutablePointer<UnsafeMutablePointer<PangoFontFamily>?>?
    var count: Int32 = 0
    pango_font_map_list_families(map, &families, &count)
    defer { g_free(families) }
    return (0..<Int(count)).contains { index in
      guard let family = families?[index], let name = pango_font_family_get_name(family) else {
        return false
      }
      return String(cString: name) == fontFamily
    }
  }()
}

extension TextStyle.Weight {
  var pango: PangoWeight {
    switch self {
    case .regular: PANGO_WEIGHT_NORMAL
    case .medium: PANGO_WEIGHT_MEDIUM
    case .semibold: PANGO_WEIGHT_SEMIBOLD
    case .bold: PANGO_WEIGHT_BOLD
    }
  }
}
