import Tensors
import Testing

/// Inner products against a loop over indices: the sum in the order of the contracted axis, with fused
/// multiply-add.
@Suite struct ContractionTests {
  private static let sizes = [1, 3, 5, 16, 17, 39]

  /// Whether each operand is stored with its axes exchanged.
  @Test(arguments: [(false, false), (true, false), (false, true), (true, true)])
  func matrixProductHasTheBitsOfTheLoop(leftTurned: Bool, rightTurned: Bool) {
    for m in Self.sizes {
      for n in Self.sizes {
        for k in Self.sizes + [0, 300] {
          let left = randomScalars(m * k, seed: m + 100 * k)
          let right = randomScalars(k * n, seed: n + 100 * k + 7)
          let (ls, rs) = (leftTurned ? [1, m] : [k, 1], rightTurned ? [1, k] : [n, 1])
          let layout = ContractionLayout([
            .init(size: m, left: ls[0], right: nil, result: n),
            .init(size: n, left: nil, right: rs[1], result: 1),
            .init(size: k, left: ls[1], right: rs[0], result: nil),
          ])
          var expected: [Float] = []
          for i in 0..<m {
            for j in 0..<n {
              var sum: Float = 0
              for p in 0..<k {
                sum.addProduct(left[i * ls[0] + p * ls[1]], right[p * rs[0] + j * rs[1]])
              }
              expected.append(sum)
            }
          }
          let result: [Float] = written(m * n) {
            contract(left, right, into: $0, layout)
          }
          #expect(same(result, expected), "\(m)×\(k)×\(n)")
          for keeps in [false, true] {
            guard let packed = PackedContraction(layout, keeps: (left: keeps, right: keeps)) else {
              #expect(min(m, n) < 16)
              continue
            }
            let fast: [Float] = written(m * n) { packed.run(left, right, into: $0) }
            #expect(same(fast, expected), "\(m)×\(k)×\(n), packed")
            let again: [Float] = written(m * n) { packed.run(left, right, into: $0, isNew: false) }
            #expect(same(again, expected), "\(m)×\(k)×\(n), packed before")
          }
          #expect(layout.productCount == m * n * k)
        }
      }
    }
  }

  @Test func batchesAndSeveralAxesOfEachSort() {
    // result[b, m1, n, m2] = Σ over k1, k2 of left[m1, b, k1, m2, k2] · right[k2, n, b, k1]
    let (b, m1, m2, n, k1, k2) = (3, 2, 5, 6, 3, 4)
    let left = Shape([m1, b, k1, m2, k2])
    let right = Shape([k2, n, b, k1])
    let result = Shape([b, m1, n, m2])
    let (x, y) = (randomScalars(left.count, seed: 1), randomScalars(right.count, seed: 2))
    let (l, r, o) = (left.strides, right.strides, result.strides)
    let layout = ContractionLayout([
      .init(size: b, left: l[1], right: r[2], result: o[0]),
      .init(size: m1, left: l[0], right: nil, result: o[1]),
      .init(size: n, left: nil, right: r[1], result: o[2]),
      .init(size: m2, left: l[3], right: nil, result: o[3]),
      .init(size: k1, left: l[2], right: r[3], result: nil),
      .init(size: k2, left: l[4], right: r[0], result: nil),
    ])
    let expected = places(result.sizes).map { place in
      var sum: Float = 0
      for p in 0..<k1 {
        for q in 0..<k2 {
          sum.addProduct(
            x[offset([place[1], place[0], p, place[3], q], l)],
            y[offset([q, place[2], place[0], p], r)])
        }
      }
      return sum
    }
    let made: [Float] = written(result.count) { contract(x, y, into: $0, layout) }
    #expect(same(made, expected))
  }

  /// A sum goes on in the middle; an operand that is kept is copied again only when it is new.
  @Test func packedContractionsContinueAndKeep() throws {
    let (m, n, k) = (17, 40, 5)
    let layout = ContractionLayout([
      .init(size: m, left: k, right: nil, result: n),
      .init(size: n, left: nil, right: 1, result: 1),
      .init(size: k, left: 1, right: n, result: nil),
    ])
    let (x, y) = (randomScalars(m * k, seed: 1), randomScalars(k * n, seed: 2))
    let other = randomScalars(k * n, seed: 3)
    func twice(_ second: [Float]) -> [Float] {
      written(m * n) {
        contract(x, y, into: $0, layout)
        contract(x, second, into: $0, layout, continuing: true)
      }
    }
    for keeps in [false, true] {
      let packed = try #require(PackedContraction(layout, keeps: (left: keeps, right: keeps)))
      for (isNew, expected) in [(true, twice(other)), (false, twice(keeps ? y : other))] {
        let made: [Float] = written(m * n) {
          packed.run(x, y, into: $0)
          packed.run(x, other, into: $0, continuing: true, isNew: isNew)
        }
        #expect(same(made, expected))
      }
    }
  }

  /// What is joined to the sums differs from row to row, from column to column, or is one number.
  @Test(arguments: [ContractionEnding.plain, .add, .addRelu, .multiply, .gate])
  func endingsHaveTheBitsOfTheLoop(ending: ContractionEnding) {
    func check<L: Lane>(_: L.Type) {
      for (b, m, n, k) in [(1, 9, 7, 3), (2, 5, 4, 1), (7, 2, 3, 2), (1, 2, 3, 40), (1, 6, 1, 5)] {
        for joinedStrides in [[m * n, n, 1], [0, 0, 1], [0, 1, 0], [n, 0, 1], [0, 0, 0]] {
          let layout = ContractionLayout([
            .init(size: b, left: m * k, right: k * n, result: m * n, joined: joinedStrides[0]),
            .init(size: m, left: k, right: nil, result: n, joined: joinedStrides[1]),
            .init(size: n, left: nil, right: 1, result: 1, joined: joinedStrides[2]),
            .init(size: k, left: 1, right: n, result: nil),
          ])
          func numbers(_ count: Int, _ seed: Int) -> [[Float]] {
            (0..<L.width).map { randomScalars(count, seed: 100 * seed + $0) }
          }
          let (x, y, z) = (numbers(b * m * k, 1), numbers(b * k * n, 2), numbers(b * m * n, 3))
          let result: [L] = written(b * m * n) {
            let (left, right, joined): ([L], [L], [L]) = (lanes(x), lanes(y), lanes(z))
            contract(left, right, into: $0, layout, ending: ending, joined: joined)
          }
          for lane in 0..<L.width {
            let expected = places([b, m, n]).map { place in
              var sum: Float = 0
              for p in 0..<k {
                sum.addProduct(
                  x[lane][(place[0] * m + place[1]) * k + p],
                  y[lane][(place[0] * k + p) * n + place[2]])
              }
              return ended(sum, z[lane][offset(place, joinedStrides)])
            }
            #expect(same(network(lane, of: result), expected), "\(b)×\(m)×\(k)×\(n)")
          }
        }
      }
    }
    func ended(_ sum: Float, _ y: Float) -> Float { Self.ended(sum, y, ending) }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }

  private static func ended(_ sum: Float, _ y: Float, _ ending: ContractionEnding) -> Float {
    switch ending {
    case .plain: sum
    case .add: sum + y
    case .addRelu: sum + y < 0 ? 0 : sum + y
    case .multiply: sum * y
    case .gate: sum * (y > 0 ? 1 : 0)
    }
  }

  /// One network's sums in vectors: of every number of columns and rows, of terms in one go and in several.
  @Test(arguments: [ContractionEnding.plain, .add, .addRelu, .multiply, .gate])
  func packedContractionsEndLikeTheLoop(ending: ContractionEnding) {
    var planned = 0
    for (b, m, n, k) in [
      (1, 1, 64, 9), (1, 7, 16, 300), (1, 70, 10, 16), (3, 8, 8, 16), (2, 5, 35, 4), (1, 9, 3, 20),
      (1, 64, 2, 11), (2, 2, 20, 513),
    ] {
      for (rightStrides, joinedStrides) in [
        ([n, 1], [m * n, n, 1]), ([1, k], [m * n, n, 1]), ([n, 1], [0, 0, 1]),
        ([1, k], [0, 1, 0]), ([n, 1], [0, 0, 0]), ([n, 1], [0, 1, m]),
      ] {
        let layout = ContractionLayout([
          .init(size: b, left: m * k, right: k * n, result: m * n, joined: joinedStrides[0]),
          .init(size: m, left: k, right: nil, result: n, joined: joinedStrides[1]),
          .init(size: n, left: nil, right: rightStrides[1], result: 1, joined: joinedStrides[2]),
          .init(size: k, left: 1, right: rightStrides[0], result: nil),
        ])
        let (x, y) = (randomScalars(b * m * k, seed: 1), randomScalars(b * k * n, seed: 2))
        let z = randomScalars(b * m * n, seed: 3)
        guard
          let packed = PackedContraction(layout, keeps: (left: false, right: false), ending: ending)
        else { continue }
        planned += 1
        let expected = places([b, m, n]).map { place in
          var sum: Float = 0
          for p in 0..<k {
            let row = (place[0] * m + place[1]) * k + p
            let column = p * rightStrides[0] + place[2] * rightStrides[1]
            sum.addProduct(x[row], y[place[0] * k * n + column])
          }
          return Self.ended(sum, z[offset(place, joinedStrides)], ending)
        }
        let made: [Float] = written(b * m * n) { packed.run(x, y, into: $0, joined: z) }
        #expect(same(made, expected), "\(b)×\(m)×\(k)×\(n), \(rightStrides), \(joinedStrides)")
      }
    }
    #expect(planned > 30)
  }

  /// Where the first operand is the same for all networks it is read as one number, with the bits of many.
  @Test(arguments: [ContractionEnding.plain, .add, .addRelu, .multiply, .gate])
  func sharedOperandsHaveTheBitsOfEachNetworksOwn(ending: ContractionEnding) {
    func check<L: Lane>(_: L.Type) {
      for (b, m, n, k) in [
        (1, 10, 64, 36), (1, 8, 4, 7), (1, 16, 12, 50), (3, 13, 8, 9), (1, 1, 4, 3), (2, 5, 4, 100),
      ] {
        // Lines that are neighbours, as in a sum over the examples, and lines that are not.
        for leftStrides in [[m * k, 1, m], [m * k, k, 1]] {
          let layout = ContractionLayout([
            .init(size: b, left: leftStrides[0], right: k * n, result: m * n, joined: m * n),
            .init(size: m, left: leftStrides[1], right: nil, result: n, joined: n),
            .init(size: n, left: nil, right: 1, result: 1, joined: 1),
            .init(size: k, left: leftStrides[2], right: n, result: nil),
          ])
          let x = randomScalars(b * m * k, seed: 1)
          func numbers(_ count: Int, _ seed: Int) -> [L] {
            lanes((0..<L.width).map { randomScalars(count, seed: 100 * seed + $0) })
          }
          let (spread, y, z): ([L], [L], [L]) = (
            lanes([x]), numbers(b * k * n, 2), numbers(b * m * n, 3)
          )
          for continues in ending == .plain ? [false, true] : [false] {
            let expected: [L] = written(b * m * n) {
              contract(
                spread, y, into: $0, layout, continuing: continues, ending: ending, joined: z)
            }
            let made: [L] = x.withUnsafeBufferPointer { x in
              written(b * m * n) { result in
                guard var place = x.baseAddress else { return }
                withUnsafePointer(to: &place) {
                  boundContract(
                    given: .given($0), y, into: result, layout, ending: ending, joined: z)(
                      continues)
                }
              }
            }
            #expect(
              same(made.flatMap(\.numbers), expected.flatMap(\.numbers)), "\(b)×\(m)×\(k)×\(n)")
          }
        }
      }
    }
    check(Float.self)
    check(SIMD4<Float>.self)
    check(SIMD16<Float>.self)
  }
}
