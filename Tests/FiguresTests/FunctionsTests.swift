import Glibc
import Testing

@testable import Figures

@Suite("Functions without the C library")
struct FunctionsTests {
  @Test(
    "agree with the C library's to fourteen digits", arguments: [1e-9, 0.02, 0.7, 1, 3.5, 8e11])
  func values(_ x: Double) {
    #expect(abs(Figures.log2(x) - Glibc.log2(x)) <= 1e-14 * max(abs(Glibc.log2(x)), 1))
    #expect(abs(power(x, 1 / 2.4) / pow(x, 1 / 2.4) - 1) < 1e-13)
    #expect(abs(cubeRoot(x) / cbrt(x) - 1) < 1e-13)
  }

  @Test("log10 of a power of ten is whole")
  func powersOfTen() {
    for exponent in -20...20 { #expect(Figures.log10(power(ofTen: exponent)) == Double(exponent)) }
  }
}

@Suite("Numbers on figures")
struct NumberLabelTests {
  @Test func fixed() {
    #expect(NumberLabel.fixed(-1234.5, decimals: 2) == "\u{2212}1,234.50")
    #expect(NumberLabel.fixed(0.125, decimals: 0) == "0")
    #expect(NumberLabel.fixed(-0.001, decimals: 2) == "0.00")
    #expect(NumberLabel.fixed(1_000_000, decimals: 0) == "1,000,000")
    #expect(NumberLabel.fixed(.nan, decimals: 2) == "NaN")
    #expect(NumberLabel.fixed(-.infinity, decimals: 2) == "\u{2212}∞")
  }

  @Test func short() {
    #expect(NumberLabel.short(0.00001234) == "1.23×10⁻⁵")
    #expect(NumberLabel.short(0.5) == "0.5")
    #expect(NumberLabel.short(-3.14159) == "\u{2212}3.14")
    #expect(NumberLabel.short(99_950) == "99,950")
    #expect(NumberLabel.short(6.02e23) == "6.02×10²³")
    #expect(NumberLabel.short(0) == "0")
  }
}

@Suite("Ticks")
struct TicksTests {
  @Test func linear() {
    let ticks = Ticks.linear(from: 0, to: 1, step: Ticks.step(span: 1, count: 5))
    #expect(ticks.map(\.label) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(ticks.map(\.value) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    let signed = Ticks.linear(from: -130, to: 90, step: Ticks.step(span: 220, count: 4))
    #expect(signed.map(\.label) == ["\u{2212}100", "\u{2212}50", "0", "50"])
  }

  @Test func logarithmic() {
    let steps = Ticks.logarithmic(from: 1, to: 2000, count: 6)
    #expect(steps.map(\.label) == ["1", "10", "100", "1,000"])
    let losses = Ticks.logarithmic(from: 1e-7, to: 1, count: 4)
    #expect(losses.map(\.label) == ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"])
  }

  @Test("A logarithmic axis has ten halfway between one and a hundred")
  func places() {
    let axis = SettledAxis(
      Axis("step", scale: .logarithmic), holding: 1...100, margin: .none, tickCount: 4)
    #expect(abs(axis.place(10) - 0.5) < 1e-12)
  }

  @Test("Numbers of extreme size or none between them make an axis all the same")
  func extremes() {
    let ranges: [ClosedRange<Double>] = [
      5...5, -1e100...1e100, 1e-300...2e-300, 1...(1 + 4e-16), 0...0,
    ]
    for range in ranges {
      let axis = SettledAxis(Axis("x"), holding: range, margin: .ticks, tickCount: 5)
      #expect(axis.lower < axis.upper)
      #expect(axis.ticks.count < 20)
    }
  }

  @Test("Labels are pushed apart, no further than needed")
  func spreading() {
    #expect(spread([10, 12], heights: [10, 10], from: 0, to: 100) == [10, 20])
    #expect(spread([95, 96], heights: [10, 10], from: 0, to: 100) == [85, 95])
    #expect(spread([20, 60], heights: [10, 10], from: 0, to: 100) == [20, 60])
  }
}
