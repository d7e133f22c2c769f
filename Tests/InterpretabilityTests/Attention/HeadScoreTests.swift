import Interpretability
import Networks
import Tensors
import Testing

@Suite("What heads attend to, where it is known")
struct HeadScoreTests {
  let reversal: HandWrittenReversal
  let induction: HandWrittenInduction

  init() throws { (reversal, induction) = (try HandWrittenReversal(), try HandWrittenInduction()) }

  private func scores(_ target: AttentionTarget) throws -> Tensor {
    try headScores(
      target, of: reversal.model, in: reversal.network, reversal.weights, on: reversal.examples)
  }

  @Test("The networks do what they were written for")
  func fixturesAreRight() throws {
    #expect(try reversal.written.accuracies() == [1, 1, 1])
    #expect(try induction.written.accuracies() == [1, 1, 1])
  }

  @Test("The reverser alone attends along the anti-diagonal, and to nothing else")
  func reverser() throws {
    let (backwards, itself) = (try scores(HandWrittenReversal.backwards), try scores(.itself))
    let next = try scores(.rotated(by: 1))
    #expect(backwards.shape == [3, 1, 4])
    for network in 0..<HandWritten.networks {
      func score(_ tensor: Tensor, _ head: Int) -> Float {
        tensor[network, 0, HandWrittenReversal.places(of: head)[network][0]]
      }
      #expect(score(backwards, 0) > 0.999 && score(itself, 1) > 0.999 && score(next, 2) > 0.999)
      #expect(score(backwards, 1) < 1e-6 && score(itself, 0) < 1e-6 && score(itself, 2) < 1e-6)
      // The whisperer attends to tokens, which say nothing of positions.
      #expect(score(backwards, 3) < 0.4)
    }
  }

  @Test("A head that attends to what it may see alike scores the uniform baseline")
  func uniformBaseline() throws {
    let expected = try uniformHeadScore(
      HandWrittenReversal.backwards, of: reversal.model, on: reversal.examples)
    #expect((expected - 1 / 6.0).magnitude < 1e-12)
    let (model, examples) = (induction.model, induction.examples)
    for target in [AttentionTarget.previousToken, .induction, .itself] {
      let scores = try headScores(
        target, of: model, in: induction.network, induction.weights, on: examples)
      let uniform = try uniformHeadScore(target, of: model, on: examples)
      for (network, idler) in HandWrittenInduction.places(0, 2).enumerated() {
        #expect((Double(scores[network, 0, idler]) - uniform).magnitude < 1e-6)
      }
    }
    // 1/2 + ... + 1/12 over eleven queries that have a position before them.
    let harmonic = (2...12).reduce(0.0) { $0 + 1 / Double($1) } / 11
    let uniform = try uniformHeadScore(.previousToken, of: model, on: examples)
    #expect((uniform - harmonic).magnitude < 1e-12)
  }

  @Test("With the queries dealt out anew the score is the share of those that stay")
  func shuffledBaseline() throws {
    var generator = Generator(seed: 2, stream: .analysis)
    var total = 0.0
    for _ in 0..<30 {
      let shuffled = HandWrittenReversal.backwards.shuffled(length: 6, using: &generator)
      let stay = (0..<6).count { shuffled.key($0, [0, 0, 0, 0, 0, 0]) == 5 - $0 }
      let score = try scores(shuffled)[0, 0, 0]
      #expect((score - Float(stay) / 6).magnitude < 1e-5)
      total += Double(score)
    }
    #expect((total / 30 - 1 / 6.0).magnitude < 0.1)
  }

  @Test("Previous-token head and induction head are told from each other and from decoys")
  func inductionHeads() throws {
    func scores(_ target: AttentionTarget) throws -> Tensor {
      try headScores(
        target, of: induction.model, in: induction.network, induction.weights,
        on: induction.examples)
    }
    let (previous, next) = (try scores(.previousToken), try scores(.induction))
    for network in 0..<HandWritten.networks {
      func place(_ layer: Int, _ head: Int) -> Int {
        HandWrittenInduction.places(layer, head)[network]
      }
      #expect(previous[network, 0, place(0, 0)] > 0.999)
      #expect(next[network, 1, place(1, 0)] > 0.999)
      #expect(previous[network, 1, place(1, 2)] > 0.999)
      #expect(next[network, 0, place(0, 0)] < 1e-6 && next[network, 1, place(1, 2)] < 1e-6)
      #expect(next[network, 1, place(1, 1)] < 1e-6 && previous[network, 1, place(1, 0)] < 0.2)
    }
  }

  @Test("Intervening on what feeds the induction head takes its score away")
  func underIntervention() throws {
    let cut = Intervention(
      at: induction.model.blocks[0].z, HandWrittenInduction.heads(0, 0).part(axis: 1), .zero)
    let scores = try headScores(
      .induction, of: induction.model, in: induction.network, induction.weights,
      on: induction.examples, with: [cut])
    for (network, head) in HandWrittenInduction.places(1, 0).enumerated() {
      #expect(scores[network, 1, head] < 0.2)
    }
  }

  @Test("Patterns are means over the examples, and each row of weights adds up to one")
  func patterns() throws {
    let (model, examples) = (induction.model, induction.examples)
    let mean = try attentionPatterns(
      of: model, in: induction.network, induction.weights, on: examples)
    #expect(mean.shape == [3, 2, 3, 12, 12])
    let pattern = try induction.network.run(
      induction.weights, on: examples, recording: [model.blocks[1].pattern])[
        model.blocks[1].pattern]
    for query in 0..<12 {
      let row = (0..<12).map { mean[2, 1, 1, query, $0] }
      #expect((row.reduce(0, +) - 1).magnitude < 1e-5 && row[(query + 1)...].allSatisfy { $0 == 0 })
      for key in 0..<12 {
        let total = (0..<examples.count).reduce(Float(0)) { $0 + pattern[2, $1, 1, query, key] }
        #expect((total / 40 - row[key]).magnitude < 1e-5)
      }
    }
  }

  @Test("Each target names the key that it says")
  func targets() {
    func keys(_ target: AttentionTarget) -> [Int?] {
      [4, 2, 4, 2, 4].indices.map { target.key($0, [4, 2, 4, 2, 4]) }
    }
    #expect(keys(.itself) == [0, 1, 2, 3, 4])
    #expect(keys(.previousToken) == [nil, 0, 1, 2, 3])
    #expect(keys(.back(2)) == [nil, nil, 0, 1, 2])
    // The last token has come twice before; what counts is the second time.
    #expect(keys(.induction) == [nil, nil, 1, 2, 3])
    #expect(keys(.positions([2, 0])) == [2, 0, nil, nil, nil])
    #expect(keys(.rotated(by: 2)) == [2, 3, 4, 0, 1] && keys(.rotated(by: -1)) == [4, 0, 1, 2, 3])
  }

  @Test("A key that is no position, and a target that says nothing, are refused")
  func refusals() throws {
    let outside = AttentionTarget("too far") { query, _ in query + 1 }
    let error = try #require(throws: NetworkError.self) { try scores(outside) }
    #expect("\(error)".contains("query 5 to key 6"))
    #expect(throws: NetworkError.self) { try scores(AttentionTarget("none") { _, _ in nil }) }
    #expect(throws: NetworkError.self) {
      try uniformHeadScore(.itself, of: reversal.model, on: induction.examples)
    }
  }
}
