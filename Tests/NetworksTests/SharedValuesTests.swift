import Tensors
import Testing

@testable import Networks

/// What is the same for all networks is computed once, and changes no bit.
@Suite struct SharedValuesTests {
  private let x = Input("x", [3], kind: .reals)
  private let answer = Input("answer", [], kind: .tokens(vocabulary: 3))
  private let w = Parameter("W", [3, 3], .normal(deviation: 0.5))

  private var loss: Expression {
    exampleMean(-sum(oneHot(answer, count: 3) * logSoftmax(x • w) * 0.5))
  }

  @Test func areThoseThatNoParameterReaches() {
    let roots = [loss] + gradient(of: loss, by: [w.expression])
    let shared = SharedValues(roots, inputsAreShared: true)
    let left = topological(shared.roots)
    #expect(left.allSatisfy { Input($0) == nil && !($0.operation is OneHot) })
    #expect(left.contains { Parameter($0) == w })
    let given = topological(shared.values)
    #expect(given.allSatisfy { Parameter($0) == nil })
    #expect(given.contains { $0.operation is OneHot })
    #expect(shared.leaves.map(\.type) == shared.values.map(\.type))
  }

  @Test func ofConstantsAloneWhereInputsAreNotShared() {
    let roots = [loss] + gradient(of: loss, by: [w.expression])
    let shared = SharedValues(roots, inputsAreShared: false)
    #expect(topological(shared.values).allSatisfy { Input($0) == nil && Parameter($0) == nil })
    #expect(topological(shared.roots).contains { Input($0) == x })
  }

  /// The networks that see the same examples have the bits of networks that are each given them for themselves.
  @Test(arguments: [1, 4, 8, 16, 19], [6, 200])
  func haveTheBitsOfEachForItself(networks: Int, batch: Int) throws {
    let game = try MoveRecurrence(places: 3, moves: 3, width: 2, steps: 4)
    var data = TrainingData.made(inputs: ["start", "moves", "length", "places"], batch: batch) {
      generator, game in
      game[0][0] = Float(generator.index(below: 3))
      game[2][0] = Float(generator.index(below: 5))
      for step in 0..<4 { game[1][step] = Float(generator.index(below: 3)) }
      for step in 0..<5 { game[3][step] = Float(generator.index(below: 3)) }
    }
    let schedule = Schedule(
      optimizer: .adam(beta1: 0.9, beta2: 0.98, weightDecay: 0.01), learningRate: 1e-2, steps: 25)
    func trained(_ seeds: [Int], threads: Int) throws -> (Weights, [[Float]]) {
      let outcome = try game.network.train(
        on: data, evaluation: nil, schedule: schedule, seeds: seeds,
        start: game.network.initialWeights(seeds: seeds.map { $0 + 3 }), measured: [0, 7, 25],
        stored: [25], threads: threads)
      return (try #require(outcome.snapshots[25]), outcome.seeds.map(\.losses))
    }
    // Every seed is 0, so that streams of their own are the shared one too.
    let zeros = [Int](repeating: 0, count: networks)
    data.isShared = true
    let shared = try trained(zeros, threads: 2)
    data.isShared = false
    let own = try trained(zeros, threads: 1)
    #expect(same(shared.0, own.0))
    #expect(shared.1 == own.1)
  }

  /// One group reads the values of a step at a time; several in turn read those of some steps, which are the same.
  @Test func someStepsAtOnceAreLikeOneAtATime() throws {
    let network = try Network(output: Site("logits", x • w), loss: loss(of: x • w))
    let shared = SharedValues(
      [network.objective] + gradient(of: network.objective, by: [w.expression]),
      inputsAreShared: true)
    var data = TrainingData.made(inputs: ["x", "answer"], batch: 5) { generator, example in
      for place in 0..<3 { example[0][place] = generator.uniform() }
      example[1][0] = Float(generator.index(below: 3))
    }
    data.isShared = true
    func values(readers: Int) -> StepValues {
      StepValues(shared, of: network, on: data, batch: 5, readers: readers)
    }
    let (one, some) = (values(readers: 1), values(readers: 3))
    let count = shared.values.reduce(0) { $0 + $1.type.count(examples: 5) }
    #expect(!one.isStill && one.offsets == some.offsets)
    #expect(one.stepsAtOnce == 1 && some.stepsAtOnce == 64)
    var before: [Float] = []
    for block in [0..<64, 64..<100] {
      some.make(block)
      for step in block {
        one.make(step..<step + 1)
        let (left, right) = (one.numbers(at: step), some.numbers(at: step))
        let numbers = (0..<count).map { left[$0] }
        #expect(numbers == (0..<count).map { right[$0] })
        #expect(numbers != before)
        before = numbers
      }
    }
  }

  @Test func thatStayTheSameAreMadeOnce() throws {
    let network = try Network(output: Site("logits", x • w), loss: loss(of: x • w))
    let shared = SharedValues([network.objective], inputsAreShared: true)
    let examples = try Examples([
      "x": Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3]), "answer": Tensor([0, 2], shape: [2]),
    ])
    var data = TrainingData.whole(examples)
    data.isShared = true
    let values = StepValues(shared, of: network, on: data, batch: 2, readers: 1)
    #expect(values.isStill && data.isStill && values.stepsAtOnce > 1_000_000)
    values.make(0..<1_000)
    #expect(values.numbers(at: 0) == values.numbers(at: 999))
  }

  private func loss(of logits: Expression) -> Expression {
    -sum(oneHot(answer, count: 3) * logSoftmax(logits))
  }
}
