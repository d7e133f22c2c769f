import Networks
import Tensors

/// Where the swaps AB, BC and AC take the ball from each place.
private let swaps = [1, 0, 2, 0, 2, 1, 2, 1, 0]

extension Workload {
  /// The shell game: three places, three moves, a matrix each; six moves in every game.
  static let shell = Workload(
    name: "shell", networks: 100, steps: 3000,
    network: { try MoveRecurrence(places: 3, moves: 3, width: 2, steps: 6).network },
    data: shared(
      .made(inputs: ["start", "moves", "length", "places"], batch: 64) { generator, game in
        var place = generator.index(below: 3)
        game[0][0] = Float(place)
        game[2][0] = 6
        game[3][0] = Float(place)
        for step in 0..<6 {
          let move = generator.index(below: 3)
          place = swaps[3 * move + place]
          game[1][step] = Float(move)
          game[3][step + 1] = Float(place)
        }
      }), schedule: schedule(3000))
}
