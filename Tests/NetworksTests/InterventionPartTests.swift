import Tensors
import Testing

@testable import Networks

/// Interventions on some places along the axes of a site of three.
@Suite struct InterventionPartTests {
  private let site: Site
  private let network: Network
  private let weights: Weights
  private let examples: Examples
  private let shape: Shape = [2, 3, 2]

  init() throws {
    let x = Input("x", [], kind: .reals)
    let w = Parameter("W", [2, 3, 2], .uniform(bound: 1))
    site = Site("middle", x * w, axes: ["position", "head", "dimension"])
    let output = Site("output", square(site) + site)
    network = try Network(output: output, loss: output)
    weights = network.initialWeights(seeds: [1, 2, 3, 4])
    examples = try Examples(["x": Tensor([1, 2, 3])])
  }

  /// Whether exactly the places that are named have become 7² + 7, in each network.
  private func expect(
    _ part: Intervention.Part, reaches: (_ network: Int, _ place: [Int]) -> Bool
  ) throws {
    let seven = Intervention(at: site, part, .patch(Tensor(repeating: 7, shape: shape)))
    for count in [1, 4] {
      if case .unitsByNetwork = part, count == 1 { continue }
      let own = weights.networks(0..<count)
      let clean = try network.run(own, on: examples)[network.output]
      let run = try network.run(own, on: examples, with: [seven])[network.output]
      for index in run.scalars.indices {
        let place = [index / 6 % 2, index / 2 % 3, index % 2]
        let expected = reaches(index / 36, place) ? 56 : clean.scalars[index]
        #expect(run.scalars[index] == expected, "\(seven), \(place)")
      }
    }
  }

  @Test func placesAlongAnAxis() throws {
    try expect(.units([1])) { $1[0] == 1 }
    try expect(.units([0, 2], axis: 1)) { $1[1] != 1 }
    try expect(.units([0], axis: 2)) { $1[2] == 0 }
    try expect(.units([], axis: 1)) { _, _ in false }
  }

  @Test func eachNetworksOwnAlongAnAxis() throws {
    let heads = [[0], [1, 2], [], [0, 1, 2]]
    try expect(.unitsByNetwork(heads, axis: 1)) { heads[$0].contains($1[1]) }
  }

  @Test func aBlockIsWhatAllAxesAgreeOn() throws {
    try expect(.block([[1], [0, 2]])) { $1[0] == 1 && $1[1] != 1 }
    try expect(.block([nil, [1], [1]])) { $1[1] == 1 && $1[2] == 1 }
    try expect(.block([[0], nil, nil])) { $1[0] == 0 }
    try expect(.block([])) { _, _ in true }
    try expect(.block([[0, 1], []])) { _, _ in false }
  }

  @Test func blocksAtOnePlaceHoldTogether() throws {
    let both = [
      Intervention(at: site, .block([[0], [1]]), .zero),
      Intervention(at: site, .units([2], axis: 1), .patch(Tensor(repeating: 7, shape: shape))),
    ]
    let clean = try network.run(weights, on: examples)[network.output]
    let run = try network.run(weights, on: examples, with: both)[network.output]
    for index in run.scalars.indices {
      let (position, head) = (index / 6 % 2, index / 2 % 3)
      let expected = head == 2 ? 56 : position == 0 && head == 1 ? 0 : clean.scalars[index]
      #expect(run.scalars[index] == expected)
    }
  }

  @Test func placesThatAreNotThereAreRefused() {
    func said(_ part: Intervention.Part) -> String {
      message {
        try network.run(weights, on: examples, with: [Intervention(at: site, part, .zero)])
      }
    }
    #expect(said(.units([0], axis: 3)).contains("axis 3 of a place of shape [2, 3, 2]"))
    #expect(said(.units([3], axis: 1)).contains("only 3 places, not 3"))
    #expect(said(.block([nil, nil, [2]])).contains("only 2 places, not 2"))
    #expect(said(.block([nil, nil, nil, [0]])).contains("axis 3"))
    #expect(said(.unitsByNetwork([[0], [0], [0], [-1]], axis: 2)).contains("not -1"))
  }

  @Test func captionsNameThePlaces() {
    #expect(
      "\(Intervention(at: site, .block([[1], [0, 2]]), .zero))"
        == "zero ablation of middle, position 1, heads 0 and 2")
    #expect(
      "\(Intervention(at: site, .units([2], axis: 2), .mean))"
        == "mean ablation of middle, dimension 2")
  }
}
