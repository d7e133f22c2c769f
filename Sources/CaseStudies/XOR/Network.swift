import Networks
import Tensors

/// Two signs in, one number out, with one hidden layer of rectified units between.
public struct Perceptron: Sendable {
  public let hidden: Site
  public let output: Site
  public let w1, b1, w2, b2: Parameter
  public let network: Network

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - width: The number of hidden units.
  ///   - penalty: What each unit of weight size adds to the loss; biases are free.
  /// - Throws: `NetworkError` if the shapes do not fit.
  public init(width: Int, penalty: Float) throws {
    let x = Input("x", [2], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    w1 = Parameter("W1", [2, width], .normal(deviation: Float(0.5).squareRoot()))
    b1 = Parameter("b1", [width], .zeros)
    w2 = Parameter("W2", [width, 1], .normal(deviation: (1 / Float(width)).squareRoot()))
    b2 = Parameter("b2", [1], .zeros)

    hidden = Site("hidden", relu(x • w1 + b1))
    output = Site("output", hidden • w2 + b2)

    network = try Network(
      output: output, loss: square(output - target),
      penalty: penalty * (sum(abs(w1)) + sum(abs(w2))),
      correct: step(output * target))
  }
}
