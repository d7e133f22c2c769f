import Interpretability
import Networks
import Tensors
import Testing

@Suite("Looking at a network that is known")
struct ObservationTests {
  let known: KnownNetwork

  init() throws { known = try KnownNetwork() }

  @Test("A detector's selectivity for its corner is one, and of a unit that always fires none")
  func selectivityOfDetectors() throws {
    let index = selectivity(of: try known.activations()) { $0 == 2 }
    #expect(index[1] == 1)
    #expect(index[4] == -1)
    #expect(index[2] == 0)
    #expect(index[0] == 0 && index[3] == 0)
  }

  @Test("Selectivity is (a − b) / (a + b)")
  func selectivityByHand() throws {
    let activations = try Tensor([3, 0, 1, 4, 2, 0], shape: [3, 2])
    let index = selectivity(of: activations) { $0 == 0 }
    #expect(index == [(3 - 1.5) / (3 + 1.5), -1])
  }

  @Test(
    "With the class dealt out at random, a detector's selectivity is one in a quarter of the draws")
  func shuffledBaseline() throws {
    var generator = Generator(seed: 0, stream: .analysis)
    let activations = try known.activations()
    let drawn = (0..<400).map { _ in
      shuffledSelectivity(of: activations, to: { $0 == 2 }, using: &generator)[1]
    }
    let ones = drawn.count { $0 == 1 }
    #expect(drawn.allSatisfy { $0 == 1 || $0 == -1 })
    #expect((70...130).contains(ones))
  }

  @Test("Flipping an input moves what depends on it, by what it should")
  func flipping() throws {
    let moved = try flippingEachInput(
      "x", of: known.network, known.weights, on: known.examples, watching: known.hidden)
    #expect(moved.shape == [3, 2, 6])
    // The detector holds 2 at one corner: flipping either input takes it there or away at two of four.
    #expect(moved[0, 0, 1] == 1 && moved[0, 1, 1] == 1)
    // The unit that follows the first input changes by 1 with it and does not heed the other.
    #expect(moved[0, 0, 5] == 1 && moved[0, 1, 5] == 0)
    #expect(moved[0, 0, 0] == 0 && moved[0, 0, 2] == 0)
  }

  @Test("Flipping what is no input of signs is refused")
  func flippingUnknown() throws {
    #expect(throws: NetworkError.self) {
      try flippingEachInput(
        "y", of: known.network, known.weights, on: known.examples, watching: known.hidden)
    }
  }

  @Test("What the units add is the output without its bias")
  func attributionAddsUp() throws {
    let readOut: [Float] = [0, 1, 0, 1, 1, 0]
    let parts = readOutAttribution(of: try known.activations(), through: readOut)
    let outputs = try known.network.run(known.weights, on: known.examples)[known.output]
    for corner in 0..<4 {
      let total = (0..<KnownNetwork.width).reduce(Float(0)) { $0 + parts[corner, $1] }
      #expect(total - 1 == outputs[0, corner, 0])
    }
    #expect(parts[2, 1] == 2 && parts[1, 4] == 2)
  }

  @Test("The baseline of attribution uses the same weights elsewhere")
  func shuffledAttributionMoves() throws {
    var generator = Generator(seed: 1, stream: .analysis)
    let activations = try Tensor([1, 1, 1, 1], shape: [1, 4])
    let parts = shuffledAttribution(of: activations, through: [1, 2, 3, 4], using: &generator)
    #expect(parts.scalars.sorted() == [1, 2, 3, 4])
    #expect(parts.scalars != [1, 2, 3, 4])
  }

  @Test("A measure settles where it holds to the end")
  func emergence() {
    let checkpoints = [0, 1, 4, 9, 20].map { ($0, known.weights) }
    var values = [0, 1, 0, 2, 3].makeIterator()
    let emergence = Emergence(over: checkpoints) { _ in values.next() ?? 0 }
    #expect(emergence.settled { $0 > 0 } == 9)
    #expect(emergence.settled { $0 >= 0 } == 0)
    #expect(emergence.settled { $0 > 3 } == nil)
  }
}
