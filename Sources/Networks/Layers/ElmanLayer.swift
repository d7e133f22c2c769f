import Tensors

/// The ordinary recurrent cell: rectified units that hear their own last state beside the next input.
///
///     h[t] = relu(h[t-1] W + x[t] + b)
///
/// ```swift
/// let layer = ElmanLayer(over: gather(embedding, tokens), w, b, lengths: lengths)
/// let output = Site("output", layer.last • readOut)
/// ```
///
/// With noise, each state has Gaussian noise added while training, which all that comes after it hears.
///
/// Elman 1990, "Finding structure in time", DOI 10.1207/s15516709cog1402_1.
public struct ElmanLayer: Sendable {
  /// The state after each step; those after an example's length are never read.
  ///
  /// - Shape: `[width]`, recorded as `[steps, width]`
  public let hidden: Site
  /// The states of all steps.
  ///
  /// - Shape: `[steps, width]`
  public let states: Expression
  /// The state after the last step that counts.
  ///
  /// - Shape: `[width]`
  public let last: Expression

  /// Lays the cell over a sequence.
  ///
  /// - Parameters:
  ///   - inputs: What is added to the units at each step: `[steps, width]`.
  ///   - w: From each unit to each: `[width, width]`.
  ///   - b: The bias: `[width]`.
  ///   - start: The state before the first step: `[width]`; nil for zeros.
  ///   - lengths: How many steps count for each example; nil for all.
  ///   - deviation: Of the noise on the state while training.
  ///   - name: What the site of the states is called.
  public init(
    over inputs: some Traced, _ w: some Traced, _ b: some Traced, from start: (any Traced)? = nil,
    lengths: (any Traced)? = nil, noise deviation: Float = 0, name: String = "hidden"
  ) {
    let shape = inputs.expression.shape
    var sequences = [inputs.expression]
    if deviation != 0 { sequences.append(noise(shape, deviation: deviation)) }
    var site: Site?
    let nothing = constant(Tensor(repeating: 0, shape: shape.dropFirst()))
    let run = scan(carry: [start ?? nothing], over: sequences, lengths: lengths) { carry, now in
      let clean = relu(carry[0] • w + now[0] + b)
      let state = Site(name, now.count > 1 ? clean + now[1] : clean, axes: ["unit"])
      site = state
      return (carry: [state.expression], outputs: [state.expression])
    }
    (states, last) = (run.outputs[0], run.carry[0])
    // The body is always recorded once.
    hidden = site ?? Site(name, last, axes: ["unit"])
  }
}
