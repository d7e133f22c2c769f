import Tensors

extension TensorFile {
  /// The bytes of the file, as the reference library lays them out: `F32` before `I32`, then by
  /// name; compact JSON, padded with spaces to a multiple of eight bytes.
  ///
  /// - Throws: `StageError.Kind.impossible` naming the tensor that cannot be stored.
  public func bytes(for path: String) throws -> [UInt8] {
    func refuse(_ what: String) -> StageError {
      StageError(
        .impossible, what, at: path, remedy: "the stage computed what cannot be published")
    }
    guard tensors.count <= Self.countLimit else {
      throw refuse("would have \(tensors.count) tensors, more than \(Self.countLimit)")
    }
    let sorted =
      names.filter { tensors[$0]?.kind == .real } + names.filter { tensors[$0]?.kind == .whole }
    var data: [UInt8] = []
    data.reserveCapacity(4 * tensors.values.reduce(0) { $0 + $1.count })
    var entries: [String] = []
    for name in sorted {
      guard let tensor = tensors[name] else { continue }
      guard name != "__metadata__" else { throw refuse("would have a tensor named '\(name)'") }
      let start = data.count
      switch tensor.kind {
      case .real:
        tensor.scalars.withUnsafeBytes { data += $0 }
      case .whole:
        if let scalar = tensor.scalars.first(where: { !$0.isStorableAsWhole }) {
          throw refuse("tensor \(name.quoted) is of whole numbers, and one is \(scalar)")
        }
        tensor.scalars.map { Int32($0).littleEndian }.withUnsafeBytes { data += $0 }
      }
      let sizes = tensor.shape.sizes.map(String.init).joined(separator: ",")
      entries.append(
        "\(name.asJSON):{\"dtype\":\"\(tensor.kind == .real ? "F32" : "I32")\","
          + "\"shape\":[\(sizes)],\"data_offsets\":[\(start),\(data.count)]}")
    }
    let metadata = provenance.metadata(crc32: checksum(data))
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { "\($0.key.asJSON):\($0.value.asJSON)" }
    entries.insert("\"__metadata__\":{\(metadata.joined(separator: ","))}", at: 0)
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    guard header.count <= Self.headerLimit, header.count + data.count + 8 <= Self.sizeLimit else {
      throw refuse("would have \(header.count + data.count + 8) bytes, more than are read")
    }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init) + header + data
  }
}

extension Float {
  /// Whether the number is whole and within ±2²⁴, where a `Float` holds every whole number.
  fileprivate var isStorableAsWhole: Bool {
    magnitude <= 16_777_216 && rounded(.towardZero) == self
  }
}
