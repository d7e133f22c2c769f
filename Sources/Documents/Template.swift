import Mustache

/// The page templates, which lie beside this file and are compiled into the program.
///
/// Every `{{name}}` is escaped for HTML; `{{{name}}}` is for what is HTML already.
enum Template: String, CaseIterable {
  case casePage = "case"
  case galleryPage = "gallery"
  case calibrationPage = "calibration"

  func render(_ fields: [String: Any]) -> String {
    Self.library.render(fields, withTemplate: rawValue) ?? ""
  }

  static let style = String(decoding: PackageResources.style_css, as: UTF8.self)

  /// The style of a page, and what its policy calls it.
  static func fields(style: String = Self.style) -> [String: Any] {
    ["style": style, "styleHash": policyName(of: style)]
  }

  private static let sources: [String: [UInt8]] = [
    "block": PackageResources.block_mustache,
    "calibration": PackageResources.calibration_mustache,
    "case": PackageResources.case_mustache,
    "figures": PackageResources.figures_mustache,
    "gallery": PackageResources.gallery_mustache,
    "head": PackageResources.head_mustache,
    "live": PackageResources.live_mustache,
    "predictions": PackageResources.predictions_mustache,
    "reproduction": PackageResources.reproduction_mustache,
  ]

  private static let library: MustacheLibrary = {
    MustacheContentTypes.register(PageText(), named: "PAGE")
    return MustacheLibrary(
      templates: sources.mapValues { source in
        do {
          return try MustacheTemplate(
            string: "{{% CONTENT_TYPE:PAGE}}" + String(decoding: source, as: UTF8.self))
        } catch {
          fatalError("a page template does not parse: \(error)")
        }
      })
  }()
}

/// Text in a page, escaped scalar by scalar.
private struct PageText: MustacheContentType {
  func escapeText(_ text: String) -> String {
    text.htmlEscaped
  }
}
