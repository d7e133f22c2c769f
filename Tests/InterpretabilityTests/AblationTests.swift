import Interpretability
import Networks
import Tensors
import Testing

@Suite("Ablating units of a network that is known")
struct AblationTests {
  let known: KnownNetwork

  init() throws { known = try KnownNetwork() }

  @Test("Only the pair is missed, whatever is put in its place", arguments: Ablation.allCases)
  func onlyThePairIsMissed(ablation: Ablation) throws {
    let scores = try ablatingEachUnit(
      of: known.hidden, in: known.network, known.weights, on: known.examples, by: ablation)
    for unit in 0..<KnownNetwork.width where !KnownNetwork.pair.contains(unit) {
      #expect(scores[unit].allSatisfy { $0.accuracy == 1 && $0.loss == 0 })
    }
    // Resampling deals the four activations out anew, and may deal a corner its own.
    guard ablation != .resample else { return }
    for unit in KnownNetwork.pair { #expect(scores[unit].allSatisfy { $0.accuracy == 0.75 }) }
  }

  @Test("Units of a network's own are ablated together, and only those")
  func ownUnitsTogether() throws {
    let choices = [[[1, 4], [0, 2], [4]], [[], [1], [3, 5]]]
    let scores = try ablating(
      choices, of: known.hidden, in: known.network, known.weights, on: known.examples, by: .zero)
    #expect(scores.map { $0.map(\.accuracy) } == [[0.5, 1, 0.75], [1, 0.75, 1]])
  }

  @Test("The mean ablation of a detector leaves half its value everywhere")
  func meanAblation() throws {
    let run = try known.network.run(
      known.weights, on: known.examples,
      with: [Intervention(at: known.hidden, .units([1]), .mean)], recording: [known.hidden])
    // Active with 2 at one corner of four.
    #expect((0..<4).allSatisfy { run[known.hidden][0, $0, 1] == 0.5 })
  }

  @Test("Exactly one set is enough, and it is the pair")
  func minimalSufficientSet() throws {
    let all = Array(0..<KnownNetwork.width)
    let subsets = try SubsetAblation(
      of: known.weights.count.times(all), at: known.hidden, in: known.network, known.weights,
      on: known.examples, by: .zero)
    #expect(subsets.scores.count == 64)
    for network in 0..<known.weights.count {
      #expect(subsets.minimalSufficientSets(network: network) == [KnownNetwork.pair])
    }
  }

  @Test("Listed units may stand in any order, and those not listed can be ablated throughout")
  func listedUnits() throws {
    let kept = try SubsetAblation(
      of: known.weights.count.times([4, 0, 1]), at: known.hidden, in: known.network,
      known.weights, on: known.examples, by: .zero, ablatesOthers: true)
    #expect(kept.minimalSufficientSets(network: 0) == [[0, 2]])
  }

  @Test("Shapley values share the success between the pair and add up to it")
  func shapleyValues() throws {
    let all = Array(0..<KnownNetwork.width)
    let subsets = try SubsetAblation(
      of: known.weights.count.times(all), at: known.hidden, in: known.network, known.weights,
      on: known.examples, by: .zero)
    let values = subsets.shapleyValues(network: 1)
    for (value, expected) in zip(values, [0, 0.25, 0, 0, 0.25, 0]) {
      #expect((value - expected).magnitude < 1e-12)
    }
    // v(all) − v(none): the bias alone answers two corners of four.
    #expect((values.reduce(0, +) - 0.5).magnitude < 1e-12)
  }

  @Test("Shapley values are what averaging over all orders gives")
  func shapleyByOrders() throws {
    let units = [1, 4, 2, 5]
    let subsets = try SubsetAblation(
      of: known.weights.count.times(units), at: known.hidden, in: known.network, known.weights,
      on: known.examples, by: .zero)
    func value(_ set: Set<Int>) -> Double {
      Double(subsets.scores[set.reduce(0) { $0 | 1 << $1 }][0].loss)
    }
    var totals = [0.0, 0, 0, 0]
    let orders = permutations([0, 1, 2, 3])
    for order in orders {
      var on: Set<Int> = []
      for unit in order {
        totals[unit] += value(on.union([unit])) - value(on)
        on.insert(unit)
      }
    }
    let values = subsets.shapleyValues(network: 0) { Double($0.loss) }
    for (total, value) in zip(totals, values) {
      #expect((total / Double(orders.count) - value).magnitude < 1e-9)
    }
  }

  @Test("Too many units, or differently many, are refused")
  func refusals() throws {
    #expect(throws: NetworkError.self) {
      try SubsetAblation(
        of: [[0], [0, 1], [0]], at: known.hidden, in: known.network, known.weights,
        on: known.examples, by: .zero)
    }
    let error = try #require(throws: NetworkError.self) {
      try SubsetAblation(
        of: known.weights.count.times(Array(0..<17)), at: known.hidden, in: known.network,
        known.weights, on: known.examples, by: .zero)
    }
    #expect("\(error)".contains("at most 16 units"))
  }

  @Test("Random units avoid the chosen ones and are as many as asked")
  func randomBaseline() {
    var generator = Generator(seed: 3, stream: .analysis)
    let chosen = (0..<50).map { [$0 % 6, ($0 + 1) % 6] }
    let drawn = randomUnits(besides: chosen, of: 6, count: 3, using: &generator)
    for (own, others) in zip(chosen, drawn) {
      #expect(Set(others).count == 3 && Set(own).isDisjoint(with: others))
      #expect(others.allSatisfy { 0..<6 ~= $0 })
    }
    #expect(Set(drawn.flatMap(\.self)).count == 6)
  }

  private func permutations(_ items: [Int]) -> [[Int]] {
    guard let first = items.first else { return [[]] }
    return permutations(Array(items.dropFirst())).flatMap { rest in
      (0...rest.count).map { Array(rest[..<$0]) + [first] + Array(rest[$0...]) }
    }
  }
}

extension Int {
  /// A value for each of so many networks.
  fileprivate func times<Value>(_ value: Value) -> [Value] { Array(repeating: value, count: self) }
}
