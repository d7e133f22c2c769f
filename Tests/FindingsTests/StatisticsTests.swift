import Testing

@testable import Findings

private func isClose(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
  abs(a - b) <= tolerance * max(abs(a), abs(b))
}

@Suite struct BinomialTests {
  /// Computed in exact rational arithmetic (Python's `fractions`) and rounded once.
  @Test(arguments: [
    (76, 90, 0.17909041618147387), (78, 90, 0.0687532087401255), (79, 90, 0.03778136103729087),
    (81, 90, 0.008612937377912439), (83, 90, 0.0012578628453924613),
    (850, 900, 2.631892534419019e-35), (8200, 10_000, 2.2060950159471714e-07),
  ])
  func upperTailOfFourFifths(passed: Int, n: Int, exact: Double) {
    #expect(isClose(Statistics.binomialUpperTail(passed, of: n, share: 0.8), exact))
  }

  @Test(arguments: [
    (60, 90, 0.002073683693575694), (65, 90, 0.047375965900394876),
    (66, 90, 0.07702530162674244), (650, 900, 1.328178369777832e-08),
  ])
  func lowerTailOfFourFifths(passed: Int, n: Int, exact: Double) {
    #expect(isClose(Statistics.binomialLowerTail(passed, of: n, share: 0.8), exact))
  }

  @Test func coins() {
    #expect(isClose(Statistics.binomialUpperTail(9, of: 10, share: 0.5), 11.0 / 1024))
    #expect(isClose(Statistics.binomialLowerTail(0, of: 10, share: 0.5), 1.0 / 1024))
    #expect(isClose(Statistics.binomialUpperTail(5, of: 10, share: 1.0 / 3), 0.21312808006909517))
  }

  @Test func ends() {
    #expect(Statistics.binomialUpperTail(0, of: 7, share: 0.8) == 1)
    #expect(Statistics.binomialLowerTail(7, of: 7, share: 0.8) == 1)
    #expect(Statistics.binomialUpperTail(8, of: 7, share: 0.8) == 0)
    #expect(Statistics.binomialLowerTail(-1, of: 7, share: 0.8) == 0)
    #expect(Statistics.binomialUpperTail(0, of: 0, share: 0.8) == 1)
    #expect(Statistics.binomialUpperTail(7, of: 7, share: 1) == 1)
    #expect(Statistics.binomialUpperTail(1, of: 7, share: 0) == 0)
    #expect(Statistics.binomialLowerTail(6, of: 7, share: 1) == 0)
    #expect(isClose(Statistics.binomialUpperTail(3, of: 3, share: 0.8), 0.512))
    #expect(isClose(Statistics.binomialLowerTail(0, of: 3, share: 0.8), 0.008))
  }

  /// Pascal's triangle in whole numbers, against every tail of twenty tosses.
  @Test func pascal() {
    var row = [1.0]
    for _ in 0..<20 { row = zip(row + [0], [0] + row).map(+) }
    for passed in 0...20 {
      let exact = row[passed...].reduce(0, +) / 1_048_576
      #expect(isClose(Statistics.binomialUpperTail(passed, of: 20, share: 0.5), exact))
    }
  }

  /// Newcombe 1998 (DOI 10.1002/(SICI)1097-0258(19980430)17:8<857::AID-SIM777>3.0.CO;2-E), table I,
  /// method 3.
  @Test(arguments: [
    (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
  ])
  func wilsonAsPublished(passed: Int, n: Int, lower: Double, upper: Double) {
    let interval = Statistics.wilson(passed, of: n)
    #expect(abs(interval.lower - lower) < 0.00005 && abs(interval.upper - upper) < 0.00005)
  }

  /// The formula with the quantile to sixteen digits, in another implementation.
  @Test func wilsonToTheLastDigits() {
    let half = Statistics.wilson(50, of: 100)
    #expect(isClose(half.lower, 0.403_831_530_365_995_7))
    #expect(isClose(half.upper, 0.596_168_469_634_004_4))
    let few = Statistics.wilson(3, of: 7)
    #expect(isClose(few.lower, 0.158_219_855_251_469_7))
    #expect(isClose(few.upper, 0.749_541_635_472_342_8))
  }

  @Test func wilsonAtTheEnds() {
    for n in [1, 3, 90, 1_000] {
      #expect(Statistics.wilson(0, of: n).lower == 0)
      #expect(Statistics.wilson(n, of: n).upper == 1)
      #expect(Statistics.wilson(0, of: n).upper < 1)
      #expect(Statistics.wilson(n, of: n).lower > 0)
    }
  }
}

@Suite struct HolmTests {
  @Test func workedExample() {
    let corrected = Statistics.holm([0.01, 0.04, 0.03, 0.005])
    for (mine, known) in zip(corrected, [0.03, 0.06, 0.06, 0.02]) { #expect(isClose(mine, known)) }
  }

  @Test func neverAboveOneNorOutOfOrder() {
    #expect(Statistics.holm([0.9, 0.8, 0.5]) == [1, 1, 1])
    #expect(Statistics.holm([]) == [])
    #expect(Statistics.holm([0.04]) == [0.04])
    #expect(Statistics.holm([0.02, 0.02]) == [0.04, 0.04])
  }
}

@Suite struct AverageTests {
  @Test func knownValues() {
    #expect(Statistics.mean([1, 2, 6]) == 3)
    #expect(Statistics.median([5, 1, 3]) == 3)
    #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
    #expect(Statistics.quantile(0.25, of: [4, 1, 3, 2]) == 1.75)
    #expect(Statistics.quantile(0, of: [4, 1]) == 1 && Statistics.quantile(1, of: [4, 1]) == 4)
    #expect(isClose(Statistics.standardDeviation([2, 4, 4, 4, 5, 5, 7, 9]), 2.138089935299395))
    #expect(Statistics.mean([]).isNaN && Statistics.median([]).isNaN)
    #expect(Statistics.standardDeviation([1]).isNaN)
  }
}

@Suite struct BootstrapTests {
  /// The first numbers of the published reference implementation, seed 1234567.
  @Test func generatorAsPublished() {
    var generator = SplitMix64(seed: 1_234_567)
    let numbers = (0..<3).map { _ in generator.next() }
    #expect(
      numbers == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
  }

  @Test func drawsAreUniform() {
    var generator = SplitMix64(seed: 1)
    var counts = [Int](repeating: 0, count: 7)
    for _ in 0..<70_000 { counts[Statistics.draw(below: 7, using: &generator)] += 1 }
    #expect(counts.allSatisfy { abs($0 - 10_000) < 400 })
  }

  @Test func noVarianceHasNoInterval() {
    var generator = SplitMix64(seed: 1)
    #expect(Statistics.bootstrap([0.5, 0.5, 0.5], using: &generator) == nil)
    #expect(Statistics.bootstrap([0.5], using: &generator) == nil)
    #expect(Statistics.bootstrap([], using: &generator) == nil)
  }

  @Test func sameSeedSameInterval() {
    var first = SplitMix64(seed: 3)
    var second = SplitMix64(seed: 3)
    let values = (0..<40).map { Double($0 * $0 % 17) }
    let interval = Statistics.bootstrap(values, using: &first)
    #expect(interval == Statistics.bootstrap(values, using: &second))
    #expect(interval != Statistics.bootstrap(values, using: &second))
  }

  /// Of a hundred values one alone differs: some samples hold it, wherever it stands.
  @Test(arguments: [0, 50, 99])
  func everyValueIsDrawn(place: Int) throws {
    var generator = SplitMix64(seed: 9)
    let values = (0..<100).map { $0 == place ? 1.0 : 0 }
    let interval = try #require(Statistics.bootstrap(values, using: &generator))
    #expect(interval.lower == 0 && (0.02...0.04).contains(interval.upper))
  }

  /// The mean of 400 zeros and ones has a standard error of 0.025, so the interval is 0.098 wide.
  @Test func widthIsFourStandardErrors() throws {
    var generator = SplitMix64(seed: 5)
    let values = (0..<400).map { Double($0 % 2) }
    let interval = try #require(Statistics.bootstrap(values, using: &generator))
    #expect(abs(interval.upper - interval.lower - 0.098) < 0.008)
    #expect(abs(interval.upper + interval.lower - 1) < 0.01)
  }

  /// Intervals of samples from a known distribution hold its mean about as often as they say.
  @Test func coverage() {
    var generator = SplitMix64(seed: 7)
    let held = (0..<100).count { _ in
      let values = (0..<60).map { _ in Double(Statistics.draw(below: 1_001, using: &generator)) }
      let interval = Statistics.bootstrap(values, resamples: 300, using: &generator)
      return interval.map { $0.lower <= 500 && 500 <= $0.upper } ?? false
    }
    #expect((88...100).contains(held))
  }
}
