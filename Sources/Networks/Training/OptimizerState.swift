import Tensors

/// What an optimizer remembers of the networks of one group.
final class OptimizerState<L: Lane> {
  /// A parameter: its weights, their gradient and how many they are.
  struct Place {
    let weight: UnsafeMutablePointer<L>
    let slope: UnsafeMutablePointer<L>
    let count: Int
  }

  private let schedule: Schedule
  private let places: [Place]
  private let means: [UnsafeMutablePointer<L>]
  private let squares: [UnsafeMutablePointer<L>]
  private let adam: (AdamStep, _ scale: L, _ alive: L) -> L
  /// The squared norm of each network's gradient.
  private let normSquared: () -> L
  /// Zero for each network whose gradient is finite.
  private let mark: () -> L
  private var power1 = 1.0
  private var power2 = 1.0

  init(_ schedule: Schedule, _ places: [Place]) {
    (self.schedule, self.places) = (schedule, places)
    func zeros() -> [UnsafeMutablePointer<L>] { places.map { .zeros($0.count) } }
    let (means, squares) = (zeros(), zeros())
    (self.means, self.squares) = (means, squares)
    adam = boundAdam(
      zip(places, zip(means, squares)).map { place, memory in
        (
          w: place.weight, g: UnsafePointer(place.slope), m: memory.0, v: memory.1,
          count: place.count
        )
      })
    let slopes = places.map { (UnsafePointer($0.slope), $0.count) }
    normSquared = boundSumOfSquares(slopes)
    mark = boundNonFiniteMark(slopes)
  }

  deinit { (means + squares).forEach { $0.deallocate() } }

  /// Forgets the steps that were taken.
  func restart() {
    (power1, power2) = (1, 1)
    for memory in [means, squares] {
      for (place, numbers) in zip(places, memory) {
        numbers.update(repeating: L.zero, count: place.count)
      }
    }
  }

  /// Takes one step with the gradients at hand.
  ///
  /// - Parameters:
  ///   - step: Counted from 0.
  ///   - alive: One for each network that still trains, zero for one that is frozen.
  /// - Returns: Zero for each network whose step was finite; where a gradient is not, none is taken.
  func step(_ step: Int, alive: L) -> L {
    let rate = schedule.rate(at: step)
    let scale = schedule.gradientClip.map(clip) ?? L.one
    var mark = mark()
    let alive = alive + mark
    switch schedule.optimizer {
    case .adam(let beta1, let beta2, let epsilon, let weightDecay):
      power1 *= Double(beta1)
      power2 *= Double(beta2)
      let numbers = AdamStep(
        rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: rate * weightDecay,
        correction1: Float(1 / (1 - power1)), correction2: Float(1 / (1 - power2)))
      mark = mark + adam(numbers, scale, alive)
    case .sgd(let momentum, let weightDecay):
      for (index, place) in places.enumerated() {
        mark =
          mark
          + Tensors.momentum(
            place.weight, place.slope, means[index], count: place.count, rate: rate,
            momentum: momentum, decay: rate * weightDecay, scale: scale, alive: alive)
      }
    }
    return mark
  }

  /// What the gradient of each network is multiplied by so that its norm is at most the limit.
  private func clip(to limit: Float) -> L {
    let norm = L.squareRoot(normSquared())
    let limit = L(repeating: limit)
    return L.select(L.less(limit, norm), limit / norm, L.one)
  }
}
