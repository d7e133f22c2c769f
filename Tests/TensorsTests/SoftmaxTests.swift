import Foundation
import Tensors
import Testing

@Suite struct SoftmaxTests {
  @Test(arguments: [1, 2, 3, 15, 16, 17, 100])
  func agreesWithDoubles(size: Int) {
    let x = randomScalars(4 * size, seed: size, scale: 30)
    let shares: [Float] = written(x.count) { softmax(x, into: $0, rows: 4, size: size) }
    let logarithms: [Float] = written(x.count) { logSoftmax(x, into: $0, rows: 4, size: size) }
    for row in 0..<4 {
      let places = row * size..<(row + 1) * size
      let exponentials = x[places].map { Foundation.exp(Double($0)) }
      let total = exponentials.reduce(0, +)
      for (place, exponential) in zip(places, exponentials) {
        // A difference below 64 is rounded by at most 2⁻¹⁹.
        let exact = exponential / total
        #expect(Swift.abs(Double(shares[place]) - exact) <= 3e-6 * exact + 1e-37)
        #expect(Swift.abs(Double(logarithms[place]) - Foundation.log(exact)) <= 1e-5)
      }
    }
  }

  /// Short rows go side by side where there are several: with the bits of each by itself.
  @Test(arguments: [1, 2, 3, 7, 8, 10, 15, 16, 17]) func rowsSideBySideAreLikeEachAlone(size: Int) {
    for rows in [1, 7, 8, 16, 17, 40] {
      let x = randomScalars(rows * size, seed: rows + 100 * size, scale: 30)
      let layout = ReductionLayout(sizes: [rows, size], strides: [size, 1], reduced: [1])
      let made: [[Float]] = [
        written(x.count) { softmax(x, into: $0, rows: rows, size: size) },
        written(x.count) { logSoftmax(x, into: $0, rows: rows, size: size) },
        written(rows) { boundSum(x, into: $0, layout)() },
      ]
      var expected: [[Float]] = [[], [], []]
      for row in 0..<rows {
        let own = Array(x[row * size..<(row + 1) * size])
        let one = ReductionLayout(sizes: [size], strides: [1], reduced: [0])
        expected[0] += written(size) { softmax(own, into: $0, rows: 1, size: size) }
        expected[1] += written(size) { logSoftmax(own, into: $0, rows: 1, size: size) }
        expected[2] += written(1) { sum(own, into: $0, one) }
      }
      for (made, expected) in zip(made, expected) {
        #expect(same(made, expected), "\(rows)×\(size)")
      }
    }
  }

  @Test func doesNotOverflow() {
    let x: [Float] = [3e38, 3e38, -3e38, 0]
    #expect(written(4) { softmax(x, into: $0, rows: 1, size: 4) } == [Float(0.5), 0.5, 0, 0])
    let logarithms: [Float] = written(4) { logSoftmax(x, into: $0, rows: 1, size: 4) }
    #expect(logarithms[0] == logarithms[1] && Swift.abs(logarithms[0] + Float(0.693_147_2)) < 1e-6)
  }

  @Test func maskedPlacesGetNothingAndARowOfThemNothingToShare() {
    let x: [Float] = [0, -.infinity, 0, -.infinity, -.infinity, -.infinity]
    let shares: [Float] = written(6) { softmax(x, into: $0, rows: 2, size: 3) }
    #expect(Array(shares[0..<3]) == [0.5, 0, 0.5])
    #expect(shares[3...].allSatisfy { $0.isNaN })
  }

  @Test func notANumberReachesItsRowAlone() {
    let x: [Float] = [1, .nan, 3, 1, 2, 3]
    let shares: [Float] = written(6) { softmax(x, into: $0, rows: 2, size: 3) }
    #expect(shares[..<3].allSatisfy { $0.isNaN })
    #expect(shares[3...].allSatisfy { $0.isFinite })
  }
}
