import Interpretability
import Networks
import Tensors
import Testing

/// Units that all rise with one sign, read out with given weights; the right answer is always −1 or always 1.
private struct Bench {
  let hidden: Site
  let network: Network
  let weights: Weights
  let examples: Examples

  init(readOut: [Float], bias: Float, answers: [Float]) throws {
    let width = readOut.count
    let x = Input("x", [1], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    let w1 = Parameter("W1", [1, width], .constant(1))
    let w2 = Parameter("W2", [width, 1], .values(readOut))
    hidden = Site("hidden", relu(x • w1))
    let output = Site("output", hidden • w2 + Parameter("b", [1], .constant(bias)))
    network = try Network(
      output: output, loss: square(output - target), correct: step(output * target))
    weights = network.initialWeights(seeds: [0, 1])
    examples = try Examples([
      "x": Tensor([-1, 1], shape: [2, 1]), "target": Tensor(answers, shape: [2, 1]),
    ])
  }

  func component(_ units: [Int]) -> Component {
    Component("the units", at: hidden, members: units.map { "unit \($0)" }) { weights in
      Located(units: weights.indices.map { _ in units }, count: units.count)
    }
  }

  func criteria(_ units: [Int]) throws -> CircuitCriteria {
    let component = component(units)
    return try CircuitCriteria(
      ComponentAblation(of: component, in: network, weights, on: examples),
      component.located(in: weights), by: .zero)
  }
}

@Suite("Explanations")
struct ExplanationTests {
  @Test("units that stand in for each other are told")
  func redundancy() throws {
    let criteria = try Bench(readOut: [1, 1, 0], bias: -0.5, answers: [-1, 1]).criteria([0, 1, 2])
    #expect(criteria.redundant == [[[0, 1]], [[0, 1]]])
    #expect(criteria.repairing == [[], []])
    #expect(criteria.setCount == 8 && criteria.isExact)
    // Unit 2 never adds anything; each of the others does where the other is gone.
    #expect(criteria.contributions == [[0.5, 0.5, 0], [0.5, 0.5, 0]])
    #expect(criteria.minimality == [0, 0])
  }

  @Test("a unit whose loss is repaired by losing another is told")
  func repair() throws {
    let criteria = try Bench(readOut: [-3, 3], bias: -0.5, answers: [-1, -1]).criteria([0, 1])
    #expect(criteria.repairing == [[[0, 1]], [[0, 1]]])
    #expect(criteria.redundant == [[], []])
  }

  @Test("a component that leaves out half of the work is not faithful, and not complete")
  func incomplete() throws {
    let bench = try Bench(readOut: [1, 1], bias: -1.5, answers: [-1, 1])
    let criteria = try bench.criteria([0])
    #expect(criteria.faithfulness == [0.5, 0.5])
    #expect(criteria.incompleteness == [0.5, 0.5])
  }

  @Test("of more than sixteen members sets are grown greedily, to the same end")
  func greedy() throws {
    let bench = try Bench(
      readOut: [Float](repeating: 1, count: 18), bias: -0.5, answers: [-1, 1])
    let criteria = try bench.criteria(Array(0..<18))
    #expect(!criteria.isExact && criteria.setCount < 400)
    // Only who is left last matters.
    #expect(criteria.minimality.allSatisfy { $0 == 0 })
    #expect(criteria.contributions.allSatisfy { $0.max() == 0.5 })
  }

  @Test("entries and the directions along them are the same part", arguments: Ablation.allCases)
  func entriesAndDirections(ablation: Ablation) throws {
    let known = try KnownNetwork()
    let rows = Tensor(shape: [3, 2, KnownNetwork.width]) {
      $0 % KnownNetwork.width == KnownNetwork.pair[$0 / KnownNetwork.width % 2] ? 1 : 0
    }
    let parts: [SitePart] = [
      .entries([[Int]](repeating: KnownNetwork.pair, count: 3)), try .spanned(by: rows),
    ]
    let component = Component("pair", at: known.hidden, members: []) { _ in
      Located(members: [], present: [])
    }
    let bench = ComponentAblation(
      of: component, in: known.network, known.weights, on: known.examples)
    let scores = try parts.map {
      try bench.scores([.part($0), .allBut($0)], by: ablation).map { $0.map(\.accuracy) }
    }
    #expect(scores[0] == scores[1])
    // Nothing but the pair is needed; without it one answer is given everywhere, or another corner's.
    #expect(scores[0][1] == [1, 1, 1])
    #expect(scores[0][0].allSatisfy { $0 <= 0.5 })
  }

  @Test("a placebo has the size of the part and shares nothing with it")
  func placebo() throws {
    var generator = Generator(seed: 2, stream: .analysis)
    let entries = SitePart.entries([[0, 4], [5, 7], [1, 2]])
    guard case .entries(let drawn) = try entries.placebo(ofSite: 8, using: &generator),
      case .directions(let rows) = try SitePart.spanned(
        by: randomSubspaces(networks: 2, dimensions: 2, of: 6, using: &generator)
      ).placebo(ofSite: 6, using: &generator)
    else { return #expect(Bool(false), "a placebo is of the kind of its part") }
    #expect(drawn.map(\.count) == [2, 2, 2])
    #expect(zip(drawn, [[0, 4], [5, 7], [1, 2]]).allSatisfy { Set($0).isDisjoint(with: $1) })
    #expect(rows.shape == [2, 2, 6])
  }

  @Test("many cuts of few networks have the bits of each alone")
  func sideBySide() throws {
    let known = try KnownNetwork()
    let one = known.weights.network(0)
    let all = try SubsetAblation(
      of: [Array(0..<KnownNetwork.width)], at: known.hidden, in: known.network, one,
      on: known.examples, by: .mean)
    for subset in [0, 1, 18, 45, 63] {
      let cut = (0..<KnownNetwork.width).filter { subset >> $0 & 1 == 0 }
      let alone = try known.network.scores(
        one, on: known.examples, under: [[Intervention(at: known.hidden, .units(cut), .mean)]])
      #expect(alone[0] == all.scores[subset])
    }
  }

  @Test("a variable is moved in the program and in the network alike, and a placebo moves nothing")
  func interchange() throws {
    let known = try KnownNetwork()
    func program(_ unit: Int) -> Program {
      Program(
        "two detectors", from: ["x"], to: "target",
        variables: [
          .init(
            "the corner (+, −)",
            in: Component("unit \(unit)", at: known.hidden, members: ["it"]) { weights in
              Located(units: weights.indices.map { _ in [unit] }, count: 1)
            }
          ) { base, source in
            let detected = [source["x"] == [1, -1], base["x"] == [-1, 1]]
            return [detected.contains(true) ? 1 : -1]
          }
        ]
      ) { [$0["x"][0] * $0["x"][1] < 0 ? 1 : -1] }
    }
    var generator = Generator(seed: 1, stream: .analysis)
    func moved(_ unit: Int) throws -> VariableInterchange {
      let program = program(unit)
      return try VariableInterchange(
        of: program.variables[0], in: program, known.network, known.weights, on: known.examples,
        using: &generator)
    }
    let right = try moved(1)
    // Base (−, −) or (+, +) with source (+, −), and base (+, −) with any of the other three.
    #expect(right.pairs == 5 && right.isExhaustive)
    #expect(right.accuracies == [1, 1, 1])
    #expect(try moved(5).accuracies == [0, 0, 0])
  }

  @Test("what cannot be is refused by name")
  func refused() throws {
    let known = try KnownNetwork()
    let short = Program("nothing", from: ["x"], to: "target") { _ in [] }
    #expect(throws: NetworkError.self) { try short.claimed(known.examples) }
    let part = Component("nothing", at: known.hidden, members: ["one", "two"]) { weights in
      Located(units: weights.indices.map { _ in [0] }, count: 1)
    }
    #expect(throws: NetworkError.self) { try part.located(in: known.weights) }
    #expect(throws: NetworkError.self) {
      try SitePart.union([
        .entries([[0]]), .spanned(by: Tensor([1, 0], shape: [1, 1, 2])),
      ])
    }
    let still = Program(
      "one", from: ["x"], to: "target",
      variables: [.init("nothing", in: part) { _, _ in [1] }]
    ) { _ in [1] }
    var generator = Generator(seed: 1, stream: .analysis)
    #expect(throws: NetworkError.self) {
      try VariableInterchange(
        of: still.variables[0], in: still, known.network, known.weights, on: known.examples,
        using: &generator)
    }
  }
}
