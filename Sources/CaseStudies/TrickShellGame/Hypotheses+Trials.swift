import Experiments
import Findings
import Interpretability
import Networks
import Tensors
import TrickShellGameTask

/// What the interventions of the trial do to the games of up to two moves, of which there are 2,271.
extension TrickShellGame {
  /// The share of games that each network gets right throughout: all of up to two moves, or others.
  func right(
    _ weights: Weights, _ games: Examples? = nil, with interventions: [Intervention] = [],
    threads: Int
  ) throws -> [Double] {
    try ledger.network.scores(
      weights, on: games ?? probes.examples, under: [interventions], threads: threads)[0]
      .map { Double($0.accuracy) }
  }

  /// Some games as long as those of training.
  static func longerGames() throws -> Examples {
    var generator = Generator(seed: 6, stream: .analysis)
    return try functions.examples(
      functions.randomGames(1000, of: trainedMoves, using: &generator), steps: trainedMoves)
  }

  /// The share of games right with every matrix cut to its rank, with one direction less, and with as many directions
  /// drawn at random.
  func cutting(_ weights: Weights, _ games: Examples? = nil, threads: Int) throws -> (
    toRank: [Double], oneLess: [Double], random: [Double]
  ) {
    let matrices = weights[ledger.matrices]
    func share(_ matrices: Tensor) throws -> [Double] {
      try right(
        weights, games, with: [Intervention(at: ledger.matrices, .patch(matrices))],
        threads: threads)
    }
    var generator = Generator(seed: 1, stream: .analysis)
    let drawn = singularValues(randomMatrices(like: matrices, using: &generator))
    return (
      try share(truncated(matrices) { Self.imageSize(of: $0) }),
      try share(truncated(matrices) { Self.imageSize(of: $0) - 1 }),
      try share(
        projected(matrices) { network, move in
          Array(drawn[network][move].directions.prefix(Self.imageSize(of: move)))
        })
    )
  }

  /// For each network the share of its matrices whose rank is the number of cups that the move leaves.
  static func ranksAsPredicted(_ values: [[SingularValues]]) -> [Double] {
    values.map { moves in
      let hits = moves.indices.count { moves[$0].rank() == imageSize(of: $0) }
      return Double(hits) / Double(moves.count)
    }
  }

  /// How far any score moves at most when all weights but the corners are replaced by what the corners predict, or by what
  /// those of the next network do.
  func rebuilding(_ weights: Weights, threads: Int) throws -> (own: [Double], others: [Double]) {
    let clean = try scores(weights, threads: threads)
    let parts = rebuilt(ledger, weights)
    func moved(_ matrices: Tensor, _ readOut: Tensor) throws -> [Double] {
      let replaced = weights.replacing("W", with: matrices).replacing("U", with: readOut)
      return Self.largestChange(clean, try scores(replaced, threads: threads))
    }
    let order = (0..<weights.count).map { ($0 + 1) % weights.count }
    return (
      try moved(parts.matrices, parts.readOut),
      try moved(parts.matrices.slices(order), parts.readOut.slices(order))
    )
  }

  private func scores(_ weights: Weights, threads: Int) throws -> Tensor {
    try ledger.network.run(weights, on: probes.examples, threads: threads)[ledger.network.output]
  }

  /// Starts every game of up to two moves in the middle of the three corners.
  ///
  /// - Returns: How far any score is at most from the share of the cups that the ball may have come from; and the same with
  ///   a random point as far from zero as that middle.
  func doubting(_ weights: Weights, threads: Int) throws -> (own: [Double], random: [Double]) {
    let games = Self.functions.games(of: 0...Self.triedMoves).filter { $0.start == 0 }
    let examples = try Self.functions.examples(games, steps: Self.trainedMoves)
    let shares = games.flatMap { game in Self.shares(after: game.moves).map(Float.init) }
    let e = weights[ledger.embedding]
    let middle = Tensor(shape: [weights.count, 3]) { (place: Int) -> Float in
      let (network, axis) = (place / 3, place % 3)
      return (e[network, 0, axis] + e[network, 1, axis] + e[network, 2, axis]) / 3
    }
    var generator = Generator(seed: 2, stream: .analysis)
    let drawn = randomMatrices(
      like: try middle.reshaped(to: [weights.count, 1, 3]), using: &generator)
    func off(_ point: Tensor) throws -> [Double] {
      let run = try ledger.network.run(
        weights, on: examples, with: [Intervention(at: ledger.initial, .patch(point))],
        threads: threads)[ledger.network.output]
      return Self.largestChange(run, Tensor(shape: run.shape) { shares[$0 % shares.count] })
    }
    return (try off(middle), try off(drawn.reshaped(to: [weights.count, 3])))
  }

  /// The share of the three cups that some moves bring under each cup.
  static func shares(after moves: [Int]) -> [Double] {
    var shares = [Double](repeating: 0, count: 3)
    for start in 0..<3 {
      shares[moves.reduce(start) { functions.transitions[$1][$0] }] += 1.0 / 3
    }
    return shares
  }

  /// Adds the difference of two corners before a move that brings both to one cup.
  ///
  /// - Returns: How far any score moves at most after the move, over all such moves, pairs and starts; and the same with
  ///   random vectors as long.
  func forgetting(_ weights: Weights, threads: Int) throws -> (own: [Double], random: [Double]) {
    let e = weights[ledger.embedding]
    var generator = Generator(seed: 3, stream: .analysis)
    var (own, random) = (
      [Double](repeating: 0, count: weights.count), [Double](repeating: 0, count: weights.count)
    )
    for pair in [[0, 1], [1, 2], [0, 2]] {
      let merging = Self.functions.transitions.indices.filter { move in
        Self.functions.transitions[move][pair[0]] == Self.functions.transitions[move][pair[1]]
      }
      let games = (0..<3).flatMap { start in merging.map { (start: start, moves: [$0]) } }
      let examples = try Self.functions.examples(games, steps: Self.trainedMoves)
      let difference = Tensor(shape: [weights.count, 3]) { (place: Int) -> Float in
        e[place / 3, pair[0], place % 3] - e[place / 3, pair[1], place % 3]
      }
      let drawn = randomMatrices(
        like: try difference.reshaped(to: [weights.count, 1, 3]), using: &generator)
      let clean = try ledger.network.run(weights, on: examples, threads: threads)
      func moved(_ vector: Tensor) throws -> [Double] {
        let steered = try ledger.network.run(
          weights, on: examples, with: [Intervention(at: ledger.initial, .steer(along: vector))],
          threads: threads)
        return Self.largestChange(
          clean[ledger.network.output], steered[ledger.network.output])
      }
      own = zip(own, try moved(difference)).map(max)
      random = zip(random, try moved(drawn.reshaped(to: [weights.count, 3]))).map(max)
    }
    return (own, random)
  }

  /// The largest difference of each network's numbers.
  static func largestChange(_ one: Tensor, _ other: Tensor) -> [Double] {
    let size = one.shape.dropFirst().count
    return (0..<one.shape[0]).map { network in
      var largest: Float = 0
      for place in network * size..<(network + 1) * size {
        largest = max(largest, (one.scalars[place] - other.scalars[place]).magnitude)
      }
      return Double(largest)
    }
  }
}
