/// The numbers of one step of Adam.
///
/// Kingma and Ba 2015, arXiv 1412.6980; decoupled weight decay: Loshchilov and Hutter 2019, arXiv 1711.05101.
public struct AdamStep: Sendable {
  public var rate: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// The share of a weight that one step takes away: learning rate times weight decay.
  public var decay: Float
  /// 1 / (1 − β₁ᵗ) and 1 / (1 − β₂ᵗ).
  public var correction1: Float
  public var correction2: Float

  public init(
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float, correction1: Float,
    correction2: Float
  ) {
    (self.rate, self.beta1, self.beta2, self.epsilon) = (rate, beta1, beta2, epsilon)
    (self.decay, self.correction1, self.correction2) = (decay, correction1, correction2)
  }
}

/// Takes one step of Adam: w ← w − decay·w − rate·m̂ / (√v̂ + ε).
///
/// - Parameters:
///   - w: The `count` weights, a network a lane; they are changed in place.
///   - g: Their gradients.
///   - m: The running means of the gradients; they are brought up to date.
///   - v: The running means of the gradients' squares; they are brought up to date.
///   - count: The number of weights of one network.
///   - step: The numbers that all networks share at this step.
///   - scale: What each network's gradient is multiplied by first (clipping).
///   - alive: Zero for a network that is frozen, one else.
/// - Returns: Zero for each network whose step was finite; a weight whose step was not stays what it was.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func adam<L: Lane>(
  _ w: UnsafeMutablePointer<L>, _ g: UnsafePointer<L>, _ m: UnsafeMutablePointer<L>,
  _ v: UnsafeMutablePointer<L>, count: Int, _ step: AdamStep, scale: L, alive: L
) -> L {
  adam(w, g, m, v, count: count, AdamNumbers(step, scale: scale, alive: alive))
}

@inline(__always)
func adam<L: Lane>(
  _ w: UnsafeMutablePointer<L>, _ g: UnsafePointer<L>, _ m: UnsafeMutablePointer<L>,
  _ v: UnsafeMutablePointer<L>, count: Int, _ numbers: AdamNumbers<L>
) -> L {
  var mark = L.zero
  var first = 0
  if L.self == Float.self {
    // One network's weights go sixteen at a time.
    first = count & ~15
    mark = L(
      repeating: adamOfSixteens(
        w.numbers, g.numbers, m.numbers, v.numbers, count: first,
        numbers.step, scale: numbers.scale[0], alive: numbers.alive[0]))
  }
  for i in first..<count {
    let next = numbers.next(w[i], g[i], m[i], v[i])
    (w[i], m[i], v[i]) = (next.weight, next.mean, next.square)
    mark = mark + next.mark
  }
  return mark
}

private func adamOfSixteens(
  _ w: UnsafeMutablePointer<Float>, _ g: UnsafePointer<Float>, _ m: UnsafeMutablePointer<Float>,
  _ v: UnsafeMutablePointer<Float>, count: Int, _ step: AdamStep, scale: Float, alive: Float
) -> Float {
  let numbers = AdamNumbers(
    step, scale: SIMD16<Float>(repeating: scale), alive: SIMD16(repeating: alive))
  let (w0, m0, v0) = (UnsafePointer(w), UnsafePointer(m), UnsafePointer(v))
  var mark = SIMD16<Float>()
  for i in stride(from: 0, to: count, by: 16) {
    let next = numbers.next(
      w0.sixteen(at: i), g.sixteen(at: i), m0.sixteen(at: i), v0.sixteen(at: i))
    w.store(next.weight, at: i)
    m.store(next.mean, at: i)
    v.store(next.square, at: i)
    mark += next.mark
  }
  return mark.sum()
}

/// The numbers of a step of Adam, one for each lane.
struct AdamNumbers<L: Lane> {
  let step: AdamStep
  let beta1, rest1, beta2, rest2, correction1, correction2, epsilon, keep, scale, alive: L

  @inline(__always)
  init(_ step: AdamStep, scale: L, alive: L) {
    self.step = step
    (beta1, rest1) = (L(repeating: step.beta1), L(repeating: 1 - step.beta1))
    (beta2, rest2) = (L(repeating: step.beta2), L(repeating: 1 - step.beta2))
    correction1 = L(repeating: step.correction1 * step.rate)
    correction2 = L(repeating: step.correction2)
    (epsilon, keep) = (L(repeating: step.epsilon), L(repeating: 1 - step.decay))
    (self.scale, self.alive) = (scale, alive)
  }

  /// What a weight and its running means become, and the mark of those that are not finite.
  @inline(__always)
  func next(_ weight: L, _ slope: L, _ mean: L, _ square: L) -> (
    weight: L, mean: L, square: L, mark: L
  ) {
    let slope = slope * scale
    let mean = (rest1 * slope).addingProduct(beta1, mean)
    let square = (rest2 * (slope * slope)).addingProduct(beta2, square)
    let next =
      weight * keep - mean * correction1 / (L.squareRoot(square * correction2) + epsilon)
    let off = next.nonFiniteMark
    let moves = L.equal(alive + off, L.one)
    return (L.select(moves, next, weight), mean, square, off)
  }
}

/// Takes one step of gradient descent with momentum: v ← μ·v + g, w ← w − decay·w − rate·v.
///
/// Polyak 1964, DOI 10.1016/0041-5553(64)90137-5; the form of Sutskever et al. 2013 without look-ahead.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func momentum<L: Lane>(
  _ w: UnsafeMutablePointer<L>, _ g: UnsafePointer<L>, _ v: UnsafeMutablePointer<L>, count: Int,
  rate: Float, momentum: Float, decay: Float, scale: L, alive: L
) -> L {
  let (rate, momentum) = (L(repeating: rate), L(repeating: momentum))
  let keep = L(repeating: 1 - decay)
  var mark = L.zero
  for i in 0..<count {
    let velocity = (g[i] * scale).addingProduct(momentum, v[i])
    let next = w[i] * keep - rate * velocity
    let off = next.nonFiniteMark
    mark = mark + off
    let moves = L.equal(alive + off, L.one)
    w[i] = L.select(moves, next, w[i])
    v[i] = velocity
  }
  return mark
}

/// The sum of squares of neighbours, by the tree of sixteen lanes.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func sumOfSquares<L: Lane>(_ x: UnsafePointer<L>, count: Int) -> L {
  if L.self == Float.self {
    return L(repeating: sumOfSquaresOfNeighbours(x.numbers, count: count))
  }
  return withUnsafeTemporaryAllocation(of: L.self, capacity: 16) { lanes in
    for j in 0..<16 { lanes[j] = L.zero }
    for i in 0..<count { lanes[i & 15] = lanes[i & 15].addingProduct(x[i], x[i]) }
    return tree(lanes)
  }
}

/// Zero for each network all of whose `count` numbers are finite.
@specialized(where L == Float)
@specialized(where L == SIMD4<Float>)
@specialized(where L == SIMD8<Float>)
@specialized(where L == SIMD16<Float>)
public func nonFiniteMark<L: Lane>(_ x: UnsafePointer<L>, count: Int) -> L {
  if L.self == Float.self {
    return L(repeating: nonFiniteMarkOfNeighbours(x.numbers, count: count))
  }
  var (a, b, c, d) = (L.zero, L.zero, L.zero, L.zero)
  var i = 0
  while i + 4 <= count {
    (a, b) = (a + x[i].nonFiniteMark, b + x[i + 1].nonFiniteMark)
    (c, d) = (c + x[i + 2].nonFiniteMark, d + x[i + 3].nonFiniteMark)
    i += 4
  }
  while i < count {
    a = a + x[i].nonFiniteMark
    i += 1
  }
  return (a + b) + (c + d)
}
