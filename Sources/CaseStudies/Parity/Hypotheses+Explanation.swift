import Interpretability
import Investigations
import Networks
import ParityTask
import Tensors

extension Parity {
  /// How many inputs are tried whose deciding bits are no signs.
  static let betweenCount = 512

  public func explanation() throws -> Explanation? {
    let templates = Component(
      "the eight templates", at: perceptron.hidden,
      members: (1...Templates.expected).map { "template \($0)" }
    ) { weights in
      Located(
        groups: weights.indices.map { network in
          Templates(in: weights, network: network)?.all.map(\.neurons)
        }, count: Templates.expected)
    }
    return Explanation(
      of: templates,
      summary: "eight templates that vote, each against the answer to its own pattern",
      programs: Self.faces.map { Self.program($0, perceptron.hidden) },
      version: { weights in
        weights.indices.map { network in
          let own = Templates(in: weights, network: network)?.all.map(\.pattern)
          return Self.faces.firstIndex { $0 == own } ?? 0
        }
      },
      // Seven of the ten explore seeds have eight templates.
      claimedShare: 0.5, examples: probes.examples, isExhaustive: true,
      beyond: [
        .init("between", "inputs between the signs", in: perceptron.network) { generator in
          try Self.between(using: &generator)
        }
      ]
    ) { weights, network in
      "\(Templates(allOf: weights, network: network).all.count) templates"
    }
  }

  /// The eight sets of eight patterns that agree on one bit: the faces of the tesseract.
  private static let faces: [[Int]] = (0..<4).flatMap { place in
    [Float(-1), 1].map { side in
      (0..<Templates.patternCount).filter { Templates.sign(at: place, in: $0) == side }
    }
  }

  /// Inputs whose bits are any numbers from −1 to 1; the right answer is still the sign of the product.
  ///
  /// None lies where the claimed sum is nearly undecided.
  private static func between(using generator: inout Generator) throws -> Examples {
    var rows: [[Float]] = []
    while rows.count < betweenCount {
      let row = (0..<bitCount).map { _ in 2 * generator.uniform() - 1 }
      let sums = faces.map { vote(of: $0, on: deciding(row)) }
      if sums.allSatisfy({ $0.magnitude > 0.2 }) { rows.append(row) }
    }
    return try Examples([
      "x": Tensor(rows.flatMap(\.self), shape: [rows.count, bitCount]),
      "target": Tensor(
        rows.map { deciding($0).reduce(1, *) > 0 ? 1 : -1 }, shape: [rows.count, 1]),
    ])
  }

  private static func deciding(_ row: [Float]) -> [Float] { decidingBits().map { row[$0] } }

  /// What a template adds to the output: its vote, against its own answer, times half of what goes along with it.
  private static func vote(of template: Int, on bits: [Float]) -> Float {
    let along = bits.enumerated().reduce(Float(0)) {
      $0 + Templates.sign(at: $1.offset, in: template) * $1.element
    }
    return -Templates.parity(template) * max(along, 0) / 2
  }

  private static func vote(of face: [Int], on bits: [Float]) -> Float {
    face.reduce(0) { $0 + vote(of: $1, on: bits) }
  }

  /// The claimed algorithm: eight templates vote, each against the answer to its own pattern.
  private static func program(_ face: [Int], _ site: Site) -> Program {
    let place = (0..<4).first { place in
      Set(face.map { Templates.sign(at: place, in: $0) }).count == 1
    }
    let side = face.contains(0) ? "minus" : "plus"
    return Program(
      "eight votes of templates with \(side) on deciding bit \((place ?? 0) + 1)", from: ["x"],
      to: "target",
      variables: face.enumerated().map { number, template in
        .init(
          "the vote of template \(number + 1)",
          in: Component("its neurons", at: site, members: ["they"]) { weights in
            Located(
              groups: weights.indices.map { network in
                Templates(in: weights, network: network)?.all.first { $0.pattern == template }
                  .map { [$0.neurons] }
              }, count: 1)
          }
        ) { base, source in
          let (own, other) = (deciding(base["x"]), deciding(source["x"]))
          let sum =
            vote(of: face, on: own) - vote(of: template, on: own)
            + vote(of: template, on: other)
          // A tie decides nothing: the pair is left out, as one that should change nothing.
          let settled = sum.magnitude > 0.5 ? sum : vote(of: face, on: own)
          return [settled > 0 ? 1 : -1]
        }
      }
    ) { row in
      [vote(of: face, on: deciding(row["x"])) > 0 ? 1 : -1]
    }
  }
}
