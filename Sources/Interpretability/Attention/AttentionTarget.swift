import Networks
import Tensors

/// What a head is expected to look at: for each query one key, or none.
///
/// ```swift
/// let backwards = AttentionTarget.positions([7, 6, 5, 4, 3, 2, 1, 0])
/// let other = AttentionTarget("first") { _, _ in 0 }
/// ```
public struct AttentionTarget: Sendable {
  public let name: String
  /// The key of a query among the tokens of an example, nil where the query does not count.
  public let key: @Sendable (_ query: Int, _ tokens: [Int]) -> Int?

  public init(_ name: String, key: @escaping @Sendable (_ query: Int, _ tokens: [Int]) -> Int?) {
    (self.name, self.key) = (name, key)
  }

  /// Each query its own position.
  public static let itself = AttentionTarget("itself") { query, _ in query }

  /// The position before.
  public static let previousToken = AttentionTarget("previous token") { query, _ in
    query > 0 ? query - 1 : nil
  }

  /// So many positions before.
  public static func back(_ steps: Int) -> AttentionTarget {
    AttentionTarget("\(steps) back") { query, _ in query >= steps ? query - steps : nil }
  }

  /// The position after the last earlier one that holds the query's token: what came next, last time.
  ///
  /// Olsson et al. 2022, arXiv 2209.11895.
  public static let induction = AttentionTarget("induction") { query, tokens in
    tokens[..<query].lastIndex(of: tokens[query]).map { $0 + 1 }
  }

  /// One key for each query's position, whatever the tokens.
  public static func positions(_ keys: [Int]) -> AttentionTarget {
    AttentionTarget("position to position") { query, _ in
      query < keys.count ? keys[query] : nil
    }
  }

  /// So many positions later, from the last on to the first again.
  public static func rotated(by steps: Int) -> AttentionTarget {
    AttentionTarget("rotated by \(steps)") { query, tokens in
      let length = tokens.count
      return ((query + steps) % length + length) % length
    }
  }

  /// The baseline: each query is given the key of another, drawn at random.
  public func shuffled(length: Int, using generator: inout Generator) -> AttentionTarget {
    let order = generator.permutation(of: length)
    let key = key
    return AttentionTarget("\(name), shuffled") { query, tokens in key(order[query], tokens) }
  }
}

extension Transformer {
  /// The tokens of each example.
  ///
  /// - Throws: `NetworkError` if the examples have none, or of another length.
  func tokens(of examples: Examples) throws -> [[Int]] {
    guard let tokens = examples[self.tokens.name], tokens.shape.dropFirst() == self.tokens.shape
    else { throw NetworkError("the examples have no tokens of shape \(self.tokens.shape)") }
    return (0..<examples.count).map { example in tokens.slice(example).scalars.map { Int($0) } }
  }
}
