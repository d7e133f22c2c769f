import Networks
import Tensors

/// A hypothesis as a program that can be run: a variable, what it holds after the beginning of a game, and what follows.
///
/// What a network does when the variable is taken from another game is then predicted, not fitted: the source's value,
/// and the rest of the base's game.
///
/// ```swift
/// let cup = CausalModel<[Int], [Int], Int>(
///   "the cup", value: { beginning in play(beginning) },
///   answer: { cup, base, ending in play(cup, ending) })
/// ```
///
/// Geiger et al. 2021, "Causal abstractions of neural networks", arXiv 2106.02997.
public struct CausalModel<Beginning: Hashable & Sendable, Ending: Sendable, Value: Sendable>:
  Sendable
{
  /// What the variable is called.
  public let name: String
  /// What the variable holds after a beginning.
  public let value: @Sendable (_ beginning: Beginning) -> Value
  /// The answer, numbered from 0, that is right after the ending if the variable holds a value and all else is as the
  /// base's beginning left it.
  public let answer: @Sendable (_ value: Value, _ base: Beginning, _ ending: Ending) -> Int

  public init(
    _ name: String, value: @escaping @Sendable (_ beginning: Beginning) -> Value,
    answer: @escaping @Sendable (_ value: Value, _ base: Beginning, _ ending: Ending) -> Int
  ) {
    (self.name, self.value, self.answer) = (name, value, answer)
  }

  /// The same values dealt out among the beginnings at random: the placebo, which fits as many numbers to a variable that
  /// is none.
  ///
  /// A beginning that is not among them keeps its own.
  public func shuffled(among beginnings: [Beginning], using generator: inout Generator)
    -> CausalModel
  {
    let order = generator.permutation(of: beginnings.count)
    let dealt = Dictionary(
      zip(beginnings, order.map { beginnings[$0] }), uniquingKeysWith: { first, _ in first })
    let value = self.value
    return CausalModel("\(name), shuffled", value: { value(dealt[$0] ?? $0) }, answer: answer)
  }

  /// Every base with every source and every ending.
  ///
  /// A source is played to its end with the first ending: nothing that comes after the site can change what it holds.
  ///
  /// - Parameters:
  ///   - bases: The beginnings of the games that are played on.
  ///   - sources: The beginnings whose variable is taken over.
  ///   - endings: What is played after a beginning.
  ///   - games: The network's inputs for some games, a row each.
  /// - Returns: As many interchanges as the product of the three counts, the ending changing fastest, then the source.
  /// - Throws: `NetworkError` if there are no games; what `games` throws.
  public func interchanges(
    bases: [Beginning], sources: [Beginning], endings: [Ending],
    games: ([(Beginning, Ending)]) throws -> Examples
  ) throws -> Interchanges {
    guard let first = endings.first, !bases.isEmpty, !sources.isEmpty else {
      throw NetworkError("an interchange needs a base, a source and an ending")
    }
    let played = bases.flatMap { base in endings.map { (base, $0) } }
    let examples = try games(played + sources.map { ($0, first) })
    let values = sources.map(value)
    var rows = (bases: [Int](), sources: [Int](), answers: [Int](), unchanged: [Int]())
    for (place, base) in bases.enumerated() {
      let own = value(base)
      let unchanged = endings.map { answer(own, base, $0) }
      for (source, value) in values.enumerated() {
        for (number, ending) in endings.enumerated() {
          rows.bases.append(place * endings.count + number)
          rows.sources.append(played.count + source)
          rows.answers.append(answer(value, base, ending))
          rows.unchanged.append(unchanged[number])
        }
      }
    }
    return try Interchanges(
      games: examples, bases: rows.bases, sources: rows.sources, answers: rows.answers,
      unchanged: rows.unchanged)
  }
}
