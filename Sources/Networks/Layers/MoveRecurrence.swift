import Tensors

/// A recurrence in which each move owns a matrix, which the state is multiplied by when the move is played.
///
///     h₀ = E[start]     hₜ = W[moveₜ] hₜ₋₁     scores = Uᵀ hₜ + offset
///
/// ```swift
/// // Three places, three moves, a plane to remember in, up to six moves.
/// let net = try MoveRecurrence(places: 3, moves: 3, width: 2, steps: 6)
/// net.network.parameterCount  // 24
/// ```
///
/// - Shape: E `[places, width]`, W `[moves, width, width]`, U `[width, places]`
///
/// Second-order recurrent networks: Giles et al. 1992, DOI 10.1162/neco.1992.4.3.393.
public struct MoveRecurrence: Sendable {
  /// What a wrong score costs.
  public enum Loss: Hashable, Sendable {
    /// The squared distance of the scores from 1 for the right place and 0 for the others, mean over the places.
    case squaredError
    /// The negative logarithm of the right place's share of the softmax.
    case crossEntropy
  }

  /// E: the state that each starting place gives.
  public let embedding: Parameter
  /// W: a matrix a move.
  public let matrices: Parameter
  /// U: what each number of the state says for each place.
  public let readOut: Parameter
  /// The state before the first move.
  public let initial: Site
  /// The state after each move; where a game has ended it means nothing.
  public let state: Site
  /// The state after the game's last move.
  public let last: Site
  /// The most moves of a game.
  public let steps: Int
  public let network: Network

  /// Builds the network; graphs that differ in `steps` alone share their weights.
  ///
  /// The inputs are `start`, `moves` (a row of `steps`), `length` (how many of them count) and the answers, `places`
  /// (at the start and after each move). A game costs the sum over its places, and is right if all of them are.
  ///
  /// - Parameters:
  ///   - places: How many places there are.
  ///   - moves: How many moves there are.
  ///   - width: How many numbers the state has.
  ///   - steps: The most moves of a game.
  ///   - hasOffset: Whether 1 / `places` is added to every score, so that a state of zero means all places alike.
  ///   - loss: What a wrong score costs.
  /// - Throws: `NetworkError` if the shapes do not fit.
  public init(
    places: Int, moves: Int, width: Int, steps: Int, hasOffset: Bool = true,
    loss: Loss = .squaredError
  ) throws {
    guard places > 0, moves > 0, width > 0, steps > 0 else {
      throw NetworkError(
        "a recurrence needs at least one place, move, dimension and step, not \(places), \(moves), "
          + "\(width) and \(steps)")
    }
    let start = Input("start", [], kind: .tokens(vocabulary: places))
    let played = Input("moves", [steps], kind: .tokens(vocabulary: moves))
    let length = Input("length", [], kind: .lengths)
    let answers = Input("places", [steps + 1], kind: .tokens(vocabulary: places))

    self.steps = steps
    let deviation = 0.5 / Float(width).squareRoot()
    embedding = Parameter("E", [places, width], .normal(deviation: 0.5))
    matrices = Parameter("W", [moves, width, width], .normal(deviation: deviation))
    readOut = Parameter("U", [width, places], .normal(deviation: deviation))

    let first = Site("initial", gather(embedding, start), axes: ["dimension"])
    var after = first
    let run = scan(carry: [first], over: [gather(matrices, played)], lengths: length) { h, matrix in
      after = Site("state", contract("ij,j->i", matrix[0], h[0]), axes: ["dimension"])
      return (carry: [after.expression], outputs: [after.expression])
    }
    (initial, state) = (first, after)
    last = Site("last", run.carry[0], axes: ["dimension"])
    let (u, offset) = (readOut, hasOffset ? 1 / Float(places) : 0)
    func scores(_ state: some Traced) -> Expression { hasOffset ? state • u + offset : state • u }
    let output = Site("output", scores(last), axes: ["place"])

    // The start and the moves apart: [width] and [steps, width].
    let parts = [
      (first.expression, answers.sliced(axis: 0, 0..<1).reshaped([])),
      (run.outputs[0], answers.sliced(axis: 0, 1..<steps + 1)),
    ].map { states, places in (scores: scores(states), places: places) }
    let costs = parts.map { part in
      let right = oneHot(part.places, count: places)
      return switch loss {
      case .squaredError: mean(square(part.scores - right), axes: [-1])
      case .crossEntropy: -sum(right * logSoftmax(part.scores), axes: [-1])
      }
    }
    let wrong = parts.map { 1 - equal(argmax($0.scores), $0.places) }
    let counts = less(constant(Tensor(shape: [steps]) { Float($0) }), length.reshaped([1]))
    network = try Network(
      output: output, loss: costs[0] + sum(counts * costs[1]),
      correct: (1 - wrong[0]) * (1 - maximum(counts * wrong[1])))
  }
}
