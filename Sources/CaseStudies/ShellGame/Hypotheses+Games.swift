import Experiments
import Findings
import Networks
import ShellGameTask
import Tensors

/// How games went: the share of them that each network gets right throughout, or what it says at their end.
extension ShellGame {
  /// Every game of up to eight moves begins one of these, a block a start and first move.
  static var longestGames: [[(start: Int, moves: [Int])]] {
    let all = cups.games(of: triedMoves...triedMoves)
    let size = all.count / 9
    return (0..<9).map { Array(all[$0 * size..<($0 + 1) * size]) }
  }

  /// Every game of up to six moves begins one of these.
  static var trainedGames: [(start: Int, moves: [Int])] {
    cups.games(of: trainedMoves...trainedMoves)
  }

  /// The share of games that each network gets right at the start and after every move.
  func right(
    _ weights: Weights, _ games: [(start: Int, moves: [Int])], rules: Automaton = cups,
    of network: Network? = nil, with interventions: [Intervention] = [], steps: Int = triedMoves,
    threads: Int
  ) throws -> [Double] {
    let examples = try rules.examples(games, steps: steps)
    return try (network ?? mirrors.network).scores(
      weights, on: examples, under: [interventions], threads: threads)[0].map {
        Double($0.accuracy)
      }
  }

  /// The share of all games of eight moves, and so of all shorter ones, that each network gets right throughout.
  func rightOnAll(_ weights: Weights, threads: Int) throws -> [Double] {
    let blocks = try Self.longestGames.map { try right(weights, $0, threads: threads) }
    return (0..<weights.count).map { network in Statistics.mean(blocks.map { $0[network] }) }
  }

  /// The games of a few moves in which something happens that is withheld in training.
  static var unseenGames: [(start: Int, moves: [Int])] {
    cups.games(of: 1...4).filter { game in
      var place = game.start
      for move in game.moves {
        if withheld.contains(where: { $0.place == place && $0.move == move }) { return true }
        place = cups.transitions[move][place]
      }
      return false
    }
  }

  /// How far any score is at most from 1 or 0, of the three withheld pairs played alone.
  static func offOnUnseen(_ weights: Weights, width: Int, threads: Int) throws -> [Double] {
    let net = try network(width: width, steps: trainedMoves)
    let games = withheld.map { (start: $0.place, moves: [$0.move]) }
    let run = try net.network.run(
      weights, on: cups.examples(games, steps: trainedMoves), threads: threads)[net.network.output]
    let right = games.flatMap { game in
      (0..<3).map { cups.transitions[game.moves[0]][game.start] == $0 ? Float(1) : 0 }
    }
    return largestChange(run, Tensor(shape: run.shape) { right[$0 % right.count] })
  }

  /// How many long games are played, how long they are, and by how many moves at a time.
  static let longGames = (count: 50, moves: 1000, segment: 40)

  /// The share of long games in which each network knows the cup after so many moves, and the share that it gets right
  /// after every move.
  ///
  /// - Returns: `[networks][moves]`, and one number a network.
  static func playingLong(_ weights: Weights, threads: Int) throws -> (
    after: [[Double]], throughout: [Double]
  ) {
    let width = weights["E"]?.shape[2] ?? 2
    let net = try network(width: width, steps: longGames.segment)
    let readOut = weights[net.readOut]
    var generator = Generator(seed: 0, stream: .analysis)
    var places = (0..<longGames.count).map { _ in generator.index(below: 3) }
    var segments: [Tensor] = []
    let allRight = [Bool](repeating: true, count: longGames.count)
    var isRight = [[Bool]](repeating: allRight, count: weights.count)
    var after = [[Double]](repeating: [], count: weights.count)
    try net.network.run(
      weights, inSegments: longGames.moves / longGames.segment, from: net.last, to: net.initial,
      recording: [net.state], threads: threads,
      on: { _ in
        let games = places.map { place in
          (start: place, moves: (0..<net.steps).map { _ in generator.index(below: 3) })
        }
        let examples = try cups.examples(games, steps: net.steps)
        segments = [examples["places"]].compactMap { $0 }
        return examples
      }
    ) { _, run in
      let (states, answers) = (run[net.state].scalars, segments[0])
      for network in 0..<weights.count {
        let u = readOut.slice(network).scalars
        for step in 0..<net.steps {
          var count = 0
          for game in 0..<longGames.count {
            let row = network * longGames.count + game
            let at = (row * net.steps + step) * width
            let place = Int(answers.scalars[game * (net.steps + 1) + step + 1])
            var own: Float = 0
            for axis in 0..<width { own += states[at + axis] * u[3 * axis + place] }
            var knows = true
            for cup in 0..<3 where cup != place {
              var other: Float = 0
              for axis in 0..<width { other += states[at + axis] * u[3 * axis + cup] }
              knows = knows && own > other
            }
            if knows { count += 1 } else { isRight[network][game] = false }
          }
          after[network].append(Double(count) / Double(longGames.count))
        }
      }
      places = (0..<longGames.count).map { Int(answers[$0, net.steps]) }
    }
    let throughout = isRight.map { games in
      Double(games.count { $0 }) / Double(longGames.count)
    }
    return (after, throughout)
  }
}
