import Tensors
import Testing

@Suite struct GatherTests {
  private let table: [Float] = [0, 1, 10, 11, 20, 21]

  @Test func picksRows() {
    let rows = picked(table, rows: 3, [2, 0, 1, 2])
    #expect(rows == [20, 21, 0, 1, 10, 11, 20, 21])
  }

  /// A short table and a long one go different ways.
  @Test(arguments: [3, 40])
  func eachNetworkPicksItsOwnRow(count: Int) {
    var wide = [SIMD16<Float>](repeating: SIMD16(), count: 2 * count)
    var index = SIMD16<Float>(repeating: -1)
    for lane in 0..<16 {
      for place in wide.indices {
        wide[place][lane] = Float(place / 2 * 10 + place % 2 + 1000 * lane)
      }
      if lane < 15 { index[lane] = Float(lane * 7 % count) }
    }
    let rows = picked(wide, rows: count, [index])
    for lane in 0..<15 {
      let first = Float(lane * 7 % count * 10 + 1000 * lane)
      #expect(network(lane, of: rows) == [first, first + 1])
    }
    #expect(network(15, of: rows).allSatisfy { $0.isNaN })
  }

  @Test(arguments: [-1, 3, .nan, .infinity, -.infinity, 1e30] as [Float])
  func whatIsNotInTheTableIsNotANumber(index: Float) {
    #expect(picked(table, rows: 3, [index]).allSatisfy { $0.isNaN })
    let alike: [SIMD16<Float>] = written(2) { result in
      withUnsafePointer(to: index) {
        gather(lanes([table]), rows: 3, size: 2, .shared($0), count: 1, into: result)
      }
    }
    #expect(alike.allSatisfy { row in (0..<16).allSatisfy { row[$0].isNaN } })
  }

  /// Rows of two numbers.
  private func picked<L: Lane>(_ table: [L], rows: Int, _ indices: [L]) -> [L] {
    withOperand(indices) { places in
      written(2 * indices.count) {
        gather(table, rows: rows, size: 2, places, count: indices.count, into: $0)
      }
    }
  }

  @Test func oneHotIsARowOfTheIdentity() {
    let rows: [Float] = written(9) { oneHot([2, 0, 5] as [Float], count: 3, size: 3, into: $0) }
    #expect(rows == [0, 0, 1, 1, 0, 0, 0, 0, 0])
  }
}

/// The counterpart of `gather`, against loops.
@Suite struct ScatterSumTests {
  @Test(arguments: [3, 40], [false, true])
  func addsEachRowWhereItsNetworkSaysSo(rows: Int, alike: Bool) {
    let (count, size) = (50, 5)
    let quarter = SIMD16<Float>(repeating: 0.25)
    var generator = Generator(seed: 4, stream: .analysis)
    var indices = (0..<count).map { _ in SIMD16<Float>() }
    for i in 0..<count {
      for network in 0..<16 {
        indices[i][network] =
          alike && network > 0 ? indices[i][0] : Float(generator.index(below: rows))
      }
    }
    let x = (0..<count * size).map { _ in
      SIMD16<Float>((0..<16).map { _ in generator.uniform() - 0.5 })
    }
    var expected = [SIMD16<Float>](repeating: quarter, count: rows * size)
    for network in 0..<16 {
      for i in 0..<count {
        for j in 0..<size {
          expected[Int(indices[i][network]) * size + j][network] += x[i * size + j][network]
        }
      }
    }
    var table = [SIMD16<Float>](repeating: quarter, count: rows * size)
    withOperand(indices) {
      scatterSum(x, $0, count: count, into: &table, rows: rows, size: size, continuing: true)
    }
    #expect(table == expected)
    // In two parts, and from nothing.
    var fresh = table
    withOperand(indices) {
      scatterSum(x, $0, count: 20, into: &fresh, rows: rows, size: size, continuing: false)
    }
    withOperand(Array(indices[20...])) {
      scatterSum(
        Array(x[(20 * size)...]), $0, count: count - 20, into: &fresh, rows: rows, size: size,
        continuing: true)
    }
    for index in fresh.indices {
      let apart = fresh[index] - (expected[index] - quarter)
      #expect((0..<16).allSatisfy { apart[$0].magnitude < 1e-5 })
    }
  }

  @Test func anIndexOutsideTheTableAddsToNoRow() {
    var table = [Float](repeating: 0, count: 4)
    withOperand([1, -1, 2]) {
      scatterSum(
        [1, 2, 3, 4, 5, 6], $0, count: 3, into: &table, rows: 2, size: 2, continuing: false)
    }
    #expect(table == [0, 0, 1, 2])
  }
}
