import Tensors
import Testing

/// Inner products of arrays whose axes lie in any order, against loops over indices.
@Suite struct ContractionLayoutTests {
  /// Which of an array's axes there are, how far apart their numbers lie, and how many they are in all.
  private static func strides(
    _ sizes: [Int], of axes: [Int], using generator: inout Generator
  ) -> (strides: [Int?], count: Int) {
    let turned = generator.index(below: 2) == 0
    let order = turned ? generator.permutation(of: axes.count).map { axes[$0] } : axes
    let shape = Shape(order.map { sizes[$0] })
    var strides = [Int?](repeating: nil, count: sizes.count)
    for (axis, stride) in zip(order, shape.strides) { strides[axis] = stride }
    return (strides, shape.count)
  }

  @Test(arguments: [ContractionEnding.plain, .add])
  func axesLieInAnyOrder(ending: ContractionEnding) {
    var generator = Generator(seed: 5, stream: .analysis)
    var packed = 0
    for trial in 0..<500 {
      // A batch, then rows, columns and terms, with two axes each.
      let sizes = [1, 2, 2, 2, 2, 2, 2].map { kind in
        [1, 1, 2, 3, 4, 5, 9, 17][generator.index(below: kind == 1 ? 4 : 8)]
      }
      guard sizes.reduce(1, *) < 20_000 else { continue }
      let left = Self.strides(sizes, of: [0, 1, 2, 5, 6], using: &generator)
      let right = Self.strides(sizes, of: [0, 3, 4, 5, 6], using: &generator)
      let result = Self.strides(sizes, of: [0, 1, 2, 3, 4], using: &generator)
      let kept = [0, 1, 2, 3, 4].filter { _ in generator.index(below: 3) > 0 }
      let joined = Self.strides(sizes, of: kept, using: &generator)
      let layout = ContractionLayout(
        sizes.indices.map {
          .init(
            size: sizes[$0], left: left.strides[$0], right: right.strides[$0],
            result: result.strides[$0], joined: joined.strides[$0] ?? 0)
        })
      let (x, y) = (
        randomScalars(left.count, seed: trial), randomScalars(right.count, seed: trial + 1)
      )
      let z = randomScalars(max(joined.count, 1), seed: trial + 2)
      var expected = [Float](repeating: 0, count: result.count)
      for place in places(Array(sizes[0..<5])) {
        var sum: Float = 0
        for term in places(Array(sizes[5...])) {
          let all = place + term
          sum.addProduct(
            x[offset(all, left.strides.map { $0 ?? 0 })],
            y[offset(all, right.strides.map { $0 ?? 0 })])
        }
        let other = z[offset(place, joined.strides.map { $0 ?? 0 })]
        expected[offset(place, result.strides.map { $0 ?? 0 })] = ending == .add ? sum + other : sum
      }
      func check<L: Lane>(_: L.Type) {
        let (a, b, c): ([L], [L], [L]) = (lanes([x]), lanes([y]), lanes([z]))
        let made: [L] = written(result.count) {
          contract(a, b, into: $0, layout, ending: ending, joined: c)
        }
        for lane in 0..<L.width { #expect(same(network(lane, of: made), expected), "\(sizes)") }
      }
      check(Float.self)
      check(SIMD4<Float>.self)
      guard let plan = PackedContraction(layout, keeps: (left: false, right: false), ending: ending)
      else { continue }
      packed += 1
      let made: [Float] = written(result.count) { plan.run(x, y, into: $0, joined: z) }
      #expect(same(made, expected), "\(sizes), packed")
    }
    #expect(packed > 50)
  }
}
