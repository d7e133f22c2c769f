import Tensors

/// The roots with one product done in another order, so that less is left to do for each example.
///
/// - The sum over heads of what each writes is one product that sums over heads too.
/// - (x y) w is x (y w) where y w is a table's: a pattern times values, times W_O, is the pattern times what the OV circuit
///   makes of each token.
/// - (x + y) w is x w + y w where x w is a table's, and y w is less work by the rule before: the direct path of each
///   token, and what its heads add to that.
///
/// Sums are rounded in another order. Paths: Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
///
/// - Parameters:
///   - roots: What is asked for.
///   - isLookedUp: Whether a value depends on a token alone, and is rather looked up than computed.
/// - Returns: The roots; nil where no order is less work.
func reassociated(_ roots: [Expression], isLookedUp: (Expression) -> Bool) -> [Expression]? {
  let reads = readCounts(roots)

  /// The product of a value that nobody else reads and a matrix, if it is less work in another order.
  func product(_ value: Expression, _ w: Expression, _ outer: Contraction) -> Expression? {
    let value = value.bare
    guard reads[value] == 1, value.node.operands.count == 2 else { return nil }
    let (x, y) = (value.node.operands[0], value.node.operands[1])
    switch value.node.operation {
    case let inner as Contraction where !inner.sumsExamples:
      guard x.variesByExample,
        let (first, second) = inner.reassociated(with: outer, x.shape, y.shape, w.shape)
      else { return nil }
      let table = Expression(first, [y, w])
      return isLookedUp(table) ? Expression(second, [x, table]) : nil
    case let sum as Binary where sum.function == .add && x.type == y.type:
      for (direct, other) in [(x, y), (y, x)] {
        let direct = Expression(outer, [direct, w])
        if isLookedUp(direct), let rest = product(other, w, outer) { return direct + rest }
      }
      return nil
    default: return nil
    }
  }

  func rewritten(_ node: Node) -> Expression? {
    switch node.operation {
    case let outer as Contraction
    where !outer.sumsExamples && !node.operands[1].variesByExample:
      return product(node.operands[0], node.operands[1], outer)
    case let sum as Reduction where sum.rule == .sum:
      let terms = node.operands[0].bare
      guard reads[terms] == 1, let product = terms.node.operation as? Contraction,
        let whole = product.summed(over: sum.axes)
      else { return nil }
      return Expression(whole, terms.node.operands)
    default: return nil
    }
  }

  for node in topological(roots) {
    if let other = rewritten(node), other.type == node.results[0] {
      return substituting([Expression(node): other], in: roots)
    }
  }
  return nil
}

extension Contraction {
  /// The product that sums over some axes of this one's result too; nil if only one operand has one of them.
  fileprivate func summed(over axes: [Int]) -> Contraction? {
    let letters = axes.map { result[$0] }
    guard !sumsExamples, letters.allSatisfy({ left.contains($0) && right.contains($0) })
    else { return nil }
    return Contraction(
      left, right, result.filter { !letters.contains($0) }, sumsExamples: false)
  }

  /// The products y w and x (y w) that are (x y) w; nil if they are not, or are more work.
  fileprivate func reassociated(with outer: Contraction, _ x: Shape, _ y: Shape, _ w: Shape) -> (
    first: Contraction, second: Contraction
  )? {
    // The outer product's letters in terms of the inner one's; those of w alone get new ones.
    var names = Dictionary(uniqueKeysWithValues: zip(outer.left, result))
    var free = "zyxwvutsrqponmlkji".filter { !left.contains($0) && !right.contains($0) }
    for letter in outer.right where names[letter] == nil {
      guard let name = free.popLast() else { return nil }
      names[letter] = name
    }
    let own = outer.right.compactMap { names[$0] }
    let made = outer.result.compactMap { names[$0] }
    let new = own.filter { !result.contains($0) }
    // What the outer product sums over, y has; and w has nothing of x that y has not. What x has too is summed after.
    let summed = own.filter { result.contains($0) && !made.contains($0) }
    let early = summed.filter { !left.contains($0) }
    guard summed.allSatisfy(right.contains), !early.isEmpty,
      own.allSatisfy({ right.contains($0) || new.contains($0) })
    else { return nil }
    let between = right.filter { !early.contains($0) } + new
    var sizes = Dictionary(zip(left, x.sizes), uniquingKeysWith: { first, _ in first })
    sizes.merge(zip(right, y.sizes)) { first, _ in first }
    sizes.merge(zip(own, w.sizes)) { first, _ in first }
    func work(_ letters: Set<Character>) -> Int {
      letters.reduce(1) { $0 * (sizes[$1] ?? 1) }
    }
    let before = work(Set(left + right)) + work(Set(result + own))
    // There are at most half as many rows of a table as examples.
    guard work(Set(left + between)) + work(Set(right + own)) / 2 < before else { return nil }
    return (
      Contraction(right, own, between, sumsExamples: false),
      Contraction(left, between, made, sumsExamples: false)
    )
  }
}
