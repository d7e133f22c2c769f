import Tensors

/// The roots with (x y) w as x (y w) where y w is a table's: a pattern times values, times W_O, is the pattern times what
/// the OV circuit makes of each token.
///
/// The product with w is then done for the tokens, and not for the examples; sums are rounded in another order.
///
/// - Parameters:
///   - roots: What is asked for.
///   - isTabulated: Whether a value is computed once a token.
/// - Returns: The roots, unchanged where nothing would be saved.
func reassociated(_ roots: [Expression], isTabulated: (Expression) -> Bool) -> [Expression] {
  let order = topological(roots)
  var reads: [Expression: Int] = [:]
  for node in order where !(node.operation is SiteOperation) {
    for operand in Set(node.operands.map(bare)) { reads[operand, default: 0] += 1 }
  }
  var replaced: [Expression: Expression] = [:]
  for node in order {
    guard let outer = node.operation as? Contraction, !outer.sumsExamples,
      !node.operands[1].variesByExample, !roots.contains(Expression(node))
    else { continue }
    let product = bare(node.operands[0])
    guard reads[product] == 1, let inner = product.node.operation as? Contraction,
      !inner.sumsExamples
    else { continue }
    let (x, y, w) = (product.node.operands[0], product.node.operands[1], node.operands[1])
    guard x.variesByExample, isTabulated(bare(y)), !isTabulated(bare(x)),
      let (first, second) = inner.reassociated(with: outer, x.shape, y.shape, w.shape)
    else { continue }
    let made = Expression(Node(second, [x, Expression(Node(first, [y, w]))]))
    if made.type == node.results[0] { replaced[Expression(node)] = made }
  }
  return replaced.isEmpty ? roots : substituting(replaced, in: roots)
}

/// What a site stands for.
private func bare(_ value: Expression) -> Expression {
  value.node.operation is SiteOperation ? bare(value.node.operands[0]) : value
}

extension Contraction {
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
    let summed = own.filter { result.contains($0) && !made.contains($0) }
    let new = own.filter { !result.contains($0) }
    // What the outer product sums over, y alone has, and w has nothing else of x.
    guard summed.allSatisfy({ right.contains($0) && !left.contains($0) }),
      own.allSatisfy({ right.contains($0) || new.contains($0) }), !summed.isEmpty
    else { return nil }
    let between = right.filter { !summed.contains($0) } + new
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
