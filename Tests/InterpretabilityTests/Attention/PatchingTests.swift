import Interpretability
import Networks
import Tensors
import Testing

@Suite("Patching networks whose paths are known")
struct PatchingTests {
  let reversal: HandWrittenReversal
  let induction: HandWrittenInduction

  init() throws { (reversal, induction) = (try HandWrittenReversal(), try HandWrittenInduction()) }

  /// The examples moved on by one: as good as others.
  private func others(_ examples: Examples) -> Examples {
    examples.rows((0..<examples.count).map { ($0 + 1) % examples.count })
  }

  private func patching(
    _ direction: ActivationPatching.Direction, at places: [PatchingPlace], byPosition: Bool = true,
    donors: [Int]? = nil, corrupted: Examples? = nil, measuring metric: Metric = .accuracy
  ) throws -> ActivationPatching {
    try ActivationPatching(
      direction, clean: reversal.examples, corrupted: corrupted ?? others(reversal.examples),
      at: places, byPosition: byPosition, donors: donors, measuring: metric, in: reversal.network,
      reversal.weights)
  }

  @Test(
    "Each position of the reverser mends and breaks its own answer; the decoys do nothing",
    arguments: ActivationPatching.Direction.allCases)
  func heads(direction: ActivationPatching.Direction) throws {
    let patched = try patching(direction, at: reversal.model.headPlaces)
    let wrong = zip(reversal.tokens, reversal.tokens.dropFirst() + reversal.tokens.prefix(1)).map {
      clean, corrupted in (0..<6).map { clean[5 - $0] != corrupted[5 - $0] }
    }
    let all = Double(wrong.joined().count { $0 })
    for network in 0..<HandWritten.networks {
      #expect(patched.clean[network] == 1)
      #expect((patched.corrupted[network] - (1 - all / 240)).magnitude < 1e-6)
      for position in 0..<6 {
        let own = Double(wrong.count { $0[position] }) / all
        for head in 0..<4 {
          let place = HandWrittenReversal.places(of: head)[network][0]
          let effect = Double(patched.effects[network, place, position])
          #expect((effect - (head == 0 ? own : 0)).magnitude < 1e-5)
        }
      }
    }
  }

  @Test("A token's place in the stream matters where it comes from, then where it goes to")
  func stream() throws {
    let first = Metric.output { output in
      let right = (0..<40).count { example in
        let row = (0..<5).map { output[example, 0, $0] }
        return row.firstIndex(of: row.max() ?? 0) == reversal.tokens[example][5]
      }
      return Double(right) / 40
    }
    let patched = try patching(.denoising, at: reversal.model.streamPlaces, measuring: first)
    for position in 0..<6 {
      #expect((patched.effects[0, 0, position] - (position == 5 ? 1 : 0)).magnitude < 1e-6)
      #expect((patched.effects[0, 1, position] - (position == 0 ? 1 : 0)).magnitude < 1e-6)
    }
    #expect(patched.values.shape == [3, 2, 6])
  }

  @Test("The logit difference that is mended is the one that was written down")
  func logitDifference() throws {
    let right = try #require(reversal.examples["target"])
    let wrong = Tensor(shape: right.shape) { Float((Int(right.scalars[$0]) + 1) % 5) }
    let patched = try patching(
      .noising, at: reversal.model.attentionPlaces, byPosition: false,
      measuring: .logitDifference(of: right, against: wrong))
    #expect((patched.clean[1] - 10).magnitude < 1e-2)
    #expect(patched.values.shape == [3, 1, 1])
    #expect((patched.effects[1, 0, 0] - 1).magnitude < 1e-5)
  }

  @Test(
    "Patching from the same examples does nothing", arguments: ActivationPatching.Direction.allCases
  )
  func sameInputBaseline(direction: ActivationPatching.Direction) throws {
    let places = reversal.model.headPlaces + reversal.model.streamPlaces
    let patched = try patching(direction, at: places, corrupted: reversal.examples)
    #expect(patched.clean == patched.corrupted)
    #expect(patched.values.scalars.allSatisfy { $0 == 1 })
    #expect(patched.effects.scalars.allSatisfy { $0 == 0 })
  }

  @Test("From another example at random the reverser mends no more than chance has it")
  func randomDonors() throws {
    var generator = Generator(seed: 3, stream: .analysis)
    let donors = generator.permutation(of: 40)
    let patched = try patching(
      .denoising, at: reversal.model.headPlaces, byPosition: false, donors: donors)
    let met = zip(reversal.tokens, donors).reduce(0) { total, pair in
      total + zip(pair.0, reversal.tokens[pair.1]).count { $0 == $1 }
    }
    #expect((patched.values[0, 0, 0] - Float(met) / 240).magnitude < 1e-6)
    #expect(patched.effects[0, 0, 0].magnitude < 0.2)
    #expect(
      try patching(.denoising, at: reversal.model.headPlaces, byPosition: false)
        .effects[0, 0, 0] == 1)
  }

  @Test("Unequal numbers of examples and donors that are not there are refused")
  func refusals() {
    #expect(throws: NetworkError.self) {
      try patching(
        .noising, at: reversal.model.headPlaces, corrupted: reversal.examples.rows(0..<39))
    }
    #expect(throws: NetworkError.self) {
      try patching(
        .noising, at: reversal.model.headPlaces, donors: [Int](repeating: 40, count: 40))
    }
  }
}

@Suite("Patching paths of the hand-written induction")
struct PathPatchingTests {
  let induction: HandWrittenInduction
  let others: Examples

  init() throws {
    induction = try HandWrittenInduction()
    // A sequence and its neighbour with all tokens exchanged for others.
    let tokens = induction.tokens.map { row in row.map { Float(($0 + 3) % 8) } }
    others = try induction.examples.replacing(
      "tokens", with: Tensor(tokens.flatMap(\.self), shape: [40, 12]))
  }

  private func path(
    from sender: Heads, to receiver: PathPatching.Receiver, source: Examples? = nil
  ) throws -> [Float] {
    let path = try PathPatching(
      from: sender, to: receiver, base: induction.examples, source: source ?? others,
      of: induction.model, in: induction.network, induction.weights)
    return try induction.written.accuracies(under: path.interventions)
  }

  private typealias Fixture = HandWrittenInduction

  @Test("What the previous-token head writes reaches the induction head as its key, and only so")
  func onlyTheKey() throws {
    let (sender, receiver) = (Fixture.heads(0, 0), Fixture.heads(1, 0))
    #expect(try path(from: sender, to: .reading(.key, receiver)).allSatisfy { $0 < 0.4 })
    #expect(try path(from: sender, to: .reading(.query, receiver)) == [1, 1, 1])
    #expect(try path(from: sender, to: .reading(.value, receiver)) == [1, 1, 1])
    #expect(try path(from: sender, to: .output) == [1, 1, 1])
    #expect(try path(from: receiver, to: .output).allSatisfy { $0 < 0.4 })
  }

  @Test("Paths of decoys carry nothing", arguments: TransformerBlock.Reading.allCases)
  func decoys(reading: TransformerBlock.Reading) throws {
    for head in [1, 2] {
      #expect(
        try path(from: Fixture.heads(0, head), to: .reading(reading, Fixture.heads(1, 0)))
          == [1, 1, 1])
      #expect(
        try path(from: Fixture.heads(0, 0), to: .reading(reading, Fixture.heads(1, head)))
          == [1, 1, 1])
    }
    // The impostor is composed with the scribbler, but nobody reads what it writes.
    #expect(
      try path(from: Fixture.heads(0, 1), to: .reading(reading, Fixture.heads(1, 1))) == [1, 1, 1])
  }

  @Test("From the base itself a path carries nothing, to the bit")
  func sameSource() throws {
    let path = try PathPatching(
      from: Fixture.heads(0, 0), to: .reading(.key, Fixture.heads(1, 0)),
      base: induction.examples, source: induction.examples, of: induction.model,
      in: induction.network, induction.weights)
    let (weights, examples) = (induction.weights, induction.examples)
    #expect(
      try induction.network.run(weights, on: examples, with: path.interventions)
        == induction.network.run(weights, on: examples))
  }

  @Test("The path can be cut instead of patched")
  func ablatedSender() throws {
    let path = try PathPatching(
      from: Fixture.heads(0, 0), to: .reading(.key, Fixture.heads(1, 0)),
      base: induction.examples, sending: .zero, of: induction.model, in: induction.network,
      induction.weights)
    #expect(try induction.written.accuracies(under: path.interventions).allSatisfy { $0 < 0.4 })
  }

  @Test("What is put into the reader is the base's stream with the sender's change, and no other's")
  func directPathAlone() throws {
    let random = try RandomTransformer(normalizes: false, layers: 3)
    let source = random.examples.rows([3, 4, 0, 1, 2])
    let path = try PathPatching(
      from: Heads(layer: 0, [1]), to: .reading(.value, Heads(layer: 2, [0])), base: random.examples,
      source: source, of: random.model, in: random.network, random.weights)
    guard case .patch(let read) = path.interventions[0].action else {
      Issue.record("A path to a reader ends in a patch")
      return
    }
    let (first, third) = (random.model.blocks[0], random.model.blocks[2])
    let base = try random.network.run(
      random.weights, on: random.examples, recording: [first.z, third.v])
    let other = try random.network.run(random.weights, on: source, recording: [first.z])
    for network in 0..<4 {
      let (wO, wV) = (random.weights[first.wO], random.weights[third.wV])
      for row in 0..<20 {
        for e in 0..<3 {
          var expected = base[third.v][network, row / 4, row % 4, 0, e]
          for d in 0..<8 {
            for f in 0..<3 {
              let change =
                other[first.z][network, row / 4, row % 4, 1, f]
                - base[first.z][network, row / 4, row % 4, 1, f]
              expected += change * wO[network, 1, f, d] * wV[network, 0, d, e]
            }
          }
          #expect((read[network, row / 4, row % 4, 0, e] - expected).magnitude < 1e-4)
        }
      }
    }
  }

  @Test("A path that leads nowhere is refused")
  func refusals() throws {
    #expect(throws: NetworkError.self) {
      try path(from: Fixture.heads(1, 0), to: .reading(.key, Fixture.heads(1, 1)))
    }
    #expect(throws: NetworkError.self) {
      try path(from: Heads(layer: 2, [0]), to: .output)
    }
    #expect(throws: NetworkError.self) {
      try path(from: Heads(layer: 0, [3]), to: .output)
    }
    #expect(throws: NetworkError.self) {
      try path(from: Heads(layer: 0, [0]), to: .output, source: others.rows([0]))
    }
  }
}
