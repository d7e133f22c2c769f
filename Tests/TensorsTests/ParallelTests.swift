import Tensors
import Testing

@Suite struct ParallelTests {
  private struct Failure: Error, Equatable { let piece: Int }

  @Test(arguments: [1, 2, 3, 8, 0])
  func resultsComeInOrder(threads: Int) throws {
    for count in [0, 1, 7, 100] {
      #expect(try parallelMap(count, threads: threads) { $0 * $0 } == (0..<count).map { $0 * $0 })
    }
  }

  @Test(arguments: [1, 4])
  func theFirstFailureIsThrown(threads: Int) {
    #expect(throws: Failure(piece: 3)) {
      try parallelMap(20, threads: threads) { piece -> Int in
        if piece % 4 == 3 { throw Failure(piece: piece) }
        return piece
      }
    }
  }

  @Test(arguments: [1, 2, 3, 8])
  func turnsAreTakenInOrder(threads: Int) {
    let (next, turns) = (Turns(), Turns())
    var order: [Int] = []
    for _ in 0..<2 {
      next.reset()
      turns.reset()
      inParallel(threads: threads) { _ in
        var number = next.take()
        while number < 100 {
          turns.wait(for: number)
          order.append(number)
          turns.end(number)
          number = next.take()
        }
      }
    }
    #expect(order == Array(0..<100) + Array(0..<100))
  }
}
