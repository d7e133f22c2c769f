import CPNG
import Glibc

/// Pixels in rows from the top, three bytes (red, green, blue) each, and their way to and from PNG.
///
/// ```swift
/// let picture = try Picture(png: bytes)
/// picture[10, 20]  // (red: 255, green: 255, blue: 255)
/// ```
public struct Picture: Hashable, Sendable {
  public let width: Int
  public let height: Int
  public let bytes: [UInt8]

  init(width: Int, height: Int, bytes: [UInt8]) {
    self.width = width
    self.height = height
    self.bytes = bytes
  }

  /// The colour of the pixel in a column and a row.
  public subscript(column: Int, row: Int) -> (red: UInt8, green: UInt8, blue: UInt8) {
    let start = 3 * (row * width + column)
    return (bytes[start], bytes[start + 1], bytes[start + 2])
  }

  /// The largest difference of any channel of any pixel, or nil if the sizes differ.
  public func largestDifference(from other: Picture) -> Int? {
    guard width == other.width, height == other.height else { return nil }
    return zip(bytes, other.bytes).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }
}

extension Picture {
  /// Reads the pixels of a PNG file; what is transparent becomes white.
  ///
  /// - Throws: `FigureError` with libpng's own words if the bytes are no whole PNG.
  public init(png file: [UInt8]) throws {
    guard Self.holdsItsChunks(file) else { throw FigureError("PNG", "the file is cut short") }
    // libpng keeps the addresses of the file and of the image between its calls, so both must stay
    // alive and in place until the last.
    self = try file.withUnsafeBytes { file in
      var image = png_image()
      return try withUnsafeMutablePointer(to: &image) { try Self.decode(file, with: $0) }
    }
  }

  /// Whether each chunk is as long as it says; libpng asks for the memory of one before it looks for its end.
  private static func holdsItsChunks(_ file: [UInt8]) -> Bool {
    var place = 8
    while place + 12 <= file.count {
      let length = file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) }
      place += 12 + length
      if length == 0, file[(place - 8)..<(place - 4)].elementsEqual("IEND".utf8) { return true }
    }
    // A file of another kind is for libpng to refuse, in its own words.
    return place <= file.count
  }

  private static func decode(
    _ file: UnsafeRawBufferPointer, with image: UnsafeMutablePointer<png_image>
  ) throws -> Picture {
    image.pointee.version = png_uint_32(PNG_IMAGE_VERSION)
    defer { png_image_free(image) }
    guard png_image_begin_read_from_memory(image, file.baseAddress, file.count) != 0 else {
      throw FigureError("PNG", message(of: image.pointee))
    }
    image.pointee.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
    let width = Int(image.pointee.width)
    let height = Int(image.pointee.height)
    guard width * height <= 100_000_000 else {
      throw FigureError("PNG", "\(width) × \(height) pixels are more than a figure has")
    }
    var bytes = [UInt8](repeating: 0, count: 3 * width * height)
    var background = png_color(red: 255, green: 255, blue: 255)
    guard png_image_finish_read(image, &background, &bytes, png_int_32(3 * width), nil) != 0 else {
      throw FigureError("PNG", message(of: image.pointee))
    }
    return Picture(width: width, height: height, bytes: bytes)
  }

  private static func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

extension Picture {
  /// The picture as a PNG file: 8-bit sRGB at twice the resolution shown, with text chunks.
  ///
  /// Text of ASCII alone goes into a `tEXt` chunk, any other into an `iTXt` chunk.
  ///
  /// - Throws: `FigureError` if a keyword is not 1 to 79 printable ASCII characters.
  public func png(text: [(keyword: String, text: String)] = []) throws -> [UInt8] {
    for entry in text { try Self.check(keyword: entry.keyword) }
    guard bytes.count == 3 * width * height, width > 0, height > 0 else {
      throw FigureError("PNG", "\(bytes.count) bytes are not \(width) × \(height) pixels")
    }
    return encoded(text: text)
  }

  private static func check(keyword: String) throws {
    let isPrintable = keyword.utf8.allSatisfy { $0 >= 32 && $0 < 127 }
    let isTrimmed = !keyword.hasPrefix(" ") && !keyword.hasSuffix(" ") && !keyword.contains("  ")
    guard (1...79).contains(keyword.utf8.count), isPrintable, isTrimmed else {
      throw FigureError(
        "PNG", "the keyword \"\(keyword)\" is not 1 to 79 printable ASCII characters")
    }
  }

  private func encoded(text: [(keyword: String, text: String)]) -> [UInt8] {
    let output = Output()
    // libpng reports errors by longjmp, which must not cross Swift. Every argument is checked
    // before,
    // so that only a want of memory is left, and that ends the program here.
    var png = png_create_write_struct(
      PNG_LIBPNG_VER_STRING, nil,
      { _, message in
        let line = "PNG: \(message.map { String(cString: $0) } ?? "libpng failed")\n"
        _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        exit(70)
      }, { _, _ in })
    var info = png_create_info_struct(png)
    defer { png_destroy_write_struct(&png, &info) }
    png_set_write_fn(
      png, Unmanaged.passUnretained(output).toOpaque(),
      { png, data, count in
        guard let data, let place = png_get_io_ptr(png) else { return }
        let output = Unmanaged<Output>.fromOpaque(place).takeUnretainedValue()
        output.bytes.append(contentsOf: UnsafeBufferPointer(start: data, count: count))
      }, { _ in })
    png_set_IHDR(
      png, info, png_uint_32(width), png_uint_32(height), 8, PNG_COLOR_TYPE_RGB,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT)
    png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL)
    // 192 dots per inch, in dots per metre.
    png_set_pHYs(png, info, 7559, 7559, PNG_RESOLUTION_METER)
    png_set_compression_level(png, 9)
    png_set_compression_mem_level(png, 9)
    // Flat drawings are smaller without prediction of pixels from their neighbours.
    png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE)
    for entry in text { set(entry, png, info) }
    png_write_info(png, info)
    bytes.withUnsafeBufferPointer { pixels in
      guard let start = pixels.baseAddress else { return }
      for row in 0..<height { png_write_row(png, start + 3 * width * row) }
    }
    png_write_end(png, info)
    return withExtendedLifetime(output) { output.bytes }
  }

  private func set(
    _ entry: (keyword: String, text: String), _ png: OpaquePointer?, _ info: OpaquePointer?
  ) {
    let isPlain = entry.text.utf8.allSatisfy { $0 < 127 && ($0 >= 32 || $0 == 10) }
    var keyword = entry.keyword.utf8CString
    var text = entry.text.utf8CString
    var empty: [CChar] = [0]
    keyword.withUnsafeMutableBufferPointer { keyword in
      text.withUnsafeMutableBufferPointer { text in
        empty.withUnsafeMutableBufferPointer { empty in
          var chunk = png_text()
          chunk.compression = isPlain ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE
          chunk.key = keyword.baseAddress
          chunk.text = text.baseAddress
          chunk.text_length = isPlain ? text.count - 1 : 0
          chunk.itxt_length = isPlain ? 0 : text.count - 1
          chunk.lang = empty.baseAddress
          chunk.lang_key = empty.baseAddress
          png_set_text(png, info, &chunk, 1)
        }
      }
    }
  }

  private final class Output {
    var bytes: [UInt8] = []
  }
}
