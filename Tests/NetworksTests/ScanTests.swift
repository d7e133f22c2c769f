import Tensors
import Testing

import func Foundation.tanh

@testable import Networks

@Suite struct ScanTests {
  private let x: Input
  private let w = Parameter("W", [3, 3], .zeros)
  private let u = Parameter("U", [2, 3], .zeros)
  private let start = Parameter("h0", [3], .zeros)
  private let steps = 5
  private let examples = 4

  init() { x = Input("x", [5, 2], kind: .reals) }

  private func leaves(_ x: Input, steps: Int, seed: Int = 4) -> [(
    leaf: any Traced, scalars: [Float]
  )] {
    [
      (x, randomScalars(examples * steps * 2, seed: seed, scale: 2)),
      (w, randomScalars(9, seed: 1)), (u, randomScalars(6, seed: 2)),
      (start, randomScalars(3, seed: 3)),
    ]
  }

  /// The recurrence written out, a copy of the body a step.
  private func unrolled(reversed: Bool) -> [Expression] {
    var states = [Expression?](repeating: nil, count: steps)
    var h = start.expression
    for turn in 0..<steps {
      let time = reversed ? steps - 1 - turn : turn
      h = tanh(h • w + x.sliced(axis: 0, time..<time + 1).reshaped([2]) • u)
      states[time] = h.reshaped([1, 3])
    }
    return [h, concatenated(states.compactMap { $0 }, axis: 0)]
  }

  @Test(arguments: [false, true])
  func hasTheBitsOfItsUnrolledCopy(reversed: Bool) {
    let run = GradientCase.recurrence(start, x, w, u, reversed: reversed)
    let looped = computed([run.last, run.states], examples: examples, leaves(x, steps: steps))
    let copied = computed(
      unrolled(reversed: reversed), examples: examples, leaves(x, steps: steps))
    #expect(same(looped[0], copied[0]))
    #expect(looped[1] == copied[1])
  }

  @Test(arguments: [false, true])
  func hasTheGradientOfItsUnrolledCopy(reversed: Bool) {
    func slopes(_ last: Expression, _ states: Expression) -> [[Float]] {
      let loss = sum(exampleMean(square(last))) + sum(exampleMean(states))
      return computed(
        gradient(of: loss, by: [w, u, start].map(\.expression)), examples: examples,
        leaves(x, steps: steps))
    }
    let run = GradientCase.recurrence(start, x, w, u, reversed: reversed)
    let copy = unrolled(reversed: reversed)
    for (looped, copied) in zip(slopes(run.last, run.states), slopes(copy[0], copy[1])) {
      #expect(isClose(looped, copied.map(Double.init), 1e-5))
    }
  }

  /// Last carry and gradients of runs that are padded to some length.
  private func padded(to steps: Int, lengths: [Float], padding: Float) -> [[Float]] {
    let x = Input("x", [steps, 2], kind: .reals)
    let length = Input("length", [], kind: .lengths)
    let run = GradientCase.recurrence(start, x, w, u, lengths: length)
    var leaves = self.leaves(x, steps: steps)
    var scalars = randomScalars(examples * 10 * 2, seed: 4)
    scalars = (0..<examples * steps * 2).map { index in
      let (example, time) = (index / (steps * 2), index / 2 % steps)
      return Float(time) < lengths[example]
        ? scalars[(example * 10 + time) * 2 + index % 2] : padding
    }
    leaves[0].scalars = scalars
    leaves.append((length, lengths))
    let loss = sum(exampleMean(square(run.last)))
    let slopes = gradient(of: loss, by: [w, u, start].map(\.expression))
    return computed([run.last] + slopes, examples: examples, leaves)
  }

  @Test func paddingChangesNoBit() {
    let lengths: [Float] = [1, 4, 3, 0]
    let short = padded(to: 4, lengths: lengths, padding: 0)
    for (steps, padding) in [(4, Float(7)), (5, 0), (9, -3e30), (10, 1e-30)] {
      let long = padded(to: steps, lengths: lengths, padding: padding)
      for (left, right) in zip(short, long) { #expect(same(left, right), "\(steps) steps") }
    }
  }

  @Test func lengthsThatAreWholeAreAsGoodAsNone() {
    let run = GradientCase.recurrence(start, x, w, u)
    let loss = sum(exampleMean(square(run.last)))
    let slopes = gradient(of: loss, by: [w, u, start].map(\.expression))
    let masked = GradientCase.recurrence(start, x, w, u, lengths: Float(5))
    let others = gradient(
      of: sum(exampleMean(square(masked.last))), by: [w, u, start].map(\.expression))
    let both = computed(slopes + others, examples: examples, leaves(x, steps: steps))
    for index in 0..<3 { #expect(both[index] == both[index + 3]) }
  }

  @Test func noStepsLeaveTheCarry() {
    let none = Input("x", [0, 2], kind: .reals)
    let run = GradientCase.recurrence(start, none, w, u)
    let values = computed([run.last, run.states], examples: 1, leaves(none, steps: 0))
    #expect(values == [randomScalars(3, seed: 3), []])
  }

  @Test func aThousandStepsCostNoCopies() {
    let parameters = [w, u, start].map(\.expression)
    func nodes(_ steps: Int) -> (count: Int, run: () -> [[Float]]) {
      let x = Input("x", [steps, 2], kind: .reals)
      let run = GradientCase.recurrence(start, x, w, u)
      let loss = sum(exampleMean(square(run.last)))
      let roots = [run.last] + gradient(of: loss, by: parameters)
      func size(_ roots: [Expression]) -> Int {
        topological(roots).reduce(0) { total, node in
          let scan = node.operation as? Scan
          return total + 1 + (scan.map { size($0.next + $0.outputs) } ?? 0)
        }
      }
      return (size(roots), { computed(roots, examples: examples, leaves(x, steps: steps)) })
    }
    let (short, long) = (nodes(2), nodes(1000))
    #expect(short.count == long.count)
    let values = long.run()
    #expect(values.joined().allSatisfy { $0.isFinite })
    // The same recurrence in Double, for the last example; tanh forgets what was rounded long ago.
    let question = randomScalars(examples * 2000, seed: 4, scale: 2)
    let (matrix, entry) = (randomScalars(9, seed: 1), randomScalars(6, seed: 2))
    var h = randomScalars(3, seed: 3).map(Double.init)
    for time in 0..<1000 {
      h = (0..<3).map { unit in
        var total = 0.0
        for from in 0..<3 { total += h[from] * Double(matrix[from * 3 + unit]) }
        for from in 0..<2 {
          let place = ((examples - 1) * 1000 + time) * 2 + from
          total += Double(question[place]) * Double(entry[from * 3 + unit])
        }
        return Foundation.tanh(total)
      }
    }
    #expect(isClose(Array(values[0].suffix(3)), h, 1e-5))
  }

  @Test func mistakesAreErrorsThatQuoteShapes() {
    func problem(
      _ carry: [any Traced], _ sequences: [any Traced],
      _ body: ([Expression], [Expression]) -> ([Expression], [Expression])
    ) -> String {
      let run = scan(carry: carry, over: sequences) { body($0, $1) }
      #expect(run.carry.count == carry.count)
      return message {
        let output = Site("output", run.carry[0])
        return try Network(output: output, loss: output)
      }
    }
    let grown = problem([start], [x]) { h, x in ([concatenated([h[0], x[0]], axis: 0)], []) }
    #expect(grown.contains("scan") && grown.contains("[3]") && grown.contains("[5]"))
    let inner = problem([start], [x]) { h, x in ([h[0] + x[0]], []) }
    #expect(inner.contains("add") && inner.contains("[3]") && inner.contains("[2]"))
    let fewer = problem([start, start], [x]) { h, _ in ([h[0]], []) }
    #expect(fewer.contains("2 carries") && fewer.contains("[3]"))
    let more = problem([start], [x]) { h, _ in ([h[0], h[0]], []) }
    #expect(more.contains("1 carries"))
    let uneven = problem([start], [x, w]) { h, _ in (h, []) }
    #expect(uneven.contains("[3, 3]") && uneven.contains("5 steps"))
    let single = problem([start], [Float(1)]) { h, _ in (h, []) }
    #expect(single.contains("[]"))
  }
}
