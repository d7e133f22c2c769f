extension UnsafeMutablePointer where Pointee: Lane {
  /// Makes room for some numbers, all zero, from the beginning of a cache line on.
  ///
  /// Swift aligns vectors to sixteen bytes only, and one that lies across two lines takes twice as long to read.
  public static func zeros(_ count: Int) -> Self {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Pointee>.stride, alignment: cacheLine)
    let place = memory.bindMemory(to: Pointee.self, capacity: count)
    place.initialize(repeating: .zero, count: count)
    return place
  }
}

/// The bytes that a processor's caches read at once.
let cacheLine = 64
