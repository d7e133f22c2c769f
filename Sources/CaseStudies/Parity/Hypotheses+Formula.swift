import Networks
import ParityTask
import Tensors

/// The claimed algorithm without any number left in it: templates with weights ±½ and votes of ±1.
enum Formula {
  /// What a template adds to the output at a pattern: its vote, −parity, times half the excess of places in which they agree.
  ///
  /// Relu(½ · (agreeing − differing)) is 2 on the template itself, 1 one place away, and 0 farther off.
  static func contribution(of template: Int, at pattern: Int) -> Double {
    let excess = 4 - 2 * Templates.distance(template, pattern)
    return -Double(Templates.parity(template)) * Double(max(excess, 0)) / 2
  }

  /// The largest distance of the formula's answers from the right ones, for some choice of templates.
  static func error(of templates: [Int]) -> Double {
    (0..<Templates.patternCount).reduce(0.0) { largest, pattern in
      let answer = templates.reduce(0.0) { $0 + contribution(of: $1, at: pattern) }
      return max(largest, (answer - Double(Templates.parity(pattern))).magnitude)
    }
  }

  /// All choices of one pattern from each of the eight pairs of opposites.
  static var choices: [[Int]] {
    (0..<1 << Templates.expected).map { choice in
      (0..<Templates.expected).map { pair in
        choice >> pair & 1 == 1 ? pair : Templates.patternCount - 1 - pair
      }
    }
  }

  /// The networks with one template's neurons, or all neurons, made by the formula.
  ///
  /// Without a place all eight are replaced, every other neuron is silenced, and so is the bias of the output. A
  /// wrong sign turns the new template's first bit, while its vote stays.
  static func replacing(
    _ found: [Templates?], in weights: Weights, place: Int?, hasWrongSign: Bool = false
  ) -> Weights {
    guard var w1 = weights["W1"], var b1 = weights["b1"], var w2 = weights["W2"],
      var b2 = weights["b2"]
    else { return weights }
    if place == nil {
      w1 = w1.mapped { _ in 0 }
      b1 = b1.mapped { _ in 0 }
      w2 = w2.mapped { _ in 0 }
      b2 = b2.mapped { _ in 0 }
    }
    for (network, templates) in found.enumerated() {
      guard let templates else { continue }
      for (index, template) in templates.all.enumerated() where place ?? index == index {
        for neuron in template.neurons {
          for bit in 0..<w1.shape[1] { w1[network, bit, neuron] = 0 }
          b1[network, neuron] = 0
          w2[network, neuron, 0] = 0
        }
        guard let neuron = template.neurons.first else { continue }
        for (rank, bit) in Parity.decidingBits().enumerated() {
          let turned: Float = hasWrongSign && rank == 0 ? -1 : 1
          w1[network, bit, neuron] = turned * 0.5 * Templates.sign(at: rank, in: template.pattern)
        }
        w2[network, neuron, 0] = -Templates.parity(template.pattern)
      }
    }
    return weights.replacing("W1", with: w1).replacing("b1", with: b1)
      .replacing("W2", with: w2).replacing("b2", with: b2)
  }
}
