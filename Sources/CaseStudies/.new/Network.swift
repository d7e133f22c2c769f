import Networks

/// The network of the story: signs in, one number out, one hidden layer of rectified neurons between.
public struct NAMENetwork: Sendable {
  // The places that can be looked at and intervened on: a misspelt one does not compile.
  public let hidden: Site
  public let output: Site
  public let w1, b1, w2, b2: Parameter
  public let network: Network

  /// Builds the network.
  ///
  /// - Parameters:
  ///   - inputCount: The number of signs.
  ///   - width: The number of hidden neurons.
  ///   - penalty: What each unit of weight size adds to the loss; biases are free.
  /// - Throws: `NetworkError` if the shapes do not fit.
  public init(inputCount: Int, width: Int, penalty: Float) throws {
    // All of this is written for one example of one network. Names are what the examples of `Task.swift` call
    // their tensors; what the numbers mean (signs, bits, reals, tokens, lengths) goes into `network.json`.
    let x = Input("x", [inputCount], kind: .signs)
    let target = Input("target", [1], kind: .signs)

    let scale = (1 / Float(inputCount)).squareRoot()
    w1 = Parameter("W1", [inputCount, width], .normal(deviation: scale))
    b1 = Parameter("b1", [width], .zeros)
    w2 = Parameter("W2", [width, 1], .normal(deviation: (1 / Float(width)).squareRoot()))
    b2 = Parameter("b2", [1], .zeros)

    // The forward pass. For tokens there is `gather`, for sequences `scan`, for classes `logSoftmax`.
    hidden = Site("hidden", relu(x • w1 + b1))
    output = Site("output", hidden • w2 + b2)

    network = try Network(
      output: output,
      // What an example costs.
      loss: square(output - target),
      // What the weights cost: weights that earn nothing shrink to zero, and few neurons remain.
      penalty: penalty * (sum(abs(w1)) + sum(abs(w2))),
      // One where the answer is right, zero where it is wrong.
      correct: step(output * target))
  }
}
