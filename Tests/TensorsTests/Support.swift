import Tensors

/// Numbers of [−scale, scale), reproducible.
func randomScalars(_ count: Int, seed: Int, scale: Float = 2) -> [Float] {
  var generator = Generator(seed: seed, stream: .analysis)
  return (0..<count).map { _ in scale * (2 * generator.uniform() - 1) }
}

/// Whether two numbers have the same bits; all NaNs are one.
func same(_ left: Float, _ right: Float) -> Bool {
  left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
}

func same(_ left: [Float], _ right: [Float]) -> Bool {
  left.count == right.count && zip(left, right).allSatisfy(same)
}

/// The distance from an exact number, in units in the last place of its nearest `Float`.
func unitsInLastPlace(_ value: Float, from exact: Double) -> Double {
  if Double(value) == exact { return 0 }
  return Swift.abs(Double(value) - exact) / Double(Float(exact).ulp)
}

/// Bit patterns spread over all signs and exponents, with the places where functions change their ways.
let sweep: [Float] = {
  var values = stride(from: UInt32(0), to: UInt32.max - 40_009, by: 40_009).map {
    Float(bitPattern: $0)
  }
  let edges: [Float] = [
    0, 1, 0.5, 0.625, 2, 87.336_54, 87.4, 88, 88.722_83, 88.722_84, 89, 103, 104, 1e-3, 1e-6,
    .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude, .infinity, .ulpOfOne,
    0.707_106_8, 1.414_213_5, 0.346_573_6,
  ]
  for edge in edges { values += [edge, -edge, edge.nextUp, edge.nextDown, -edge.nextUp] }
  values.append(.nan)
  // What networks hold most of the time.
  values += stride(from: Float(-20), to: 20, by: 0.003_7)
  return values
}()

/// Networks' arrays as one array of lanes, the first ones again where they are too few.
func lanes<L: Lane>(_ networks: [[Float]]) -> [L] {
  networks[0].indices.map { index in
    var lane = L.zero
    for place in 0..<L.width { lane[place] = networks[place % networks.count][index] }
    return lane
  }
}

/// One network's array out of an array of lanes.
func network<L: Lane>(_ index: Int, of values: [L]) -> [Float] { values.map { $0[index] } }

/// What a kernel writes into an array of some length; unwritten places stay at a marker.
func written<L: Lane>(_ count: Int, _ kernel: (UnsafeMutablePointer<L>) -> Void) -> [L] {
  var result = [L](repeating: L(repeating: -77), count: max(count, 1))
  result.withUnsafeMutableBufferPointer { buffer in
    if let base = buffer.baseAddress { kernel(base) }
  }
  return Array(result.prefix(count))
}

func applied<L: Lane>(_ function: UnaryFunction, _ x: [L]) -> [L] {
  written(x.count) { apply(function, x, into: $0, count: x.count) }
}

/// All combinations of indices of some sizes, the last fastest.
func places(_ sizes: [Int]) -> [[Int]] {
  sizes.reduce([[]]) { all, size in all.flatMap { place in (0..<size).map { place + [$0] } } }
}

func offset(_ place: [Int], _ strides: [Int]) -> Int {
  zip(place, strides).reduce(0) { $0 + $1.0 * $1.1 }
}

/// Lends numbers that differ from network to network to a kernel.
func withOperand<L: Lane, Result>(_ x: [L], _ body: (Operand<L>) -> Result) -> Result {
  x.withUnsafeBufferPointer { numbers in
    guard let base = numbers.baseAddress else { preconditionFailure("no numbers to read") }
    return body(.lanes(base))
  }
}

extension Lane {
  /// The numbers of all networks.
  var numbers: [Float] { (0..<Self.width).map { self[$0] } }
}
