import Interpretability
import Tensors
import Testing

@Suite("Eigenvalues")
struct EigenvalueTests {
  private func sorted(_ matrix: [Float], _ size: Int) throws -> [Eigenvalues.Value] {
    try Eigenvalues(of: Tensor(matrix, shape: [size, size])).values.sorted {
      ($0.real - $1.real).magnitude > 1e-6 ? $0.real < $1.real : $0.imaginary < $1.imaginary
    }
  }

  private func expect(
    _ values: [Eigenvalues.Value], are expected: [(Double, Double)], within tolerance: Double = 1e-9
  ) {
    #expect(values.count == expected.count)
    for (value, expected) in zip(values, expected) {
      #expect((value.real - expected.0).magnitude < tolerance)
      #expect((value.imaginary - expected.1).magnitude < tolerance)
    }
  }

  @Test("Of matrices whose eigenvalues are plain to see")
  func known() throws {
    expect(try sorted([0, -1, 1, 0], 2), are: [(0, -1), (0, 1)])
    expect(try sorted([2, 7, 5, 0, -3, 1, 0, 0, 4], 3), are: [(-3, 0), (2, 0), (4, 0)])
    expect(try sorted([0, 0, 0, 0], 2), are: [(0, 0), (0, 0)])
    expect(try sorted([5], 1), are: [(5, 0)])
    // The companion of (x − 1)(x + 2)(x² − 2x + 5).
    expect(
      try sorted([0, 0, 0, 10, 1, 0, 0, -9, 0, 1, 0, -1, 0, 0, 1, 1], 4),
      are: [(-2, 0), (1, -2), (1, 0), (1, 2)])
    // A cycle of three, whose shift is zero at first: the third roots of one.
    let half = 3.0.squareRoot() / 2
    expect(
      try sorted([0, 0, 1, 1, 0, 0, 0, 1, 0], 3), are: [(-0.5, -half), (-0.5, half), (1, 0)])
  }

  @Test("Their powers add up to the traces of the matrix's", arguments: [2, 5, 16, 40])
  func traces(size: Int) throws {
    var generator = Generator(seed: size, stream: .analysis)
    let matrix = Tensor(shape: [size, size]) { _ in generator.normal() }
    let values = try Eigenvalues(of: matrix).values
    var power = (0..<size).map { row in (0..<size).map { Double(row == $0 ? 1 : 0) } }
    var powers = values.map { _ in (real: 1.0, imaginary: 0.0) }
    for _ in 0..<4 {
      power = power.map { row in
        (0..<size).map { column in
          (0..<size).reduce(0) { $0 + row[$1] * Double(matrix[$1, column]) }
        }
      }
      powers = zip(powers, values).map { power, value in
        (
          power.real * value.real - power.imaginary * value.imaginary,
          power.real * value.imaginary + power.imaginary * value.real
        )
      }
      let trace = (0..<size).reduce(0) { $0 + power[$1][$1] }
      let scale = powers.reduce(1) { $0 + $1.real.magnitude + $1.imaginary.magnitude }
      #expect((powers.reduce(0) { $0 + $1.real } - trace).magnitude < 1e-10 * scale)
      #expect(powers.reduce(0) { $0 + $1.imaginary }.magnitude < 1e-10 * scale)
    }
  }

  @Test("What has none is refused")
  func refusals() {
    #expect(throws: ShapeError.self) {
      try Eigenvalues(of: Tensor(repeating: 1, shape: [2, 3]))
    }
    #expect(throws: ShapeError.self) {
      try Eigenvalues(of: Tensor(repeating: .nan, shape: [2, 2]))
    }
  }
}
