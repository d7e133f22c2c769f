import Tensors

/// The residual stream with its mean taken away and its spread set to one, at each position by itself.
///
/// (x − mean x) / √(mean (x − mean x)² + ε) · w + b
///
/// - Shape: `[position, dimension]` → `[position, dimension]`
///
/// Ba, Kiros and Hinton 2016, arXiv 1607.06450.
public struct LayerNorm: Sendable {
  /// What the centred stream is divided by: `[position, 1]`.
  public let scale: Site
  /// The centred stream so divided, before it is scaled and shifted: `[position, dimension]`.
  public let normalized: Site
  /// The last scale and shift: `[dimension]`.
  public let w, b: Parameter
  /// What the next part reads: `[position, dimension]`.
  public let output: Expression

  init(_ name: String, _ x: Expression, epsilon: Float = 1e-5) {
    let size = x.shape.sizes.last ?? 0
    let column = Shape(x.shape.sizes.dropLast() + [1])
    let centred = x - mean(x, axes: [-1]).reshaped(column)
    let variance = mean(square(centred), axes: [-1]).reshaped(column)
    scale = Site("\(name).hook_scale", sqrt(variance + epsilon), axes: ["position", "scale"])
    w = Parameter("\(name).w", [size], .constant(1))
    b = Parameter("\(name).b", [size], .zeros)
    normalized = Site(
      "\(name).hook_normalized", centred / scale, axes: ["position", "dimension"])
    output = normalized * w + b
  }
}
