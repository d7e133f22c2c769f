import Tensors
import Testing

/// Networks side by side have the bits of each alone, whatever the kernel and however many they are.
@Suite struct LaneTests {
  @Test(arguments: UnaryFunction.allCases)
  func functionsOfOneNumber(function: UnaryFunction) {
    func check<L: Lane>(_: L.Type) {
      let padded = sweep + [Float](repeating: 1, count: (16 - sweep.count % 16) % 16)
      let count = padded.count / L.width
      let wide: [L] = lanes((0..<L.width).map { Array(padded[$0 * count..<($0 + 1) * count]) })
      let results = applied(function, wide)
      let together = (0..<L.width).flatMap { network($0, of: results) }
      let wrong = zip(padded.indices, zip(together, applied(function, padded)))
        .first { !same($1.0, $1.1) }.map { "\(padded[$0]): \($1)" }
      #expect(wrong == nil)
    }
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test func isUniformIfEveryNetworkHasTheSameBits() {
    func check<L: Lane>(_: L.Type) {
      for value: Float in [0, -0.0, 2, .nan] {
        #expect(L(repeating: value).isUniform)
        for network in 0..<L.width where L.width > 1 {
          var lane = L(repeating: value)
          lane[network] = 3
          #expect(!lane.isUniform)
        }
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test(arguments: BinaryFunction.allCases)
  func functionsOfTwoNumbers(function: BinaryFunction) {
    let special: [Float] = [
      0, -0.0, 1, -1, 0.3, .infinity, -.infinity, .nan, .leastNonzeroMagnitude, 3e38, 1e-20,
    ]
    let pairs = special.flatMap { x in special.map { (x, $0) } }
    let (x, y) = (pairs.map(\.0), pairs.map(\.1))
    let layout = BroadcastLayout(sizes: [pairs.count], operands: [[1], [1]])
    func applied<L: Lane>(_ x: [L], _ y: [L]) -> [L] {
      withOperand(x) { x in
        withOperand(y) { y in written(pairs.count) { apply(function, x, y, into: $0, layout) } }
      }
    }
    let narrow = applied(x, y)
    let shifted = (0..<16).map { lane in x.indices.map { x[($0 + lane) % x.count] } }
    let wide: [SIMD16<Float>] = applied(lanes(shifted), lanes([y]))
    #expect(same(network(0, of: wide), narrow))
    for lane in 1..<16 {
      #expect(same(network(lane, of: wide), applied(shifted[lane], y)))
    }
    for (index, (x, y)) in pairs.enumerated() {
      let expected: Float =
        switch function {
        case .add: x + y
        case .subtract: x - y
        case .multiply: x * y
        case .divide: x / y
        case .less: x < y ? 1 : 0
        case .equal: x == y ? 1 : 0
        case .maximum: y < x ? x : y
        }
      #expect(same(narrow[index], expected), "\(function)(\(x), \(y))")
    }
  }

  @Test(arguments: [
    "sum", "maximum", "argmax", "softmax", "logSoftmax", "gather", "oneHot", "contract", "select",
    "copy", "sumOfSquares", "nonFiniteMark", "adam", "momentum",
  ])
  func kernel(name: String) {
    let networks = (0..<16).map { randomScalars(111, seed: $0, scale: 8) }
    func check<L: Lane>(_: L.Type) {
      let wide: [L] = results(name, lanes(networks))
      for (index, scalars) in networks.prefix(L.width).enumerated() {
        #expect(same(network(index, of: wide), results(name, scalars)), "network \(index)")
      }
    }
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  /// A kernel on an array of 111 numbers.
  private func results<L: Lane>(_ name: String, _ x: [L]) -> [L] {
    let rows = ReductionLayout(sizes: [3, 37], strides: [37, 1], reduced: [1])
    let mixed = BroadcastLayout(sizes: [37, 3], operands: [[1, 37], [0, 37], [1, 0]])
    let whole: [L] =
      written(12) { argmax(x, into: $0, rows) }.prefix(3)
      + written(9) { step in
        apply(.step, x, into: step, count: 9)
      }
    switch name {
    case "sum": return written(3) { sum(x, into: $0, rows) }
    case "maximum": return written(3) { maximum(x, into: $0, rows) }
    case "argmax": return written(3) { argmax(x, into: $0, rows) }
    case "softmax": return written(111) { softmax(x, into: $0, rows: 3, size: 37) }
    case "logSoftmax": return written(111) { logSoftmax(x, into: $0, rows: 3, size: 37) }
    case "gather":
      return withOperand(whole) { whole in
        written(36) { gather(x, rows: 37, size: 3, whole, count: 12, into: $0) }
      }
    case "oneHot": return written(60) { oneHot(whole, count: 12, size: 5, into: $0) }
    case "contract":
      let layout = ContractionLayout([
        .init(size: 5, left: 7, right: nil, result: 6),
        .init(size: 6, left: nil, right: 7, result: 1),
        .init(size: 7, left: 1, right: 1, result: nil),
      ])
      return written(30) { contract(x, x, into: $0, layout) }
    case "select":
      return written(111) { result in
        Array(x.reversed()).withUnsafeBufferPointer { no in
          if let no = no.baseAddress { select(x, x, no, into: result, mixed) }
        }
      }
    case "copy": return written(111) { copy(x, into: $0, mixed) }
    case "nonFiniteMark": return [nonFiniteMark(x, count: 111)]
    case "sumOfSquares": return [sumOfSquares(x, count: 111)]
    default: return stepped(name, x)
    }
  }

  private func stepped<L: Lane>(_ name: String, _ x: [L]) -> [L] {
    var (w, m, v) = (x, x.map { $0 * $0 }, x.map { $0 * $0 })
    let step = AdamStep(
      rate: 0.01, beta1: 0.9, beta2: 0.98, epsilon: 1e-8, decay: 0.001, correction1: 3,
      correction2: 7)
    let scale = L(repeating: 0.5)
    let mark =
      name == "adam"
      ? adam(&w, x, &m, &v, count: 111, step, scale: scale, alive: .one)
      : momentum(
        &w, x, &v, count: 111, rate: 0.01, momentum: 0.9, decay: 0.001, scale: scale, alive: .one)
    return w + m + v + [mark]
  }
}
