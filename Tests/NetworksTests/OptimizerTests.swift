import Tensors
import Testing

import func Foundation.cos

@testable import Networks

/// Fifty steps on a quadratic against the same rules in `Double`.
@Suite struct OptimizerTests {
  /// loss = mean over both examples and three places of a · (w − x)² + 0.4 · (b · w)², plus an L1 penalty.
  private struct Quadratic {
    let x = Input("x", [3], kind: .reals)
    let w = Parameter("w", [3], .values([2, -1.5, 3]))
    let b = Parameter("b", [], .values([0.7]))
    let scales: [Float] = [1, 2, 0.5]
    let questions: [Float] = [0.5, -0.5, 1, 0.9, -0.7, 1.4]
    let network: Network
    let l1: Float

    init(l1: Float) throws {
      self.l1 = l1
      let error = constant(Tensor(scales)) * square(w - x) + Float(0.4) * square(b * w)
      network = try Network(
        output: Site("output", w - x), loss: error,
        penalty: l1 == 0 ? nil : l1 * (sum(abs(w)) + abs(b)))
    }

    func slopes(_ weights: [Double]) -> [Double] {
      let b = weights[3]
      func sign(_ x: Double) -> Double { x > 0 ? 1 : -1 }
      var slopes = (0..<3).map { place in
        let mean = Double(questions[place] + questions[place + 3]) / 2
        let error = 2 * Double(scales[place]) * (weights[place] - mean)
        return (error + 0.8 * b * b * weights[place]) / 3 + Double(l1) * sign(weights[place])
      }
      let squares = (0..<3).reduce(0) { $0 + weights[$1] * weights[$1] }
      slopes.append(0.8 * b * squares / 3 + Double(l1) * sign(b))
      return slopes
    }
  }

  private func rate(_ schedule: Schedule, _ step: Int) -> Double {
    let peak = Double(schedule.learningRate)
    if step < schedule.warmUp { return peak * Double(step + 1) / Double(schedule.warmUp) }
    guard case .cosine(let floor) = schedule.decay else { return peak }
    let progress = Double(step - schedule.warmUp) / Double(schedule.steps - schedule.warmUp - 1)
    return peak * (Double(floor) + (1 - Double(floor)) * (1 + cos(.pi * progress)) / 2)
  }

  private func trained(_ quadratic: Quadratic, _ schedule: Schedule) -> [Double] {
    var w: [Double] = [2, -1.5, 3, 0.7]
    var (m, v) = ([0.0, 0, 0, 0], [0.0, 0, 0, 0])
    var (power1, power2) = (1.0, 1.0)
    for step in 0..<schedule.steps {
      var g = quadratic.slopes(w)
      if let clip = schedule.gradientClip {
        let norm = g.reduce(0) { $0 + $1 * $1 }.squareRoot()
        if norm > Double(clip) { g = g.map { $0 * Double(clip) / norm } }
      }
      let rate = rate(schedule, step)
      switch schedule.optimizer {
      case .adam(let beta1, let beta2, let epsilon, let weightDecay):
        power1 *= Double(beta1)
        power2 *= Double(beta2)
        for i in 0..<4 {
          m[i] = Double(beta1) * m[i] + (1 - Double(beta1)) * g[i]
          v[i] = Double(beta2) * v[i] + (1 - Double(beta2)) * g[i] * g[i]
          let root = (v[i] / (1 - power2)).squareRoot() + Double(epsilon)
          w[i] -= rate * Double(weightDecay) * w[i] + rate * m[i] / (1 - power1) / root
        }
      case .sgd(let momentum, let weightDecay):
        for i in 0..<4 {
          m[i] = Double(momentum) * m[i] + g[i]
          w[i] -= rate * Double(weightDecay) * w[i] + rate * m[i]
        }
      }
    }
    return w
  }

  static let schedules: [Schedule] = [
    Schedule(optimizer: .adam(), learningRate: 0.05, steps: 50),
    Schedule(
      optimizer: .adam(beta1: 0.8, beta2: 0.999, epsilon: 1e-3), learningRate: 0.03, steps: 50),
    Schedule(optimizer: .adam(weightDecay: 0.5), learningRate: 0.05, steps: 50),
    Schedule(optimizer: .sgd(), learningRate: 0.1, steps: 50),
    Schedule(optimizer: .sgd(momentum: 0.9), learningRate: 0.02, steps: 50),
    Schedule(optimizer: .sgd(momentum: 0.5, weightDecay: 0.1), learningRate: 0.05, steps: 50),
    Schedule(optimizer: .sgd(momentum: 0.9), learningRate: 0.05, steps: 50, gradientClip: 0.3),
    Schedule(optimizer: .adam(), learningRate: 0.05, steps: 50, gradientClip: 0.01),
    Schedule(
      optimizer: .adam(weightDecay: 0.1), learningRate: 0.1, steps: 50, warmUp: 10,
      decay: .cosine(to: 0.1)),
    Schedule(
      optimizer: .sgd(momentum: 0.9), learningRate: 0.04, steps: 50, warmUp: 5,
      decay: .cosine(to: 0),
      gradientClip: 1),
  ]

  @Test(arguments: schedules, [0, 0.01] as [Float])
  func followsTheRule(schedule: Schedule, l1: Float) throws {
    let quadratic = try Quadratic(l1: l1)
    let examples = try Examples(["x": Tensor(quadratic.questions, shape: [2, 3])])
    let outcome = try quadratic.network.train(
      on: .whole(examples), evaluation: nil, schedule: schedule, seeds: [0, 1, 2, 3],
      stored: [0, 50])
    let expected = trained(quadratic, schedule)
    let last = try #require(outcome.snapshots[50])
    for network in 0..<4 {
      let weights =
        last[quadratic.w].slice(network).scalars + [last[quadratic.b].scalars[network]]
      let agrees = isClose(weights, expected, 2e-5)
      #expect(agrees, "\(weights), not \(expected)")
    }
    #expect(outcome.snapshots[0]?[quadratic.w].slice(3).scalars == [2, -1.5, 3])
  }

  @Test func ratesRiseAndFall() {
    let schedule = Schedule(
      optimizer: .adam(), learningRate: 2, steps: 101, warmUp: 20, decay: .cosine(to: 0.25))
    #expect(schedule.rate(at: 0) == 0.1)
    #expect(schedule.rate(at: 19) == 2)
    #expect(schedule.rate(at: 20) == 2)
    #expect(schedule.rate(at: 100) == 0.5)
    for step in 0..<101 {
      #expect(Swift.abs(Double(schedule.rate(at: step)) - rate(schedule, step)) < 1e-6)
    }
    let still = Schedule(optimizer: .sgd(), learningRate: 0.5, steps: 10)
    #expect((0..<10).allSatisfy { still.rate(at: $0) == 0.5 })
    let short = Schedule(optimizer: .sgd(), learningRate: 1, steps: 1, decay: .cosine(to: 0))
    #expect(short.rate(at: 0) == 1)
  }

  @Test func milestonesSpreadFromFirstToLast() {
    for steps in [1, 2, 5, 40, 1500, 100_000] {
      for count in [2, 6, 20, 40] {
        let schedule = Schedule(optimizer: .sgd(), learningRate: 1, steps: steps)
        let milestones = schedule.milestones(count)
        #expect(milestones.first == 0 && milestones.last == steps)
        #expect(milestones.count <= count)
        let gaps = zip(milestones, milestones.dropFirst()).map { $1 - $0 }
        #expect(gaps.allSatisfy { $0 > 0 })
        // Rounding may take one step from a gap.
        #expect(zip(gaps, gaps.dropFirst()).allSatisfy { $1 >= $0 - 1 }, "\(milestones)")
      }
    }
    #expect(Schedule(optimizer: .sgd(), learningRate: 1, steps: 0).milestones(6) == [0])
  }
}
