import Tensors

/// A network's graph with ports at some places, through which interventions reach it, and with sites read out.
///
/// A port is the expression `select(mask, replacement, value)`, or `value + offset`, or the value without its share along
/// a direction. While masks, offsets and directions are zero the graph computes what it did before.
struct Instrumentation {
  /// Where an intervention enters.
  struct Port {
    let place: String
    /// The value behind the port.
    var value: Expression
    let mask: Expression
    let replacement: Expression
    let offset: Expression?
    let direction: Expression?
    /// Whether the place holds something else for each example; a weight does not.
    let variesByExample: Bool
    /// The number of steps of the scan that the place lies in.
    let steps: Int?
  }

  private(set) var ports: [String: Port] = [:]
  private(set) var recorded: [String: Expression] = [:]
  private(set) var scores: [Expression] = []

  /// Rewrites a network's graph.
  ///
  /// - Parameters:
  ///   - network: The network as it was written, without ports.
  ///   - interventions: All that will ever be applied.
  ///   - recording: The sites that are read out.
  ///   - scored: Whether the mean loss and the share of right answers are computed.
  /// - Throws: `NetworkError` naming a place that the network does not have.
  init(
    _ network: Network, interventions: [Intervention], recording: [String], scored: Bool
  ) throws {
    let known = network.sites.map(\.name) + network.parameters.map(\.name)
    for place in interventions.map(\.place) + recording where !known.contains(place) {
      throw NetworkError(
        "the network has no site '\(place)'; it has \(known.joined(separator: ", "))")
    }
    let places = Dictionary(grouping: interventions, by: \.place)
    var roots = [network.output.expression]
    if scored {
      roots += [exampleMean(network.loss), exampleMean(network.correct ?? Float(0).expression)]
    }
    let wanted = Set(recording + places.keys)
    let before = roots.count
    // Sites that the output does not depend on are still there to be read.
    let ends = [network.loss] + [network.correct, network.penalty].compactMap { $0 }
    roots += topological(ends).filter { Self.holds(wanted, $0) }.map { Expression($0) }
    var ports: [String: Port] = [:]
    var recorded: [String: Expression] = [:]
    let rewritten = rewriting(roots) { node in
      if let site = node.operation as? SiteOperation, wanted.contains(site.site) {
        var value = Expression(node)
        if let actions = places[site.site]?.map(\.action) {
          let port = Self.port(site.site, value.type, actions, steps: nil)
          value = Self.behind(port, value)
          ports[site.site] = port
          ports[site.site]?.value = value
        }
        recorded[site.site] = value
        return [value]
      }
      if let parameter = Parameter(node), let actions = places[parameter.name]?.map(\.action) {
        let port = Self.port(parameter.name, parameter.expression.type, actions, steps: nil)
        let value = Self.behind(port, Expression(node))
        ports[parameter.name] = port
        ports[parameter.name]?.value = value
        return [value]
      }
      if let scan = node.operation as? Scan {
        return Self.opened(scan, node, wanted, places, &ports, &recorded)
      }
      return nil
    }
    scores = scored ? Array(rewritten[1..<before]) : []
    (self.ports, self.recorded) = (ports, recorded)
    if let problem = self.roots.lazy.compactMap(\.node.problem).first {
      throw NetworkError("the network cannot be intervened on so: \(problem)")
    }
    for place in recording where recorded[place] == nil {
      throw NetworkError(
        "'\(place)' cannot be recorded: it is a weight, or lies in a scan of a scan")
    }
    let sites = Set(network.sites.map(\.name))
    for place in places.keys.sorted() where ports[place] == nil && sites.contains(place) {
      throw NetworkError("'\(place)' cannot be intervened on: it lies in a scan of a scan")
    }
  }

  /// Whether a node is one of the sites, or a scan that has one in its body.
  private static func holds(_ sites: Set<String>, _ node: Node) -> Bool {
    if let site = node.operation as? SiteOperation { return sites.contains(site.site) }
    guard let scan = node.operation as? Scan else { return false }
    return topological(scan.next + scan.outputs).contains { holds(sites, $0) }
  }

  var roots: [Expression] {
    recorded.sorted { $0.key < $1.key }.map(\.value) + scores
      + ports.sorted { $0.key < $1.key }.map(\.value.value)
  }

  private static func leaf(_ type: ValueType) -> Expression {
    Expression(Leaf(role: .slot, label: nil, type: type), [])
  }

  private static func port(
    _ place: String, _ type: ValueType, _ actions: [Intervention.Action], steps: Int?
  ) -> Port {
    let shape = steps.map { type.shape.prepending($0) } ?? type.shape
    let still = ValueType(shape: shape, variesByExample: false)
    let varying = ValueType(shape: shape, variesByExample: type.variesByExample)
    let steers = actions.contains { if case .steer = $0 { true } else { false } }
    let projects = actions.contains { if case .projectOut = $0 { true } else { false } }
    return Port(
      place: place, value: leaf(varying), mask: leaf(still), replacement: leaf(varying),
      offset: steers ? leaf(still) : nil, direction: projects ? leaf(still) : nil,
      variesByExample: type.variesByExample, steps: steps)
  }

  /// The value as what comes after the port sees it.
  private static func behind(
    _ value: Expression, mask: Expression, replacement: Expression, offset: Expression?,
    direction: Expression?
  ) -> Expression {
    var value = select(mask, replacement, value)
    if let direction { value = value - sum(value * direction) * direction }
    if let offset { value = value + offset }
    return value
  }

  private static func behind(_ port: Port, _ value: Expression) -> Expression {
    behind(
      value, mask: port.mask, replacement: port.replacement, offset: port.offset,
      direction: port.direction)
  }

  /// A scan whose body has ports, fed by sequences from outside, and hands out the sites that are wanted.
  private static func opened(
    _ scan: Scan, _ node: Node, _ wanted: Set<String>, _ places: [String: [Intervention]],
    _ ports: inout [String: Port], _ recorded: inout [String: Expression]
  ) -> [Expression]? {
    var sequences: [Expression] = []
    var slices: [Expression] = []
    var sites: [(name: String, value: Expression)] = []
    func slice(_ sequence: Expression?) -> Expression? {
      guard let sequence else { return nil }
      let slot = leaf(
        ValueType(
          shape: sequence.shape.dropFirst(), variesByExample: sequence.variesByExample))
      sequences.append(sequence)
      slices.append(slot)
      return slot
    }
    var found: [String: Port] = [:]
    let body = rewriting(scan.next + scan.outputs) { inner in
      guard let site = inner.operation as? SiteOperation, wanted.contains(site.site) else {
        return nil
      }
      var value = Expression(inner)
      if let actions = places[site.site]?.map(\.action) {
        let port = port(site.site, value.type, actions, steps: scan.steps)
        found[site.site] = port
        if let mask = slice(port.mask), let replacement = slice(port.replacement) {
          value = behind(
            value, mask: mask, replacement: replacement, offset: slice(port.offset),
            direction: slice(port.direction))
        }
      }
      sites.append((site.site, value))
      return [value]
    }
    guard !sites.isEmpty else { return nil }
    let (carries, steps) = (scan.carry.count, scan.slices.count)
    let next = zip(body.prefix(carries), scan.carry).map { $0.broadcast(to: $1.type) }
    let opened = Scan(
      carry: scan.carry, slices: scan.slices + slices, captures: scan.captures, next: next,
      outputs: Array(body.dropFirst(carries)) + sites.map(\.value), steps: scan.steps,
      reversed: scan.reversed)
    let operands =
      node.operands.prefix(carries + steps) + sequences + node.operands.dropFirst(carries + steps)
    let result = Node(opened, Array(operands))
    let first = carries + scan.outputs.count
    for (index, site) in sites.enumerated() {
      let value = Expression(result, index: first + index)
      recorded[site.name] = value
      if var port = found[site.name] {
        port.value = value
        ports[site.name] = port
      }
    }
    // The carries before each step, which only gradients read, keep no place here.
    return (0..<node.results.count).map { Expression(result, index: min($0, first)) }
  }
}

/// The roots with every node put through a transformation after its operands have been.
///
/// - Parameters:
///   - roots: The expressions whose whole graph is rewritten.
///   - transform: From a node, its operands already rewritten, to what takes the place of its results; nil to
///     leave it.
/// - Returns: What each root has become, in the order of the roots.
func rewriting(_ roots: [Expression], _ transform: (Node) -> [Expression]?) -> [Expression] {
  var results: [Expression: Expression] = [:]
  for node in topological(roots) {
    let operands = node.operands.map { results[$0] ?? $0 }
    let rebuilt = operands == node.operands ? node : Node(node.operation, operands)
    let places = rebuilt.results.indices.map { Expression(rebuilt, index: $0) }
    for (index, value) in (transform(rebuilt) ?? places).enumerated() {
      results[Expression(node, index: index)] = value
    }
  }
  return roots.map { results[$0] ?? $0 }
}
