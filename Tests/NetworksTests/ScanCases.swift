import Tensors

@testable import Networks

/// Loops over time whose gradients are checked like those of the other operations.
extension GradientCase {
  /// h ← tanh(h • w + x • u), the two-line recurrence.
  static func recurrence(
    _ start: some Traced, _ x: some Traced, _ w: some Traced, _ u: some Traced,
    lengths: (any Traced)? = nil, reversed: Bool = false
  ) -> (last: Expression, states: Expression) {
    let run = scan(carry: [start], over: [x], lengths: lengths, reversed: reversed) { h, x in
      let next = tanh(h[0] • w + x[0] • u)
      return (carry: [next], outputs: [next])
    }
    return (run.carry[0], run.outputs[0])
  }

  private static let shapes: [Shape] = [[3, 3], [2, 3], [3]]

  static let scans: [GradientCase] = [
    GradientCase(name: "scan, last carry", parameters: shapes, inputs: [[4, 2]]) { p, x in
      recurrence(p[2], x[0], p[0], p[1]).last
    },
    GradientCase(name: "scan, outputs", parameters: shapes, inputs: [[4, 2]]) { p, x in
      recurrence(p[2], x[0], p[0], p[1]).states
    },
    GradientCase(name: "scan, both", parameters: shapes, inputs: [[4, 2]]) { p, x in
      let run = recurrence(p[2], x[0], p[0], p[1])
      return concatenated([run.states, run.last.reshaped([1, 3])], axis: 0)
    },
    GradientCase(name: "scan from the end", parameters: shapes, inputs: [[4, 2]]) { p, x in
      let run = recurrence(p[2], x[0], p[0], p[1], reversed: true)
      return run.states + run.last
    },
    GradientCase(name: "scan with lengths", parameters: shapes, inputs: [[4, 2], []]) { p, x in
      let run = recurrence(p[2], x[0], p[0], p[1], lengths: Float(1) + tokens(x[1]))
      return run.states + run.last
    },
    GradientCase(name: "scan from the end, lengths", parameters: shapes, inputs: [[4, 2], []]) {
      p, x in
      recurrence(p[2], x[0], p[0], p[1], lengths: tokens(x[1]), reversed: true).last
    },
    GradientCase(name: "scan the same for all examples", parameters: shapes + [[4, 2]]) { p, _ in
      let run = recurrence(p[2], p[3], p[0], p[1])
      return run.states * run.last
    },
    GradientCase(
      name: "scan over a parameter from a varying start", parameters: shapes + [[4, 2]],
      inputs: [[3]]
    ) { p, x in
      let run = recurrence(p[2] * x[0], p[3], p[0], p[1])
      return run.states * run.last
    },
    GradientCase(name: "scan of one step", parameters: shapes, inputs: [[1, 2]]) { p, x in
      recurrence(p[2], x[0], p[0], p[1]).last
    },
    GradientCase(name: "scan with two carries", parameters: [[2, 3], [3], [2]], inputs: [[4, 2]]) {
      p, x in
      let run = scan(carry: [p[1], p[2]], over: [x[0]]) { carry, slices in
        let slow = Float(0.5) * carry[0] + tanh(carry[1] • p[0])
        let fast = sigmoid(carry[1] + slices[0] * sum(carry[0]))
        return (carry: [slow, fast], outputs: [slow * slow, sum(fast)])
      }
      return concatenated(
        [
          run.carry[0], run.carry[1], run.outputs[0].reshaped([12]),
          run.outputs[1] * Float(2),
        ], axis: 0)
    },
    GradientCase(
      name: "scan capturing a value and what it is made of", parameters: [[3]], inputs: [[4, 3]]
    ) { p, x in
      let double = p[0] * Float(2)
      return scan(carry: [p[0]], over: [x[0]]) { h, x in
        let next = tanh(h[0] * double + x[0] * p[0] + sum(double))
        return (carry: [next], outputs: [])
      }.carry[0]
    },
    GradientCase(name: "scan capturing a varying value", parameters: [[3]], inputs: [[4, 3], [3]]) {
      p, x in
      let context = p[0] * x[1]
      return scan(carry: [p[0]], over: [x[0]]) { h, slice in
        let next = tanh(h[0] * context + slice[0])
        return (carry: [next], outputs: [])
      }.carry[0]
    },
    GradientCase(name: "scan over two sequences", parameters: [[4, 3]], inputs: [[4, 3]]) { p, x in
      scan(carry: [constant(Tensor(repeating: 0, shape: [3]))], over: [x[0], p[0]]) { h, slices in
        let next = h[0] + slices[0] * square(slices[1])
        return (carry: [next], outputs: [next])
      }.outputs[0]
    },
    GradientCase(name: "scan over a scan", parameters: shapes + [[3, 3]], inputs: [[4, 2]]) {
      p, x in
      let lower = recurrence(p[2], x[0], p[0], p[1])
      return recurrence(lower.last, lower.states, p[0], p[3], reversed: true).states
    },
    GradientCase(name: "scan in a scan", parameters: shapes, inputs: [[3, 2, 2]]) { p, x in
      scan(carry: [p[2]], over: [x[0]]) { h, slices in
        let inner = recurrence(h[0], slices[0], p[0], p[1])
        return (carry: [inner.last], outputs: [inner.states])
      }.outputs[0]
    },
    GradientCase(name: "scan that forgets its carry", parameters: [[3]], inputs: [[4, 3]]) { p, x in
      let run = scan(carry: [p[0]], over: [x[0]]) { _, x in
        (carry: [x[0] * p[0]], outputs: [p[0].expression, x[0]])
      }
      return run.outputs[0] * run.outputs[1] + run.carry[0]
    },
    GradientCase(name: "scan that keeps its carry", parameters: [[3], [2, 3]]) { p, _ in
      let run = scan(carry: [p[0]], over: [p[1]]) { h, x in (carry: h, outputs: [h[0] * x[0]]) }
      return run.outputs[0] + run.carry[0]
    },
  ]
}
