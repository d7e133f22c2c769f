import Tensors

/// The roots with one product done in another order, so that less is left to do for each example; nil where no order is
/// less work.
///
/// - The sum over heads of what each writes is one product that sums over heads too.
/// - (x y) w is x (y w) where y is a table's: a pattern times values, times W_O, is the pattern times what the OV circuit
///   makes of each token.
/// - (x + y) w is x w + y w where x w is a table's, and y w is less work by the rule before: the direct path of each
///   token, and what its heads add to that.
///
/// Sums are rounded in another order. Paths: Elhage et al. 2021, https://transformer-circuits.pub/2021/framework.
///
/// - Parameters:
///   - roots: What is asked for.
///   - isTabulated: Whether a value is known once a token is.
///   - isLookedUp: Whether a value is, and is rather looked up than computed.
func reassociated(
  _ roots: [Expression], isTabulated: (Expression) -> Bool, isLookedUp: (Expression) -> Bool
) -> [Expression]? {
  let order = topological(roots)
  var reads: [Expression: Int] = [:]
  for root in roots { reads[bare(root), default: 0] += 1 }
  for node in order where !(node.operation is SiteOperation) {
    for operand in Set(node.operands.map(bare)) { reads[operand, default: 0] += 1 }
  }

  /// The product of a value that nobody else reads and a matrix, if it is less work in another order.
  func product(_ value: Expression, _ w: Expression, _ outer: Contraction) -> Expression? {
    let value = bare(value)
    guard reads[value] == 1, value.node.operands.count == 2 else { return nil }
    let (x, y) = (value.node.operands[0], value.node.operands[1])
    switch value.node.operation {
    case let inner as Contraction where !inner.sumsExamples:
      guard x.variesByExample, isTabulated(bare(y)), !isTabulated(bare(x)),
        let (first, second) = inner.reassociated(with: outer, x.shape, y.shape, w.shape)
      else { return nil }
      return Expression(second, [x, Expression(first, [y, w])])
    case let sum as Binary where sum.function == .add && x.type == y.type:
      guard let slot = [x, y].firstIndex(where: { isTabulated(bare($0)) }) else { return nil }
      let direct = Expression(outer, [[x, y][slot], w])
      guard isLookedUp(direct), let rest = product([y, x][slot], w, outer) else { return nil }
      return direct + rest
    default: return nil
    }
  }

  func rewritten(_ node: Node) -> Expression? {
    switch node.operation {
    case let outer as Contraction
    where !outer.sumsExamples && !node.operands[1].variesByExample:
      return product(node.operands[0], node.operands[1], outer)
    case let sum as Reduction where sum.rule == .sum:
      let terms = bare(node.operands[0])
      guard reads[terms] == 1, let product = terms.node.operation as? Contraction,
        let whole = product.summed(over: sum.axes)
      else { return nil }
      return Expression(whole, terms.node.operands)
    default: return nil
    }
  }

  for node in order {
    if let other = rewritten(node), other.type == node.results[0] {
      return substituting([Expression(node): other], in: roots)
    }
  }
  return nil
}

/// What a site stands for.
private func bare(_ value: Expression) -> Expression {
  value.node.operation is SiteOperation ? bare(value.node.operands[0]) : value
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
    guard work(Set(left + between)) < before else { return nil }
    return (
      Contraction(right, own, between, sumsExamples: false),
      Contraction(left, between, made, sumsExamples: false)
    )
  }
}
