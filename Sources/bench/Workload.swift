import Networks
import Tensors

/// A population that is trained for its whole schedule.
struct Workload: Sendable {
  let name: String
  let networks: Int
  let steps: Int
  let network: @Sendable () throws -> Network
  let data: TrainingData
  let schedule: Schedule

  /// Seconds of one run, initial weights included, and the operations of one step of one network.
  func run(_ network: Network, _ count: Int, threads: Int) throws -> (
    seconds: Double, operations: Int
  ) {
    var operations = 0
    let elapsed = try ContinuousClock().measure {
      operations = try network.train(
        on: data, evaluation: nil, schedule: schedule, seeds: Array(0..<count),
        measured: [steps], stored: [steps], threads: threads
      ).operationsPerStep
    }
    return (elapsed / .seconds(1), operations)
  }

  static func all(_ sizes: Sizes = Sizes()) -> [Workload] {
    [xor, parity(sizes), reverse, shell].flatMap { [$0, $0.withOwnStreams] } + [grok]
  }

  /// The workload with a stream of batches for each network, as the gallery trains.
  private var withOwnStreams: Workload {
    var data = self.data
    data.isShared = false
    return Workload(
      name: name + "-own", networks: networks, steps: steps, network: network, data: data,
      schedule: schedule)
  }

  private static let xor = Workload(
    name: "xor", networks: 1000, steps: 1500,
    network: { try perceptron(inputs: 2, width: 16, l1: 1e-3) },
    data: shared(.whole(signs(2) { $0[0] * $0[1] * -1 })), schedule: schedule(1500))

  private static func parity(_ sizes: Sizes) -> Workload {
    Workload(
      name: "parity", networks: 100, steps: 2000,
      network: { try perceptron(inputs: sizes.inputs, width: sizes.width, l1: 1e-3) },
      data: shared(.drawn(from: signs(sizes.inputs) { $0.prefix(4).reduce(1, *) }, batch: 64)),
      schedule: schedule(2000))
  }

  static func schedule(_ steps: Int) -> Schedule {
    Schedule(
      optimizer: .adam(beta1: 0.9, beta2: 0.98, weightDecay: 0.01), learningRate: 1e-2,
      steps: steps)
  }

  static func shared(_ data: TrainingData) -> TrainingData {
    var data = data
    data.isShared = true
    return data
  }

  /// One hidden layer of rectified units, squared error, and a price on the size of every weight.
  private static func perceptron(inputs: Int, width: Int, l1: Float) throws -> Network {
    let x = Input("x", [inputs], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    let w1 = Parameter("W1", [inputs, width], .normal(deviation: 0.5))
    let b1 = Parameter("b1", [width], .zeros)
    let w2 = Parameter("W2", [width, 1], .normal(deviation: 0.5))
    let output = Site("output", relu(x • w1 + b1) • w2)
    return try Network(
      output: output, loss: square(output - target), penalty: l1 * (sum(abs(w1)) + sum(abs(w2))))
  }

  /// All rows of −1 and 1, with an answer each.
  private static func signs(_ count: Int, _ answer: ([Float]) -> Float) -> Examples {
    let rows = (0..<1 << count).map { row in
      (0..<count).map { Float(row >> $0 & 1) * 2 - 1 }
    }
    let x = Tensor(shape: [rows.count, count]) { rows[$0 / count][$0 % count] }
    let target = Tensor(shape: [rows.count, 1]) { answer(rows[$0]) }
    do {
      return try Examples(["x": x, "target": target])
    } catch {
      preconditionFailure("Both tensors have a row a corner: \(error)")
    }
  }
}
