import Foundation
import Tensors
import Testing

@Suite struct TensorTests {
  private func message(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }

  @Test func shapesBroadcastFromTheLastAxis() {
    let pairs: [(Shape, Shape, Shape?)] = [
      ([8, 1], [4], [8, 4]), ([], [], []), ([], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]),
      ([2, 3], [2], nil), ([1, 5], [7, 1], [7, 5]), ([0], [1], [0]), ([2], [3], nil),
    ]
    for (left, right, both) in pairs {
      #expect(left.broadcast(with: right) == both)
      #expect(right.broadcast(with: left) == both)
    }
  }

  @Test func shapesKnowTheirStrides() {
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape([]).strides == [])
    #expect(Shape([]).count == 1)
    #expect(Shape([3, 0]).count == 0)
    #expect(Shape([3]).prepending(2) == [2, 3])
    #expect(Shape([3, 4]).dropFirst() == [4])
  }

  @Test(arguments: [
    ([], true), ([0], true), ([3, 0, 5], true), ([1 << 32], true), ([1 << 16, 1 << 16, 1], true),
    ([1 << 32, 0], true), ([1 << 32, 2], false), ([0, 1 << 32, 2], false), ([-1], false),
    ([-2, -3], false), ([.max, .max], false), ([0, .min], false), ([.max], false),
  ])
  func onlyBoundedShapesAreTakenFromOutside(sizes: [Int], isBounded: Bool) throws {
    #expect(Shape(bounded: sizes)?.sizes == (isBounded ? sizes : nil))
    let decoded = try? JSONDecoder().decode(Shape.self, from: JSONEncoder().encode(sizes))
    #expect(decoded?.sizes == (isBounded ? sizes : nil))
  }

  @Test func elementsLieRowByRow() throws {
    var tensor = try Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    #expect(tensor[1, 2, 3] == 23)
    #expect(tensor[0, 1, 2] == 6)
    tensor[0, 1, 2] = -1
    #expect(tensor.scalars[6] == -1)
    #expect(tensor.slice(1).shape == [3, 4])
    #expect(tensor.slice(1).scalars.first == 12)
    #expect(tensor.slices([1, 0, 1]).shape == [3, 3, 4])
    #expect(tensor.slices([1, 0, 1]).slice(1) == tensor.slice(0))
    #expect(try Tensor(stacking: [tensor.slice(0), tensor.slice(1)]) == tensor)
    #expect(try tensor.reshaped(to: [6, 4])[5, 3] == 23)
    #expect(tensor.mapped { $0 * 2 }[1, 2, 3] == 46)
    #expect(Tensor(shape: [2, 2]) { Float($0) }.scalars == [0, 1, 2, 3])
  }

  @Test func errorsQuoteBothShapes() throws {
    let tensor = Tensor(repeating: 0, shape: [2, 3])
    let count = message { try Tensor([1, 2, 3], shape: [2, 2]) }
    #expect(count == "shape [2, 2] needs 4 numbers, but [3] were given")
    let reshaped = message { try tensor.reshaped(to: [7]) }
    #expect(reshaped == "cannot reshape [2, 3] to [7]")
    let stacked = message { try Tensor(stacking: [tensor, Tensor([1])]) }
    #expect(stacked == "cannot stack shape [1] on shape [2, 3]")
  }

  @Test func codingKeepsEveryBit() throws {
    let scalars: [Float] = [0, -0.0, 1 / 3, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -7]
    let tensor = try Tensor(scalars, shape: [3, 2], kind: .whole)
    let data = try JSONEncoder().encode(tensor)
    let again = try JSONDecoder().decode(Tensor.self, from: data)
    #expect(again == tensor && again.kind == .whole && same(again.scalars, scalars))
  }

  @Test(arguments: [
    #"{"shape":[3],"values":[1,2]}"#, #"{"shape":[-1,-2],"values":[1,2]}"#,
    #"{"shape":[4294967296,4294967296],"values":[]}"#,
  ])
  func malformedTensorsAreRefused(text: String) {
    #expect(throws: ShapeError.self) {
      try JSONDecoder().decode(Tensor.self, from: Data(text.utf8))
    }
  }

  @Test func descriptionsAreShort() {
    #expect("\(Tensor([1, 2]))" == "Tensor[2](1.0, 2.0)")
    #expect("\(Tensor(repeating: 0, shape: [3, 3]))".hasSuffix(", …)"))
  }
}
