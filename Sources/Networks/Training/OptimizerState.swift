import Tensors

/// What an optimizer remembers of the networks of one group.
final class OptimizerState<L: Lane> {
  private let schedule: Schedule
  private let counts: [Int]
  private let means: [UnsafeMutablePointer<L>]
  private let squares: [UnsafeMutablePointer<L>]
  private var power1 = 1.0
  private var power2 = 1.0

  init(_ schedule: Schedule, _ parameters: [Expression]) {
    self.schedule = schedule
    counts = parameters.map(\.shape.count)
    func zeros(_ count: Int) -> UnsafeMutablePointer<L> {
      let place = UnsafeMutablePointer<L>.allocate(capacity: max(count, 1))
      place.initialize(repeating: .zero, count: max(count, 1))
      return place
    }
    means = counts.map(zeros)
    squares = counts.map(zeros)
  }

  deinit { (means + squares).forEach { $0.deallocate() } }

  /// Takes one step with the gradients at hand.
  ///
  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - places: Each parameter's weights and gradient.
  ///   - alive: One for each network that still trains, zero for one that is frozen.
  /// - Returns: Zero for each network whose step was finite.
  func step(
    _ step: Int, _ places: [(weight: UnsafeMutablePointer<L>, slope: UnsafeMutablePointer<L>)],
    alive: L
  ) -> L {
    let rate = schedule.rate(at: step)
    let scale = schedule.gradientClip.map { clip(places, to: $0) } ?? L.one
    var mark = L.zero
    switch schedule.optimizer {
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      power1 *= Double(beta1)
      power2 *= Double(beta2)
      let numbers = AdamStep(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: rate * weightDecay,
        correction1: Float(1 / (1 - power1)), correction2: Float(1 / (1 - power2)))
      for (index, place) in places.enumerated() {
        mark =
          mark
          + adam(
            place.weight, place.slope, means[index], squares[index], count: counts[index], numbers,
            scale: scale, alive: alive)
      }
    case .sgd(let momentum, let weightDecay):
      for (index, place) in places.enumerated() {
        mark =
          mark
          + Tensors.momentum(
            place.weight, place.slope, means[index], count: counts[index], rate: rate,
            momentum: momentum, decay: rate * weightDecay, scale: scale, alive: alive)
      }
    }
    return mark
  }

  /// What the gradient of each network is multiplied by so that its norm is at most the limit.
  private func clip(
    _ places: [(weight: UnsafeMutablePointer<L>, slope: UnsafeMutablePointer<L>)],
    to limit: Float
  ) -> L {
    var total = L.zero
    for (index, place) in places.enumerated() {
      total = total + sumOfSquares(place.slope, count: counts[index])
    }
    let norm = L.squareRoot(total)
    let limit = L(repeating: limit)
    return L.select(L.less(limit, norm), limit / norm, L.one)
  }
}
