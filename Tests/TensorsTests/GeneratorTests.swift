import Tensors
import Testing

@Suite struct GeneratorTests {
  /// The inverse of SplitMix64's mixing function, so that a stream can be made to begin at a known state.
  private func unmixed(_ value: UInt64) -> UInt64 {
    func unshifted(_ value: UInt64, _ count: UInt64) -> UInt64 {
      var result = value
      for _ in 0..<64 { result = value ^ (result >> count) }
      return result
    }
    func inverse(_ factor: UInt64) -> UInt64 {
      (0..<6).reduce(factor) { guess, _ in guess &* (2 &- factor &* guess) }
    }
    var z = unshifted(value, 31)
    z = unshifted(z &* inverse(0x94D0_49BB_1331_11EB), 27)
    return unshifted(z &* inverse(0xBF58_476D_1CE4_E5B9), 30)
  }

  /// The first numbers of the reference implementation from state 1234567.
  @Test func isSplitMix64() {
    let stream = Generator.Stream.initialization
    let seed = unmixed(unmixed(1_234_567) &- stream.rawValue)
    var generator = Generator(seed: Int(Int64(bitPattern: seed)), stream: stream)
    let numbers = (0..<5).map { _ in generator.next() }
    #expect(
      numbers == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
        4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
      ])
  }

  @Test func streamsDiffer() {
    var first: Set<UInt64> = []
    for seed in -100..<100 {
      for stream in 1...6 {
        var generator = Generator(seed: seed, stream: .init(rawValue: UInt64(stream)))
        first.insert(generator.next())
      }
    }
    #expect(first.count == 200 * 6)
  }

  @Test func uniformNumbersFillTheirInterval() {
    var generator = Generator(seed: 3, stream: .noise)
    var bins = [Int](repeating: 0, count: 100)
    for _ in 0..<100_000 {
      let x = generator.uniform()
      guard x >= 0, x < 1, (x * 0x1p24).rounded() == x * 0x1p24 else {
        Issue.record("\(x)")
        return
      }
      bins[Int(x * 100)] += 1
    }
    let chiSquare = bins.reduce(0.0) { $0 + (Double($1) - 1000) * (Double($1) - 1000) / 1000 }
    #expect(chiSquare > 50 && chiSquare < 160)  // 99 degrees of freedom
  }

  @Test func normalNumbersHaveTheirMoments() {
    var generator = Generator(seed: 4, stream: .initialization)
    let draws = (0..<800_000).map { _ in Double(generator.normal()) }
    func moment(_ power: Int) -> Double {
      draws.reduce(0) { total, x in total + (0..<power).reduce(1.0) { value, _ in value * x } }
        / Double(draws.count)
    }
    #expect(Swift.abs(moment(1)) < 0.004)
    #expect(Swift.abs(moment(2) - 1) < 0.015)
    #expect(Swift.abs(moment(3)) < 0.04)
    #expect(Swift.abs(moment(4) - 3) < 0.1)
    let tail = Double(draws.filter { Swift.abs($0) > 1.959_964 }.count) / Double(draws.count)
    #expect(Swift.abs(tail - 0.05) < 0.002_5)
  }

  @Test func permutationsHoldEveryPlaceOnce() {
    var generator = Generator(seed: 5, stream: .order)
    for count in 0..<40 {
      #expect(generator.permutation(of: count).sorted() == Array(0..<count))
    }
    var orders: [[Int]: Int] = [:]
    for _ in 0..<24_000 { orders[generator.permutation(of: 4), default: 0] += 1 }
    #expect(orders.count == 24)
    #expect(orders.values.allSatisfy { Swift.abs($0 - 1000) < 160 })
  }

  @Test func indicesAreEvenlySpread() {
    var generator = Generator(seed: 6, stream: .split)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[generator.index(below: 7)] += 1 }
    #expect(counts.allSatisfy { Swift.abs($0 - 10_000) < 500 })
    #expect(generator.index(below: 1) == 0)
  }
}
