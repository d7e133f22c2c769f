import Tensors

extension Network {
  /// The output as it would be if a site's value were put through a function first.
  ///
  /// The function is part of the graph: what it uses may be inputs and parameters of its own, and another network can
  /// be made of the result, to be run, trained and differentiated like any.
  ///
  /// ```swift
  /// let doubled = try network.output(transforming: state, steps: [2]) { 2 * $0 }
  /// ```
  ///
  /// - Parameters:
  ///   - site: A site that the output depends on; it may lie in the body of a scan.
  ///   - steps: The steps of the scan at which the function takes hold; nil for all.
  ///   - transform: From the value of the site to what comes after it sees.
  /// - Returns: The output, as an expression.
  /// - Throws: `NetworkError` if the output does not depend on the site, if there are no such steps, or if the
  ///   result has another shape than the value.
  public func output(
    transforming site: Site, steps: [Int]? = nil, by transform: (Expression) -> Expression
  ) throws -> Expression {
    var reached = false
    var problem: String?
    func transformed(_ node: Node) -> Expression? {
      guard let operation = node.operation as? SiteOperation, operation.site == site.name else {
        return nil
      }
      reached = true
      let value = Expression(node)
      let changed = transform(value)
      if changed.node.problem == nil, changed.shape != value.shape {
        problem = "'\(site.name)' of shape \(value.shape) becomes one of shape \(changed.shape)"
      }
      return changed
    }
    let result = rewriting([output.expression]) { node in
      if let changed = transformed(node) {
        if steps != nil { problem = "'\(site.name)' does not lie in a scan: it has no steps" }
        return [changed]
      }
      guard let scan = node.operation as? Scan,
        topological(scan.next + scan.outputs).contains(where: {
          ($0.operation as? SiteOperation)?.site == site.name
        })
      else { return nil }
      if let steps, !steps.allSatisfy((0..<scan.steps).contains) {
        problem = "'\(site.name)' has the steps 0 to \(scan.steps - 1), not \(steps)"
      }
      return scan.rewritten(node, at: steps ?? Array(0..<scan.steps)) { transformed($0) }
    }[0]
    guard reached else {
      throw NetworkError("the output does not depend on a site '\(site.name)'")
    }
    if let problem = problem ?? result.node.problem { throw NetworkError(problem) }
    return result
  }
}

extension Scan {
  /// The same loop, with some nodes of its body replaced at some steps.
  fileprivate func rewritten(
    _ node: Node, at chosen: [Int], _ transform: (Node) -> Expression?
  ) -> [Expression] {
    let (carries, sequences) = (carry.count, slices.count)
    let held = node.operands.dropFirst(carries + sequences)
    let isChosen = constant(Tensor(shape: [steps]) { chosen.contains($0) ? 1 : 0 })
    let run = scan(
      carry: Array(node.operands.prefix(carries)),
      over: node.operands[carries..<carries + sequences] + [isChosen], reversed: reversed
    ) { running, now in
      let body = substituting(
        Dictionary(
          uniqueKeysWithValues: zip(carry + slices + captures, running + now.dropLast() + held)),
        in: next + outputs)
      let roots = rewriting(body) { inner in
        transform(inner).map { [select(now[sequences], $0, Expression(inner))] }
      }
      return (Array(roots.prefix(carries)), Array(roots.dropFirst(carries)))
    }
    // The carries before each step, which only gradients read, keep no place here.
    let results = run.carry + run.outputs
    return node.results.indices.map { results[min($0, results.count - 1)] }
  }
}
