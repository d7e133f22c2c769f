import Tensors

/// Runs the networks of one group with interventions, keeping the clean run to draw from if they do.
///
/// It is one thread's at a time: a `RunPlan` lends it.
final class InstrumentedGroup<L: Lane>: LentGroup, @unchecked Sendable {
  private let graph: Instrumentation
  private let executor: Executor<L>
  private let examples: Int
  private var group = 0..<1
  private var population = 1
  private var clean: [String: [L]] = [:]
  private var passes: [Set<String>: () -> Void] = [:]
  private var touched: Set<String> = []
  private var hasRun = false

  init(_ graph: Instrumentation, examples: Int) {
    (self.graph, self.examples) = (graph, examples)
    executor = Executor<L>(graph.roots, examples: examples)
  }

  var byteCount: Int { executor.byteCount }

  /// Takes up other networks and examples, as if there had been none before.
  ///
  /// If no intervention draws from a clean run, the first run is already the first intervention's.
  func load(
    _ network: Network, _ weights: Weights, _ inputs: Examples, _ group: Range<Int>,
    drawsFromClean: Bool
  ) throws {
    (self.group, population) = (group, weights.count)
    for parameter in network.parameters {
      executor.load(weights[parameter], at: parameter, group: group, byNetwork: true)
    }
    for input in network.inputs + network.targets {
      let type = input.expression.type
      executor.load(
        inputs[input.name] ?? Tensor(repeating: 0, shape: type.shape), at: input, group: 0..<1,
        byNetwork: false)
    }
    for port in graph.ports.values { close(port) }
    (clean, touched, hasRun) = ([:], [], false)
    guard drawsFromClean else { return }
    executor.run()
    hasRun = true
    for port in graph.ports.values {
      guard let place = executor.place(of: port.value) else { continue }
      let count = port.value.type.count(examples: examples)
      clean[port.place] = Array(UnsafeBufferPointer(start: place, count: count))
    }
  }

  /// Has a port let everything through.
  private func close(_ port: Instrumentation.Port) {
    for leaf in [port.mask, port.offset, port.direction] {
      guard let leaf else { continue }
      executor.place(of: leaf)?.update(repeating: .zero, count: leaf.shape.count)
    }
  }

  func apply(_ interventions: [Intervention]) throws {
    let places = Set(interventions.map(\.place))
    for port in graph.ports.values where touched.union(places).contains(port.place) {
      close(port)
    }
    for (index, intervention) in interventions.enumerated() {
      try enter(
        intervention, after: interventions[..<index].filter { $0.place == intervention.place })
    }
    let changed = touched.union(places)
    touched = places
    guard hasRun else {
      hasRun = true
      return executor.run()
    }
    guard !changed.isEmpty else { return }
    if passes[changed] == nil {
      let leaves = graph.ports.values.filter { changed.contains($0.place) }.flatMap { port in
        [port.mask, port.replacement, port.offset, port.direction].compactMap { $0 }
      }
      passes[changed] = executor.pass(after: leaves)
    }
    passes[changed]?()
  }

  func values(_ name: String) -> Tensor {
    guard let value = graph.recorded[name] else {
      return Tensor(repeating: .nan, shape: [group.count, examples])
    }
    let spread = ValueType(shape: value.shape, variesByExample: true)
    let count = spread.count(examples: examples)
    let held = value.type.count(examples: examples)
    guard let place = executor.place(of: value) else {
      return Tensor(repeating: .nan, shape: [group.count, examples])
    }
    var values = Tensor(
      repeating: 0, shape: value.shape.prepending(examples).prepending(group.count))
    values.withUnsafeMutableScalars { scalars in
      for index in 0..<count {
        let lanes = place[index % max(held, 1)]
        for lane in 0..<group.count { scalars[lane * count + index] = lanes[lane] }
      }
    }
    return values
  }

  func scores() -> [Score] {
    let places = graph.scores.compactMap { executor.place(of: $0) }
    return (0..<group.count).map { lane in
      Score(loss: places[0][0][lane], accuracy: places[1][0][lane])
    }
  }

  // MARK: Filling ports

  /// Enters one intervention of a set.
  ///
  /// - Parameters:
  ///   - intervention: The one that is entered.
  ///   - earlier: Those of the set that were entered before, at the same place.
  /// - Throws: `NetworkError` if its value, units or steps do not fit the place.
  private func enter(_ intervention: Intervention, after earlier: [Intervention]) throws {
    guard let port = graph.ports[intervention.place] else { return }
    switch intervention.action {
    case .steer(let vector):
      try enter(vector, at: port.offset, port, intervention) { $0 + $1 }
    case .projectOut(let vector):
      let isSecond = earlier.contains { if case .projectOut = $0.action { true } else { false } }
      guard !isSecond else {
        throw NetworkError(
          "'\(intervention)' is the second direction there; project out one at a time")
      }
      try enter(vector, at: port.direction, port, intervention) { _, new in new }
      try checkLength(of: vector, port, intervention)
    case .zero, .mean, .resample, .patch:
      guard let mask = executor.place(of: port.mask),
        let replacement = executor.place(of: port.replacement)
      else { return }
      let single = port.mask.shape.count
      let count = single * (port.variesByExample ? examples : 1)
      // What other interventions put elsewhere at the same place stays.
      let kept =
        earlier.isEmpty ? nil : Array(UnsafeBufferPointer(start: replacement, count: count))
      try fill(replacement, port, intervention)
      if let kept {
        let reached = try reach(port, intervention)
        for index in 0..<count {
          replacement[index] = L.select(
            L.equal(reached[index % single], .zero), kept[index], replacement[index])
        }
      }
      try visit(port, intervention) { index, lane in mask[index][lane] = 1 }
    }
  }

  /// Refuses a direction that is no unit vector, of which more or less than its share would be taken away.
  private func checkLength(
    of vector: Tensor, _ port: Instrumentation.Port, _ intervention: Intervention
  ) throws {
    let size = port.mask.shape.count / (port.steps ?? 1)
    for start in stride(from: 0, to: vector.count, by: max(size, 1)) {
      let square = vector.scalars[start..<min(start + size, vector.count)].reduce(0) {
        $0 + $1 * $1
      }
      guard (square - 1).magnitude < 1e-3 else {
        throw NetworkError(
          "'\(intervention)' needs a vector of length 1, and this one's square is \(square)")
      }
    }
  }

  /// Enters a vector where the intervention holds, joined with what lies there already.
  private func enter(
    _ vector: Tensor, at leaf: Expression?, _ port: Instrumentation.Port,
    _ intervention: Intervention, _ join: (_ old: L, _ new: L) -> L
  ) throws {
    guard let leaf, let values = executor.place(of: leaf) else { return }
    let old = Array(UnsafeBufferPointer(start: values, count: leaf.shape.count))
    try place(vector, at: leaf, intervention)
    let reached = try reach(port, intervention)
    for index in old.indices {
      values[index] = L.select(
        L.equal(reached[index], .zero), old[index], join(old[index], values[index]))
    }
  }

  /// Writes what an intervention puts in the place of a value.
  private func fill(
    _ replacement: UnsafeMutablePointer<L>, _ port: Instrumentation.Port,
    _ intervention: Intervention
  ) throws {
    let clean = clean[port.place] ?? []
    let single = port.mask.shape.count
    let rows = port.variesByExample ? examples : 1
    switch intervention.action {
    case .zero: replacement.update(repeating: .zero, count: rows * single)
    case .mean:
      let layout = ReductionLayout(
        sizes: [rows, single], strides: [single, 1], reduced: [0])
      let share = L(repeating: 1 / Float(rows))
      clean.withUnsafeBufferPointer { clean in
        if let base = clean.baseAddress { sum(base, into: replacement, layout) }
      }
      for index in 0..<single { replacement[index] = replacement[index] * share }
      for row in 1..<max(rows, 1) {
        (replacement + row * single).update(from: replacement, count: single)
      }
    case .resample(let seed):
      var generator = Generator(seed: seed, stream: .analysis)
      // One round through all examples, so that none gets its own.
      let order = generator.permutation(of: rows)
      for place in 0..<rows {
        let (row, other) = (order[place], order[(place + 1) % rows])
        for index in 0..<single {
          replacement[row * single + index] = clean[other * single + index]
        }
      }
    case .patch(let tensor): try place(tensor, at: port.replacement, intervention)
    case .steer, .projectOut: break
    }
  }

  /// One for each number of the place that an intervention reaches in each network, zero elsewhere.
  private func reach(_ port: Instrumentation.Port, _ intervention: Intervention) throws -> [L] {
    var reached = [L](repeating: .zero, count: port.mask.shape.count)
    try visit(port, intervention) { index, lane in reached[index][lane] = 1 }
    return reached
  }

  /// Goes through the numbers of the place that an intervention reaches in each network.
  private func visit(
    _ port: Instrumentation.Port, _ intervention: Intervention,
    _ body: (_ index: Int, _ lane: Int) -> Void
  ) throws {
    let shape = port.steps == nil ? port.mask.shape : port.mask.shape.dropFirst()
    let steps = port.steps ?? 1
    let times = intervention.steps ?? Array(0..<steps)
    guard times.allSatisfy({ $0 >= 0 && $0 < steps }) else {
      throw NetworkError("'\(intervention)': there are only \(steps) steps")
    }
    var chosen: [Int] = []
    for lane in 0..<L.width {
      if lane == 0 || intervention.differsByNetwork {
        let network = min(group.lowerBound + lane, population - 1)
        chosen = try places(intervention, shape, network: network)
      }
      for time in times {
        for index in chosen { body(time * shape.count + index, lane) }
      }
    }
  }

  /// The places of a site of some shape that an intervention chooses in a network, in order.
  private func places(_ intervention: Intervention, _ shape: Shape, network: Int) throws -> [Int] {
    func own(_ choices: [[Int]]) throws -> [Int] {
      guard choices.count == population else {
        throw NetworkError(
          "'\(intervention)' chooses for \(choices.count) networks, but \(population) run")
      }
      return choices[network]
    }
    let along: [(axis: Int, units: [Int])]
    switch intervention.part {
    case .all: along = []
    case .units(let units, let axis): along = [(axis, units)]
    case .unitsByNetwork(let all, let axis): along = [(axis, try own(all))]
    case .entriesByNetwork(let all):
      let entries = try own(all)
      if let stranger = entries.first(where: { $0 < 0 || $0 >= shape.count }) {
        throw NetworkError(
          "'\(intervention)': there are only \(shape.count) entries, not \(stranger)")
      }
      return entries
    case .block(let choices):
      along = choices.enumerated().compactMap { axis, units in units.map { (axis, $0) } }
    }
    var chosen = Array(0..<shape.count)
    for (axis, units) in along {
      guard axis >= 0, axis < shape.rank else {
        throw NetworkError(
          "'\(intervention)' chooses along axis \(axis) of a place of shape \(shape)")
      }
      for unit in units where unit < 0 || unit >= shape[axis] {
        throw NetworkError("'\(intervention)': there are only \(shape[axis]) places, not \(unit)")
      }
      let (stride, size) = (shape.strides[axis], shape[axis])
      chosen = chosen.filter { units.contains($0 / stride % size) }
    }
    return chosen
  }

  private func place(_ tensor: Tensor, at leaf: Expression, _ intervention: Intervention) throws {
    let varying = leaf.variesByExample
    let fits: [Shape] =
      [leaf.shape, leaf.shape.prepending(population)]
      + (varying
        ? [leaf.shape.prepending(examples), leaf.shape.prepending(examples).prepending(population)]
        : [])
    guard fits.contains(tensor.shape) else {
      throw NetworkError(
        "'\(intervention)' has a value of shape \(tensor.shape), but the place has \(leaf.shape)")
    }
    let full = varying ? leaf.shape.prepending(examples) : leaf.shape
    let byNetwork =
      tensor.shape == full.prepending(population)
      || (tensor.shape == leaf.shape.prepending(population) && population != examples)
      || (!varying && tensor.shape == leaf.shape.prepending(population))
    executor.load(tensor, at: leaf, group: group, byNetwork: byNetwork)
  }
}
