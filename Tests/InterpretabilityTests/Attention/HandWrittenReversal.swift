import Interpretability
import Networks
import Tensors

/// Six tokens read backwards by one head, or by each of two, among decoys.
///
/// The stream: 5 tokens, 6 positions, 5 answers, 5 dimensions that nobody reads. Heads, before they are turned:
/// the *reverser*, which attends along the anti-diagonal and copies the token to the answer; the *mirror*, which attends to
/// itself and writes nothing; the *scribbler*, which attends to the next position and copies to where nobody reads;
/// the *whisperer*, which attends to equal tokens and adds a thousandth of a wrong answer.
struct HandWrittenReversal {
  static let (vocabulary, length, heads) = (5, 6, 4)
  static let (position, answer, junk, width) = (5, 11, 16, 21)
  static let backwards = AttentionTarget.positions([5, 4, 3, 2, 1, 0])

  let written: HandWritten
  var model: Transformer { written.model }
  var network: Network { written.network }
  var weights: Weights { written.weights }
  var examples: Examples { written.examples }
  let tokens: [[Int]]

  init(copies: Int = 1) throws {
    let (v, l) = (Self.vocabulary, Self.length)
    let sharp = sharp(l)
    func attending(to key: (Int) -> Int) -> HandWrittenHead.Links {
      (0..<l).map { (from: Self.position + $0, to: key($0), weight: sharp) }
    }
    let positions = links(Self.position, 0, l)
    let reverser = HandWrittenHead(
      query: attending { 5 - $0 }, key: positions, value: links(0, 0, v),
      output: links(0, Self.answer, v, 10))
    let mirror = HandWrittenHead(
      query: attending { $0 }, key: positions, value: links(0, 0, v))
    let scribbler = HandWrittenHead(
      query: attending { ($0 + 1) % l }, key: positions, value: links(0, 0, v),
      output: links(0, Self.junk, v, 10))
    let whisperer = HandWrittenHead(
      query: links(0, 0, v, sharp), key: links(0, 0, v), value: links(0, 0, v),
      output: (0..<v).map { (from: $0, to: Self.answer + ($0 + 1) % v, weight: 0.001) })
    var all = [reverser, mirror, scribbler, whisperer]
    if copies == 2 { all[2] = reverser }
    var generator = Generator(seed: 5, stream: .analysis)
    let tokens = (0..<40).map { _ in (0..<l).map { _ in generator.index(below: v) } }
    self.tokens = tokens
    written = try HandWritten(
      .init(vocabulary: v, context: l, dModel: Self.width, headCount: Self.heads, dHead: l),
      answer: Self.answer, graded: 0..<l, tokens: tokens, targets: tokens.map { $0.reversed() },
      heads: { [all.turned(by: $0)] })
  }

  /// Where a head stands in each network: 0 the reverser, 1 the mirror, 2 the scribbler, 3 the whisperer.
  static func places(of head: Int) -> [[Int]] {
    (0..<HandWritten.networks).map { [($0 + head) % heads] }
  }

  static func heads(_ head: Int) -> Heads { Heads(layer: 0, byNetwork: places(of: head)) }
}
