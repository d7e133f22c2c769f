import Interpretability
import Networks
import Tensors
import Testing

@Suite("Probes of what is known to be there, or not")
struct ProbeTests {
  let induction: HandWrittenInduction

  init() throws { induction = try HandWrittenInduction() }

  /// The stream after layer 0 at positions 2 to 5, a row each, with the tokens there and before.
  private func stream(
    with interventions: [Intervention] = []
  ) throws -> (activations: Tensor, tokens: [Int], before: [Int], twoBefore: [Int]) {
    let site = induction.model.blocks[0].residPost
    let recorded = try induction.network.run(
      induction.weights.network(1), on: induction.examples, with: interventions, recording: [site])
    let places = (0..<40).flatMap { example in (2..<6).map { (example, $0) } }
    let rows = try recorded[site].reshaped(to: [480, HandWrittenInduction.width])
    return (
      rows.slices(places.map { $0 * 12 + $1 }), places.map { induction.tokens[$0][$1] },
      places.map { induction.tokens[$0][$1 - 1] }, places.map { induction.tokens[$0][$1 - 2] }
    )
  }

  private func selectivity(
    _ activations: Tensor, _ labels: [Int], types: [Int]
  ) throws -> ProbeSelectivity {
    var generator = Generator(seed: 4, stream: .analysis)
    return try ProbeSelectivity(
      on: activations, labels: labels, classes: 8, types: types, using: &generator)
  }

  @Test("The token before is there, the one before that is not")
  func trueAndFalse() throws {
    let (stream, tokens, before, twoBefore) = try stream()
    let pairs = zip(tokens, before).map { $0 * 8 + $1 }
    let found = try selectivity(stream, before, types: pairs)
    #expect(found.accuracy == 1)
    #expect(found.controlAccuracy < 0.5 && found.selectivity > 0.5)
    // Two tokens are excluded, six remain.
    let absent = try selectivity(stream, twoBefore, types: pairs)
    #expect(absent.accuracy < 0.35 && absent.selectivity < 0.1)
  }

  @Test("Without the previous-token head it is gone")
  func gone() throws {
    let cut = Intervention(at: induction.model.blocks[0].z, .zero)
    let (stream, tokens, before, _) = try stream(with: [cut])
    let gone = try selectivity(stream, before, types: zip(tokens, before).map { $0 * 8 + $1 })
    #expect(gone.accuracy < 0.35)
  }

  @Test("What is learnt by heart as easily is not selective")
  func byHeart() throws {
    let (stream, tokens, _, _) = try stream()
    let found = try selectivity(stream, tokens.map { ($0 * 3 + 1) % 8 }, types: tokens)
    #expect(found.accuracy == 1 && found.controlAccuracy == 1 && found.selectivity == 0)
  }

  @Test("In one dimension the boundary lies where the closed form has it")
  func closedForm() throws {
    // Means ±1 with 30 and 10 rows: x̄ = −½, cov(x, y₁) = 3/8, var = 3/4; y₁ − y₀ = 0 at x̄ + ½ var/(2 cov).
    let labels = (0..<40).map { $0 < 30 ? 0 : 1 }
    let fitted = Tensor(shape: [40, 1]) { labels[$0] == 0 ? -1 : 1 }
    let probe = try LinearProbe(on: fitted, labels: labels, classes: 2, penalty: 0)
    #expect(try probe.predictions(on: Tensor([-0.01, 0.01], shape: [2, 1])) == [0, 1])
    // With slopes that cost as much as they bring, the boundary is twice as far from the mean: at ½.
    let shrunk = try LinearProbe(on: fitted, labels: labels, classes: 2, penalty: 1)
    #expect(try shrunk.predictions(on: Tensor([0.49, 0.51], shape: [2, 1])) == [0, 1])
    #expect(try probe.accuracy(on: fitted, labels: labels) == 1)
  }

  @Test("Activations that never change leave the commonest label")
  func constant() throws {
    let still = Tensor(repeating: 3, shape: [4, 2])
    let probe = try LinearProbe(on: still, labels: [1, 2, 2, 0], classes: 3)
    #expect(try probe.predictions(on: Tensor(repeating: 9, shape: [1, 2])) == [2])
  }

  @Test("Labels that do not fit are refused")
  func refusals() throws {
    let rows = Tensor(repeating: 1, shape: [3, 2])
    #expect(throws: NetworkError.self) { try LinearProbe(on: rows, labels: [0, 1], classes: 2) }
    #expect(throws: NetworkError.self) { try LinearProbe(on: rows, labels: [0, 1, 2], classes: 2) }
    let probe = try LinearProbe(on: rows, labels: [0, 1, 0], classes: 2)
    #expect(throws: NetworkError.self) {
      try probe.predictions(on: Tensor(repeating: 1, shape: [3, 3]))
    }
    #expect(throws: NetworkError.self) { try selectivity(rows, [0, 1, 0], types: [0, 1]) }
    #expect(throws: NetworkError.self) {
      var generator = Generator(seed: 0, stream: .analysis)
      _ = try ProbeSelectivity(
        on: rows, labels: [0, 1, 0], classes: 2, types: [0, 1, 2], heldOut: 1, using: &generator)
    }
  }
}
