import Interpretability
import Networks
import Tensors
import Testing

@Suite("Interchange in recurrent networks that are known")
struct InterchangeTests {
  private func share(
    _ known: KnownRecurrence, _ model: CausalModel<[Int], [Int], Int> = KnownRecurrence.cup,
    in subspaces: Tensor? = nil, states: Tensor? = nil
  ) throws -> [Double] {
    let interchange = try Interchange(
      in: known.network, at: known.state, step: 1, dimensions: subspaces?.shape[1], answers: 3)
    return try interchange.accuracies(
      of: known.weights, on: KnownRecurrence.all(model), subspaces: subspaces, states: states)
  }

  private let one = [Double](repeating: 1, count: KnownRecurrence.networks)
  private let third = [Double](repeating: 1.0 / 3, count: KnownRecurrence.networks)

  @Test("The hand-written networks play every game")
  func known() throws {
    for known in [
      try KnownRecurrence.threeMirrors(), try .oneHotAutomaton(), try .hiddenMirrors(),
      try .hiddenAutomaton(),
    ] {
      let scores = try known.network.scores(known.weights, on: KnownRecurrence.all().games)[0]
      #expect(scores.allSatisfy { $0.accuracy == 1 })
    }
  }

  @Test("Interchanges of the whole state, or of the cup's directions, are exact")
  func exact() throws {
    #expect(try share(.threeMirrors()) == one)
    #expect(try share(.oneHotAutomaton()) == one)
    for known in [try KnownRecurrence.hiddenMirrors(), try .hiddenAutomaton()] {
      #expect(try share(known) == one)
      #expect(try share(known, in: known.cups) == one)
    }
  }

  @Test("Interchanges of the loud directions do nothing: chance, and never right where it counts")
  func decoys() throws {
    for known in [try KnownRecurrence.hiddenMirrors(), try .hiddenAutomaton()] {
      #expect(try share(known, in: known.decoys) == third)
      let interchange = try Interchange(
        in: known.network, at: known.state, step: 1, dimensions: 3, answers: 3)
      let changing = try interchange.accuracies(
        of: known.weights, on: KnownRecurrence.all().changing, subspaces: known.decoys)
      #expect(changing.allSatisfy { $0 == 0 })
    }
  }

  @Test("Random directions and random states are far from exact")
  func baselines() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    var generator = Generator(seed: 4, stream: .analysis)
    let random = randomSubspaces(
      networks: KnownRecurrence.networks, dimensions: 2, of: 7, using: &generator)
    #expect(try share(known, in: random).allSatisfy { $0 < 0.6 })
    let mirrors = try KnownRecurrence.threeMirrors()
    let whole = try Interchange(in: mirrors.network, at: mirrors.state, step: 1, answers: 3)
    let states = try whole.states(of: mirrors.weights, KnownRecurrence.all())
    let drawn = randomStates(like: states, using: &generator)
    for place in 0..<states.count / 2 {
      let radius = (0..<2).reduce(Float(0)) { sum, axis in
        sum + drawn.scalars[place * 2 + axis] * drawn.scalars[place * 2 + axis]
      }
      #expect((radius - 1).magnitude < 1e-5)
    }
    #expect(try share(mirrors, states: drawn).allSatisfy { (0.15...0.55).contains($0) })
  }

  @Test("False hypotheses are rejected, even of the right directions")
  func falseHypotheses() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    // Two of the moves taken for each other.
    let mistaken = CausalModel<[Int], [Int], Int>(
      "the cup, by a wrong table", value: KnownRecurrence.cup.value,
      answer: { cup, _, moves in KnownRecurrence.play(cup, moves.map { [1, 0, 2][$0] }) })
    // The last move, which would still be to be made.
    let lastMove = CausalModel<[Int], [Int], Int>(
      "the last move", value: { $0[2] },
      answer: { move, base, moves in KnownRecurrence.play(base[0], [base[1], move] + moves) })
    for model in [mistaken, lastMove] {
      for subspaces in [nil, known.cups, known.decoys] {
        #expect(try share(known, model, in: subspaces).allSatisfy { $0 < 0.6 })
      }
    }
  }

  @Test("An interchange of the whole state is a patch of it")
  func agreesWithPatch() throws {
    let known = try KnownRecurrence.hiddenAutomaton()
    // Weights that know nothing, so that answers vary.
    let weights = known.network.initialWeights(seeds: [1, 2, 3])
    let all = try KnownRecurrence.all()
    let some = all.rows(stride(from: 0, to: all.count, by: 97).map { $0 })
    let interchange = try Interchange(in: known.network, at: known.state, step: 1, answers: 3)
    let shares = try interchange.accuracies(of: weights, on: some)
    let sources = try known.network.run(
      weights, on: all.games.rows(some.sources), recording: [known.state])[known.state]
    let outputs = try known.network.run(
      weights, on: all.games.rows(some.bases),
      with: [Intervention(at: known.state, steps: [1], .patch(sources))])[known.output]
    for network in 0..<3 {
      let right = (0..<some.count).count { row in
        let scores = (0..<3).map { outputs[network, row, $0] }
        return scores.firstIndex(of: scores.max() ?? 0) == some.answers[row]
      }
      #expect(shares[network] == Double(right) / Double(some.count))
    }
  }

  @Test("The basis of a subspace does not matter, nor do threads or neighbours")
  func basis() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    let sheared = Tensor(shape: known.cups.shape) { place in
      let (row, column) = (place / 7 % 2, place % 7)
      let base = place / 14 * 14
      let (x, y) = (known.cups.scalars[base + column], known.cups.scalars[base + 7 + column])
      return row == 0 ? 3 * x + y : x - 0.5 * y
    }
    #expect(try share(known, in: sheared) == one)
    let interchange = try Interchange(
      in: known.network, at: known.state, step: 1, dimensions: 2, answers: 3)
    let all = try KnownRecurrence.all()
    var generator = Generator(seed: 9, stream: .analysis)
    let random = randomSubspaces(networks: 5, dimensions: 2, of: 7, using: &generator)
    let together = try interchange.accuracies(
      of: known.weights, on: all, subspaces: random, threads: 2)
    for network in 0..<5 {
      let alone = try interchange.accuracies(
        of: known.weights.network(network), on: all, subspaces: random.slices([network]))
      #expect(alone == [together[network]])
    }
  }

  @Test("What cannot be exchanged is refused in one line")
  func refusals() throws {
    let known = try KnownRecurrence.hiddenMirrors()
    func refused(_ body: () throws -> some Any) -> String {
      do { return "\(try body())" } catch { return "\(error)" }
    }
    let (network, state) = (known.network, known.state)
    #expect(
      refused { try Interchange(in: network, at: state, step: 1, dimensions: 8, answers: 3) }
        == "an alignment has from 1 to 7 dimensions, as 'state' has, not 8")
    #expect(
      refused { try Interchange(in: network, at: state, step: 4, answers: 3) }
        == "'state' has the steps 0 to 3, not [4]")
    #expect(
      refused { try Interchange(in: network, at: state, step: 1, answers: 4) }
        == "4 answers need a number each, but the output has shape [3]")
    let plane = try Interchange(in: network, at: state, step: 1, dimensions: 2, answers: 3)
    let all = try KnownRecurrence.all()
    let none = all.rows([])
    #expect(
      refused { try plane.alignedSubspaces(of: known.weights, on: none, seeds: [1, 2, 3, 4, 5]) }
        == "there are no interchanges to make")
    #expect(
      refused { try plane.accuracies(of: known.weights, on: none, subspaces: known.cups) }
        == "there are no interchanges to make")
    let rows = Tensor(repeating: 1, shape: [5, 2, 7])
    #expect(
      refused { try plane.accuracies(of: known.weights, on: all, subspaces: rows) }
        == "2 rows that do not span as many dimensions are no subspace")
    #expect(
      refused { try plane.accuracies(of: known.weights, on: all) }
        == "an interchange of a part of the state needs its subspace")
    #expect(
      refused {
        try KnownRecurrence.cup.interchanges(
          bases: [], sources: [[0, 0, 0]], endings: [[0, 0]], games: KnownRecurrence.games)
      }
        == "an interchange needs a base, a source and an ending")
  }
}
