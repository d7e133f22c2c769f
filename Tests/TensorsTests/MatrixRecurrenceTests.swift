import Tensors
import Testing

/// Recurrences and their gradients, against loops over one network's numbers.
@Suite struct MatrixRecurrenceTests {
  /// One network's numbers: the states before each step, the products, the last state.
  private struct Course {
    var before: [Float] = []
    var products: [Float] = []
    var last: [Float] = []
  }

  private struct Game {
    let examples = 3
    let steps = 5
    let width: Int
    let rows = 4
    let table, first, lastSlope, productSlopes: [Float]
    let tokens, counts: [Float]

    init(width: Int, seed: Int) {
      self.width = width
      table = randomScalars(rows * width * width, seed: seed)
      first = randomScalars(examples * width, seed: seed + 1)
      lastSlope = randomScalars(examples * width, seed: seed + 2)
      productSlopes = randomScalars(examples * steps * width, seed: seed + 3)
      // The same for all networks.
      tokens = (0..<examples * steps).map { Float($0 * 7 % 4) }
      counts = (0..<examples * steps).map { $0 % 3 == 1 ? 0 : 1 }
    }

    /// The number of the table in a row and column of the matrix of a step.
    func place(_ at: Int, _ i: Int, _ j: Int) -> Int { (Int(tokens[at]) * width + i) * width + j }

    func course() -> Course {
      var course = Course()
      for example in 0..<examples {
        var h = Array(first[example * width..<(example + 1) * width])
        for step in 0..<steps {
          let at = example * steps + step
          course.before += h
          let product = (0..<width).map { i in
            (0..<width).reduce(Float(0)) { $0.addingProduct(table[place(at, i, $1)], h[$1]) }
          }
          course.products += product
          if counts[at] != 0 { h = product }
        }
        course.last += h
      }
      return course
    }

    /// The cotangents of the first states and of the table.
    func slopes() -> (first: [Float], table: [Float]) {
      let before = course().before
      var (firstSlopes, tableSlopes) = ([Float](), table.map { _ in Float(0) })
      for example in 0..<examples {
        var g = Array(lastSlope[example * width..<(example + 1) * width])
        var all = [[Float]](repeating: [], count: steps)
        for step in (0..<steps).reversed() {
          let at = example * steps + step
          let c = (0..<width).map {
            productSlopes[at * width + $0] + (counts[at] == 0 ? 0 : g[$0])
          }
          all[step] = c
          g = (0..<width).map { j in
            (counts[at] == 0 ? g[j] : 0)
              + (0..<width).reduce(Float(0)) { $0.addingProduct(table[place(at, $1, j)], c[$1]) }
          }
        }
        firstSlopes += g
        for step in 0..<steps {
          let at = example * steps + step
          for (i, j) in places([width, width]).map({ ($0[0], $0[1]) }) {
            tableSlopes[place(at, i, j)] += all[step][i] * before[at * width + j]
          }
        }
      }
      return (firstSlopes, tableSlopes)
    }
  }

  private func check<L: Lane>(_: L.Type, width: Int, areShared: Bool) {
    let games = (0..<L.width).map { Game(width: width, seed: 10 * $0) }
    let game = games[0]
    let layout = MatrixRecurrenceLayout(examples: game.examples, steps: game.steps, width: width)
    func all(_ numbers: (Game) -> [Float]) -> [L] { lanes(games.map(numbers)) }
    let (table, first) = (all(\.table), all(\.first))
    let (lastSlope, productSlopes) = (all(\.lastSlope), all(\.productSlopes))
    var (before, products, last): ([L], [L], [L]) = ([], [], [])
    var (firstSlopes, tableSlopes): ([L], [L]) = ([], [])
    func run(_ tokens: Operand<L>, _ counts: Operand<L>) {
      table.withUnsafeBufferPointer { numbers in
        guard let base = numbers.baseAddress else { return }
        let matrices = StepMatrices(table: base, rows: game.rows, tokens: tokens)
        products = written(productSlopes.count) { products in
          before = written(productSlopes.count) { before in
            last = written(first.count) {
              matrixRecurrence(
                first: first, matrices: matrices, counts: counts, last: $0, products: products,
                before: before, layout)
            }
          }
        }
        firstSlopes = written(first.count) { firstSlopes in
          tableSlopes = written(table.count) { tableSlopes in
            let back = boundMatrixRecurrenceGradient(
              matrices: matrices, counts: counts, before: before, lastSlope: lastSlope,
              productSlopes: productSlopes, firstSlope: firstSlopes, matrixSlopes: tableSlopes,
              layout)
            // A sum that does not continue begins anew.
            back(false)
            back(false)
          }
        }
      }
    }
    if areShared {
      game.tokens.withUnsafeBufferPointer { tokens in
        game.counts.withUnsafeBufferPointer { counts in
          guard let tokens = tokens.baseAddress, let counts = counts.baseAddress else { return }
          run(.shared(tokens), .shared(counts))
        }
      }
    } else {
      withOperand(all(\.tokens)) { tokens in withOperand(all(\.counts)) { run(tokens, $0) } }
    }
    for (lane, game) in games.enumerated() {
      let (course, slopes) = (game.course(), game.slopes())
      #expect(same(network(lane, of: before), course.before))
      #expect(same(network(lane, of: products), course.products))
      #expect(same(network(lane, of: last), course.last))
      #expect(same(network(lane, of: firstSlopes), slopes.first))
      #expect(same(network(lane, of: tableSlopes), slopes.table))
    }
  }

  @Test(arguments: [2, 3], [false, true])
  func haveTheBitsOfTheLoop(width: Int, areShared: Bool) {
    check(Float.self, width: width, areShared: areShared)
    check(SIMD4<Float>.self, width: width, areShared: areShared)
    check(SIMD16<Float>.self, width: width, areShared: areShared)
  }

  /// A token that names no matrix spoils its own example, whichever way it is read.
  @Test(arguments: [Float(-1), 4])
  func aTokenOutsideTheTableGivesNaN(token: Float) {
    let layout = MatrixRecurrenceLayout(examples: 2, steps: 1, width: 2)
    let (table, slopes) = (randomScalars(16, seed: 1), randomScalars(4, seed: 2))
    let before: [Float] = [1, 2, 3, 4]
    withOperand([token, 1]) { tokens in
      withOperand([Float(1), 1]) { counts in
        table.withUnsafeBufferPointer { numbers in
          guard let base = numbers.baseAddress else { return }
          var tableSlopes: [Float] = []
          let first: [Float] = written(4) { first in
            tableSlopes = written(16) {
              matrixRecurrenceGradient(
                matrices: StepMatrices(table: base, rows: 4, tokens: tokens), counts: counts,
                before: before, lastSlope: slopes, productSlopes: nil, firstSlope: first,
                matrixSlopes: $0, layout)
            }
          }
          #expect(first.prefix(2).allSatisfy(\.isNaN) && first.suffix(2).allSatisfy(\.isFinite))
          // What the other example adds, and nothing else.
          let expected = (0..<16).map { place -> Float in
            let (row, i, j) = (place / 4, place % 4 / 2, place % 2)
            return row == 1 ? slopes[2 + i] * before[2 + j] : 0
          }
          #expect(same(tableSlopes, expected))
        }
      }
    }
  }
}
