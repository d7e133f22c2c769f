import Experiments
import Investigations
import Networks
import Tensors
import Testing

/// Networks written by hand, whose algorithm is known, and what the sweeps call it.
@Suite("Algorithms by name")
struct OutcomeTests {
  private struct Neuron {
    var weights: [Float]
    var bias: Float = 0
    var out: Float
  }

  /// One network of a setting's width; the neurons that are not given are dead.
  private func name(
    _ neurons: [Neuron], bias: Float, inputs: Int, in setting: String, of sweep: Sweep
  ) throws -> String {
    let setting = try sweep.setting(setting)
    let width = try #require(setting.variant.network.parameters.first { $0.name == "b1" }).shape
      .count
    func value(_ unit: Int, _ of: (Neuron) -> Float) -> Float {
      unit < neurons.count ? of(neurons[unit]) : 0
    }
    let weights = try Weights([
      "W1": Tensor(shape: [1, inputs, width]) { place in
        value(place % width) { $0.weights[place / width] }
      },
      "b1": Tensor(shape: [1, width]) { value($0, \.bias) },
      "W2": Tensor(shape: [1, width, 1]) { value($0, \.out) },
      "b2": Tensor([bias], shape: [1, 1]),
    ])
    return sweep.outcomes[try sweep.outcomes(of: weights, in: setting)[0]].name
  }

  @Test("of exclusive or")
  func xor() throws {
    let sweep = try sweep(of: "xor")
    let differing = [Neuron(weights: [1, -1], out: 1), Neuron(weights: [-1, 1], out: 1)]
    let agreeing = [Neuron(weights: [1, 1], out: -1), Neuron(weights: [-1, -1], out: -1)]
    // How many inputs are plus, minus two and a half times whether both are.
    let line = [Neuron(weights: [1, 1], bias: 2, out: 1), Neuron(weights: [1, 1], out: -2.5)]
    let halves = differing + [Neuron(weights: [1, -1], out: 1)]
    for width in [2, 3, 16] {
      let setting = "penalty-01-width-\(width)"
      func name(_ neurons: [Neuron], _ bias: Float) throws -> String {
        try self.name(neurons, bias: bias, inputs: 2, in: setting, of: sweep)
      }
      #expect(try name(differing, -1) == "differing")
      #expect(try name(agreeing, 1) == "agreeing")
      #expect(try name(line, -1) == "one-line")
      #expect(try name(differing, 1) == "unsolved")
      #expect(try name([], 0) == "unsolved")
      if width > 2 { #expect(try name(halves, -1) == "crowd") }
    }
  }

  /// The bits that decide, and the patterns of a face of their cube in four dimensions.
  private static let bits = [1, 4, 6, 9]

  /// A neuron on the deciding bits.
  private func neuron(_ weights: [Float], bias: Float = 0, out: Float) -> Neuron {
    var all = [Float](repeating: 0, count: 10)
    for (bit, weight) in zip(Self.bits, weights) { all[bit] = weight }
    return Neuron(weights: all, bias: bias, out: out)
  }

  private func sign(_ pattern: Int, _ place: Int) -> Float {
    pattern >> (3 - place) & 1 == 1 ? 1 : -1
  }

  /// A template that votes against its own answer.
  private func template(_ pattern: Int, share: Float = 1) -> Neuron {
    let signs = (0..<4).map { sign(pattern, $0) }
    return neuron(signs.map { $0 / 2 }, out: -share * signs.reduce(1, *))
  }

  @Test("of parity")
  func parity() throws {
    let sweep = try sweep(of: "parity")
    func name(_ neurons: [Neuron], _ bias: Float = 0) throws -> String {
      try self.name(neurons, bias: bias, inputs: 10, in: "penalty-003-width-24", of: sweep)
    }
    func face(_ place: Int, share: Float = 1) -> [Neuron] {
      (0..<16).filter { sign($0, place) > 0 }.map { template($0, share: share) }
    }
    for place in 0..<4 { #expect(try name(face(place)) == "face") }
    var doubled = face(2)
    doubled[0].out /= 2
    doubled.append(doubled[0])
    #expect(try name(doubled) == "doubled-face")
    // Half of one face and half of another; templates that both have speak with both voices.
    let blend = (0..<16).compactMap { pattern -> Neuron? in
      let share = [0, 1].reduce(Float(0)) { $0 + (sign(pattern, $1) > 0 ? 0.5 : 0) }
      return share > 0 ? template(pattern, share: share) : nil
    }
    #expect(try name(blend) == "blend")
    // Seven neurons of eight answer some inputs with nothing at all.
    #expect(try name(Array(face(0).dropLast())) == "unsolved")
    #expect(try name([]) == "unsolved")
  }

  @Test("of parity, with four templates and less than four others")
  func fewer() throws {
    let sweep = try sweep(of: "parity")
    func name(_ neurons: [Neuron], _ bias: Float) throws -> String {
      try self.name(neurons, bias: bias, inputs: 10, in: "penalty-003-width-24", of: sweep)
    }
    // Of an input's agreements t·x with four patterns, one of each pair of opposites, the sizes add up to 6 − 2p, where
    // p is its parity. With |u| = 2 relu(u) − u that is p = 3 − Σ relu(t·x) + 2x, where x is the last deciding bit.
    let four = [0b1111, 0b0011, 0b0101, 0b1001].map { template($0, share: 2) }
    #expect(try name(four + [neuron([0, 0, 0, 2], bias: 2, out: 1)], 1) == "line")
    // Let s be the fourth less the second bit. p = 1 − relu(a − b + s) − relu(b − a + s) + relu(a + b + s)
    // + relu(s − a − b) − |a + b|, where a and b are the first and the third.
    let others = [0b1001, 0b0011, 0b1011, 0b0001].map { template($0, share: 2) }
    let fold = [neuron([1, 0, 1, 0], out: -1), neuron([-1, 0, -1, 0], out: -1)]
    #expect(try name(others + fold, 1) == "fold")
    #expect(try name(others, 1) == "unsolved")
  }
}
