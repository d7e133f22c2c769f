import Tensors

infix operator • : MultiplicationPrecedence

/// The matrix product: contracts the left operand's last axis with the right one's first of two.
///
/// - Shape: `[..., k] • [k, n]` → `[..., n]`
public func • (left: some Traced, right: some Traced) -> Expression {
  let rank = left.expression.shape.rank
  let leading = String("abcdefgh".prefix(max(rank - 1, 0)))
  return contract("\(leading)i,ij->\(leading)j", left, right)
}

/// The sum over every letter that the result does not have of the product of both operands.
///
/// ```swift
/// let scores = contract("qhd,khd->hqk", q, k)
/// ```
///
/// Letters name axes as in `numpy.einsum`; each stands in two of the three shapes at least. The sum runs in the
/// order of the contracted letters, as the left operand has them, with fused multiply-add.
public func contract(_ letters: String, _ left: some Traced, _ right: some Traced) -> Expression {
  Expression(Contraction(letters), [left, right])
}

/// An inner product over named axes, and for gradients also over the examples.
struct Contraction: Operation {
  let left: [Character]
  let right: [Character]
  let result: [Character]
  /// Whether the examples are summed over, which only gradients of what is shared by all examples do.
  var sumsExamples = false

  init(_ letters: String) {
    let sides = letters.split(separator: ">", omittingEmptySubsequences: false)
    let operands = (sides.first ?? "").dropLast().split(
      separator: ",", omittingEmptySubsequences: false)
    left = Array(operands.first ?? "")
    right = operands.count > 1 ? Array(operands[1]) : []
    result = Array(sides.last ?? "")
  }

  init(_ left: [Character], _ right: [Character], _ result: [Character], sumsExamples: Bool) {
    (self.left, self.right, self.result) = (left, right, result)
    self.sumsExamples = sumsExamples
  }

  let name = "einsum"
  let documentation =
    "numpy.einsum(letters, x, y); the dots stand for the axis of examples where a value has it."

  func attributes(_ operands: [ValueType]) -> [String: Attribute] {
    let dots = operands.map { $0.variesByExample ? "..." : "" }
    let all = operands.contains { $0.variesByExample } ? "..." : ""
    return [
      "letters": .text(
        "\(dots[0])\(String(left)),\(dots[1])\(String(right))->\(all)\(String(result))")
    ]
  }

  func results(of operands: [ValueType]) throws -> [ValueType] {
    var sizes: [Character: Int] = [:]
    for (letters, type) in zip([left, right], operands) {
      guard letters.count == type.shape.rank else {
        throw ShapeError(
          "shapes \(operands[0].shape) and \(operands[1].shape) do not fit "
            + "\"\(String(left)),\(String(right))->\(String(result))\"")
      }
      for (letter, size) in zip(letters, type.shape.sizes) {
        guard sizes[letter, default: size] == size else {
          throw ShapeError(
            "shapes \(operands[0].shape) and \(operands[1].shape) differ along '\(letter)'")
        }
        sizes[letter] = size
      }
    }
    for letters in [left, right, result] where Set(letters).count != letters.count {
      throw ShapeError("a letter stands twice in \"\(String(letters))\"")
    }
    for letter in sizes.keys.sorted() {
      let places = [left, right, result].filter { $0.contains(letter) }.count
      guard places >= 2 else { throw ShapeError("the letter '\(letter)' stands only once") }
    }
    let shape = try result.map { letter in
      guard let size = sizes[letter] else {
        throw ShapeError("no operand has the letter '\(letter)'")
      }
      return size
    }
    let varies = operands.contains { $0.variesByExample } && !sumsExamples
    return [ValueType(shape: Shape(shape), variesByExample: varies)]
  }

  func gradient(of node: Node, cotangents: [Expression?], needed: [Bool]) -> [Expression?] {
    guard let g = cotangents[0] else { return [nil, nil] }
    let (x, y) = (node.operands[0], node.operands[1])
    func pulled(
      _ slot: Int, _ letters: ([Character], [Character], [Character]), _ a: Expression,
      _ b: Expression
    ) -> Expression? {
      guard needed[slot] else { return nil }
      let sums =
        !node.operands[slot].variesByExample && (a.variesByExample || b.variesByExample)
      return Expression(
        Contraction(letters.0, letters.1, letters.2, sumsExamples: sums), [a, b])
    }
    return [
      pulled(0, (result, right, left), g, y),
      pulled(1, (left, result, right), x, g),
    ]
  }

  func part(_ box: Box, of node: Node) -> Part? {
    let operands = zip([left, right], node.operands).map { letters, operand in
      zip(letters, operand.shape.box).map { letter, all in
        result.firstIndex(of: letter).map { box[$0] } ?? all
      }
    }
    return Part(result: box, operands: operands)
  }

  /// Where the kernel finds its numbers; an operand after the two is what is joined to the result.
  func layout<L: Lane>(_ binding: Binding<L>) -> ContractionLayout {
    let types = binding.operandTypes.prefix(2) + binding.resultTypes
    let joined =
      binding.operands.count > 2 ? binding.strides(2) : binding.resultSizes.map { _ in 0 }
    let letters = [left, right, result]
    let strides = zip(letters, types).map { letters, type in
      Dictionary(uniqueKeysWithValues: zip(letters, type.shape.strides))
    }
    var axes: [ContractionLayout.Axis] = []
    let examples = types.map { $0.variesByExample ? $0.shape.count : nil }
    if examples.compactMap({ $0 }).count >= 2 {
      axes.append(
        .init(
          size: binding.examples, left: examples[0], right: examples[1], result: examples[2],
          joined: examples[2] == nil ? 0 : joined[0]))
    }
    let sizes = Dictionary(
      zip(left + right, types[0].shape.sizes + types[1].shape.sizes),
      uniquingKeysWith: { first, _ in first })
    // Kept axes in the order of the result, summed ones in that of the left operand.
    for letter in result + left.filter({ !result.contains($0) }) {
      let place = result.firstIndex(of: letter).map { joined.count - result.count + $0 }
      axes.append(
        .init(
          size: sizes[letter] ?? 0, left: strides[0][letter], right: strides[1][letter],
          result: strides[2][letter], joined: place.map { joined[$0] } ?? 0))
    }
    return ContractionLayout(axes)
  }

  func kernel<L: Lane>(_ binding: Binding<L>) -> () -> Void { kernel(binding, .plain) }

  /// The kernel that joins the third operand to the sums, if there is one.
  func kernel<L: Lane>(_ binding: Binding<L>, _ ending: ContractionEnding) -> () -> Void {
    let (x, y, result) = (binding.operand(0), binding.operands[1], binding.result)
    let joined = binding.operands.count > 2 ? binding.operands[2] : nil
    let (layout, chunk, sums) = (layout(binding), binding.chunk, sumsExamples)
    if L.self == Float.self, let packed = packed(layout, binding, ending) {
      func numbers(_ place: UnsafeMutablePointer<L>) -> UnsafeMutablePointer<Float> {
        UnsafeMutableRawPointer(place).assumingMemoryBound(to: Float.self)
      }
      let (y, result, joined) = (numbers(y), numbers(result), joined.map(numbers))
      var lastPass = 0
      return {
        packed.run(
          x.numbers, y, into: result, joined: joined.map { UnsafePointer($0) },
          continuing: sums && chunk.first > 0, isNew: chunk.pass != lastPass)
        lastPass = chunk.pass
      }
    }
    let run =
      if case .lanes(let x) = x {
        boundContract(x, y, into: result, layout, ending: ending, joined: joined)
      } else {
        boundContract(given: x, y, into: result, layout, ending: ending, joined: joined)
      }
    return { run(sums && chunk.first > 0) }
  }

  /// Whether the first operand may be the same for all networks: if the columns of the result come in fours.
  func takesShared(_ slot: Int, of node: Node) -> Bool {
    let sizes = zip(right, node.operands[1].shape.sizes)
    return slot == 0 && sizes.filter { !left.contains($0.0) }.reduce(1) { $0 * $1.1 } % 4 == 0
  }

  /// The plan for one network alone; what is the same for all chunks of a pass is copied once for them.
  private func packed<L: Lane>(
    _ layout: ContractionLayout, _ binding: Binding<L>, _ ending: ContractionEnding
  ) -> PackedContraction? {
    let keeps = binding.operandTypes.map {
      !$0.variesByExample && binding.chunk.size < binding.chunk.total
    }
    return PackedContraction(layout, keeps: (left: keeps[0], right: keeps[1]), ending: ending)
  }

  var continuesSums: Bool { true }

  func operationCount(_ operands: [ValueType], _ results: [ValueType], examples: Int) -> Int {
    let sizes = Dictionary(
      zip(left + right, operands[0].shape.sizes + operands[1].shape.sizes),
      uniquingKeysWith: { first, _ in first })
    let varies = operands.contains { $0.variesByExample }
    return 2 * sizes.values.reduce(1, *) * (varies ? examples : 1)
  }
}
