import Tensors
import Testing

@testable import Networks

/// A small function of parameters and inputs whose gradient is checked.
struct GradientCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// The shapes of the parameters.
  let parameters: [Shape]
  /// The shapes of the inputs.
  var inputs: [Shape] = []
  /// Whether all numbers are at least one half, as logarithms, roots and divisors need.
  var positive = false
  let body: @Sendable (_ p: [Parameter], _ x: [Input]) -> Expression

  var testDescription: String { name }

  static let all = unary + binary + select + contractions + reductions + axes + tables + scans

  private static let unary = UnaryFunction.allCases.map { function in
    GradientCase(
      name: "\(function)", parameters: [[2, 3]],
      positive: [.log, .sqrt, .reciprocal].contains(function)
    ) { p, _ in Networks.unary(function, p[0]) }
  }

  /// Each function with both shapes equal, either broadcast, and either varying by example.
  private static let binary = BinaryFunction.allCases.flatMap { function in
    let shapes: [(Shape, Shape)] = [
      ([2, 3], [2, 3]), ([3], [2, 3]), ([2, 3], [3]), ([2, 1], [1, 3]), ([], [2]),
      ([2, 1, 2], [3, 1]),
    ]
    return shapes.flatMap { left, right in
      [
        GradientCase(
          name: "\(function) of \(left) and \(right)", parameters: [left, right],
          positive: function == .divide
        ) { p, _ in Networks.binary(function, p[0], p[1]) },
        GradientCase(
          name: "\(function) of \(left) and \(right) by example", parameters: [left],
          inputs: [right],
          positive: function == .divide
        ) { p, x in Networks.binary(function, p[0], x[0]) },
        GradientCase(
          name: "\(function) of \(left) by example and \(right)", parameters: [right],
          inputs: [left],
          positive: function == .divide
        ) { p, x in Networks.binary(function, x[0], p[0]) },
      ]
    }
  }

  private static let select = [
    GradientCase(name: "select by a parameter", parameters: [[2, 3], [3], [2, 1]]) { p, _ in
      Networks.select(less(p[0], Float(0)), p[1], p[2])
    },
    GradientCase(name: "select by example", parameters: [[3], []], inputs: [[2, 3]]) { p, x in
      Networks.select(less(Float(0), x[0]), p[0], p[1])
    },
  ]

  private static let contractions: [GradientCase] = {
    let patterns: [(String, Shape, Shape)] = [
      ("i,ij->j", [3], [3, 4]), ("ai,ij->aj", [2, 3], [3, 5]), ("ia,ij->aj", [3, 2], [3, 4]),
      ("ai,ji->aj", [2, 3], [4, 3]), ("i,i->", [5], [5]), ("a,b->ab", [2], [3]),
      ("qhd,khd->hqk", [2, 2, 3], [4, 2, 3]), ("hqk,khd->qhd", [2, 3, 4], [4, 2, 3]),
      ("bij,bij->b", [2, 3, 2], [2, 3, 2]), ("ai,a->ai", [2, 3], [2]),
    ]
    return patterns.flatMap { letters, left, right in
      [
        GradientCase(name: letters, parameters: [left, right]) { p, _ in
          contract(letters, p[0], p[1])
        },
        GradientCase(name: "\(letters), left by example", parameters: [right], inputs: [left]) {
          p, x in contract(letters, x[0], p[0])
        },
        GradientCase(name: "\(letters), right by example", parameters: [left], inputs: [right]) {
          p, x in contract(letters, p[0], x[0])
        },
        GradientCase(
          name: "\(letters), both by example", parameters: [left, right], inputs: [left, right]
        ) { p, x in contract(letters, p[0] * x[0], p[1] * x[1]) },
      ]
    } + [
      GradientCase(name: "• of [2, 2, 3]", parameters: [[2, 2, 3], [3, 4]]) { p, _ in p[0] • p[1] }
    ]
  }()

  private static let reductions: [GradientCase] =
    ([nil, [0], [1], [2], [0, 2], [-1], []] as [[Int]?]).flatMap { axes in
      [
        GradientCase(name: "sum over \(axes?.description ?? "all")", parameters: [[2, 3, 2]]) {
          p, _ in
          sum(p[0], axes: axes)
        },
        GradientCase(
          name: "mean over \(axes?.description ?? "all") by example", parameters: [[2, 3, 2]],
          inputs: [[2]]
        ) { p, x in mean(p[0] * x[0], axes: axes) },
      ]
    } + [
      GradientCase(name: "example mean", parameters: [[3]], inputs: [[2, 3]]) { p, x in
        square(exampleMean(p[0] * x[0]))
      },
      GradientCase(name: "example mean met again", parameters: [[3]], inputs: [[2, 3]]) { p, x in
        square(x[0] * p[0] - exampleMean(p[0] * x[0]))
      },
      GradientCase(name: "maximum has none", parameters: [[3]]) { p, _ in
        p[0] - maximum(constant(Tensor([1, 2])))
      },
      GradientCase(name: "softmax", parameters: [[2, 4]]) { p, _ in softmax(p[0]) },
      GradientCase(name: "softmax by example", parameters: [[4]], inputs: [[3, 4]]) { p, x in
        softmax(p[0] * x[0])
      },
      GradientCase(name: "logSoftmax", parameters: [[2, 4]]) { p, _ in logSoftmax(p[0]) },
      GradientCase(name: "logSoftmax by example", parameters: [[4]], inputs: [[4]]) { p, x in
        logSoftmax(p[0] + x[0])
      },
    ]

  private static let axes: [GradientCase] = [
    GradientCase(name: "reshape", parameters: [[2, 3]], inputs: [[6]]) { p, x in
      p[0].reshaped([6]) * x[0] + (x[0] * p[0].reshaped([6])).reshaped([3, 2]).reshaped([6])
    },
    GradientCase(name: "permute", parameters: [[2, 3, 4]]) { p, _ in p[0].permuted([2, 0, 1]) },
    GradientCase(name: "permute by example", parameters: [[2, 3]], inputs: [[2, 3]]) { p, x in
      (p[0] * x[0]).permuted([1, 0])
    },
    GradientCase(name: "slice", parameters: [[4, 3]]) { p, _ in
      p[0].sliced(axis: 0, 1..<3).sliced(axis: 1, 2..<3)
    },
    GradientCase(name: "slice by example", parameters: [[4]], inputs: [[2, 4]]) { p, x in
      (p[0] * x[0]).sliced(axis: 1, 0..<2)
    },
    GradientCase(name: "pad", parameters: [[2, 3]]) { p, _ in
      Expression(Pad(axis: 1, before: 2, size: 7), [p[0]])
    },
    GradientCase(name: "concatenated", parameters: [[2, 3], [2, 1]], inputs: [[2, 2]]) { p, x in
      concatenated([p[0], x[0] * p[1], p[1]], axis: 1)
    },
    GradientCase(name: "concatenated before other axes", parameters: [[1, 2], [2, 2]]) { p, _ in
      concatenated([p[0], p[1]], axis: 0)
    },
    GradientCase(name: "broadcast", parameters: [[2, 1]]) { p, _ in
      p[0].expression.broadcast(to: ValueType(shape: [3, 2, 4], variesByExample: false))
    },
    GradientCase(name: "broadcast to examples", parameters: [[3]]) { p, _ in
      p[0].expression.broadcast(to: ValueType(shape: [2, 3], variesByExample: true))
    },
    GradientCase(name: "site", parameters: [[3]]) { p, _ in square(Site("here", p[0])) },
  ]

  private static let tables: [GradientCase] = [
    GradientCase(name: "gather by example", parameters: [[3, 2]], inputs: [[4]]) { p, x in
      gather(p[0], tokens(x[0]))
    },
    GradientCase(name: "gather of one token", parameters: [[3, 2, 2]], inputs: [[]]) { p, x in
      gather(p[0], tokens(x[0]))
    },
    GradientCase(name: "gather by fixed tokens", parameters: [[3, 2]]) { p, _ in
      gather(p[0], constant(Tensor([2, 0, 2])))
    },
    GradientCase(name: "gather of single numbers", parameters: [[3]], inputs: [[2, 2]]) { p, x in
      gather(p[0], tokens(x[0]))
    },
    GradientCase(name: "one-hot product", parameters: [[3, 2]], inputs: [[4]]) { p, x in
      oneHot(tokens(x[0]), count: 3) • p[0]
    },
  ]

  /// 0, 1 or 2 by where a number lies.
  static func tokens(_ x: Input) -> Expression {
    step(x) + less(x, Float(-0.5)) + step(x) * less(Float(0.5), x)
  }
}
