import Tensors

/// How much more each unit is active on one class of inputs than on the others.
///
/// With a the mean activation on the class and b the mean elsewhere, the index is (a − b) / (a + b): 1 for a unit that is
/// active on the class alone, 0 for one that does not care, −1 for one that is silent on the class. It is for
/// activations that are not negative; a unit that never is active has 0.
///
/// ```swift
/// selectivity(of: hidden, to: { $0 == 3 })  // [1, 0.2, -0.4]
/// ```
///
/// Morcos et al. 2018, "On the importance of single directions for generalization", arXiv 1803.06959.
///
/// - Parameters:
///   - activations: The units of one network on every example.
///   - isInClass: Whether an example, by its place, is of the class.
/// - Returns: Each unit's index, from −1 (active outside the class alone) to 1.
/// - Shape: `[examples, units]` → `[units]`
public func selectivity(of activations: Tensor, to isInClass: (Int) -> Bool) -> [Double] {
  let (examples, units) = (activations.shape[0], activations.shape[1])
  let members = (0..<examples).map(isInClass)
  let inside = Double(members.count { $0 })
  return (0..<units).map { unit in
    var (on, off) = (0.0, 0.0)
    for example in 0..<examples {
      let value = Double(activations[example, unit])
      if members[example] { on += value } else { off += value }
    }
    let a = on / max(inside, 1)
    let b = off / max(Double(examples) - inside, 1)
    return a + b == 0 ? 0 : (a - b) / (a + b)
  }
}

/// The baseline of selectivity: the same activations, and a class of the same size drawn at random.
///
/// - Shape: `[examples, units]` → `[units]`
public func shuffledSelectivity(
  of activations: Tensor, to isInClass: (Int) -> Bool, using generator: inout Generator
) -> [Double] {
  let order = generator.permutation(of: activations.shape[0])
  return selectivity(of: activations) { isInClass(order[$0]) }
}
