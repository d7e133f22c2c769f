import CZlib

/// The CRC-32 of bytes, as zlib computes it, in eight hexadecimal digits.
///
/// ```swift
/// checksum(Array("123456789".utf8))  // cbf43926
/// ```
func checksum(_ bytes: some Collection<UInt8>) -> String {
  let value =
    bytes.withContiguousStorageIfAvailable { crc32_z(0, $0.baseAddress, $0.count) }
    ?? Array(bytes).withUnsafeBufferPointer { crc32_z(0, $0.baseAddress, $0.count) }
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: 8 - digits.count) + digits
}

extension InputFile {
  /// The CRC-32 of a file in eight hexadecimal digits.
  ///
  /// - Throws: `StageError.Kind.unreadable` if the file cannot be read.
  public static func checksum(_ path: String, madeBy maker: String) throws -> String {
    Artifacts.checksum(try read(path, limit: TensorFile.sizeLimit, madeBy: maker))
  }
}
