import Interpretability
import Networks
import Tensors
import Testing

@Suite("Alignment search in recurrent networks that are known")
struct AlignmentSearchTests {
  private let seeds = Array(10..<10 + KnownRecurrence.networks)

  /// The accuracies on every interchange of what is found on a part of them.
  private func found(
    _ known: KnownRecurrence, _ model: CausalModel<[Int], [Int], Int> = KnownRecurrence.cup,
    weights: Weights? = nil, dimensions: Int = 2
  ) throws -> (subspaces: Tensor, shares: [Double]) {
    let interchange = try Interchange(
      in: known.network, at: known.state, step: 1, dimensions: dimensions, answers: 3)
    let all = try KnownRecurrence.all(model)
    let some = all.rows((0..<all.count).filter { $0 % 7 == 0 })
    let others = all.rows((0..<all.count).filter { $0 % 7 != 0 })
    let weights = weights ?? known.weights
    let subspaces = try interchange.alignedSubspaces(of: weights, on: some, seeds: seeds)
    return (
      subspaces, try interchange.accuracies(of: weights, on: others, subspaces: subspaces)
    )
  }

  @Test("The plane of the mirrors is found, among directions ten times as loud")
  func findsThePlane() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    let (subspaces, shares) = try found(known)
    #expect(shares.allSatisfy { $0 == 1 })
    for network in 0..<KnownRecurrence.networks {
      let angles = try principalAngles(
        between: subspaces.slice(network), and: known.cups.slice(network))
      #expect(angles.allSatisfy { $0 < 3 })
    }
  }

  @Test("Of a one-hot automaton the plane in which its cups differ is found")
  func findsTheAutomaton() throws {
    let known = try KnownRecurrence.hiddenAutomaton()
    let (subspaces, shares) = try found(known)
    #expect(shares.allSatisfy { $0 == 1 })
    for network in 0..<KnownRecurrence.networks {
      let cups = known.cups.slice(network)
      let differences = Tensor(shape: [2, 8]) {
        cups.scalars[$0] - cups.scalars[16 + $0 % 8]
      }
      let angles = try principalAngles(between: subspaces.slice(network), and: differences)
      #expect(angles.allSatisfy { $0 < 3 })
    }
  }

  @Test(
    "Placebos find nothing: dealt-out labels, a false variable, too few directions, no training")
  func placebos() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    var generator = Generator(seed: 2, stream: .analysis)
    let shuffled = KnownRecurrence.cup.shuffled(
      among: KnownRecurrence.beginnings, using: &generator)
    let lastMove = CausalModel<[Int], [Int], Int>(
      "the last move", value: { $0[2] },
      answer: { move, base, moves in KnownRecurrence.play(base[0], [base[1], move] + moves) })
    let untrained = known.network.initialWeights(seeds: seeds)
    #expect(try found(known, shuffled).shares.allSatisfy { $0 < 0.5 })
    #expect(try found(known, lastMove).shares.allSatisfy { $0 < 0.5 })
    #expect(try found(known, weights: untrained).shares.allSatisfy { $0 < 0.5 })
    #expect(try found(known, dimensions: 1).shares.allSatisfy { $0 < 0.75 })
  }

  @Test("A network's search is the same alone, and its rows are orthonormal")
  func alone() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    let interchange = try Interchange(
      in: known.network, at: known.state, step: 1, dimensions: 3, answers: 3)
    let all = try KnownRecurrence.all()
    var schedule = Interchange.searchSchedule
    schedule.steps = 20
    let together = try interchange.alignedSubspaces(
      of: known.weights, on: all, seeds: seeds, schedule: schedule, threads: 2)
    let alone = try interchange.alignedSubspaces(
      of: known.weights.network(3), on: all, seeds: [seeds[3]], schedule: schedule)
    #expect(alone.scalars == together.slice(3).scalars)
    for (first, second) in [(0, 0), (0, 1), (1, 1), (1, 2), (2, 2), (0, 2)] {
      let product = (0..<7).reduce(Float(0)) { $0 + alone[0, first, $1] * alone[0, second, $1] }
      #expect((product - (first == second ? 1 : 0)).magnitude < 1e-6)
    }
  }

  @Test("There is nothing to find where all is exchanged, nor for differently many seeds")
  func refusals() throws {
    let known = try KnownRecurrence.threeMirrors()
    let all = try KnownRecurrence.all()
    let whole = try Interchange(in: known.network, at: known.state, step: 1, answers: 3)
    #expect(throws: NetworkError.self) {
      try whole.alignedSubspaces(of: known.weights, on: all, seeds: seeds)
    }
    let line = try Interchange(
      in: known.network, at: known.state, step: 1, dimensions: 1, answers: 3)
    #expect(throws: (any Error).self) {
      try line.alignedSubspaces(of: known.weights, on: all, seeds: [0])
    }
  }
}
