import Tensors
import Testing

@testable import Networks

/// A scan that multiplies by matrices gives the same bits as one operation.
@Suite struct MatrixRecurrenceTests {
  private static let steps = 5

  /// The loss of every answer, of the last state alone, or of both.
  enum Read: CaseIterable { case products, last, both }

  private struct Game {
    let start = Input("start", [], kind: .tokens(vocabulary: 3))
    let moves = Input("moves", [steps], kind: .tokens(vocabulary: 3))
    let length = Input("length", [], kind: .lengths)
    let embedding: Parameter
    let matrices: Parameter
    let loss: Expression

    init(width: Int, _ read: Read) {
      embedding = Parameter("E", [3, width], .normal(deviation: 0.5))
      matrices = Parameter("W", [3, width, width], .normal(deviation: 0.7))
      let run = scan(
        carry: [gather(embedding, start)], over: [gather(matrices, moves)], lengths: length
      ) { h, matrix in
        let after = Site("state", contract("ij,j->i", matrix[0], h[0]))
        return (carry: [after.expression], outputs: [after.expression])
      }
      let costs = [sum(square(run.outputs[0] - Float(0.3))), sum(square(run.carry[0]))]
      loss = exampleMean(
        read == .products ? costs[0] : read == .last ? costs[1] : costs[0] + costs[1])
    }

    func values<L: Lane>(_ loss: Expression, as _: L.Type) -> [[Float]] {
      let parameters = [embedding, matrices]
      let roots = [loss] + gradient(of: loss, by: parameters.map(\.expression))
      let executor = Executor<L>(roots, examples: 40, keepsAll: false)
      var generator = Generator(seed: 2, stream: .analysis)
      for parameter in parameters {
        let count = parameter.shape.count
        let weights = Tensor(shape: [count]) { _ in Float(generator.index(below: 200)) / 100 - 1 }
        for lane in 0..<L.width {
          for index in 0..<count {
            executor.place(of: parameter)?[index][lane] = weights[index] + Float(lane) / 16
          }
        }
      }
      for (input, most) in [(start, 3), (moves, 3), (length, Self.mostSteps + 1)] {
        let shape = input.shape.prepending(40)
        let tensor = Tensor(shape: shape, kind: .whole) { _ in
          Float(generator.index(below: most))
        }
        executor.load(tensor, at: input, group: 0..<1, byNetwork: false)
      }
      executor.run()
      return zip(roots, executor.roots).map { root, place in
        (0..<root.shape.count).flatMap { index in (0..<L.width).map { place[index][$0] } }
      }
    }

    private static let mostSteps = steps
  }

  @Test(arguments: [1, 2, 3], Read.allCases)
  func changesNoBit(width: Int, read: Read) throws {
    let game = Game(width: width, read)
    let lean = withMatrixRecurrences([game.loss])[0]
    #expect(topological([lean]).contains { $0.operation is MatrixRecurrence })
    #expect(!topological([lean]).contains { $0.operation is Scan })
    func check<L: Lane>(_: L.Type) {
      let (before, after) = (game.values(game.loss, as: L.self), game.values(lean, as: L.self))
      #expect(before.map { $0.map(\.bitPattern) } == after.map { $0.map(\.bitPattern) })
      #expect(after[2].contains { $0 != 0 })
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test func leavesOtherScansAlone() {
    let x = Input("x", [4, 2], kind: .signs)
    let w = Parameter("W", [2, 2], .normal(deviation: 1))
    let start = constant(Tensor([0, 0]))
    let run = scan(carry: [start], over: [x]) { h, now in
      let next = tanh(contract("ij,j->i", w, h[0]) + now[0])
      return (carry: [next], outputs: [next])
    }
    #expect(withMatrixRecurrences(run.outputs) == run.outputs)
  }
}
