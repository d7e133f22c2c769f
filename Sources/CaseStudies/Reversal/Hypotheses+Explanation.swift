import Interpretability
import Investigations
import Networks
import ReversalTask
import Tensors

extension Reversal {
  /// How many sequences everything is tried on.
  static let explainedSequences = 64
  /// The number of tokens of sequences that are too short.
  static let shortLength = 6

  /// A list of who reads whom: each place has an entry, and what it reads is copied.
  public func explanation() throws -> Explanation? {
    let (length, size) = (Self.length, reader.model.configuration.dHead)
    let names = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"]
    /// The numbers of a route, or of what lies at a place: consecutive ones.
    @Sendable func entries(_ number: Int) -> [Int] { Array(number * size..<(number + 1) * size) }
    let model = reader.model
    /// How many places of each network call loudest for the one across, by position vectors alone.
    @Sendable func straight(_ weights: Weights) throws -> [Int] {
      let circuit = try model.qkCircuit(
        layer: 0, weights, queries: .positions, keys: .positions)
      return rowAgreement(circuit) { Self.backwards[$0] }.scalars
        .map { Int(($0 * Float(length)).rounded()) }
    }
    return Explanation(
      of: Component(
        "the routes straight across", at: reader.routes, members: names.map { "the \($0)" }
      ) { weights in
        Located(
          groups: try straight(weights).map { count in
            count < length
              ? nil : (0..<length).map { entries($0 * length + Self.backwards[$0]) }
          }, count: length)
      },
      in: reader.byRoute,
      programs: [
        Program(
          "a list of who reads whom", from: ["tokens"], to: "target",
          variables: names.enumerated().map { place, name in
            .init(
              "the \(name) token",
              in: Component("the \(name) value", at: reader.heads.v, members: ["it"]) { weights in
                Located(groups: weights.indices.map { _ in [entries(place)] }, count: 1)
              }
            ) { base, source in
              var tokens = base["tokens"]
              tokens[place] = source["tokens"][place]
              return Self.listed(tokens)
            }
          }
        ) { Self.listed($0["tokens"]) }
      ],
      examples: probes.examples.rows(0..<Self.explainedSequences), isExhaustive: false,
      beyond: try [short(), crowded()]
    ) { weights, network in
      "\(try straight(weights.networks([network]))[0]) of \(length) routes"
    }
  }

  /// What the list reads: a place whose entry lies beyond the end reads nothing.
  private static func listed(_ tokens: [Float]) -> [Float] {
    tokens.indices.map { backwards[$0] < tokens.count ? tokens[backwards[$0]] : 0 }
  }

  /// Fewer tokens than there are places: a list must fail where a mirror would not.
  ///
  /// To reverse them is to read other places than the list says, two further on; only in every other row, which has two
  /// tokens in turns, the same stands there. Places whose entry lies beyond the end are not asked.
  private func short() throws -> Explanation.Beyond {
    let count = Self.shortLength
    let asked = (0..<count).filter { Self.backwards[$0] < count }
    let network = try Reader(
      shown: count, dModel: reader.model.configuration.dModel, asked: asked
    ).network
    return .init("short", "rows of six tokens", in: network) { generator in
      let drawn = (0..<Self.explainedSequences).map { _ in
        (0..<count).map { _ in Float(generator.index(below: Self.vocabulary)) }
      }
      let tokens = Tensor(shape: [Self.explainedSequences, count], kind: .whole) {
        drawn[$0 / count][$0 / count % 2 == 0 ? $0 % count : $0 % 2]
      }
      return try Examples([
        "tokens": tokens,
        "target": Tensor(shape: tokens.shape, kind: .whole) {
          asked.contains($0 % count) ? tokens[$0 / count, count - 1 - $0 % count] : 0
        },
      ])
    }
  }

  /// One token everywhere but at one place: all stray attention brings the same.
  private func crowded() -> Explanation.Beyond {
    .init("crowded", "rows of one token but for a single place", in: reader.network) { generator in
      var tokens: [Float] = []
      for _ in 0..<Self.explainedSequences {
        let pair = generator.permutation(of: Self.vocabulary).prefix(2).map(Float.init)
        var row = [Float](repeating: pair[0], count: Self.length)
        row[generator.index(below: Self.length)] = pair[1]
        tokens += row
      }
      let table = try Tensor(
        tokens, shape: [Self.explainedSequences, Self.length], kind: .whole)
      return try Examples([
        "tokens": table, "target": Self.taken(from: table, in: Self.backwards),
      ])
    }
  }
}
