import Tensors

/// Takes the bytes of a safetensors file apart, checking each before it is used.
struct TensorReader {
  let bytes: [UInt8]
  let path: String
  let maker: String

  /// Whether data that are not what their checksum says are refused.
  var checksData = true

  func read() throws -> (Provenance, [String: Tensor]) {
    let start = try headerEnd()
    var members = try header(upTo: start)
    let metadata = try metadata(members.removeValue(forKey: "__metadata__"))
    guard members.count <= TensorFile.countLimit else {
      throw refuse("has \(members.count) tensors, more than \(TensorFile.countLimit)")
    }
    let entries = try members.map { try Entry(name: $0, description: $1, in: self) }
      .sorted { ($0.begin, $0.end, $0.name) < ($1.begin, $1.end, $1.name) }
    try checkCover(entries, dataCount: bytes.count - start)
    let provenance = try provenance(metadata, data: bytes[start...])
    var tensors: [String: Tensor] = [:]
    for entry in entries {
      tensors[entry.name] = try tensor(entry, bytes[start + entry.begin..<start + entry.end])
    }
    return (provenance, tensors)
  }

  /// The offset of the first byte of data.
  private func headerEnd() throws -> Int {
    guard bytes.count >= 8 else {
      throw refuse("is truncated: \(bytes.count) bytes are too few for a tensor file")
    }
    let length = bytes.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    guard length <= TensorFile.headerLimit else {
      throw refuse("has a header of \(length) bytes, more than \(TensorFile.headerLimit)")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw refuse("is truncated: its header of \(length) bytes ends after the file")
    }
    return 8 + Int(length)
  }

  private func header(upTo end: Int) throws -> [String: JSON] {
    guard end > 8, bytes[8] == UInt8(ascii: "{") else {
      throw refuse("has a header that does not begin with '{'")
    }
    do {
      let limits = JSON.Limits(depth: 4, values: 1_000_000)
      guard case .object(let members) = try JSON(parsing: bytes[8..<end], limits: limits) else {
        throw refuse("has a header that is no JSON object")
      }
      return members
    } catch let error as JSONError {
      throw refuse("has a malformed header: at its byte \(error.offset) it \(error.what)")
    }
  }

  private func metadata(_ value: JSON?) throws -> [String: String] {
    guard case .object(let members) = value else {
      throw refuse("is foreign: it has no __metadata__")
    }
    return try members.mapValues { member in
      guard case .string(let text) = member else {
        throw refuse("has in __metadata__ a value that is not a text")
      }
      return text
    }
  }

  private func provenance(
    _ metadata: [String: String], data: ArraySlice<UInt8>
  ) throws -> Provenance {
    guard metadata["format"] == Provenance.format else {
      throw refuse("is foreign: its __metadata__ does not say 'format': '\(Provenance.format)'")
    }
    guard metadata["version"] == Provenance.version else {
      throw StageError(
        .malformed,
        "is of version \((metadata["version"] ?? "none").quoted),"
          + " and this program reads version '\(Provenance.version)'",
        at: path, remedy: "run make regenerate")
    }
    guard let expected = metadata["crc32"] else { throw refuse("has no crc32 in its __metadata__") }
    let found = checksum(data)
    guard found == expected || !checksData else {
      throw refuse("is damaged: its data has the CRC-32 \(found), not \(expected.quoted)")
    }
    guard let provenance = Provenance(metadata: metadata) else {
      throw refuse("names no case in its __metadata__")
    }
    return provenance
  }

  /// The tensors must follow one another from the first byte of data to the last.
  private func checkCover(_ entries: [Entry], dataCount: Int) throws {
    var end = 0
    for entry in entries {
      guard entry.begin == end else {
        let what = entry.begin > end ? "leaves a hole before itself" : "overlaps the one before"
        throw refuse("\(what): it begins at \(entry.begin), not at \(end)", tensor: entry.name)
      }
      guard entry.end <= dataCount else {
        throw refuse(
          "is truncated: it ends at \(entry.end), and there are \(dataCount) bytes of data",
          tensor: entry.name)
      }
      end = entry.end
    }
    guard end == dataCount else {
      throw refuse("has \(dataCount - end) bytes after its last tensor")
    }
  }

  private func tensor(_ entry: Entry, _ data: ArraySlice<UInt8>) throws -> Tensor {
    try data.withUnsafeBytes { buffer in
      func word(_ index: Int) -> UInt32 {
        UInt32(littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self))
      }
      switch entry.kind {
      case .real:
        return Tensor(shape: entry.shape) { Float(bitPattern: word($0)) }
      case .whole:
        return try Tensor(shape: entry.shape, kind: .whole) { index in
          let number = Int32(bitPattern: word(index))
          guard number.magnitude <= 16_777_216 else {
            throw refuse("holds \(number), beyond the whole numbers ±2²⁴", tensor: entry.name)
          }
          return Float(number)
        }
      }
    }
  }

  func refuse(_ what: String, tensor: String? = nil) -> StageError {
    StageError(
      .malformed, (tensor.map { "tensor \($0.quoted) " } ?? "") + what, at: path,
      remedy: "make it again with \(maker)")
  }
}

/// One tensor of the header.
private struct Entry {
  let name: String
  let kind: Tensor.Kind
  let shape: Shape
  let begin: Int
  let end: Int

  init(name: String, description: JSON, in file: TensorReader) throws {
    func refuse(_ what: String) -> StageError { file.refuse(what, tensor: name) }
    guard case .object(var fields) = description else {
      throw refuse("is not described by an object")
    }
    guard case .string(let type) = fields.removeValue(forKey: "dtype") else {
      throw refuse("has no dtype")
    }
    guard let kind: Tensor.Kind = type == "F32" ? .real : type == "I32" ? .whole : nil else {
      throw refuse("has the unsupported dtype \(type.quoted); F32 and I32 are read")
    }
    guard case .array(let sizes) = fields.removeValue(forKey: "shape"),
      let sizes = sizes.allIndices
    else { throw refuse("has no shape of whole numbers") }
    guard case .array(let offsets) = fields.removeValue(forKey: "data_offsets"),
      let offsets = offsets.allIndices, offsets.count == 2, offsets[0] <= offsets[1]
    else { throw refuse("has no data_offsets of a begin and an end") }
    if let field = fields.keys.min() { throw refuse("has the unknown field \(field.quoted)") }
    guard let shape = Shape(bounded: sizes) else {
      throw refuse("has an overflowing shape \(sizes.prefix(8))")
    }
    guard offsets[1] - offsets[0] == 4 * shape.count else {
      throw refuse(
        "has \(offsets[1] - offsets[0]) bytes of data,"
          + " and its shape \(shape) needs \(4 * shape.count)"
      )
    }
    self.name = name
    self.kind = kind
    self.shape = shape
    self.begin = offsets[0]
    self.end = offsets[1]
  }
}

extension [JSON] {
  /// All elements as whole numbers from 0 on, or nil if one is something else.
  fileprivate var allIndices: [Int]? {
    let indices = compactMap(\.index)
    return indices.count == count ? indices : nil
  }
}
