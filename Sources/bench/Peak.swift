import Tensors

/// The most fused multiply-adds that the processor does on a number of threads, in 10⁹ operations a second.
///
/// Each of 24 independent chains adds a product; one multiply-add counts as two operations.
func multiplyAddPeak(threads: Int) throws -> Double {
  let turns = 4_000_000
  let clock = ContinuousClock()
  var sink: Float = 0
  let elapsed = try clock.measure {
    sink = try parallelMap(threads, threads: threads) { chains(turns, Float($0)) }.reduce(0, +)
  }
  precondition(sink.isFinite, "The chains have overflowed")
  return Double(threads * turns * 24 * 16 * 2) / (elapsed / .seconds(1)) / 1e9
}

private func chains(_ turns: Int, _ start: Float) -> Float {
  let x = SIMD16<Float>(repeating: 0.999)
  let y = SIMD16<Float>(repeating: 0.001 + start * 1e-9)
  var first = Block(y)
  var second = Block(y)
  var third = Block(y)
  for _ in 0..<turns {
    first.advance(x, y)
    second.advance(x, y)
    third.advance(x, y)
  }
  return first.total + second.total + third.total
}

/// Eight chains.
private struct Block {
  var (a, b, c, d): (SIMD16<Float>, SIMD16<Float>, SIMD16<Float>, SIMD16<Float>)
  var (e, f, g, h): (SIMD16<Float>, SIMD16<Float>, SIMD16<Float>, SIMD16<Float>)

  init(_ start: SIMD16<Float>) {
    (a, b, c, d) = (start, start, start, start)
    (e, f, g, h) = (start, start, start, start)
  }

  @inline(__always)
  mutating func advance(_ x: SIMD16<Float>, _ y: SIMD16<Float>) {
    a = y.addingProduct(a, x)
    b = y.addingProduct(b, x)
    c = y.addingProduct(c, x)
    d = y.addingProduct(d, x)
    e = y.addingProduct(e, x)
    f = y.addingProduct(f, x)
    g = y.addingProduct(g, x)
    h = y.addingProduct(h, x)
  }

  var total: Float {
    [a, b, c, d, e, f, g, h].reduce(Float(0)) { $0 + $1.sum() }
  }
}
