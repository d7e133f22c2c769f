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

    /// The loss and the gradients, of networks that see the same games or each its own.
    func values<L: Lane>(_ loss: Expression, as _: L.Type, ownGames: Bool = false) -> [[Float]] {
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
        for lane in 1..<max(L.width, 1) where ownGames {
          for index in 0..<tensor.count {
            executor.place(of: input)?[index][lane] = Float(generator.index(below: most))
          }
        }
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
      for ownGames in [false, true] {
        let before = game.values(game.loss, as: L.self, ownGames: ownGames)
        let after = game.values(lean, as: L.self, ownGames: ownGames)
        #expect(before.map { $0.map(\.bitPattern) } == after.map { $0.map(\.bitPattern) })
        #expect(after[2].contains { $0 != 0 })
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test(arguments: [false, true]) func readsTableUnlessOthersReadWhatIsPicked(othersRead: Bool) {
    let game = Game(width: 2, .both)
    let gathers = topological([game.loss]).filter {
      $0.operation is Gather && $0.operands[0] == game.matrices.expression
    }
    let loss = othersRead ? game.loss + exampleMean(sum(Expression(gathers[0]))) : game.loss
    let lean = withMatrixRecurrences([loss])[0]
    let recurrence = topological([lean]).first { $0.operation is MatrixRecurrence }
    #expect(recurrence?.operands.count == (othersRead ? 3 : 4))
    let (before, after) = (game.values(loss, as: Float.self), game.values(lean, as: Float.self))
    #expect(before.map { $0.map(\.bitPattern) } == after.map { $0.map(\.bitPattern) })
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
