import Networks
import ReversalTask
import Tensors

/// The sequence, of all that there are, that a network with one head finds hardest.
///
/// A head's pattern is a quotient: its numerator and its denominator are sums over the keys, and each key adds what
/// depends on its own token alone. So the smallest margin, among all sequences, of the right answer over a wrong one is
/// found place by place, without trying the sequences: for a given ratio λ each place takes the token that makes
/// e(m − λ) smallest, and the ratio that results is the next λ, until none is smaller. (m is what attending to the
/// token would add to the margin, e the exponential of its score.)
///
/// Dinkelbach 1967, "On nonlinear fractional programming", DOI 10.1287/mnsc.13.7.492.
struct HardestSequence: Sendable {
  let tokens: [Int]
  /// The place whose answer is in the greatest danger.
  let place: Int
  /// How far the right answer's logit lies above the best wrong one's there; negative if the answer is wrong.
  let margin: Double

  /// Searches all sequences.
  ///
  /// - Parameters:
  ///   - reader: A network with one head and an even number of places.
  ///   - weights: A population of it.
  ///   - network: Which network of the population.
  init(for reader: Reader, _ weights: Weights, network: Int) {
    let sums = Sums(reader, weights, network)
    var best = (tokens: [Int](), place: 0, margin: Double.infinity)
    for place in 0..<sums.length {
      for (own, right) in Self.pairs {
        let weight = sums.attention(from: place, own)
        for wrong in 0..<Reversal.vocabulary where wrong != right {
          let found = sums.smallest(weight, place: place, own: own, right: right, wrong: wrong)
          if found.margin < best.margin { best = (found.tokens, place, found.margin) }
        }
      }
    }
    (tokens, place, margin) = best
  }

  /// All pairs of tokens.
  private static let pairs = (0..<Reversal.vocabulary).flatMap { own in
    (0..<Reversal.vocabulary).map { (own, $0) }
  }
}

/// What one network adds up: for each token at each place its scores and its logits.
private struct Sums {
  let length: Int
  private let queries, keys: [[[Double]]]
  /// The logits that attending to a token at a place would add, and those that it has by itself.
  private let moved, direct: [[[Double]]]

  init(_ reader: Reader, _ weights: Weights, _ network: Int) {
    func matrix(_ parameter: Parameter) -> [[Double]] {
      let own = weights[parameter].slice(network)
      let plain = own.shape.rank == 3 ? own.slice(0) : own
      let (rows, columns) = (plain.shape[0], plain.shape[1])
      return (0..<rows).map { row in
        (0..<columns).map { Double(plain.scalars[row * columns + $0]) }
      }
    }
    func times(_ x: [Double], _ m: [[Double]]) -> [Double] {
      m[0].indices.map { column in x.indices.reduce(0.0) { $0 + x[$1] * m[$1][column] } }
    }
    let (tokens, positions) = (matrix(reader.model.wE), matrix(reader.model.wPos))
    let stream = positions.map { position in
      tokens.map { token in zip(token, position).map { $0 + $1 } }
    }
    func read(_ matrices: [[Double]]...) -> [[[Double]]] {
      stream.map { $0.map { x in matrices.reduce(x) { times($0, $1) } } }
    }
    let (heads, unembedding) = (reader.heads, matrix(reader.model.wU))
    let scale = Double(reader.model.configuration.dHead).squareRoot()
    length = positions.count
    queries = read(matrix(heads.wQ)).map { $0.map { $0.map { $0 / scale } } }
    keys = read(matrix(heads.wK))
    moved = read(matrix(heads.wV), matrix(heads.wO), unembedding)
    direct = read(unembedding)
  }

  /// How strongly a query attends to each token at each place, up to a factor.
  func attention(from place: Int, _ own: Int) -> [[Double]] {
    let scores = keys.map { tokens in
      tokens.map { key in zip(queries[place][own], key).reduce(0.0) { $0 + $1.0 * $1.1 } }
    }
    let highest = scores.joined().max() ?? 0
    return scores.map { $0.map { Double(Float.exp(Float($0 - highest))) } }
  }

  /// The smallest margin of one answer over another, and a sequence that has it.
  func smallest(
    _ weight: [[Double]], place: Int, own: Int, right: Int, wrong: Int
  ) -> (margin: Double, tokens: [Int]) {
    func margin(_ key: Int, _ token: Int) -> Double {
      moved[key][token][right] - moved[key][token][wrong]
    }
    var tokens = [Int](repeating: wrong, count: length)
    (tokens[place], tokens[length - 1 - place]) = (own, right)
    func ratio() -> Double {
      var (above, below) = (0.0, 0.0)
      for (key, token) in tokens.enumerated() {
        above += weight[key][token] * margin(key, token)
        below += weight[key][token]
      }
      return above / below
    }
    var least = ratio()
    while true {
      for key in 0..<length where key != place && key != length - 1 - place {
        var lowest = Double.infinity
        for token in 0..<Reversal.vocabulary {
          let term = weight[key][token] * (margin(key, token) - least)
          if term < lowest { (lowest, tokens[key]) = (term, token) }
        }
      }
      let next = ratio()
      guard next < least - 1e-9 else { break }
      least = next
    }
    return (least + direct[place][own][right] - direct[place][own][wrong], tokens)
  }
}
