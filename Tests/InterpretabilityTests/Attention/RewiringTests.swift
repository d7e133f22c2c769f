import Interpretability
import Networks
import Tensors
import Testing

@Suite("Rewiring networks that are known")
struct RewiringTests {
  let reversal: HandWrittenReversal
  let induction: HandWrittenInduction

  init() throws { (reversal, induction) = (try HandWrittenReversal(), try HandWrittenInduction()) }

  private func reverser(_ head: Int = 0) -> Intervention.Part {
    HandWrittenReversal.heads(head).part(axis: 0)
  }

  @Test("Told to look two further, the reverser rotates; told to the decoys, it changes nothing")
  func rotation() throws {
    let block = reversal.model.blocks[0]
    let rotated = try reversal.written.answers(with: [
      block.imposing(.rotated(by: 2), reverser())
    ])
    let all = try reversal.written.answers(with: [block.imposing(.rotated(by: 2))])
    for answers in rotated + all {
      for (answer, tokens) in zip(answers, reversal.tokens) {
        #expect(answer == (0..<6).map { tokens[($0 + 2) % 6] })
      }
    }
    for decoy in 1...3 {
      let answers = try reversal.written.answers(with: [
        block.imposing(.rotated(by: 2), reverser(decoy))
      ])
      #expect(answers.allSatisfy { $0 == reversal.tokens.map { $0.reversed() } })
    }
  }

  @Test("Told its own pattern it goes on; looking at all alike it is lost")
  func ownAndUniform() throws {
    let block = reversal.model.blocks[0]
    #expect(
      try reversal.written.accuracies(under: [
        block.imposing(HandWrittenReversal.backwards, reverser())
      ]) == [1, 1, 1])
    let lost = try reversal.written.accuracies(under: [
      block.imposingUniform(reverser(), isCausal: false)
    ])
    #expect(lost.allSatisfy { $0 < 0.6 })
  }

  @Test("With the positions permuted, the answers are permuted as predicted")
  func permutedPositions() throws {
    var generator = Generator(seed: 7, stream: .analysis)
    for _ in 0..<5 {
      let order = generator.permutation(of: 6)
      let answers = try reversal.written.answers(with: [
        reversal.model.permutingPositions(by: order, reversal.weights)
      ])
      for own in answers {
        for (answer, tokens) in zip(own, reversal.tokens) {
          // Position i now stands where order[i] was, and reads whoever stands where 5 − order[i] was.
          #expect(answer == (0..<6).map { tokens[order.firstIndex(of: 5 - order[$0]) ?? 0] })
        }
      }
    }
    #expect(throws: NetworkError.self) {
      try reversal.model.permutingPositions(by: [0, 1, 2, 3, 4, 4], reversal.weights)
    }
  }

  @Test("Random positions of equal length are no use")
  func randomPositions() throws {
    var generator = Generator(seed: 7, stream: .analysis)
    let random = reversal.model.randomPositions(reversal.weights, using: &generator)
    guard case .patch(let vectors) = random.action else {
      Issue.record("Positions are patched")
      return
    }
    #expect(vectors.shape == [3, 6, 21])
    for row in 0..<18 {
      let square = vectors.scalars[row * 21..<row * 21 + 21].reduce(0) { $0 + $1 * $1 }
      #expect((square - 1).magnitude < 1e-5)
    }
    #expect(try reversal.written.accuracies(under: [random]).allSatisfy { $0 < 0.6 })
  }

  @Test("Previous token, uniform and two back: induction goes on, is lost, and skips a token")
  func previousTokenHead() throws {
    let (block, part) = (induction.model.blocks[0], HandWrittenInduction.heads(0, 0).part(axis: 0))
    #expect(
      try induction.written.accuracies(under: [block.imposing(.previousToken, part)]) == [1, 1, 1])
    #expect(
      try induction.written.accuracies(under: [block.imposingUniform(part, isCausal: true)])
        .allSatisfy { $0 < 0.5 })
    let answers = try induction.written.answers(with: [block.imposing(.back(2), part)])
    for own in answers {
      for (answer, tokens) in zip(own, induction.tokens) {
        // The second position has nothing two back and takes its own token for it.
        for query in [6, 8, 9, 10, 11] { #expect(answer[query] == tokens[(query + 2) % 6]) }
      }
    }
  }

  @Test("Imposed on one head, a pattern is that head's, and the mask is kept")
  func onlyThatHead() throws {
    let (model, network) = (induction.model, induction.network)
    func patterns(_ interventions: [Intervention] = []) throws -> Tensor {
      try attentionPatterns(
        of: model, in: network, induction.weights, on: induction.examples, with: interventions)
    }
    let (clean, even) = (
      try patterns(), try patterns([model.blocks[0].imposingUniform(.units([1]), isCausal: true)])
    )
    for (index, weight) in even.scalars.enumerated() {
      let (layer, head) = (index / 432 % 2, index / 144 % 3)
      let (query, key) = (index / 12 % 12, index % 12)
      if layer == 0, head == 1 {
        #expect((weight - (key <= query ? 1 / Float(query + 1) : 0)).magnitude < 1e-6)
      } else if layer == 0 {
        #expect(weight == clean.scalars[index])
      }
    }
  }

  @Test("The induction pattern, imposed as the tokens have it, needs no previous-token head")
  func imposedByTokens() throws {
    let blocks = induction.model.blocks
    let cut = Intervention(at: blocks[0].z, .zero)
    let tokens = try #require(induction.examples["tokens"])
    let part = HandWrittenInduction.heads(1, 0).part(axis: 0)
    #expect(
      try induction.written.accuracies(under: [
        cut, blocks[1].imposing(.induction, part, tokens: tokens),
      ]) == [1, 1, 1])
    #expect(try induction.written.accuracies(under: [cut]).allSatisfy { $0 < 0.5 })
  }
}

@Suite("Ablating sets of heads of known networks")
struct HeadAblationTests {
  @Test("One reverser: it alone is missed, and it alone is enough", arguments: Ablation.allCases)
  func alone(ablation: Ablation) throws {
    let fixture = try HandWrittenReversal()
    let z = fixture.model.blocks[0].z
    let each = try ablatingEachUnit(
      of: z, axis: 1, in: fixture.network, fixture.weights, on: fixture.examples, by: ablation)
    let subsets = try SubsetAblation(
      of: [[Int]](repeating: [0, 1, 2, 3], count: 3), at: z, axis: 1, in: fixture.network,
      fixture.weights, on: fixture.examples, by: ablation)
    for network in 0..<HandWritten.networks {
      for head in 0..<4 {
        let place = HandWrittenReversal.places(of: head)[network][0]
        #expect(
          head == 0 ? each[place][network].accuracy < 0.6 : each[place][network].accuracy == 1)
      }
      let enough = subsets.minimalSufficientSets(network: network)
      #expect(enough == [HandWrittenReversal.places(of: 0)[network]])
    }
  }

  @Test("Two reversers: neither is missed alone, either is enough, both share the credit")
  func redundant() throws {
    let fixture = try HandWrittenReversal(copies: 2)
    let z = fixture.model.blocks[0].z
    let each = try ablatingEachUnit(
      of: z, axis: 1, in: fixture.network, fixture.weights, on: fixture.examples, by: .zero)
    #expect(each.allSatisfy { $0.allSatisfy { $0.accuracy == 1 } })
    let both = (0..<3).map { network in
      [0, 2].map { HandWrittenReversal.places(of: $0)[network][0] }
    }
    let together = try ablating(
      [both], of: z, axis: 1, in: fixture.network, fixture.weights, on: fixture.examples, by: .zero)
    #expect(together[0].allSatisfy { $0.accuracy < 0.5 })
    let subsets = try SubsetAblation(
      of: [[Int]](repeating: [0, 1, 2, 3], count: 3), at: z, axis: 1, in: fixture.network,
      fixture.weights, on: fixture.examples, by: .zero)
    for network in 0..<HandWritten.networks {
      let enough = subsets.minimalSufficientSets(network: network)
      #expect(Set(enough) == Set(both[network].map { [$0] }))
      let values = subsets.shapleyValues(network: network)
      #expect((values[both[network][0]] - values[both[network][1]]).magnitude < 1e-6)
      #expect(values[both[network][0]] > 0.2)
    }
  }

  @Test("An axis that the site does not have is refused")
  func refusals() throws {
    let fixture = try HandWrittenReversal()
    let error = try #require(throws: NetworkError.self) {
      try ablatingEachUnit(
        of: fixture.model.blocks[0].z, axis: 3, in: fixture.network, fixture.weights,
        on: fixture.examples, by: .zero)
    }
    #expect("\(error)".contains("has no axis 3"))
  }
}
