import Tensors
import Testing

@testable import Networks

/// Each operation's gradient against finite differences.
///
/// The slope is (8(f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h, whose own error is h⁴f⁽⁵⁾/30: 2·10⁻⁹f⁽⁵⁾ for
/// h = 1/64. All numbers are multiples of 1/8, so that x ± h is exact, and lie at least 1/8 from each
/// other's kinks. Outputs are Floats of about 1, rounded within 10⁻⁷, and are added up in `Double`; so the
/// rounding error of the slope is about 1.5 · 64 · 10⁻⁷ ≈ 10⁻⁵ a term. The tolerance is 2·10⁻⁴.
@Suite struct GradientTests {
  static let examples = 3

  /// A case's graph: its output times random factors, added up over the mean example.
  struct Setting {
    let parameters: [Parameter]
    let inputs: [Input]
    let output: Expression
    let factor: Input
    let slopes: [Expression]

    init(_ one: GradientCase) {
      parameters = one.parameters.enumerated().map { Parameter("p\($0)", $1, .zeros) }
      inputs = one.inputs.enumerated().map { Input("x\($0)", $1, kind: .reals) }
      output = one.body(parameters, inputs)
      factor = Input("factor", output.shape, kind: .reals)
      slopes = gradient(
        of: sum(exampleMean(output * factor)), by: parameters.map(\.expression))
    }
  }

  /// Multiples of one quarter, moved by an eighth for every second array.
  static func numbers(_ count: Int, _ array: Int, positive: Bool, seed: Int) -> [Float] {
    randomScalars(count, seed: seed + 17 * array).map { random in
      let number = (random * 4).rounded(.down) / 4 + (array % 2 == 0 ? 0.125 : 0.25)
      return positive ? Swift.abs(number) + 0.5 : number
    }
  }

  @Test(arguments: GradientCase.all)
  func agreesWithFiniteDifferences(of one: GradientCase) {
    let setting = Setting(one)
    #expect(setting.output.node.problem == nil)
    let factors = randomScalars(Self.examples * setting.output.shape.count, seed: 99)
    let given = setting.inputs.enumerated().map { index, input in
      (
        leaf: input as any Traced,
        scalars: Self.numbers(
          Self.examples * input.shape.count, index + 1, positive: one.positive, seed: 5)
      )
    }
    var values = setting.parameters.enumerated().map { index, parameter in
      Self.numbers(parameter.shape.count, index, positive: one.positive, seed: 1)
    }
    func leaves() -> [(leaf: any Traced, scalars: [Float])] {
      given + zip(setting.parameters, values).map { (leaf: $0, scalars: $1) }
        + [(leaf: setting.factor, scalars: factors)]
    }
    func objective() -> Double {
      let output = computed([setting.output], examples: Self.examples, leaves())[0]
      let total = factors.indices.reduce(0.0) {
        $0 + Double(factors[$1]) * Double(output[$1 % output.count])
      }
      return total / Double(Self.examples)
    }
    let slopes = computed(setting.slopes, examples: Self.examples, leaves())
    let h: Float = 1 / 64
    for array in values.indices {
      #expect(setting.slopes[array].shape == setting.parameters[array].shape)
      var expected: [Double] = []
      for place in values[array].indices {
        let start = values[array][place]
        func at(_ shift: Float) -> Double {
          values[array][place] = start + shift
          return objective()
        }
        let near = at(h) - at(-h)
        let far = at(2 * h) - at(-2 * h)
        expected.append((8 * near - far) / (12 * Double(h)))
        values[array][place] = start
      }
      let agrees = isClose(slopes[array], expected, 2e-4)
      #expect(agrees, "by p\(array): \(slopes[array]), not \(expected)")
    }
  }

  @Test(arguments: GradientCase.all)
  func sixteenNetworksHaveTheBitsOfEach(of one: GradientCase) {
    let setting = Setting(one)
    let all = setting.parameters as [any Traced] + setting.inputs + [setting.factor]
    func scalars(_ index: Int, _ network: Int) -> [Float] {
      let count = all[index].expression.type.count(examples: Self.examples)
      return Self.numbers(count, index, positive: one.positive, seed: 100 * network)
    }
    let roots = [setting.output] + setting.slopes
    let wide = computedInLanes(
      roots, examples: Self.examples,
      all.indices.map { index in (leaf: all[index], scalars: { scalars(index, $0) }) })
    for network in [0, 7, 15] {
      let alone = computed(
        roots, examples: Self.examples,
        all.indices.map { (leaf: all[$0], scalars: scalars($0, network)) })
      for (lanes, narrow) in zip(wide, alone) {
        let agrees = same(lanes.map { $0[network] }, narrow)
        #expect(agrees, "network \(network)")
      }
    }
  }

  @Test func aParameterUsedTwiceGetsBothShares() {
    let p = Parameter("p", [2], .zeros)
    let loss = sum(p * p + p * Float(3))
    let slope = computed(
      gradient(of: loss, by: [p.expression]), examples: 1, [(p, [2, -1])])
    #expect(slope == [[7, 1]])
  }

  @Test func whatTheLossDoesNotNeedHasNoSlope() {
    let (p, q) = (Parameter("p", [2], .zeros), Parameter("q", [3], .zeros))
    let slopes = computed(
      gradient(of: sum(p), by: [p.expression, q.expression]), examples: 1, [(p, [1, 1])])
    #expect(slopes == [[1, 1], [0, 0, 0]])
  }
}
