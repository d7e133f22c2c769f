import Tensors
import Testing

@testable import Networks

/// Seed k of N has the bits of seed k alone.
@Suite struct PopulationTests {
  enum Source: CaseIterable { case whole, drawn, made, shuffled, shared, heldOut }

  private let net: Perceptron
  private let table: Examples
  private let schedule = Schedule(
    optimizer: .adam(weightDecay: 0.01), learningRate: 0.03, steps: 24, warmUp: 4,
    decay: .cosine(to: 0.1), gradientClip: 1)
  private let stored: Set<Int> = [0, 7, 24]

  init() throws {
    net = try Perceptron(width: 5, penalty: true)
    let x = randomTensor([20, 2], seed: 1)
    table = try Examples([
      "x": x,
      "target": Tensor(shape: [20, 1]) { x[$0, 0] * x[$0, 1] < 0 ? 1 : -1 },
    ])
  }

  private func data(_ source: Source) -> TrainingData {
    switch source {
    case .whole: return .whole(table)
    case .drawn: return .drawn(from: table, batch: 6)
    case .heldOut: return .drawn(from: table, batch: 6) { Array($0 % 5..<15) }
    case .shuffled:
      var data = TrainingData.whole(table)
      data.shufflesTargets = true
      return data
    case .shared, .made:
      var data = TrainingData.made(inputs: ["target", "x"], batch: 6) { generator, example in
        example[1] = [2 * generator.uniform() - 1, 2 * generator.uniform() - 1]
        example[0] = [example[1][0] * example[1][1] < 0 ? 1 : -1]
      }
      data.isShared = source == .shared
      return data
    }
  }

  private func trained(_ source: Source, _ seeds: [Int], threads: Int = 1) throws -> TrainingOutcome
  {
    try net.network.train(
      on: data(source), evaluation: Evaluation(table) { Array(15 - $0 % 3..<20) },
      schedule: schedule, seeds: seeds, stored: stored, threads: threads)
  }

  @Test(arguments: Source.allCases)
  func seedOfManyIsSeedAlone(source: Source) throws {
    let alone = try (0..<40).map { try trained(source, [$0]) }
    for count in [2, 3, 16, 17, 40] {
      let together = try trained(source, Array(0..<count))
      #expect(together.seeds == alone.prefix(count).flatMap(\.seeds))
      #expect(Set(together.snapshots.keys) == stored)
      for step in stored {
        for seed in 0..<count {
          let left = try #require(together.snapshots[step]).network(seed)
          let right = try #require(alone[seed].snapshots[step])
          #expect(same(left, right), "seed \(seed) of \(count) after \(step) steps")
        }
      }
    }
    // Somewhere in the middle, in another order.
    let some = try trained(source, [31, 4, 17])
    #expect(some.seeds == [31, 4, 17].flatMap { alone[$0].seeds })
    #expect(alone[3].snapshots[0] != alone[3].snapshots[24])
  }

  @Test(arguments: [2, 3, 8])
  func threadsChangeNoBit(threads: Int) throws {
    for source in [Source.whole, .made] {
      let one = try trained(source, Array(0..<40))
      let many = try trained(source, Array(0..<40), threads: threads)
      #expect(one.seeds == many.seeds)
      for step in stored {
        let (left, right) = (try #require(one.snapshots[step]), try #require(many.snapshots[step]))
        #expect(same(left, right))
      }
    }
  }

  /// Groups that follow each other on a thread share memory, and nothing else.
  @Test(arguments: [Source.whole, .made, .shuffled])
  func laterGroupsAreAsIfTheyWereTheFirst(source: Source) throws {
    let count = 180
    let together = try trained(source, Array(0..<count))
    for first in stride(from: 0, to: count, by: 16) {
      let seeds = first..<min(first + 16, count)
      let some = try trained(source, Array(seeds))
      #expect(some.seeds == Array(together.seeds[seeds]))
      for step in stored {
        let all = try #require(together.snapshots[step])
        #expect(same(try #require(some.snapshots[step]), all.networks(seeds)))
      }
    }
  }

  @Test func initialWeightsComeFromEachSeedsStream() {
    let weights = net.network.initialWeights(seeds: [5, 9, 5])
    #expect(same(weights.network(0), weights.network(2)))
    var generator = Generator(seed: 9, stream: .initialization)
    for parameter in net.network.parameters {
      let expected = (0..<parameter.shape.count).map { _ -> Float in
        parameter.name == "b1"
          ? 0.5 * (2 * generator.uniform() - 1)
          : (parameter.name == "W1" ? 0.9 : 0.6) * generator.normal()
      }
      #expect(weights[parameter].slice(1).scalars == expected)
    }
  }

  @Test func shuffledTargetsAreThePermutationOfTheSeed() throws {
    let twin = try trained(.shuffled, [3])
    #expect(twin.snapshots[24] != (try trained(.whole, [3])).snapshots[24])
    var generator = Generator(seed: 3, stream: .labels)
    let order = generator.permutation(of: 20)
    let dealt = table.permuting(["target"], by: order)
    let other = try net.network.train(
      on: .whole(dealt), evaluation: nil, schedule: schedule, seeds: [3], stored: stored)
    #expect(twin.snapshots[24] == other.snapshots[24])
  }

  @Test func sharedBatchesAreThoseOfSeedZero() throws {
    let start = net.network.initialWeights(seeds: [0, 0, 0])
    var shared = data(.made)
    shared.isShared = true
    func last(_ data: TrainingData) throws -> Weights {
      try #require(
        try net.network.train(
          on: data, evaluation: nil, schedule: schedule, seeds: [0, 1, 2], start: start,
          stored: [24]
        ).snapshots[24])
    }
    let (together, apart) = (try last(shared), try last(data(.made)))
    #expect(
      together.network(0) == together.network(1) && together.network(1) == together.network(2))
    #expect(apart.network(0) == together.network(0) && apart.network(1) != apart.network(0))
  }

  @Test func trainingOnFromStoredWeights() throws {
    let first = try trained(.whole, [1, 2, 3])
    let start = try #require(first.snapshots[7])
    let sgd = Schedule(optimizer: .sgd(), learningRate: 0.1, steps: 8)
    func outcome(_ schedule: Schedule, _ start: Weights) throws -> Weights {
      let outcome = try net.network.train(
        on: .whole(table), evaluation: nil, schedule: schedule, seeds: [1, 2, 3], start: start,
        stored: [0, 3, 8])
      #expect(outcome.snapshots[0].map { same($0, start) } ?? false)
      return try #require(outcome.snapshots[schedule.steps])
    }
    var three = sgd
    three.steps = 3
    var five = sgd
    five.steps = 5
    var stored = try outcome(three, start)
    stored = try #require(
      try net.network.train(
        on: .whole(table), evaluation: nil, schedule: five, seeds: [1, 2, 3], start: stored,
        stored: [5]
      ).snapshots[5])
    #expect(same(stored, try outcome(sgd, start)))
  }

  @Test func measuresAreThoseOfTheNetwork() throws {
    let schedule = Schedule(optimizer: .adam(), learningRate: 0.05, steps: 300)
    let corners = try Perceptron.corners()
    let measured = [0, 10, 20, 50, 100, 150, 200, 250, 300]
    let outcome = try net.network.train(
      on: .whole(corners), evaluation: Evaluation(corners), schedule: schedule,
      seeds: Array(0..<20), measured: measured, stored: Set(measured))
    #expect(outcome.measuredSteps == measured)
    for (index, step) in measured.enumerated() {
      let weights = try #require(outcome.snapshots[step])
      let scores = try net.network.scores(weights, on: corners)[0]
      for (seed, score) in zip(outcome.seeds, scores) {
        let penalty = weights[net.w1].slice(seed.seed).scalars.reduce(0) {
          $0 + 0.001 * Swift.abs($1)
        }
        #expect(seed.accuracies[index] == score.accuracy)
        #expect(Swift.abs(seed.losses[index] - score.loss - penalty) < 1e-5)
      }
    }
    for seed in outcome.seeds {
      let places = measured.indices.filter { from in seed.accuracies[from...].allSatisfy { $0 == 1 }
      }
      #expect(seed.solvedAt == places.first.map { measured[$0] })
      #expect(seed.frozenAt == nil)
    }
    #expect(outcome.seeds.contains { $0.solvedAt != nil })
  }
}
