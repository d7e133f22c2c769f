import Findings
import Interpretability
import Networks
import Tensors

/// One population put through the tests of an explanation, the same for trained, untrained and misled networks.
public struct Examination: Sendable {
  public let explanation: Explanation
  public let network: Network
  public let weights: Weights
  public let located: Located
  /// The program that each network is claimed to run.
  public let version: [Int]
  public let threads: Int
  private let locating: Weights
  let bench: ComponentAblation

  /// Finds the component in every network.
  ///
  /// - Parameters:
  ///   - explanation: What is claimed of the networks.
  ///   - network: The graph that all networks of the population share, if the explanation has none of its own.
  ///   - weights: The networks.
  ///   - later: The same networks at another time, in which the component is looked for instead.
  ///   - threads: How many threads compute; the result does not depend on it.
  /// - Throws: `NetworkError` if the explanation does not fit the network.
  public init(
    _ explanation: Explanation, of network: Network, _ weights: Weights,
    locatedIn later: Weights? = nil, threads: Int = 1
  ) throws {
    let network = explanation.network ?? network
    (self.explanation, self.network, self.weights) = (explanation, network, weights)
    (self.locating, self.threads) = (later ?? weights, threads)
    located = try explanation.component.located(in: locating)
    version = try explanation.version(locating)
    guard version.count == weights.count, version.allSatisfy(explanation.programs.indices.contains)
    else {
      throw NetworkError(
        "an explanation with \(explanation.programs.count) programs says \(version) of "
          + "\(weights.count) networks")
    }
    bench = ComponentAblation(
      of: explanation.component, in: network, weights, on: explanation.examples, threads: threads)
  }

  /// What each network makes of something, and what it makes of the control.
  public struct Measure: Hashable, Sendable {
    public var effects: [Double]
    public var controls: [Double]
  }

  /// All members of every network as one part.
  public func whole() throws -> SitePart { try .union(located.members) }

  /// Whether the site holds nothing but the component.
  public func isRestEmpty() throws -> Bool { try whole().isAll(ofSite: bench.component.size) }

  func placebo(_ part: SitePart, using generator: inout Generator) throws -> SitePart {
    try part.placebo(
      ofSite: bench.component.size, among: bench.component.comparable, using: &generator)
  }

  /// The share of answers that are right with all but the component, or all but a placebo, ablated.
  ///
  /// - Throws: `NetworkError` if the component does not fit its site.
  public func sufficiency(by ablation: Ablation, using generator: inout Generator) throws
    -> Measure
  {
    let whole = try whole()
    let scores = try bench.scores(
      [.allBut(whole), .allBut(try placebo(whole, using: &generator))], by: ablation)
    return Measure(effects: Self.accuracies(scores[0]), controls: Self.accuracies(scores[1]))
  }

  /// The share of right answers that are lost with the component, or a placebo, ablated.
  ///
  /// - Throws: `NetworkError` if the component does not fit its site.
  public func necessity(by ablation: Ablation, using generator: inout Generator) throws
    -> Measure
  {
    let whole = try whole()
    let scores = try bench.scores(
      [.part(whole), .part(try placebo(whole, using: &generator))], by: ablation)
    let clean = Self.accuracies(try bench.scores())
    let lost = scores.map { scores in
      zip(clean, Self.accuracies(scores)).map { $0 > 0 ? ($0 - $1) / $0 : 0 }
    }
    return Measure(effects: lost[0], controls: lost[1])
  }

  /// The share of inputs that networks answer as their program does.
  ///
  /// - Throws: `NetworkError` if a program's answers do not fit the network.
  public func agreement(on examples: Examples? = nil, of network: Network? = nil) throws
    -> [Double]
  {
    try byVersion { program, weights in
      let claimed = try program.claimed(examples ?? explanation.examples)
      return Self.accuracies(
        try (network ?? self.network).scores(weights, on: claimed, threads: threads)[0])
    }
  }

  /// How often answers are as predicted when each variable is taken from another input, and with a placebo instead.
  ///
  /// - Parameters:
  ///   - most: The most pairs of inputs that are tried for a variable; if nil, as many as can be afforded.
  ///   - generator: Draws pairs and placebos.
  /// - Returns: A measure for each variable, of every network whose program has it; others have 0.
  /// - Throws: `NetworkError` if a variable does not fit the network.
  public func interchanges(atMost most: Int? = nil, using generator: inout Generator) throws
    -> [Interchanged]
  {
    let names = explanation.programs[0].variables.map(\.name)
    guard explanation.programs.allSatisfy({ $0.variables.count == names.count }) else {
      throw NetworkError("the programs of an explanation have different numbers of variables")
    }
    return try names.indices.map { place in
      var measure = Measure(
        effects: .init(repeating: 0, count: weights.count),
        controls: .init(repeating: 0, count: weights.count))
      var (pairs, isExhaustive) = (0, true)
      for (number, program) in explanation.programs.enumerated() {
        let own = version.indices.filter { version[$0] == number }
        guard !own.isEmpty else { continue }
        let done = try VariableInterchange(
          of: program.variables[place], in: program, network, weights.networks(own),
          locatedIn: locating.networks(own), on: explanation.examples, atMost: most,
          using: &generator, threads: threads)
        for (network, index) in own.enumerated() {
          measure.effects[index] = done.accuracies[network]
          measure.controls[index] = done.placebo[network]
        }
        pairs = max(pairs, done.pairs)
        isExhaustive = isExhaustive && done.isExhaustive
      }
      return Interchanged(
        variable: names[place], measure: measure, pairs: pairs, isExhaustive: isExhaustive)
    }
  }

  /// What exchanging a variable came to.
  public struct Interchanged: Hashable, Sendable {
    public let variable: String
    public let measure: Measure
    /// The number of pairs of inputs whose answer should change.
    public let pairs: Int
    public let isExhaustive: Bool
  }

  /// How networks fare on inputs beyond the task.
  public struct Fared: Hashable, Sendable {
    /// The share of errors on the inputs that must break the network; nil where the program errs on none.
    public var mustBreak: [Double?]
    /// The share of right answers on the inputs that must not; nil where there are none.
    public var mustHold: [Double?]
    /// The share of errors on all inputs of the kind, as they were drawn.
    public var any: [Double]
    /// The share of all inputs that are answered as the program does.
    public var agreement: [Double]
    /// How many inputs were drawn.
    public var count: Int
  }

  /// Tries inputs beyond the task.
  ///
  /// - Throws: `NetworkError` if they do not fit the network.
  public func fares(on beyond: Explanation.Beyond, using generator: inout Generator) throws
    -> Fared
  {
    let examples = try beyond.make(&generator)
    var fared = Fared(
      mustBreak: .init(repeating: nil, count: weights.count),
      mustHold: .init(repeating: nil, count: weights.count),
      any: .init(repeating: 0, count: weights.count),
      agreement: try agreement(on: examples, of: beyond.network), count: examples.count)
    for (number, program) in explanation.programs.enumerated() {
      let own = version.indices.filter { version[$0] == number }
      guard !own.isEmpty, let target = examples[program.target] else { continue }
      let size = target.count / max(examples.count, 1)
      let errs = program.answers(to: examples).enumerated().map { row, answer in
        answer != Array(target.scalars[row * size..<(row + 1) * size])
      }
      func right(_ rows: [Int]) throws -> [Double]? {
        guard !rows.isEmpty else { return nil }
        return Self.accuracies(
          try beyond.network.scores(
            weights.networks(own), on: examples.rows(rows), threads: threads)[0])
      }
      let wrongs = errs.indices.filter { errs[$0] }
      let broken = try right(wrongs)
      let whole = try right(errs.indices.filter { !errs[$0] })
      let share = Double(wrongs.count) / Double(errs.count)
      for (network, index) in own.enumerated() {
        fared.mustBreak[index] = broken.map { 1 - $0[network] }
        fared.mustHold[index] = whole.map { $0[network] }
        fared.any[index] =
          share * (fared.mustBreak[index] ?? 0) + (1 - share) * (1 - (fared.mustHold[index] ?? 1))
      }
    }
    return fared
  }

  static func accuracies(_ scores: [Score]) -> [Double] { scores.map { Double($0.accuracy) } }

  /// What the networks of each program come to, put back in the order of the population.
  private func byVersion(_ work: (Program, Weights) throws -> [Double]) throws -> [Double] {
    var values = [Double](repeating: 0, count: weights.count)
    for (number, program) in explanation.programs.enumerated() {
      let own = version.indices.filter { version[$0] == number }
      guard !own.isEmpty else { continue }
      for (index, value) in zip(own, try work(program, weights.networks(own))) {
        values[index] = value
      }
    }
    return values
  }
}
