import Tensors
import Testing

@testable import Networks

@Suite struct ElmanLayerTests {
  private let x = randomTensor([3, 5, 2], seed: 1)
  private let w = randomTensor([2, 2], seed: 2)
  private let b = randomTensor([2], seed: 3)
  private let start = randomTensor([2], seed: 4)
  private let lengths = [5, 1, 3]

  private func layer(isFromStart: Bool) throws -> (layer: ElmanLayer, network: Network) {
    let inputs = Input("x", [5, 2], kind: .reals), length = Input("length", [], kind: .lengths)
    let layer = ElmanLayer(
      over: inputs, Parameter("W", [2, 2], .values(w.scalars)),
      Parameter("b", [2], .values(b.scalars)),
      from: isFromStart ? Parameter("start", [2], .values(start.scalars)) : nil, lengths: length)
    let last = Site("last", layer.last)
    return (layer, try Network(output: last, loss: sum(layer.states)))
  }

  /// The formula, written out.
  private func states(_ example: Int, from start: [Double]) -> [[Double]] {
    var state = start
    return (0..<5).map { step in
      state = (0..<2).map { unit in
        let heard = (0..<2).reduce(0.0) { $0 + state[$1] * Double(w[$1, unit]) }
        return Swift.max(0, heard + Double(x[example, step, unit]) + Double(b[unit]))
      }
      return state
    }
  }

  @Test(arguments: [false, true])
  func followsTheFormula(isFromStart: Bool) throws {
    let (layer, network) = try layer(isFromStart: isFromStart)
    let examples = try Examples([
      "x": x, "length": Tensor(lengths.map(Float.init), shape: [3], kind: .whole),
    ])
    let run = try network.run(
      network.initialWeights(seeds: [0]), on: examples, recording: [layer.hidden, network.output])
    for (example, length) in lengths.enumerated() {
      let begun = isFromStart ? start.scalars.map(Double.init) : [0, 0]
      let expected = states(example, from: begun)
      for step in 0..<length {
        let state = run[layer.hidden].slice(0).slice(example).slice(step).scalars
        #expect(isClose(state, expected[step], 1e-6))
      }
      let last = run[network.output].slice(0).slice(example).scalars
      #expect(isClose(last, expected[length - 1], 1e-6))
    }
  }

  @Test func mistakesInShapesAreOneError() {
    let x = Input("x", [5, 2], kind: .reals)
    let layer = ElmanLayer(over: x, Parameter("W", [3, 3], .zeros), Parameter("b", [2], .zeros))
    let text = message { try Network(output: Site("last", layer.last), loss: layer.last) }
    #expect(text.contains("einsum") && text.contains("[2]") && text.contains("[3, 3]"), "\(text)")
  }
}
