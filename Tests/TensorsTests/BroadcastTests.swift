import Tensors
import Testing

/// Broadcasting and reductions against loops over indices, over random shapes.
@Suite struct BroadcastTests {
  private struct Operand {
    let strides: [Int]
    let scalars: [Float]

    /// An operand that has some of a result's axes, in an order of its own.
    init(_ sizes: [Int], seed: Int, using generator: inout Generator) {
      let kept = sizes.indices.filter { _ in generator.index(below: 3) > 0 }
      let turned = generator.index(below: 2) == 0
      let order = turned ? generator.permutation(of: kept.count).map { kept[$0] } : kept
      let inner = Shape(order.map { sizes[$0] }).strides
      var strides = sizes.map { _ in 0 }
      for (axis, stride) in zip(order, inner) where sizes[axis] > 1 { strides[axis] = stride }
      self.strides = strides
      scalars = randomScalars(Swift.max(order.reduce(1) { $0 * sizes[$1] }, 1), seed: seed)
    }
  }

  @Test func layoutsReadWhatIndicesSay() {
    var generator = Generator(seed: 0, stream: .analysis)
    for trial in 0..<600 {
      let rank = generator.index(below: 5)
      let sizes = (0..<rank).map { _ in [1, 2, 3, 5, 17, 1, 4, 0][generator.index(below: 8)] }
      let operands = (0..<3).map { Operand(sizes, seed: trial + $0, using: &generator) }
      let all = places(sizes)
      let values = operands.map { operand in
        all.map { operand.scalars[offset($0, operand.strides)] }
      }
      let layout = BroadcastLayout(sizes: sizes, operands: operands.map(\.strides))
      let (x, y, z) = (operands[0].scalars, operands[1].scalars, operands[2].scalars)
      #expect(layout.count == all.count)
      let copied: [Float] = written(all.count) { copy(x, into: $0, layout) }
      #expect(copied == values[0], "copy to \(sizes) by \(operands[0].strides)")
      let less: [Float] = written(all.count) { subtract(x, y, into: $0, layout) }
      #expect(less == zip(values[0], values[1]).map { $0 - $1 }, "subtract to \(sizes)")
      let signs: [Float] = x.map { $0 > 0 ? 1 : 0 }
      let chosen: [Float] = written(all.count) { select(signs, y, z, into: $0, layout) }
      let expected = all.indices.map { values[0][$0] > 0 ? values[1][$0] : values[2][$0] }
      #expect(chosen == expected, "select to \(sizes)")
      let w = randomScalars(z.count, seed: trial + 3)
      let last = all.map { w[offset($0, operands[2].strides)] }
      func check<L: Lane>(_: L.Type) {
        let (a, b, c, d): ([L], [L], [L], [L]) = (lanes([x]), lanes([y]), lanes([z]), lanes([w]))
        func expect(_ made: [L], _ expected: (Int) -> Float) {
          let expected = all.indices.map(expected)
          for lane in 0..<L.width { #expect(same(network(lane, of: made), expected), "\(sizes)") }
        }
        withOperand(a) { a in
          withOperand(b) { b in
            expect(written(all.count) { apply(.subtract, a, b, into: $0, layout) }) {
              values[0][$0] - values[1][$0]
            }
          }
          withOperand(c) { c in
            expect(written(all.count) { apply(.plusProduct, a, b, c, into: $0, layout) }) {
              values[0][$0] + values[1][$0] * values[2][$0]
            }
          }
          withOperand(d) { d in
            expect(written(all.count) { boundTimesTimesDifference(a, b, c, d, into: $0, layout)() })
            { values[0][$0] * (values[1][$0] * (values[2][$0] - last[$0])) }
          }
        }
      }
      check(Float.self)
      check(SIMD4<Float>.self)
    }
  }

  /// The tree as a formula: every sixteenth member in order, then lanes added pair by pair.
  private func tree(_ members: [Float], _ first: Int = 0, _ apart: Int = 1) -> Float {
    guard apart < 16 else {
      return stride(from: first, to: members.count, by: 16).reduce(0) { $0 + members[$1] }
    }
    return tree(members, first, 2 * apart) + tree(members, first + apart, 2 * apart)
  }

  @Test func sumsAreTreesOfSixteenLanes() {
    var generator = Generator(seed: 1, stream: .analysis)
    for trial in 0..<300 {
      let sizes = (0..<generator.index(below: 5)).map { _ in
        [1, 2, 3, 7, 16, 17, 40][generator.index(below: 7)]
      }
      let shape = Shape(sizes)
      guard shape.count < 40_000 else { continue }
      let reduced = Set(sizes.indices.filter { _ in generator.index(below: 2) == 0 })
      let x = randomScalars(shape.count, seed: trial)
      let layout = ReductionLayout(sizes: sizes, strides: shape.strides, reduced: reduced)
      var members: [[Int]: [Float]] = [:]
      for place in places(sizes) {
        let key = place.indices.filter { !reduced.contains($0) }.map { place[$0] }
        members[key, default: []].append(x[offset(place, shape.strides)])
      }
      let groups = places(sizes.indices.filter { !reduced.contains($0) }.map { sizes[$0] })
        .compactMap { members[$0] }
      #expect(layout.count == shape.count)
      let sums: [Float] = written(groups.count) { sum(x, into: $0, layout) }
      #expect(same(sums, groups.map { tree($0) }), "sum of \(sizes) over \(reduced.sorted())")
      let largest: [Float] = written(groups.count) { maximum(x, into: $0, layout) }
      #expect(largest == groups.map { $0.max() ?? -.infinity })
      let where_: [Float] = written(groups.count) { argmax(x, into: $0, layout) }
      #expect(where_ == groups.map { group in Float(group.firstIndex(of: group.max() ?? 0) ?? -1) })
    }
  }

  /// Rows that come a few at a time are summed as if they came at once.
  @Test func sumsOfRowsGoOnFromChunkToChunk() {
    let (rows, columns) = (53, 3)
    let x = randomScalars(rows * columns, seed: 8)
    let layout = ReductionLayout(sizes: [rows, columns], strides: [columns, 1], reduced: [0])
    let whole: [Float] = written(columns) { sum(x, into: $0, layout) }
    for size in [1, 4, 15, 16, 17, rows] {
      let tree = SummingTree<Float>(count: columns, rows: rows)
      // The second time the tree begins anew.
      for _ in 0..<2 {
        for first in stride(from: 0, to: rows, by: size) {
          let part = Array(x[first * columns..<min(first + size, rows) * columns])
          tree.add(part, rows: part.count / columns, from: first)
        }
      }
      let made: [Float] = written(columns) { tree.total(into: $0, dividedBy: 53) }
      #expect(same(made, whole.map { $0 / 53 }))
    }
  }

  @Test func sumOfSquaresIsTheTreeWithFusedProducts() {
    for count in [0, 1, 15, 16, 17, 100] {
      let x = randomScalars(count, seed: count)
      var squares = [Float](repeating: 0, count: 16)
      for (index, value) in x.enumerated() { squares[index % 16].addProduct(value, value) }
      #expect(same(sumOfSquares(x, count: count), tree(squares)))
    }
  }

  @Test func firstOfEqualLargestIsTaken() {
    let layout = ReductionLayout(sizes: [2, 4], strides: [4, 1], reduced: [1])
    let x: [Float] = [1, 3, 3, 2, -.infinity, -.infinity, -.infinity, -.infinity]
    #expect(written(2) { argmax(x, into: $0, layout) } == [Float(1), 0])
  }
}

private func subtract(
  _ x: [Float], _ y: [Float], into result: UnsafeMutablePointer<Float>, _ layout: BroadcastLayout
) {
  withOperand(x) { x in withOperand(y) { y in apply(.subtract, x, y, into: result, layout) } }
}
