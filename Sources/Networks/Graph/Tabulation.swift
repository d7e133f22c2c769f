import Tensors

/// The roots with what depends on one token alone computed once a token, and looked up for each example.
///
/// Keys and values of a first layer are products of a position's embedding with a matrix: (W_E[t] + W_pos[p]) W. There
/// are no more of them than tokens times positions, often fewer than examples times positions. So the product is done
/// for a table of all tokens at all positions, and rows of it are gathered. Every number has the bits it had; gradients
/// are summed by token first, which rounds in another order. Where all networks see the same tokens products are
/// `reassociated` first, and numbers are rounded in another order too. Whether that pays is decided on the graph of one
/// network.
///
/// - Parameters:
///   - roots: What is asked for.
///   - examples: How many examples there are.
///   - sharesTokens: Whether every network sees the same tokens, so that rows are copied whole.
/// - Returns: The same values, some looked up.
func tabulated(_ roots: [Expression], examples: Int, sharesTokens: Bool = false) -> [Expression] {
  var roots = roots
  var table = TokenTable(of: roots, examples: examples, sharesTokens: sharesTokens)
  while sharesTokens,
    let other = reassociated(roots, isLookedUp: { [table] in table.looksUp($0.node) })
  {
    roots = other
    table = TokenTable(of: roots, examples: examples, sharesTokens: true)
  }
  let order = topological(roots)
  let chosen = table.ends(of: roots, order)
  if chosen.isEmpty { return roots }
  let lookedUp = order.filter(chosen.contains).compactMap { node in
    table.lookedUp(node).map { (Expression(node), $0) }
  }
  return substituting(Dictionary(uniqueKeysWithValues: lookedUp), in: roots)
}

/// The values that depend, at each place of their first axis, on that place's token and on nothing else that varies.
private struct TokenTable {

  /// A value for all tokens: `[token, position, ...]`, and what it is looked up by.
  private struct Entry {
    let table: Expression
    let tokens: Expression
    /// Whether to compute it costs more than to look it up.
    var pays: Bool
  }

  let examples: Int
  /// The fewest terms of a sum for which a row is rather gathered than computed: a gather and its gradient, a sum of
  /// scattered rows, cost some multiply-adds a number, and some tens where each network has a row of its own.
  let leastTerms: Int
  private var entries: [Node: Entry] = [:]

  init(of roots: [Expression], examples: Int, sharesTokens: Bool) {
    (self.examples, leastTerms) = (examples, sharesTokens ? 16 : 128)
    for node in topological(roots) { entries[node] = entry(node) }
  }

  /// The nodes whose value others take from the table: those that pay, and whose readers do not stand in it.
  func ends(of roots: [Expression], _ order: [Node]) -> Set<Node> {
    var read = Set(roots.map(\.node))
    for node in order where entries[node] == nil { read.formUnion(node.operands.map(\.node)) }
    return read.filter { entries[$0]?.pays ?? false }
  }

  /// The value at the tokens of each example.
  func lookedUp(_ node: Node) -> Expression? {
    guard let entry = entries[node] else { return nil }
    let (count, positions) = (entry.table.shape[0], entry.table.shape[1])
    let rows = entry.table.reshaped(entry.table.shape.dropFirst(2).prepending(count * positions))
    let places = constant(Tensor(shape: [positions]) { Float($0) })
    return gather(rows, entry.tokens * Float(positions) + places)
  }

  /// Whether a value that may not stand in the graph yet is rather looked up than computed.
  func looksUp(_ node: Node) -> Bool { entry(node)?.pays ?? false }

  /// The table of a node's value, if it depends on tokens alone.
  private func entry(_ node: Node) -> Entry? {
    guard node.results.count == 1, node.results[0].variesByExample, node.problem == nil,
      let entry = begun(node) ?? extended(node),
      entry.table.shape == node.results[0].shape.prepending(entry.table.shape[0])
    else { return nil }
    return entry
  }

  /// The rows of an embedding, each token's at every position.
  private func begun(_ node: Node) -> Entry? {
    guard node.operation is Gather, Input(node.operands[1].node) != nil,
      node.operands[1].shape.rank == 1
    else { return nil }
    let (table, tokens) = (node.operands[0], node.operands[1])
    let (count, positions) = (table.shape[0], tokens.shape[0])
    guard 2 * count <= examples else { return nil }
    let all = constant(Tensor(shape: [count, positions], kind: .whole) { Float($0 / positions) })
    return Entry(table: gather(table, all), tokens: tokens, pays: false)
  }

  /// The same operation on tables.
  private func extended(_ node: Node) -> Entry? {
    let varying = node.operands.filter(\.variesByExample).map { entries[$0.node] }
    guard let first = varying.first ?? nil,
      varying.allSatisfy({
        $0?.tokens == first.tokens && $0?.table.shape[0] == first.table.shape[0]
      })
    else { return nil }
    let operands = node.operands.map { $0.variesByExample ? entries[$0.node]?.table ?? $0 : $0 }
    guard let operation = node.operation.tabulated(node, tokens: first.table.shape[0])
    else { return nil }
    let table =
      operation is SiteOperation ? operands[0] : Expression(Node(operation, operands))
    guard table.node.problem == nil else { return nil }
    let sums = (node.operation as? Contraction)?.terms(node.operands) ?? 0
    return Entry(
      table: table, tokens: first.tokens,
      pays: sums >= leastTerms || varying.contains { $0?.pays ?? false })
  }
}

extension Operation {
  /// The operation on operands of which those that vary by example have an axis of tokens before their first, which
  /// stays what it is; nil if it does not treat the places of the first axis each by itself.
  fileprivate func tabulated(_ node: Node, tokens: Int) -> (any Operation)? {
    let shape = node.results[0].shape
    let varying = node.operands.filter(\.variesByExample)
    guard let positions = shape.sizes.first,
      varying.allSatisfy({ $0.shape.sizes.first == positions })
    else { return nil }
    switch self {
    case is SiteOperation, is Unary: return self
    case is Binary:
      return varying.allSatisfy { $0.shape.rank == shape.rank } ? self : nil
    case is Softmax: return shape.rank > 1 ? self : nil
    case let reduction as Reduction:
      if reduction.axes.contains(0) { return nil }
      return Reduction(rule: reduction.rule, axes: reduction.axes.map { $0 + 1 })
    case is Reshape: return Reshape(shape: shape.prepending(tokens))
    case let product as Contraction: return product.tabulated(varying: node.operands)
    default: return nil
    }
  }
}

extension Contraction {
  /// How many terms each sum has.
  fileprivate func terms(_ operands: [Expression]) -> Int {
    zip(left, operands[0].shape.sizes).reduce(1) { result.contains($1.0) ? $0 : $0 * $1.1 }
  }

  /// The product with one more kept axis, that of the tokens, in the operand that varies.
  fileprivate func tabulated(varying operands: [Expression]) -> Contraction? {
    let (one, other) = operands[0].variesByExample ? (left, right) : (right, left)
    guard !sumsExamples, operands.filter(\.variesByExample).count == 1, let first = one.first,
      result.first == first, !other.contains(first),
      let free = "zyxwvutsrqponm".first(where: { !left.contains($0) && !right.contains($0) })
    else { return nil }
    return operands[0].variesByExample
      ? Contraction([free] + left, right, [free] + result, sumsExamples: false)
      : Contraction(left, [free] + right, [free] + result, sumsExamples: false)
  }
}
