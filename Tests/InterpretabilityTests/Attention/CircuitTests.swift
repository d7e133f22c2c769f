import Interpretability
import Networks
import Tensors
import Testing

@Suite("Circuits of heads whose weights are known")
struct CircuitTests {
  let reversal: HandWrittenReversal
  let induction: HandWrittenInduction

  init() throws { (reversal, induction) = (try HandWrittenReversal(), try HandWrittenInduction()) }

  @Test("The reverser looks by position alone, and where it should")
  func queriesAndKeys() throws {
    let model = reversal.model
    let positions = try model.qkCircuit(
      layer: 0, reversal.weights, queries: .positions, keys: .positions)
    let tokens = try model.qkCircuit(layer: 0, reversal.weights)
    let mixed = try model.qkCircuit(layer: 0, reversal.weights, queries: .tokens, keys: .positions)
    #expect(positions.shape == [3, 4, 6, 6] && mixed.shape == [3, 4, 5, 6])
    let (agrees, itself) = (rowAgreement(positions) { 5 - $0 }, rowAgreement(positions) { $0 })
    for network in 0..<HandWritten.networks {
      func head(_ head: Int) -> Int { HandWrittenReversal.places(of: head)[network][0] }
      #expect(agrees[network, head(0)] == 1 && itself[network, head(0)] == 0)
      #expect(agrees[network, head(1)] == 0 && itself[network, head(1)] == 1)
      #expect((positions[network, head(0), 1, 4] - 30).magnitude < 1e-4)
      #expect(tokens.slice(network).slice(head(0)).scalars.allSatisfy { $0 == 0 })
      #expect((tokens[network, head(3), 2, 2] - 30).magnitude < 1e-4)
      #expect(mixed.slice(network).scalars.allSatisfy { $0 == 0 })
    }
  }

  @Test("With its position vectors dealt out anew, the reverser agrees no more than chance has it")
  func shuffledPositions() throws {
    var generator = Generator(seed: 4, stream: .analysis)
    var total: Float = 0
    for _ in 0..<50 {
      let shuffled = shufflingRows(
        of: reversal.model.wPos, in: reversal.weights, using: &generator)
      let circuit = try reversal.model.qkCircuit(
        layer: 0, shuffled, queries: .positions, keys: .positions)
      total += rowAgreement(circuit) { 5 - $0 }[0, 0]
    }
    // A pair of positions stays a pair of the anti-diagonal one time in five.
    #expect((total / 50 - 0.2).magnitude < 0.1)
  }

  @Test("The reverser copies; the mirror, the scribbler and the whisperer do not")
  func copying() throws {
    let circuit = try reversal.model.ovCircuit(layer: 0, reversal.weights)
    let (scores, shares) = (try copyingScores(of: circuit), copiedShares(of: circuit))
    for network in 0..<HandWritten.networks {
      func head(_ head: Int) -> Int { HandWrittenReversal.places(of: head)[network][0] }
      #expect((scores[network, head(0)] - 1).magnitude < 1e-6 && shares[network, head(0)] == 1)
      #expect(circuit[network, head(0), 3, 3] == 10)
      #expect(scores[network, head(1)] == 0 && scores[network, head(2)] == 0)
      // A cycle of five tokens: its eigenvalues are the fifth roots of one, whose sum is zero.
      #expect(scores[network, head(3)].magnitude < 1e-6 && shares[network, head(3)] == 0)
    }
  }

  @Test("A head that copies, its tokens dealt out anew, copies those that stay")
  func shuffledTokens() throws {
    var generator = Generator(seed: 9, stream: .analysis)
    for _ in 0..<20 {
      let shuffled = shufflingRows(of: reversal.model.wE, in: reversal.weights, using: &generator)
      let circuit = try reversal.model.ovCircuit(layer: 0, shuffled)
      let stay = Float((0..<5).count { shuffled[reversal.model.wE][0, $0, $0] == 1 }) / 5
      #expect((try copyingScores(of: circuit)[0, 0] - stay).magnitude < 1e-6)
      #expect(copiedShares(of: circuit)[0, 0] >= stay)
    }
  }

  @Test(
    "The induction head asks for the token that the previous-token head has moved, and for no other's"
  )
  func composedCircuits() throws {
    for network in 0..<HandWritten.networks {
      func head(_ head: Int) -> Head {
        Head(layer: 0, index: HandWrittenInduction.places(0, head)[network])
      }
      let place = HandWrittenInduction.places(1, 0)[network]
      let own = induction.weights.network(network)
      func agreement(_ keys: Reads) throws -> Float {
        let circuit = try induction.model.qkCircuit(layer: 1, own, queries: .tokens, keys: keys)
        return rowAgreement(circuit) { $0 }[0, place]
      }
      #expect(try agreement(.written(by: head(0), reading: .tokens)) == 1)
      // Rows of zeros: the first of equal numbers is the largest.
      #expect(try agreement(.written(by: head(1), reading: .tokens)) == 0.125)
      #expect(try agreement(.tokens) == 0.125)
      let output = try induction.model.ovCircuit(layer: 1, own)
      #expect((try copyingScores(of: output)[0, place] - 1).magnitude < 1e-6)
    }
  }

  @Test("Composition scores find the pair, by keys alone, above heads at random")
  func composition() throws {
    func scores(_ reading: TransformerBlock.Reading) throws -> Tensor {
      try compositionScores(reading, from: 0, to: 1, of: induction.model, induction.weights)
    }
    let (keys, queries, values) = (try scores(.key), try scores(.query), try scores(.value))
    var generator = Generator(seed: 1, stream: .analysis)
    let random = randomCompositionScore(
      .key, of: induction.model.configuration, draws: 20, using: &generator)
    // About 1/√d for random matrices: E‖AB‖² = ‖A‖²‖B‖²/d.
    #expect((random - 1 / 44.0.squareRoot()).magnitude < 0.02)
    for network in 0..<HandWritten.networks {
      func score(_ tensor: Tensor, _ first: Int, _ second: Int) -> Float {
        tensor[
          network, HandWrittenInduction.places(0, first)[network],
          HandWrittenInduction.places(1, second)[network]]
      }
      // √8 · s over √8 · √16 s: half of what the keys read is the first position.
      #expect((score(keys, 0, 0) - 0.25).magnitude < 1e-6)
      #expect(score(queries, 0, 0) == 0 && score(values, 0, 0) == 0)
      #expect(score(keys, 1, 0) == 0 && score(keys, 2, 0) == 0)
      // The impostor is composed as well; that it does nothing, weights alone do not tell.
      #expect((score(keys, 1, 1) - 1 / Float(8).squareRoot()).magnitude < 1e-6)
      #expect(score(keys, 0, 2) == 0)
    }
  }

  @Test("Layers and heads that are not there, and weights of another network, are refused")
  func refusals() throws {
    let (model, weights) = (reversal.model, reversal.weights)
    #expect(throws: NetworkError.self) { try model.qkCircuit(layer: 1, weights) }
    let error = try #require(throws: NetworkError.self) {
      try model.qkCircuit(
        layer: 0, weights, keys: .written(by: Head(layer: 0, index: 4), reading: .tokens))
    }
    #expect("\(error)".contains("there is no head 4"))
    #expect(throws: NetworkError.self) { try model.ovCircuit(layer: 0, induction.weights) }
    #expect(throws: NetworkError.self) {
      try compositionScores(.key, from: 1, to: 0, of: induction.model, induction.weights)
    }
    #expect(throws: ShapeError.self) {
      try copyingScores(of: model.ovCircuit(layer: 0, weights, reading: .positions))
    }
  }
}
