import Interpretability
import Networks
import Tensors
import Testing

import func Foundation.cos
import func Foundation.sin

@Suite("Singular values, principal components and angles")
struct LinearAlgebraTests {
  private func isClose(_ left: [Double], _ right: [Double], _ tolerance: Double = 1e-6) -> Bool {
    left.count == right.count
      && zip(left, right).allSatisfy { ($0 - $1).magnitude <= tolerance * (1 + $1.magnitude) }
  }

  private func root(_ square: Double) -> Double { square.squareRoot() }

  @Test("Singular values in closed form")
  func closedForms() throws {
    let diagonal = try Tensor([0, 0, -3, 0.5, 0, 0, 0, 2, 0], shape: [3, 3])
    #expect(isClose(SingularValues(of: diagonal).values, [3, 2, 0.5]))
    // [[3, 0], [4, 5]]: √45 and √5.
    let known = SingularValues(of: try Tensor([3, 0, 4, 5], shape: [2, 2]))
    #expect(isClose(known.values, [root(45.0), root(5.0)], 1e-12))
    #expect(isClose(known.directions[0], [root(0.5), root(0.5)], 1e-12))
    let outer = try Tensor([1, 2, 3, 2, 4, 6], shape: [2, 3])
    #expect(isClose(SingularValues(of: outer).values, [root(70.0), 0]))
    #expect(SingularValues(of: Tensor(repeating: 0, shape: [2, 2])).values == [0, 0])
  }

  @Test("The rank counts the values above a share of the largest")
  func rank() throws {
    let values = SingularValues(of: try Tensor([2, 0, 0, 0, 0.3, 0, 0, 0, 0.1], shape: [3, 3]))
    #expect(values.rank() == 2)
    #expect(values.rank(threshold: 0.01) == 3 && values.rank(threshold: 0.5) == 1)
    #expect(SingularValues(of: Tensor(repeating: 0, shape: [3, 3])).rank() == 0)
    let tipping = try Tensor([1, 1, 0, 0, 0, 0, 0, 0, 1], shape: [3, 3])
    #expect(SingularValues(of: tipping).rank() == 2)
  }

  @Test("Each direction is stretched by its value, and directions are orthonormal")
  func directions() throws {
    var generator = Generator(seed: 1, stream: .analysis)
    for shape in [Shape([5, 5]), [9, 4], [4, 9], [40, 16]] {
      let matrix = Tensor(shape: shape) { _ in generator.normal() }
      let singular = SingularValues(of: matrix)
      let images = singular.directions.map { direction in
        (0..<shape[0]).map { row in
          (0..<shape[1]).reduce(0.0) { $0 + Double(matrix[row, $1]) * direction[$1] }
        }
      }
      #expect(singular.values == singular.values.sorted(by: >))
      for (first, value) in singular.values.enumerated() {
        for second in singular.values.indices {
          func product(_ vectors: [[Double]]) -> Double {
            zip(vectors[first], vectors[second]).reduce(0.0) { $0 + $1.0 * $1.1 }
          }
          let same = first == second
          #expect((product(singular.directions) - (same ? 1 : 0)).magnitude < 1e-12)
          #expect((product(images) - (same ? value * value : 0)).magnitude < 1e-10)
        }
      }
      let square = matrix.scalars.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(isClose([singular.values.reduce(0.0) { $0 + $1 * $1 }], [square], 1e-12))
    }
  }

  @Test("Random matrices are as large, and have full rank")
  func randomBaseline() throws {
    var generator = Generator(seed: 1, stream: .analysis)
    let flat = try Tensor([3, 0, 0, 4] + [0, 0, 0, 0], shape: [2, 2, 2])
    let drawn = randomMatrices(like: flat, using: &generator)
    #expect(isClose([drawn.slice(0).scalars.reduce(0.0) { $0 + Double($1 * $1) }], [25]))
    #expect(drawn.slice(1).scalars == [0, 0, 0, 0])
    #expect(SingularValues(of: drawn.slice(0)).rank(threshold: 0.01) == 2)
  }

  @Test("The components of a turned ellipse are its axes")
  func components() throws {
    let (count, turn) = (60, 0.4)
    let points = (0..<count).flatMap { point in
      let angle = 2 * Double.pi * Double(point) / Double(count)
      let (x, y) = (6 * cos(angle), 2 * sin(angle))
      return [Float(5 + x * cos(turn) - y * sin(turn)), Float(x * sin(turn) + y * cos(turn)), 7]
    }
    let activations = try Tensor(points, shape: [count, 3])
    let components = try PrincipalComponents(of: activations)
    #expect(isClose(components.mean, [5, 0, 7]))
    #expect(isClose(components.variances, [18, 2, 0]))
    #expect(isClose(components.shares, [0.9, 0.1, 0]))
    #expect(isClose(components.directions[0], [cos(turn), sin(turn), 0]))
    #expect(isClose(components.directions[1].map(\.magnitude), [sin(turn), cos(turn), 0]))
    let along = try components.coordinates(of: activations, 0..<1)
    #expect((along[0, 0] - 6).magnitude < 1e-4 && along.shape == [60, 1])
    #expect(components.subspace(0..<2).shape == [2, 3])
    #expect(throws: NetworkError.self) { try PrincipalComponents(of: Tensor([1, .nan])) }
    #expect(throws: NetworkError.self) {
      try PrincipalComponents(of: Tensor([1, .nan], shape: [1, 2]))
    }
    #expect(throws: NetworkError.self) {
      try components.coordinates(of: Tensor([1], shape: [1, 1]), 0..<1)
    }
  }

  @Test("Class means are means of classes")
  func means() throws {
    let activations = try Tensor([1, 2, 3, 4, 5, 12], shape: [3, 2])
    #expect(
      try classMeans(of: activations, classes: [1, 0, 1], count: 2).scalars == [3, 4, 3, 7])
    #expect(throws: NetworkError.self) {
      try classMeans(of: activations, classes: [1, 1, 1], count: 2)
    }
    #expect(throws: NetworkError.self) { try classMeans(of: activations, classes: [0], count: 1) }
  }

  @Test("Angles in closed form, small ones and large ones alike")
  func angles() throws {
    let plane = try Tensor([1, 0, 0, 0, 1, 0], shape: [2, 3])
    let (slope, pole) = (
      try Tensor([0, 1, 1], shape: [1, 3]), try Tensor([0, 0, 2], shape: [1, 3])
    )
    #expect(isClose(try principalAngles(between: plane, and: slope), [45], 1e-12))
    #expect(isClose(try principalAngles(between: pole, and: plane), [90], 1e-12))
    let sheared = try Tensor([3, 1, 0, -2, 4, 0], shape: [2, 3])
    #expect(isClose(try principalAngles(between: plane, and: sheared), [0, 0], 1e-12))
    let tilted = try Tensor([1, 0, 1e-6, 0, 1, 0], shape: [2, 3])
    let small = try principalAngles(between: plane, and: tilted)
    #expect(small[0] < 1e-12 && (small[1] * .pi / 180 / 1e-6 - 1).magnitude < 1e-6)
    let turned = try Tensor([0, 0, 1, 1, 0, 0], shape: [2, 3])
    #expect(isClose(try principalAngles(between: plane, and: turned), [0, 90], 1e-12))
    #expect(throws: NetworkError.self) {
      try principalAngles(between: plane, and: Tensor([1, 0], shape: [1, 2]))
    }
    #expect(throws: NetworkError.self) {
      try principalAngles(between: plane, and: Tensor([1, 0, 0, 2, 0, 0], shape: [2, 3]))
    }
  }

  @Test("Random planes of a large space are nearly orthogonal")
  func randomAngles() throws {
    var generator = Generator(seed: 5, stream: .analysis)
    let drawn = randomSubspaces(networks: 40, dimensions: 2, of: 64, using: &generator)
    let angles = try (0..<20).flatMap {
      try principalAngles(between: drawn.slice($0), and: drawn.slice(20 + $0))
    }
    #expect(angles.allSatisfy { $0 > 50 })
    #expect(angles.reduce(0, +) / 40 > 75)
  }
}
