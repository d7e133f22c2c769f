import Tensors
import Testing

/// Two functions in one loop have the bits of one after the other, for every kind of lane and of operand.
@Suite struct TernaryTests {
  private let special: [Float] = [0, -0.0, 1, -1, 0.3, .infinity, -.infinity, .nan, 3e38, 1e-20]

  private func inTwoSteps(_ function: TernaryFunction, _ x: Float, _ y: Float, _ z: Float) -> Float
  {
    switch function {
    case .timesProduct: x * (y * z)
    case .timesDifference: x * (y - z)
    case .plusProduct: x + y * z
    case .plusSigned: x + y * applied(.sign, [z])[0]
    case .minusProduct: x - y * z
    case .minusPower: x - applied(.exp, [y])[0] * z
    }
  }

  @Test(arguments: TernaryFunction.allCases)
  func roundsAsTheTwoWould(function: TernaryFunction) {
    let all = places([special.count, special.count, special.count])
    func numbers(_ axis: Int) -> [Float] { all.map { special[$0[axis]] } }
    let expected = zip(zip(numbers(0), numbers(1)), numbers(2)).map {
      inTwoSteps(function, $0.0, $0.1, $1)
    }
    let layout = BroadcastLayout(sizes: [all.count], operands: [[1], [1], [1]])
    func check<L: Lane>(_: L.Type) {
      let (x, y, z): ([L], [L], [L]) = (
        lanes([numbers(0)]), lanes([numbers(1)]), lanes([numbers(2)])
      )
      for shared in [(false, false), (true, false), (false, true), (true, true)] {
        let made: [L] = written(all.count) { result in
          numbers(0).withUnsafeBufferPointer { p in
            numbers(2).withUnsafeBufferPointer { q in
              withOperand(x) { x in
                withOperand(z) { z in
                  guard let p = p.baseAddress, let q = q.baseAddress else { return }
                  apply(
                    function, shared.0 ? .shared(p) : x, y, shared.1 ? .shared(q) : z,
                    into: result, layout)
                }
              }
            }
          }
        }
        for lane in 0..<L.width { #expect(same(network(lane, of: made), expected)) }
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD8<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test func operandsAreBroadcast() {
    // x[i, j] + y[j] · z[i]
    let (x, y, z) = (
      randomScalars(6, seed: 1), randomScalars(3, seed: 2), randomScalars(2, seed: 3)
    )
    let layout = BroadcastLayout(sizes: [2, 3], operands: [[3, 1], [0, 1], [1, 0]])
    let made: [Float] = written(6) { result in
      withOperand(x) { x in
        withOperand(z) { z in apply(.plusProduct, x, y, z, into: result, layout) }
      }
    }
    let expected = (0..<6).map { (place: Int) -> Float in x[place] + y[place % 3] * z[place / 3] }
    #expect(same(made, expected))
  }
}

/// Three functions in one loop have the bits of one after the other.
@Suite struct QuaternaryTests {
  @Test func roundsAsTheThreeWould() {
    // x[i, j] · (y · (z[i, j] − w[i, j])), and with all of one shape.
    for (rows, columns, yStrides) in [
      (1, 21, [0, 0]), (5, 3, [0, 0]), (3, 7, [7, 1]), (4, 4, [1, 0]),
    ] {
      let count = rows * columns
      let strides = [columns, 1]
      let layout = BroadcastLayout(
        sizes: [rows, columns], operands: [strides, yStrides, strides])
      func check<L: Lane>(_: L.Type) {
        let networks = (0..<L.width).map { lane in
          (1...4).map { randomScalars(count, seed: 10 * lane + $0) }
        }
        func all(_ operand: Int) -> [L] { lanes(networks.map { $0[operand] }) }
        let (y, z) = (all(1), all(2))
        let expected = networks.map { numbers in
          places([rows, columns]).map { place -> Float in
            let index = offset(place, strides)
            let difference = numbers[2][index] - numbers[3][index]
            return numbers[0][index] * (numbers[1][offset(place, yStrides)] * difference)
          }
        }
        let made: [L] = withOperand(all(0)) { x in
          withOperand(all(3)) { w in
            written(count) { boundTimesTimesDifference(x, y, z, w, into: $0, layout)() }
          }
        }
        for lane in 0..<L.width { #expect(same(network(lane, of: made), expected[lane])) }
        // What all networks have alike is that of the first.
        let (x, w) = (networks[0][0], networks[0][3])
        let spread: [L] = withOperand(lanes([x])) { x in
          withOperand(lanes([w])) { w in
            written(count) { boundTimesTimesDifference(x, y, z, w, into: $0, layout)() }
          }
        }
        let shared: [L] = x.withUnsafeBufferPointer { x in
          w.withUnsafeBufferPointer { w in
            written(count) {
              guard let x = x.baseAddress, let w = w.baseAddress else { return }
              boundTimesTimesDifference(.shared(x), y, z, .shared(w), into: $0, layout)()
            }
          }
        }
        #expect(same(shared.flatMap(\.numbers), spread.flatMap(\.numbers)))
      }
      check(Float.self)
      check(SIMD4<Float>.self)
      check(SIMD16<Float>.self)
    }
  }
}

/// Numbers that all networks have alike give what the same numbers in every lane do.
@Suite struct SharedOperandTests {
  @Test(arguments: BinaryFunction.allCases)
  func ofFunctionsOfTwoNumbers(function: BinaryFunction) {
    let (x, y) = (randomScalars(48, seed: 1), randomScalars(48, seed: 2))
    let layout = BroadcastLayout(sizes: [48], operands: [[1], [1]])
    func check<L: Lane>(_: L.Type) {
      let spread: [L] = withOperand(lanes([x])) { x in
        withOperand(lanes([y])) { y in written(48) { apply(function, x, y, into: $0, layout) } }
      }
      let made = x.withUnsafeBufferPointer { p in
        y.withUnsafeBufferPointer { q -> [[L]] in
          guard let p = p.baseAddress, let q = q.baseAddress else { return [] }
          return withOperand(lanes([x])) { x in
            withOperand(lanes([y])) { y in
              [(x, .shared(q)), (.shared(p), y), (.shared(p), .shared(q))].map { left, right in
                written(48) { apply(function, left, right, into: $0, layout) }
              }
            }
          }
        }
      }
      #expect(made.count == 3)
      let expected = spread.flatMap(\.numbers)
      for result in made { #expect(same(result.flatMap(\.numbers), expected)) }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }

  @Test func rowsThatAllPickAlike() {
    let table: [SIMD8<Float>] = lanes((0..<8).map { randomScalars(20, seed: $0) })
    let picks: [Float] = [3, 0, 4, 4, -1, 7]
    let spread: [SIMD8<Float>] = withOperand(lanes([picks])) { picks in
      written(24) { gather(table, rows: 5, size: 4, picks, count: 6, into: $0) }
    }
    let (made, sums): ([SIMD8<Float>], [SIMD8<Float>]) = picks.withUnsafeBufferPointer { picks in
      guard let picks = picks.baseAddress else { return ([], []) }
      let made: [SIMD8<Float>] = written(24) {
        gather(table, rows: 5, size: 4, .shared(picks), count: 6, into: $0)
      }
      let sums: [SIMD8<Float>] = written(20) {
        scatterSum(
          table, .shared(picks), count: 5, into: $0, rows: 5, size: 4, continuing: false)
      }
      return (made, sums)
    }
    #expect(same(made.flatMap(\.numbers), spread.flatMap(\.numbers)))
    let expected: [SIMD8<Float>] = withOperand(lanes([picks])) { picks in
      written(20) {
        scatterSum(table, picks, count: 5, into: $0, rows: 5, size: 4, continuing: false)
      }
    }
    #expect(same(sums.flatMap(\.numbers), expected.flatMap(\.numbers)))
  }

  @Test func memoryBeginsWithACacheLine() {
    for count in [1, 3, 100, 5000] {
      let numbers = UnsafeMutablePointer<SIMD16<Float>>.zeros(count)
      defer { numbers.deallocate() }
      #expect(Int(bitPattern: numbers) % 64 == 0)
      #expect((0..<count).allSatisfy { numbers[$0] == SIMD16() })
    }
  }
}
