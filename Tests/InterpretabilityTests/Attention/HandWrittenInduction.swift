import Interpretability
import Networks
import Tensors

/// What came next last time: a previous-token head, and an induction head that finds it by K-composition, among decoys.
///
/// Six distinct tokens of eight, twice over. The stream: 8 tokens, 12 positions, 8 tokens *before*, 8 answers, 8
/// dimensions of *junk*. Layer 0, before it is turned: the *previous-token* head writes the token before; the
/// *scribbler* attends to itself and copies to the junk; the *idler* attends to all alike and writes nothing. Layer
/// 1: the *induction* head asks with its token for the token before and copies to the answer; the *impostor* is keyed by
/// the junk, so that it is composed with the scribbler, and copies to the junk; the *stepper* attends to the
/// position before and copies to the junk.
struct HandWrittenInduction {
  static let (vocabulary, period, length, heads) = (8, 6, 12, 3)
  static let (position, before, answer, junk, width) = (8, 20, 28, 36, 44)

  let written: HandWritten
  var model: Transformer { written.model }
  var network: Network { written.network }
  var weights: Weights { written.weights }
  var examples: Examples { written.examples }
  let tokens: [[Int]]

  init() throws {
    let (v, l) = (Self.vocabulary, Self.length)
    let sharp = sharp(l)
    let stepping = (1..<l).map { (from: Self.position + $0, to: $0 - 1, weight: sharp) }
    let positions = links(Self.position, 0, l)
    let copying = links(0, 0, v)
    let first = [
      HandWrittenHead(
        query: stepping, key: positions, value: copying, output: links(0, Self.before, v)),
      HandWrittenHead(
        query: links(Self.position, 0, l, sharp), key: positions, value: copying,
        output: links(0, Self.junk, v)),
      HandWrittenHead(value: copying),
    ]
    let asking = links(0, 0, v, sharp)
    let second = [
      // The first position has no token before; its own, which it takes for one, is told off.
      HandWrittenHead(
        query: asking,
        key: links(Self.before, 0, v) + (0..<v).map { (from: Self.position, to: $0, weight: -1) },
        value: copying, output: links(0, Self.answer, v, 10)),
      HandWrittenHead(
        query: asking, key: links(Self.junk, 0, v), value: copying, output: links(0, Self.junk, v)),
      HandWrittenHead(
        query: stepping, key: positions, value: copying, output: links(0, Self.junk, v)),
    ]
    var generator = Generator(seed: 6, stream: .analysis)
    let tokens = (0..<40).map { _ in
      let period = Array(generator.permutation(of: v).prefix(Self.period))
      return period + period
    }
    self.tokens = tokens
    written = try HandWritten(
      .init(
        vocabulary: v, context: l, dModel: Self.width, headCount: Self.heads, dHead: l,
        layerCount: 2, isCausal: true),
      answer: Self.answer, graded: Self.period..<l, tokens: tokens,
      targets: tokens.map { row in row.indices.map { row[($0 + 1) % Self.period] } },
      heads: { [first.turned(by: $0), second.turned(by: 2 * $0)] })
  }

  /// Where a head stands in each network; in layer 0 as they are turned by one, in layer 1 by two.
  static func heads(_ layer: Int, _ head: Int) -> Heads {
    Heads(layer: layer, byNetwork: places(layer, head).map { [$0] })
  }

  static func places(_ layer: Int, _ head: Int) -> [Int] {
    (0..<HandWritten.networks).map { ($0 * (layer + 1) + head) % heads }
  }
}
