import Tensors

/// How weights are changed by gradients.
public enum Optimizer: Hashable, Sendable {
  /// Adam, with decoupled weight decay where it is not zero (AdamW).
  ///
  /// Kingma and Ba 2015, arXiv 1412.6980; Loshchilov and Hutter 2019, arXiv 1711.05101.
  case adam(
    beta1: Float = 0.9, beta2: Float = 0.98, epsilon: Float = 1e-8, weightDecay: Float = 0)
  /// Stochastic gradient descent with momentum and decoupled weight decay.
  case sgd(momentum: Float = 0, weightDecay: Float = 0)
}

/// How long a network trains, and how fast at each step.
public struct Schedule: Hashable, Sendable {
  /// What becomes of the learning rate after warming up.
  public enum Decay: Hashable, Sendable {
    case constant
    /// Down half a cosine to a share of the peak at the last step.
    case cosine(to: Float)
  }

  public var optimizer: Optimizer
  public var learningRate: Float
  public var steps: Int
  /// Steps over which the rate rises linearly to its peak.
  public var warmUp: Int
  public var decay: Decay
  /// The largest norm of a network's whole gradient; a longer one is scaled down to it.
  public var gradientClip: Float?

  public init(
    optimizer: Optimizer, learningRate: Float, steps: Int, warmUp: Int = 0,
    decay: Decay = .constant, gradientClip: Float? = nil
  ) {
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.steps = steps
    self.warmUp = warmUp
    self.decay = decay
    self.gradientClip = gradientClip
  }

  /// The learning rate of a step, counted from 0.
  public func rate(at step: Int) -> Float {
    if step < warmUp { return learningRate * Float(step + 1) / Float(warmUp) }
    switch decay {
    case .constant: return learningRate
    case .cosine(let floor):
      let progress = Double(step - warmUp) / Double(max(steps - warmUp - 1, 1))
      let height = (1 + cosine(ofHalfTurn: .pi * min(progress, 1))) / 2
      return learningRate * (floor + (1 - floor) * Float(height))
    }
  }

  /// At most `count` steps from 0 to the last, each later one further from the one before.
  public func milestones(_ count: Int) -> [Int] {
    guard steps > 0, count > 1 else { return [0] }
    // Equal ratios of (step + 1), made by bisection since no power function is at hand.
    var (low, high) = (1.0, Double(steps + 1))
    for _ in 0..<200 {
      let ratio = (low + high) / 2
      let reached = (1..<count).reduce(1.0) { value, _ in min(value * ratio, 1e18) }
      if reached < Double(steps + 1) { low = ratio } else { high = ratio }
    }
    var all: Set<Int> = [0, steps]
    var value = 1.0
    for _ in 1..<count - 1 {
      value *= high
      all.insert(min(Int(value.rounded()), steps + 1) - 1)
    }
    return all.sorted()
  }
}
