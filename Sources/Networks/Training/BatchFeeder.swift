import Tensors

/// Puts each step's examples before the networks of one group, each network's from its own stream.
struct BatchFeeder<L: Lane> {
  /// The inputs that are filled.
  let inputs: [Expression]
  /// Whether every step sees the same examples.
  let isStill: Bool

  private let source: Source
  /// Where each input lies; nil for one that training does not need, such as one only read for the score.
  private let targets: [UnsafeMutablePointer<L>?]
  private let sizes: [Int]
  private let batch: Int
  private var generators: [Generator]
  private var filled = false
  /// The rows of a table that a step sees, and an example that was made.
  private var picked: [Int]
  private var made: [[Float]]

  private enum Source {
    /// A table an input and lane (each seed may have its own answers), and the rows each lane may draw.
    case table(tables: [[[Float]]], rows: [[Int]], draws: Bool)
    case maker(@Sendable (inout Generator, inout [[Float]]) -> Void)
  }

  init(
    _ network: Network, _ data: TrainingData, seeds: [Int], _ executor: Executor<L>, batch: Int
  ) {
    self.batch = batch
    generators = seeds.map { Generator(seed: $0, stream: .order) }
    switch data.source {
    case .table(let examples, let rows, let size):
      let present = (network.inputs + network.targets).filter { examples[$0.name] != nil }
      inputs = present.map(\.expression)
      let names = network.targets.map(\.name)
      let tables = seeds.map { seed in
        var own = examples
        if data.shufflesTargets {
          var generator = Generator(seed: seed, stream: .labels)
          own = examples.permuting(names, by: generator.permutation(of: examples.count))
        }
        return present.map { own[$0.name]?.scalars ?? [] }
      }
      source = .table(tables: tables, rows: seeds.map(rows), draws: size != nil)
      isStill = size == nil
    case .maker(let names, _, let make):
      let all = network.inputs + network.targets
      inputs = names.compactMap { name in all.first { $0.name == name }?.expression }
      source = .maker(make)
      isStill = false
    }
    sizes = inputs.map(\.shape.count)
    targets = inputs.map { executor.place(of: $0) }
    picked = [Int](repeating: 0, count: batch)
    made = sizes.map { [Float](repeating: 0, count: $0) }
  }

  /// Writes the next step's examples.
  mutating func fill() {
    if isStill, filled { return }
    filled = true
    for lane in generators.indices {
      // The last stream also fills the lanes that no network has.
      let lanes = lane == generators.count - 1 ? lane..<L.width : lane..<lane + 1
      fill(lane, lanes)
    }
  }

  private mutating func fill(_ lane: Int, _ lanes: Range<Int>) {
    switch source {
    case .table(let tables, let rows, let draws):
      let (tables, rows) = (tables[lane], rows[lane])
      for example in 0..<batch {
        picked[example] = rows[draws ? generators[lane].index(below: rows.count) : example]
      }
      for (input, size) in sizes.enumerated() {
        tables[input].withUnsafeBufferPointer { table in
          for example in 0..<batch {
            write(table, from: picked[example] * size, to: input, example, lanes)
          }
        }
      }
    case .maker(let make):
      for (input, size) in sizes.enumerated() {
        for index in 0..<size { made[input][index] = 0 }
      }
      for example in 0..<batch {
        make(&generators[lane], &made)
        for input in sizes.indices {
          made[input].withUnsafeBufferPointer { write($0, from: 0, to: input, example, lanes) }
        }
      }
    }
  }

  private func write(
    _ scalars: UnsafeBufferPointer<Float>, from start: Int, to input: Int, _ example: Int,
    _ lanes: Range<Int>
  ) {
    guard let target = targets[input] else { return }
    let size = sizes[input]
    let out = target + example * size
    if lanes.count == L.width {
      for index in 0..<size { out[index] = L(repeating: scalars[start + index]) }
      return
    }
    let numbers = UnsafeMutableRawPointer(out).assumingMemoryBound(to: Float.self)
    for index in 0..<size {
      for lane in lanes { numbers[index * L.width + lane] = scalars[start + index] }
    }
  }
}

/// Counts the right answers of the networks of one group.
final class Evaluator<L: Lane> {
  private let executor: Executor<L>
  private let evaluation: Evaluation
  /// The rows that count for each network.
  private var rows: [[Int]] = []

  init(_ network: Network, _ evaluation: Evaluation, threads: Int) {
    self.evaluation = evaluation
    let examples = evaluation.examples
    let answers = (network.correct ?? Float(0).expression).reshaped([])
      .broadcast(to: ValueType(shape: [], variesByExample: true))
    executor = Executor<L>(
      pruned(tabulated([answers], examples: examples.count)), examples: examples.count,
      keepsAll: false, threads: threads)
    for input in network.inputs + network.targets {
      if let tensor = examples[input.name] {
        executor.load(tensor, at: input, group: 0..<1, byNetwork: false)
      }
    }
  }

  /// Begins with the networks of some seeds.
  func take(_ seeds: [Int]) { rows = seeds.map(evaluation.rows) }

  /// The share of right answers of each network, on the rows that count for its seed.
  func accuracies(parameters: [Expression], of trained: Executor<L>) -> [Float] {
    for parameter in parameters {
      guard let from = trained.place(of: parameter) else { continue }
      executor.place(of: parameter)?.update(from: from, count: parameter.shape.count)
    }
    executor.run()
    let correct = executor.roots[0]
    return rows.enumerated().map { lane, rows in
      let right = rows.reduce(0) { $0 + (correct[$1][lane] == 1 ? 1 : 0) }
      return Float(right) / Float(max(rows.count, 1))
    }
  }
}
