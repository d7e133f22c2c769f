import Networks
import Tensors

/// How much each head copies: Σλ / Σ|λ| over the eigenvalues λ of its OV circuit, from −1 to 1.
///
/// Positive eigenvalues mean that tokens raise their own logits, together if not each by itself. Eigenvalues below
/// 10⁻⁶ of the circuit's norm are left out as rounding; a head that writes nothing has 0, and so, on average, has a
/// random one. The baselines are the same of untrained weights, or with `shufflingRows` of the embedding.
///
/// ```swift
/// try copyingScores(of: model.ovCircuit(layer: 0, weights))  // [[0.98, -0.02]]
/// ```
///
/// Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
///
/// - Shape: `[networks, heads, token, token]` → `[networks, heads]`
/// - Throws: `ShapeError` if there are not as many outputs as tokens, or a number is not finite.
public func copyingScores(of circuits: Tensor) throws -> Tensor {
  try Tensor(shape: [circuits.shape[0], circuits.shape[1]]) { index in
    let circuit = circuits.slice(index / circuits.shape[1]).slice(index % circuits.shape[1])
    let least = 1e-6 * Matrix(circuit).norm
    let values = try Eigenvalues(of: circuit).values.filter { $0.magnitude > least }
    let total = values.reduce(0) { $0 + $1.magnitude }
    return total > 0 ? Float(values.reduce(0) { $0 + $1.real } / total) : 0
  }
}

/// The share of tokens whose own logit a head raises most: a plainer, stricter score of copying.
///
/// A head that does not care has about one in the number of tokens.
///
/// - Shape: `[networks, heads, token, token]` → `[networks, heads]`
public func copiedShares(of circuits: Tensor) -> Tensor { rowAgreement(circuits) { $0 } }
