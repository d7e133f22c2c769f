/// A figure as a page shows it.
public struct Picture: Hashable, Sendable {
  /// The name that a story calls it by.
  public var slug: String
  public var title: String
  /// What the reader should see in it; begins with the conclusion.
  public var caption: String
  /// What a reader who cannot see it is told.
  public var alt: String
  /// The width that it is shown at, in pixels of the page: half that of the file, which is drawn twice as fine.
  public var width: Int
  public var height: Int
  /// Where the file lies, from the page's own folder.
  public var path: String

  public init(
    slug: String, title: String, caption: String, alt: String, width: Int, height: Int,
    path: String
  ) {
    self.slug = slug
    self.title = title
    self.caption = caption
    self.alt = alt
    self.width = width
    self.height = height
    self.path = path
  }

  /// The same picture for a page that lies one folder up.
  func moved(into folder: String) -> Picture {
    var copy = self
    copy.path = folder + "/" + path
    return copy
  }

  /// The picture for previews of a page in the gallery, which ask for a whole address.
  func preview(at path: String, in repository: Repository?) -> [String: Any] {
    ["address": repository?.raw("artifacts/\(path)") ?? self.path.urlPath, "alt": alt]
  }

  var fields: [String: Any] {
    [
      "slug": slug, "pictureTitle": title, "caption": caption, "alt": alt, "width": width,
      "height": height, "path": path.urlPath, "tall": height > width,
    ]
  }
}

extension String {
  /// A relative path as a URL.
  var urlPath: String {
    let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/".utf8)
    let hex = Array("0123456789ABCDEF")
    return utf8.reduce(into: "") { url, byte in
      if plain.contains(byte) {
        url.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        url += "%" + String(hex[Int(byte >> 4)]) + String(hex[Int(byte & 15)])
      }
    }
  }
}
