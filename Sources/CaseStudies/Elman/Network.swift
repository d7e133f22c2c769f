import Networks
import Tensors

/// An ordinary recurrent network that follows the ball: rectified units that hear their own last state beside each move.
///
///     h[0] = relu(E[start] + b)     h[t] = relu(h[t-1] W + E[move] + b)     logits = h[t] U + c
public struct Follower: Sendable {
  /// The state before the first move.
  public let initial: Site
  /// The state after each move; where a game has ended it means nothing.
  public let hidden: Site
  /// The state after the game's last move.
  public let last: Site
  public let output: Site
  /// E: what is heard of each starting cup, then of each move.
  public let embedding: Parameter
  /// W: what each unit says to each.
  public let w: Parameter
  public let b: Parameter
  /// U: what each unit says for each cup.
  public let readOut: Parameter
  public let readOutBias: Parameter
  public let network: Network
  /// The most moves of a game.
  public let steps: Int

  public static let cups = 3
  public static let moves = 3

  /// Builds the network; graphs that differ in `steps` and noise alone share their weights.
  ///
  /// - Parameters:
  ///   - width: The number of hidden units.
  ///   - steps: The most moves of a game.
  ///   - deviation: Of the noise on the hidden state while training.
  /// - Throws: `NetworkError` if the shapes do not fit.
  public init(width: Int = 16, steps: Int, noise deviation: Float = 0) throws {
    let start = Input("start", [], kind: .tokens(vocabulary: Self.cups))
    let played = Input("moves", [steps], kind: .tokens(vocabulary: Self.moves))
    let length = Input("length", [], kind: .lengths)
    let places = Input("places", [steps + 1], kind: .tokens(vocabulary: Self.cups))
    let scale = 1 / Float(width).squareRoot()
    embedding = Parameter("E", [Self.cups + Self.moves, width], .normal(deviation: 0.5))
    w = Parameter("W", [width, width], .normal(deviation: scale))
    b = Parameter("b", [width], .zeros)
    readOut = Parameter("U", [width, Self.cups], .normal(deviation: scale))
    readOutBias = Parameter("c", [Self.cups], .zeros)
    self.steps = steps

    let first = relu(gather(embedding, start) + b)
    initial = Site(
      "initial", deviation == 0 ? first : first + noise([width], deviation: deviation),
      axes: ["unit"])
    let layer = ElmanLayer(
      over: gather(embedding, played + Float(Self.cups)), w, b, from: initial, lengths: length,
      noise: deviation)
    hidden = layer.hidden
    last = Site("last", layer.last, axes: ["unit"])
    let (u, c) = (readOut, readOutBias)
    func logits(_ state: some Traced) -> Expression { state • u + c }
    output = Site("logits", logits(last), axes: ["cup"])

    // A game costs its surprises at the start and after every move, and is right if all its answers are.
    let all = logits(
      concatenated([initial.expression.reshaped([1, width]), layer.states], axis: 0))
    let counts = less(
      constant(Tensor(shape: [steps + 1]) { Float($0) }), length.expression.reshaped([1]) + 1)
    let surprise = -sum(oneHot(places, count: Self.cups) * logSoftmax(all), axes: [1])
    let wrong = counts * (1 - equal(argmax(all), places))
    network = try Network(
      output: output, loss: counts * surprise, correct: 1 - maximum(wrong, axes: [0]))
  }
}
