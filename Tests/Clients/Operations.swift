// The network that has a site for every operation.

import Artifacts
import Networks
import Tensors

func writeOperations(to gallery: Gallery) throws {
  let examples = 3

  let x = Input("x", [4, 2], kind: .reals)
  let tokens = Input("tokens", [4], kind: .tokens(vocabulary: 5))
  let length = Input("length", [], kind: .lengths)
  let table = Parameter("table", [5, 2], .normal(deviation: 1))
  let w = Parameter("w", [2, 3], .normal(deviation: 1))
  let u = Parameter("u", [3, 3], .normal(deviation: 0.5))
  let start = Parameter("start", [3], .normal(deviation: 0.5))
  let sequence = Parameter("sequence", [4, 3], .normal(deviation: 0.5))

  var sites: [Site] = []
  @discardableResult
  func site(_ name: String, _ value: some Traced) -> Expression {
    let site = Site(name, value)
    sites.append(site)
    return site.expression
  }

  let y = site("embedded", gather(table, tokens))
  site("one-hot", oneHot(tokens, count: 5))
  let z = site("product", (x + y) • w)
  site("scores", contract("qd,kd->qk", z, z) * (1 / Float(2)))
  site("pattern", softmax(contract("qd,kd->qk", z, z)))
  site("log-pattern", logSoftmax(contract("qd,kd->qk", z, z)))
  site("weights-alone", contract("ij,jk->ki", w, u))
  site("scalar", contract("i,i->", start, start))
  site("row", z + start)
  site("column", sum(z, axes: [1]).reshaped([4, 1]) * z)
  site("of-examples", (x - exampleMean(x)) / (exp(x) + Float(1)))
  site("negated", -z)
  site("relu", relu(z))
  site("step", step(z))
  site("abs", abs(z))
  site("square", square(z))
  site("log", log(abs(z) + Float(0.1)))
  site("tanh", tanh(z))
  site("sigmoid", sigmoid(z))
  site("root", sqrt(abs(z)))
  site("reciprocal", Float(1) / (abs(z) + Float(0.5)))
  site("less", less(tokens, Float(2)))
  site("equal", equal(tokens, Float(1)))
  site("select", select(less(x, Float(0)), y, Float(0.25)))
  site("noisy", z + noise([4, 3], deviation: 0.3))
  site("constant", z * constant(Tensor(shape: [4, 1]) { Float($0) }))
  site("sum", sum(z, axes: [0]))
  site("sum-of-all", sum(z))
  site("max", maximum(z, axes: [-1]))
  site("argmax", argmax(z))
  site("reshaped", z.reshaped([2, 6]))
  site("permuted", z.reshaped([2, 2, 3]).permuted([2, 0, 1]))
  site("sliced", z.sliced(axis: 1, 1..<3))
  site("concatenated", concatenated([z, x], axis: 1))

  func recurrence(
    _ name: String, over x: some Traced, lengths: Input? = nil, reversed: Bool = false
  ) {
    let zero = constant(Tensor([0, 0, 0]))
    let run = scan(carry: [start, zero], over: [x], lengths: lengths, reversed: reversed) {
      carry, now in
      let state = Site("\(name)-state", tanh(carry[0] • u + now[0]))
      return ([state.expression, carry[1] + square(carry[0])], [state.expression, carry[1]])
    }
    for (index, value) in run.carry.enumerated() { site("\(name)-last-\(index)", value) }
    for (index, value) in run.outputs.enumerated() { site("\(name)-over-time-\(index)", value) }
  }
  recurrence("forward", over: z)
  recurrence("backward", over: z, reversed: true)
  recurrence("masked", over: z, lengths: length)
  recurrence("masked-backward", over: z, lengths: length, reversed: true)
  recurrence("unbatched", over: sequence)

  // What the output does not need is not in the graph: it needs everything.
  let output = Site("output", sites.reduce(constant(Tensor([0])).reshaped([])) { $0 + sum($1) })
  let network = try Network(output: output, loss: output)

  var generator = Generator(seed: 0, stream: .initialization)
  let batch = try Examples([
    "x": Tensor(shape: [examples, 4, 2]) { _ in generator.normal() },
    "tokens": Tensor(shape: [examples, 4], kind: .whole) { Float($0 * 7 % 5) },
    "length": Tensor([1, 4, 2], shape: [examples], kind: .whole),
  ])
  try write(
    network, network.initialWeights(seeds: [0]), on: batch, to: gallery.case("operations"))
}
