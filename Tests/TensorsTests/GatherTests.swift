import Tensors
import Testing

@Suite struct GatherTests {
  private let table: [Float] = [0, 1, 10, 11, 20, 21]

  @Test func picksRows() {
    let rows: [Float] = written(8) {
      gather(table, rows: 3, size: 2, [2, 0, 1, 2] as [Float], count: 4, into: $0)
    }
    #expect(rows == [20, 21, 0, 1, 10, 11, 20, 21])
  }

  @Test func eachNetworkPicksItsOwnRow() {
    let wide = table.map { value in SIMD16((0..<16).map { value + 100 * Float($0) }) }
    let indices = [SIMD16<Float>((0..<16).map { Float($0 % 3) })]
    let rows: [SIMD16<Float>] = written(2) {
      gather(wide, rows: 3, size: 2, indices, count: 1, into: $0)
    }
    for lane in 0..<16 {
      let first = Float(lane % 3 * 10 + 100 * lane)
      #expect(network(lane, of: rows) == [first, first + 1])
    }
  }

  @Test(arguments: [-1, 3, .nan, .infinity, -.infinity, 1e30] as [Float])
  func whatIsNotInTheTableIsNotANumber(index: Float) {
    let rows: [Float] = written(2) {
      gather(table, rows: 3, size: 2, [index], count: 1, into: $0)
    }
    #expect(rows.allSatisfy { $0.isNaN })
  }

  @Test func oneHotIsARowOfTheIdentity() {
    let rows: [Float] = written(9) { oneHot([2, 0, 5] as [Float], count: 3, size: 3, into: $0) }
    #expect(rows == [0, 0, 1, 1, 0, 0, 0, 0, 0])
  }
}
