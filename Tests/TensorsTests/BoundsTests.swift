import Glibc
import Tensors
import Testing

/// Vectors of sixteen neighbours end where an array does: behind it lies memory that nobody may touch.
@Suite struct BoundsTests {
  /// Lends a copy of some numbers, the last of which is the last of a page; the process ends where one behind is touched.
  private func withFenced<Result>(
    _ numbers: [Float], _ body: (UnsafeMutablePointer<Float>) throws -> Result
  ) throws -> Result {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let size = (numbers.count * 4 + page - 1) / page * page
    let memory = mmap(
      nil, size + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    let start = try #require(memory == MAP_FAILED ? nil : memory)
    defer { munmap(start, size + page) }
    try #require(mprotect(start + size, page, PROT_NONE) == 0)
    let place = (start + (size - numbers.count * 4)).bindMemory(
      to: Float.self, capacity: numbers.count)
    place.update(from: numbers, count: numbers.count)
    return try body(place)
  }

  /// What a kernel makes of fenced operands in a fenced result, and of others.
  private func check(
    _ operands: [[Float]], _ count: Int,
    _ kernel: ([UnsafeMutablePointer<Float>], UnsafeMutablePointer<Float>) -> Void
  ) throws {
    func fenced(
      _ left: ArraySlice<[Float]>, _ places: [UnsafeMutablePointer<Float>]
    ) throws -> [Float] {
      guard let next = left.first else {
        return try withFenced([Float](repeating: -77, count: count)) { result in
          kernel(places, result)
          return Array(UnsafeBufferPointer(start: result, count: count))
        }
      }
      return try withFenced(next) { try fenced(left.dropFirst(), places + [$0]) }
    }
    func free(_ left: ArraySlice<[Float]>, _ places: [UnsafeMutablePointer<Float>]) -> [Float] {
      guard var next = left.first else { return written(count) { kernel(places, $0) } }
      return next.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { free(left.dropFirst(), places + [$0]) } ?? []
      }
    }
    let expected = free(operands[...], [])
    #expect(same(try fenced(operands[...], []), expected))
    #expect(!expected.contains(-77))
  }

  @Test(arguments: [1, 2, 3, 5, 10, 15])
  func rowsThatFillNoVector(size: Int) throws {
    for rows in [1, 8, 9, 17] {
      let (x, y) = (randomScalars(rows * size, seed: 1), randomScalars(rows * size, seed: 2))
      let z = randomScalars(rows, seed: 3)
      try check([x], x.count) { softmax($0[0], into: $1, rows: rows, size: size) }
      try check([x], x.count) { logSoftmax($0[0], into: $1, rows: rows, size: size) }
      let reduced = ReductionLayout(sizes: [rows, size], strides: [size, 1], reduced: [1])
      try check([x], rows) { boundSum($0[0], into: $1, reduced)() }
      try check([x], 1) { $1[0] = nonFiniteMark($0[0], count: x.count) }
      let layout = BroadcastLayout(
        sizes: [rows, size], operands: [[size, 1], [size, 1], [1, 0]])
      try check([x, y, z], x.count) {
        apply(.minusPower, .lanes($0[0]), $0[1], .lanes($0[2]), into: $1, layout)
      }
      let two = BroadcastLayout(sizes: [rows, size], operands: [[size, 1], [1, 0]])
      try check([x, z], x.count) { apply(.add, .lanes($0[0]), .lanes($0[1]), into: $1, two) }
    }
  }

  @Test(arguments: [3, 10, 16, 21, 35])
  func columnsThatFillNoVector(columns: Int) throws {
    var planned = 0
    for (rows, terms) in [(8, 8), (5, 20), (70, 3)] {
      for strides in [[columns, 1], [1, terms]] {
        let layout = ContractionLayout([
          .init(size: rows, left: terms, right: nil, result: columns, joined: columns),
          .init(size: columns, left: nil, right: strides[1], result: 1, joined: 1),
          .init(size: terms, left: 1, right: strides[0], result: nil),
        ])
        let operands = [rows * terms, terms * columns, rows * columns].map {
          randomScalars($0, seed: $0)
        }
        for keeps in [false, true] {
          guard
            let plan = PackedContraction(
              layout, keeps: (left: keeps, right: keeps), ending: .add)
          else { continue }
          planned += 1
          try check(operands, rows * columns) {
            plan.run($0[0], $0[1], into: $1, joined: $0[2])
          }
        }
      }
    }
    #expect(planned > 0)
  }
}
