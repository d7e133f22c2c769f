import ElmanTask
import Experiments
import Interpretability
import Investigations
import Networks
import Tensors

extension Elman {
  /// How loud a call is when another one is whispered into it; together they are as loud as one.
  private static let loudness: Float = 0.8
  /// How many games beyond the task are played of each kind, and how long they are.
  private static let gamesBeyond = (count: 64, long: 120, whispered: 12)
  /// After how many moves of a game its state is looked at.
  private static let lookedAtAfter = 2

  public func explanation() throws -> Explanation? {
    let long = try Follower(steps: Self.gamesBeyond.long)
    let plane = Component(
      "the quiet plane", at: follower.hidden, step: Self.lookedAtAfter - 1,
      members: ["the better ear", "the other"]
    ) { [follower] weights in
      let ears = weights.indices.map {
        SingularValues(of: Planes.transposed(weights[follower.w].slice($0)))
      }
      return Located(
        members: try (0..<Planes.dimensions).map { ear in
          try .spanned(by: Tensor(stacking: ears.map { try Planes.rows([$0.directions[ear]]) }))
        },
        // Two ears, and no third that is nearly as good.
        present: ears.map { $0.values[1] > Self.clearlyBetter * $0.values[2] })
    }
    let program = Program(
      "one cup, which each call takes to another, the loudest of them if there are two",
      from: ["start", "moves", "length"], to: "places",
      variables: [
        .init("the cup", in: plane) { base, source in
          let there = Self.cups(row: source)[Self.lookedAtAfter]
          return Self.cups(row: base).prefix(Self.lookedAtAfter)
            + Self.cups(row: base, from: Int(there), after: Self.lookedAtAfter)
        }
      ]
    ) { Self.cups(row: $0) }
    return Explanation(
      of: plane, programs: [program],
      // All games of four moves, every way of arriving under every cup.
      examples: try Self.game.examples(Planes.games, steps: follower.steps), isExhaustive: false,
      beyond: [
        .init("long", "games twenty times as long as any in training", in: long.network) {
          try Self.game.examples(
            Self.game.randomGames(Self.gamesBeyond.count, of: long.steps, using: &$0),
            steps: long.steps)
        },
        .init(
          "whispered", "games in which another call is whispered into every call",
          in: try listening(), make: Self.whisperedGames),
      ]
    ) { [follower] weights, network in
      let ears = SingularValues(of: weights[follower.w].slice(network)).values
      return "\(ears.count { $0 * Self.clearlyBetter > ears[0] }) ears about as good as the best"
    }
  }

  /// How much better an ear must be than the next for it to count as another kind.
  private static let clearlyBetter = 1.5

  /// The program: the cup at the start and after every move, or after some moves if the game goes on from another cup.
  private static func cups(row: Program.Row, from cup: Int? = nil, after first: Int = 0) -> [Float]
  {
    let moves = row["moves"]
    let length = Int(row["length"][0])
    var place = cup ?? Int(row["start"][0])
    var answers = [Float(place)]
    for move in moves[first..<length] {
      place = game.transitions[Int(move)][place]
      answers.append(Float(place))
    }
    return answers + [Float](repeating: 0, count: moves.count - length)
  }
}

// MARK: Whispers

extension Elman {
  /// The story's network, hearing two calls at every move: what is said by each, as loud as it is.
  private func listening() throws -> Network {
    let (steps, cups) = (Self.gamesBeyond.whispered, Follower.cups)
    let start = Input("start", [], kind: .tokens(vocabulary: cups))
    let called = Input("moves", [steps], kind: .tokens(vocabulary: Follower.moves))
    let whispered = Input("whispered", [steps], kind: .tokens(vocabulary: Follower.moves))
    let places = Input("places", [steps + 1], kind: .tokens(vocabulary: cups))
    let (e, b) = (follower.embedding, follower.b)
    func said(_ calls: Input) -> Expression { gather(e, calls + Float(cups)) }
    let layer = ElmanLayer(
      over: Self.loudness * said(called) + (1 - Self.loudness) * said(whispered), follower.w, b,
      from: relu(gather(e, start) + b))
    let first = relu(gather(e, start) + b)
    let states = concatenated(
      [first.reshaped([1, follower.hidden.shape.count]), layer.states], axis: 0)
    let logits = states • follower.readOut + follower.readOutBias
    return try Network(
      output: Site("logits", logits, axes: ["move", "cup"]),
      loss: -sum(oneHot(places, count: cups) * logSoftmax(logits)),
      correct: 1 - maximum(1 - equal(argmax(logits), places)))
  }

  /// Games with a whispered call in every call, which may be the true one: where the ball most likely is is right.
  ///
  /// That takes weighing both calls, and remembering doubt; in half of the games obeying the louder one is not enough.
  private static func whisperedGames(using generator: inout Generator) throws -> Examples {
    var games: [(start: Int, moves: [Int])] = []
    var (whispers, likeliest): ([Float], [Float]) = ([], [])
    var plain = 0
    while games.count < gamesBeyond.count {
      let drawn = game.randomGames(1, of: gamesBeyond.whispered, using: &generator)[0]
      let others = drawn.moves.map { ($0 + 1 + generator.index(below: 2)) % Follower.moves }
      var chances: [Float] = (0..<Follower.cups).map { $0 == drawn.start ? 1 : 0 }
      var likely = [Float(drawn.start)]
      for (move, other) in zip(drawn.moves, others) {
        // A swap is its own inverse.
        chances = chances.indices.map { cup in
          loudness * chances[game.transitions[move][cup]]
            + (1 - loudness) * chances[game.transitions[other][cup]]
        }
        likely.append(Float(chances.indices.max { chances[$0] < chances[$1] } ?? 0))
      }
      let obeyed = try places(drawn).map(Float.init)
      if likely == obeyed {
        guard plain < gamesBeyond.count / 2 else { continue }
        plain += 1
      }
      games.append(drawn)
      whispers += others.map(Float.init)
      likeliest += likely
    }
    let size = gamesBeyond.whispered
    return try game.examples(games, steps: size)
      .replacing("whispered", with: Tensor(whispers, shape: [games.count, size], kind: .whole))
      .replacing("places", with: Tensor(likeliest, shape: [games.count, size + 1], kind: .whole))
  }
}
