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
  let (beta1, rest1) = (L(repeating: step.beta1), L(repeating: 1 - step.beta1))
  let (beta2, rest2) = (L(repeating: step.beta2), L(repeating: 1 - step.beta2))
  let (correction1, correction2) = (
    L(repeating: step.correction1 * step.rate), L(repeating: step.correction2)
  )
  let (epsilon, keep) = (L(repeating: step.epsilon), L(repeating: 1 - step.decay))
  var mark = L.zero
  for i in 0..<count {
    let slope = g[i] * scale
    let mean = (rest1 * slope).addingProduct(beta1, m[i])
    let square = (rest2 * (slope * slope)).addingProduct(beta2, v[i])
    let next =
      w[i] * keep - mean * correction1 / (L.squareRoot(square * correction2) + epsilon)
    let off = next.nonFiniteMark
    mark = mark + off
    let moves = L.equal(alive + off, L.one)
    w[i] = L.select(moves, next, w[i])
    m[i] = mean
    v[i] = square
  }
  return mark
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
  withUnsafeTemporaryAllocation(of: L.self, capacity: 16) { lanes in
    for j in 0..<16 { lanes[j] = L.zero }
    for i in 0..<count { lanes[i & 15] = lanes[i & 15].addingProduct(x[i], x[i]) }
    return tree(lanes)
  }
}
