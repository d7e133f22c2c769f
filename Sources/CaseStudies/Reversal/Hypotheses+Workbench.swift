import Interpretability
import Networks
import ReversalTask
import Tensors

/// Networks on the bench: what is done to them, and how many tokens come out as foretold.
struct Workbench {
  let reader: Reader
  let weights: Weights
  let examples: Examples
  let threads: Int

  init(_ reader: Reader, _ weights: Weights, on examples: Examples, threads: Int) {
    (self.reader, self.weights) = (reader, weights)
    (self.examples, self.threads) = (examples, threads)
  }

  var heads: TransformerBlock { reader.heads }
  var model: Transformer { reader.model }
  private var tokens: Tensor { examples["tokens"] ?? Tensor([]) }

  /// The answers if each place should have the token of another.
  func taken(in order: [Int]) -> Tensor { Reversal.taken(from: tokens, in: order) }

  /// The share of each network's tokens that are as foretold.
  ///
  /// - Parameters:
  ///   - interventions: Applied together.
  ///   - answers: What is foretold; the right answers, if nil.
  /// - Returns: A share for each network.
  /// - Throws: `NetworkError` if an intervention does not fit the network.
  func share(
    _ interventions: [Intervention] = [], of answers: Tensor? = nil
  ) throws -> [Double] {
    let marked = try answers.map { try examples.replacing("target", with: $0) } ?? examples
    return try reader.byToken.scores(
      weights, on: marked, under: [interventions], threads: threads)[0]
      .map { Double($0.accuracy) }
  }

  /// The share of tokens that are as foretold at each place: `[networks][places]`.
  func shareByPlace(
    _ interventions: [Intervention] = [], of foretold: Tensor? = nil
  ) throws -> [[Double]] {
    let logits = try reader.network.run(
      weights, on: examples, with: interventions, threads: threads)[reader.logits]
    let (count, places, size) = (logits.shape[1], logits.shape[2], logits.shape[3])
    let answers = (foretold ?? examples["target"])?.scalars ?? []
    return (0..<weights.count).map { network in
      (0..<places).map { place in
        let right = (0..<count).count { row in
          let start = ((network * count + row) * places + place) * size
          let own = logits.scalars[start..<start + size]
          let largest = own.indices.max { own[$0] < own[$1] } ?? start
          return Float(largest - start) == answers[row * places + place]
        }
        return Double(right) / Double(count)
      }
    }
  }

  // MARK: What is put into a run from another

  /// Sites as they are in another run: on other sequences, or with something done to the networks.
  func patches(
    _ sites: [Site], from others: Examples? = nil, with interventions: [Intervention] = []
  ) throws -> [Intervention] {
    let run = try reader.network.run(
      weights, on: others ?? examples, with: interventions, recording: sites, threads: threads)
    return sites.map { Intervention(at: $0, .patch(run[$0])) }
  }

  /// Queries and keys as they would be without the tokens.
  func routingByPositions() throws -> [Intervention] {
    try patches([heads.q, heads.k], with: [Intervention(at: model.embed, .zero)])
  }

  /// Queries and keys as they would be without the positions.
  func routingByTokens() throws -> [Intervention] {
    try patches([heads.q, heads.k], with: [Intervention(at: model.posEmbed, .zero)])
  }

  /// Another sequence for each: its neighbour in the list.
  var donors: Examples { examples.rows((1...examples.count).map { $0 % examples.count }) }

  /// The output with nothing of the stream but what the head adds; the rest is its mean, or zero.
  func bypassCut(by ablation: Ablation) throws -> [Intervention] {
    let run = try reader.network.run(
      weights, on: examples, recording: [heads.residPre, heads.attentionOut], threads: threads)
    let (stream, added) = (run[heads.residPre], run[heads.attentionOut])
    let (count, size) = (examples.count, heads.residPre.shape.count)
    let means = (0..<weights.count * size).map { index in
      let base = index / size * count * size + index % size
      return (0..<count).reduce(0.0) { $0 + Double(stream.scalars[base + $1 * size]) }
        / Double(count)
    }
    func rest(_ network: Int, _ row: Int, _ place: Int) -> Double {
      let base = network * count * size + place
      switch ablation {
      case .zero: return 0
      case .resample: return Double(stream.scalars[base + (row + 1) % count * size])
      case .mean: return means[network * size + place]
      }
    }
    let patch = Tensor(shape: added.shape) { index in
      let (network, row) = (index / (count * size), index / size % count)
      return added.scalars[index] + Float(rest(network, row, index % size))
    }
    return [Intervention(at: heads.residPost, .patch(patch))]
  }

  // MARK: Renumbering

  /// The share of tokens as foretold if the places are renumbered for one side of the head alone, on average over some
  /// renumberings, and at worst.
  ///
  /// Place p gets the vector of place `order[p]`. As a query it then looks for the key of place 7 − order[p]; as a
  /// key, it is found by the query of place 7 − order[p].
  func renumbered(_ orders: [[Int]]) throws -> (mean: [Double], least: [Double]) {
    let all = try renumberings(orders).map { try share($0.interventions, of: taken(in: $0.order)) }
    return (
      (0..<weights.count).map { network in
        all.reduce(0.0) { $0 + $1[network] } / Double(all.count)
      },
      (0..<weights.count).map { network in all.map { $0[network] }.min() ?? 0 }
    )
  }

  /// The share of tokens that are lost at places that have to read themselves, and at all others.
  func lostByRenumbering(_ orders: [[Int]]) throws -> (themselves: [Double], others: [Double]) {
    var (themselves, others) = ([Double](), [Double]())
    for (order, interventions) in try renumberings(orders) {
      for shares in try shareByPlace(interventions, of: taken(in: order)) {
        for (place, share) in shares.enumerated() {
          if order[place] == place {
            themselves.append(1 - share)
          } else {
            others.append(1 - share)
          }
        }
      }
    }
    return (themselves, others)
  }

  /// For each way to renumber the places, with queries and then with keys, where each place's answer comes from then.
  private func renumberings(
    _ orders: [[Int]]
  ) throws -> [(order: [Int], interventions: [Intervention])] {
    try orders.flatMap { order in
      let renumbering = [try model.permutingPositions(by: order, weights)]
      return [
        (Self.byQueries(order), try patches([heads.q], with: renumbering)),
        (Self.byKeys(order), try patches([heads.k], with: renumbering)),
      ]
    }
  }

  /// The same if the vectors are not those of other places but random ones of the same lengths.
  func renumberedAtRandom(
    _ orders: [[Int]], using generator: inout Generator
  ) throws -> [Double] {
    let random = [model.randomPositions(weights, using: &generator)]
    let (queries, keys) = (
      try patches([heads.q], with: random), try patches([heads.k], with: random)
    )
    let all = try orders.flatMap { order in
      [
        try share(queries, of: taken(in: Self.byQueries(order))),
        try share(keys, of: taken(in: Self.byKeys(order))),
      ]
    }
    return (0..<weights.count).map { network in
      all.reduce(0.0) { $0 + $1[network] } / Double(all.count)
    }
  }

  /// Where each place's answer comes from if queries are renumbered.
  static func byQueries(_ order: [Int]) -> [Int] { order.map { Reversal.length - 1 - $0 } }

  /// Where each place's answer comes from if keys are renumbered.
  static func byKeys(_ order: [Int]) -> [Int] {
    Reversal.backwards.map { order.firstIndex(of: $0) ?? 0 }
  }

  /// Where each place's answer comes from if all that a place is known by is renumbered.
  static func everywhere(_ order: [Int]) -> [Int] {
    order.map { order.firstIndex(of: Reversal.length - 1 - $0) ?? 0 }
  }
}

extension Reversal {
  /// Some ways to renumber the places.
  static let renumberings: [[Int]] = {
    var generator = Generator(seed: 0, stream: .analysis)
    return (0..<5).map { _ in generator.permutation(of: length) }
  }()

  /// Where each place's answer comes from if all are rotated.
  static func rotation(by steps: Int) -> [Int] { (0..<length).map { ($0 + steps) % length } }

  /// Sequences in which each place and the place so many steps on hold every pair of tokens once.
  ///
  /// Steps lead round in cycles of even length, so two tokens are enough: in turns along each cycle.
  static func everyPair(rotatedBy steps: Int) throws -> Examples {
    var isOdd = [Bool?](repeating: nil, count: length)
    for start in 0..<length {
      var (place, odd) = (start, false)
      while isOdd[place] == nil {
        isOdd[place] = odd
        (place, odd) = ((place + steps) % length, !odd)
      }
    }
    let count = vocabulary * vocabulary
    let tokens = Tensor(shape: [count, length], kind: .whole) { index in
      let pair = index / length
      return Float(isOdd[index % length] == true ? pair % vocabulary : pair / vocabulary)
    }
    return try Examples([
      "tokens": tokens, "target": taken(from: tokens, in: rotation(by: steps)),
    ])
  }

  /// The hardest sequence of each network.
  static func hardest(
    _ reader: Reader, _ weights: Weights, threads: Int
  ) throws -> [HardestSequence] {
    try parallelMap(weights.count, threads: threads) {
      HardestSequence(for: reader, weights, network: $0)
    }
  }

  /// The margin that each network really has at the place in danger, given its hardest sequence.
  static func margins(
    _ hardest: [HardestSequence], of reader: Reader, _ weights: Weights, threads: Int
  ) throws -> [Double] {
    let length = reader.model.configuration.context
    let tokens = Tensor(shape: [hardest.count, length], kind: .whole) {
      Float(hardest[$0 / length].tokens[$0 % length])
    }
    let logits = try reader.network.run(
      weights, on: try Examples(["tokens": tokens]), threads: threads)[reader.logits]
    return hardest.enumerated().map { network, sequence in
      let right = sequence.tokens[length - 1 - sequence.place]
      let own = (0..<vocabulary).map {
        Double(logits[network, network, sequence.place, $0])
      }
      let wrong = own.indices.filter { $0 != right }.map { own[$0] }.max() ?? 0
      return own[right] - wrong
    }
  }
}
