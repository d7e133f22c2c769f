import Tensors
import Testing

@testable import Networks

/// A mistake in a shape is an error of the network, which names the operation and quotes the shapes.
@Suite struct ShapeMistakeTests {
  struct Mistake: Sendable, CustomTestStringConvertible {
    let operation: String
    let quoted: [String]
    let body: @Sendable (_ a: Parameter, _ b: Parameter) -> Expression
    var testDescription: String { operation }
  }

  /// The operands have the shapes [2, 3] and [4].
  static let mistakes: [Mistake] = [
    Mistake(operation: "add", quoted: ["[2, 3]", "[4]"]) { $0 + $1 },
    Mistake(operation: "divide", quoted: ["[2, 3]", "[4]"]) { $0 / $1 },
    Mistake(operation: "less", quoted: ["[2, 3]", "[4]"]) { less($0, $1) },
    Mistake(operation: "select", quoted: ["[2, 3]", "[4]"]) { select($0, $1, Float(0)) },
    Mistake(operation: "einsum", quoted: ["[4]", "[2, 3]"]) { $1 • $0 },
    Mistake(operation: "einsum", quoted: ["[2, 3]", "[4]"]) { $0 • $1 },
    Mistake(operation: "einsum", quoted: ["[]", "[4]"]) { sum($0) • $1 },
    Mistake(operation: "einsum", quoted: ["'z'"]) { a, _ in contract("ab,ab->z", a, a) },
    Mistake(operation: "einsum", quoted: ["'b'"]) { a, b in
      contract("ab,a->a", a, sum(a, axes: [1]))
    },
    Mistake(operation: "einsum", quoted: ["'a'"]) { a, _ in contract("aa,aa->a", a, a) },
    Mistake(operation: "einsum", quoted: ["[2, 3]"]) { a, _ in contract("nonsense", a, a) },
    Mistake(operation: "einsum", quoted: ["[2, 3]"]) { a, _ in contract("", a, a) },
    Mistake(operation: "reshape", quoted: ["[2, 3]", "[7]"]) { a, _ in a.reshaped([7]) },
    Mistake(operation: "permute", quoted: ["[2, 3]", "[0, 0]"]) { a, _ in a.permuted([0, 0]) },
    Mistake(operation: "slice", quoted: ["[2, 3]", "axis 2"]) { a, _ in a.sliced(axis: 2, 0..<1) },
    Mistake(operation: "slice", quoted: ["[2, 3]", "0..<4"]) { a, _ in a.sliced(axis: 1, 0..<4) },
    Mistake(operation: "slice", quoted: ["[2, 3]"]) { a, _ in a.sliced(axis: -1, 0..<1) },
    Mistake(operation: "pad", quoted: ["[2, 3]", "axis 5"]) { a, _ in concatenated([a, a], axis: 5)
    },
    Mistake(operation: "pad", quoted: ["[2, 3]"]) { a, _ in concatenated([a, a], axis: -3) },
    Mistake(operation: "add", quoted: ["[6, 3]", "[6]"]) { concatenated([$0, $1], axis: 0) },
    Mistake(operation: "sum", quoted: ["[2, 3]", "[2]"]) { a, _ in sum(a, axes: [2]) },
    Mistake(operation: "sum", quoted: ["[2, 3]", "[0, 0]"]) { a, _ in sum(a, axes: [0, -2]) },
    Mistake(operation: "max", quoted: ["[2, 3]"]) { a, _ in maximum(a, axes: [7]) },
    Mistake(operation: "argmax", quoted: ["[]"]) { a, _ in argmax(sum(a)) },
    Mistake(operation: "softmax", quoted: ["[]"]) { a, _ in softmax(sum(a)) },
    Mistake(operation: "gather", quoted: ["[]", "[4]"]) { a, b in gather(sum(a), b) },
    Mistake(operation: "gather", quoted: ["[2, 3]"]) { a, b in
      gather(a * Input("x", [], kind: .reals), b)
    },
  ]

  @Test(arguments: mistakes)
  func isAnErrorThatQuotesShapes(_ mistake: Mistake) {
    let (a, b) = (Parameter("a", [2, 3], .zeros), Parameter("b", [4], .zeros))
    // What follows a mistake must not hide it or crash.
    let value = tanh(mistake.body(a, b)) + a
    let error = message {
      let output = Site("output", sum(value))
      return try Network(output: output, loss: output)
    }
    #expect(error.contains(mistake.operation + "("), "\(error)")
    for text in mistake.quoted { #expect(error.contains(text), "\(error)") }
  }

  @Test func operandsAreNamed() {
    let (a, b) = (Parameter("W1", [2, 3], .zeros), Input("x", [4], kind: .reals))
    let output = Site("output", sum(a + b))
    #expect(
      message { try Network(output: output, loss: output) }
        == "add(W1, x): shapes [2, 3] and [4] do not fit")
  }
}
