import Experiments
import Tensors
import Testing

@testable import Networks

@Suite struct AutomatonTests {
  private let cups = Automaton.swaps(of: 3)

  @Test func swapsExchangeTwoPlaces() {
    #expect(cups.transitions == [[1, 0, 2], [2, 1, 0], [0, 2, 1]])
    #expect(Automaton.swaps(of: 6).moveCount == 15)
  }

  @Test func everyGameIsPlayedOnce() throws {
    let games = cups.games(of: 0...4)
    #expect(games.count == 3 * (1 + 3 + 9 + 27 + 81))
    #expect(Set(games.map { [$0.start] + $0.moves }).count == games.count)
    let examples = try cups.examples(games, steps: 5)
    #expect(examples["moves"]?.shape == [games.count, 5])
    let row = try #require(games.firstIndex { $0.start == 0 && $0.moves == [0, 2, 1] })
    // A to B to C to A.
    #expect(examples["places"]?.slice(row).scalars == [0, 1, 2, 0, 0, 0])
    #expect(examples["length"]?.scalars[row] == 3)
  }

  @Test func whatIsWithheldNeverHappens() {
    let withheld = [(place: 0, move: 0), (place: 2, move: 1)]
    let data = cups.training(lengths: 2...4, steps: 4, batch: 8, withholding: withheld)
    guard case .maker(_, _, let make) = data.source else {
      Issue.record("the games are not made up as training goes")
      return
    }
    var generator = Generator(seed: 0, stream: .order)
    var game = [[0], [0, 0, 0, 0], [0], [0, 0, 0, 0, 0]].map { $0.map(Float.init) }
    for _ in 0..<500 {
      make(&generator, &game)
      let (moves, length, places) = (game[1], Int(game[2][0]), game[3])
      #expect((2...4).contains(length))
      for step in 0..<4 {
        let (from, to) = (Int(places[step]), Int(places[step + 1]))
        guard step < length else {
          #expect(moves[step] == 0 && to == 0)
          continue
        }
        #expect(cups.transitions[Int(moves[step])][from] == to)
        #expect(!withheld.contains { $0.place == from && Float($0.move) == moves[step] })
      }
    }
  }

  @Test func badInputIsOneClearError() {
    #expect(throws: NetworkError("there is no move 3, only 3 of them from 0 on")) {
      try cups.places(from: 0, playing: [0, 3])
    }
    #expect(throws: NetworkError("there is no place -1, only 3 of them from 0 on")) {
      try cups.places(from: -1, playing: [])
    }
    #expect(throws: NetworkError("a game of 7 moves does not fit into 6 steps")) {
      try cups.examples([(0, [0, 1, 2, 0, 1, 2, 0])], steps: 6)
    }
  }
}
