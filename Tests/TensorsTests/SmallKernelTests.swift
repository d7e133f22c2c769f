import Tensors
import Testing

/// What is done in a way of its own because it is small has the bits of the long way.
@Suite struct SmallKernelTests {
  @Test(arguments: 0...16)
  func aSumOfFewIsTheSum(count: Int) {
    func check<L: Lane>(_: L.Type) {
      let layout = ReductionLayout(sizes: [5, count, 3], strides: [3 * count, 3, 1], reduced: [1])
      let special: [Float] = [-0.0, 0, .infinity, -.infinity, 3e38, 1e-45, .nan]
      let networks = (0..<L.width).map { seed in
        Array((special + randomScalars(15 * 16, seed: seed, scale: 8)).prefix(max(15 * count, 1)))
      }
      let x: [L] = lanes(networks)
      let few: [L] = written(15) { sumOfFew(x, into: $0, layout) }
      let bound: [L] = written(15) { boundSum(x, into: $0, layout)() }
      let all: [L] = written(15) { sum(x, into: $0, layout) }
      for lane in 0..<L.width {
        #expect(same(network(lane, of: few), network(lane, of: all)))
        #expect(same(network(lane, of: bound), network(lane, of: all)))
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test func rowsAreMovedThereAndBack() {
    let x = randomScalars(24, seed: 1)
    let packed: [Float] = written(6) { moveRows(x, apart: 8, to: $0, apart: 2, rows: 3, count: 2) }
    #expect(packed == [x[0], x[1], x[8], x[9], x[16], x[17]])
    let spread: [Float] = written(24) {
      moveRows(packed, apart: 2, to: $0, apart: 8, rows: 3, count: 2)
    }
    #expect(spread[16...18] == [x[16], x[17], -77])
  }

  @Test func blocksArePaddedOnBothSides() {
    let padded: [Float] = written(12) {
      pad([1, 2, 3, 4], into: $0, blocks: 2, size: 2, stride: 5, start: 1)
    }
    #expect(padded == [0, 1, 2, 0, 0, 0, 3, 4, 0, 0, -77, -77])
  }
}
