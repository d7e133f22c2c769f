import Tensors
import Testing

@Suite struct OptimizerKernelTests {
  private let one = SIMD16<Float>(repeating: 1)
  private let zero = SIMD16<Float>(repeating: 0)
  private let step = AdamStep(
    rate: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0, correction1: 10, correction2: 50)

  @Test func aFrozenNetworkStaysWhatItWas() {
    var alive = one
    alive[4] = 0
    var w: [SIMD16<Float>] = lanes((0..<16).map { [Float($0), 1] })
    let before = w
    var (m, v) = (w.map { _ in zero }, w.map { _ in zero })
    let mark = adam(&w, before, &m, &v, count: 2, step, scale: one, alive: alive)
    #expect(mark == zero)
    for lane in 0..<16 where lane != 0 {
      #expect((network(lane, of: w) == network(lane, of: before)) == (lane == 4))
    }
    w = before
    _ = momentum(
      &w, before, &v, count: 2, rate: 1, momentum: 0, decay: 0, scale: one, alive: alive)
    #expect(network(4, of: w) == [4, 1])
    #expect(network(5, of: w) == [0, 0])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func aStepThatIsNotFiniteIsMarkedAndNotTaken(slope: Float) {
    var slopes = Array(repeating: one, count: 2)
    slopes[0][7] = slope
    var w = Array(repeating: one, count: 2)
    var v = Array(repeating: zero, count: 2)
    let mark = momentum(
      &w, slopes, &v, count: 2, rate: 0.5, momentum: 0.9, decay: 0, scale: one, alive: one)
    var m = Array(repeating: zero, count: 2)
    var (u, z) = (Array(repeating: one, count: 2), m)
    let other = adam(&u, slopes, &m, &z, count: 2, step, scale: one, alive: one)
    for lane in 0..<16 {
      #expect((mark[lane] == 0) == (lane != 7))
      #expect((other[lane] == 0) == (lane != 7))
      #expect(w[0][lane] == (lane == 7 ? 1 : 0.5))
      #expect(u[0][lane].isFinite)
    }
  }

  /// Both rules written out in `Double`, with decay, clipping and a past, for lanes of one and of sixteen.
  @Test func bothRulesAsPublished() {
    let step = AdamStep(
      rate: 0.1, beta1: 0.9, beta2: 0.98, epsilon: 1e-3, decay: 0.02, correction1: 3,
      correction2: 7)
    let (w, g) = (randomScalars(37, seed: 1), randomScalars(37, seed: 2))
    let (m, v) = (randomScalars(37, seed: 3), randomScalars(37, seed: 4).map(\.magnitude))
    func check<L: Lane>(_ lane: L.Type) {
      let scale = L(repeating: 0.5)
      var (weights, means, squares): ([L], [L], [L]) = (lanes([w]), lanes([m]), lanes([v]))
      _ = adam(
        &weights, lanes([g]), &means, &squares, count: 37, step, scale: scale, alive: .one)
      var (others, velocities): ([L], [L]) = (lanes([w]), lanes([m]))
      _ = momentum(
        &others, lanes([g]), &velocities, count: 37, rate: 0.1, momentum: 0.9, decay: 0.02,
        scale: scale, alive: .one)
      for i in 0..<37 {
        let (w, slope) = (Double(w[i]), Double(g[i]) / 2)
        let mean = 0.9 * Double(m[i]) + 0.1 * slope
        let square = 0.98 * Double(v[i]) + 0.02 * slope * slope
        let next = 0.98 * w - 0.1 * 3 * mean / ((7 * square).squareRoot() + 1e-3)
        let velocity = 0.9 * Double(m[i]) + slope
        for (got, expected) in [
          (weights[i], next), (means[i], mean), (squares[i], square),
          (others[i], 0.98 * w - 0.1 * velocity), (velocities[i], velocity),
        ] {
          #expect(abs(Double(got[L.width - 1]) - expected) < 1e-5, "\(L.self), weight \(i)")
        }
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  /// Every place of every length counts, and only in its own lane.
  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func oneNumberThatIsNotFiniteIsFound(number: Float) {
    func check<L: Lane>(_: L.Type, lane: Int, counts: Range<Int>) {
      for count in counts {
        var x = [L](repeating: L(repeating: .greatestFiniteMagnitude), count: counts.upperBound)
        #expect(nonFiniteMark(x, count: count).bits.areZero)
        for place in x.indices {
          x[place][lane] = number
          let mark = nonFiniteMark(x, count: count)
          for other in 0..<L.width {
            #expect((mark[other] == 0) == (other != lane || place >= count))
          }
          x[place][lane] = 1
        }
      }
    }
    check(SIMD16<Float>.self, lane: 5, counts: 0..<10)
    check(Float.self, lane: 0, counts: 0..<36)
  }
}
