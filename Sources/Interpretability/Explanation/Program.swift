import Networks
import Tensors

/// An explanation that can be run: a short function from a network's inputs to the answer that it should give.
///
/// It is compared with networks on everything there is, and variable by variable: what a variable of it holds can be
/// taken from another input, in the program and in the network.
///
/// ```swift
/// let parity = Program("the product of four signs", from: ["x"], to: "target") { row in
///   [row["x"][1] * row["x"][4] * row["x"][6] * row["x"][9]]
/// }
/// ```
///
/// Geiger et al. 2021, "Causal abstractions of neural networks", arXiv 2106.02997.
public struct Program: Sendable {
  /// One example's inputs.
  public struct Row: Sendable {
    fileprivate let inputs: [String: ArraySlice<Float>]

    /// The numbers of an input, its last axis changing fastest.
    public subscript(name: String) -> [Float] { Array(inputs[name] ?? []) }
  }

  /// A variable of a program, and the part of the network that is claimed to hold it.
  public struct Variable: Sendable {
    /// With its article: `the first corner`.
    public let name: String
    public let holder: Component
    /// What is answered if the variable is taken from a source and all else from the base.
    public let swapped: @Sendable (_ base: Row, _ source: Row) -> [Float]

    /// Says what holds a variable, and what follows from it.
    public init(
      _ name: String, in holder: Component,
      swapped: @escaping @Sendable (_ base: Row, _ source: Row) -> [Float]
    ) {
      (self.name, self.holder, self.swapped) = (name, holder, swapped)
    }
  }

  /// What the program does, in words.
  public let name: String
  /// The inputs that it reads.
  public let inputs: [String]
  /// The input that a network's answer is compared with.
  public let target: String
  public let variables: [Variable]
  public let answer: @Sendable (Row) -> [Float]

  public init(
    _ name: String, from inputs: [String], to target: String, variables: [Variable] = [],
    answer: @escaping @Sendable (Row) -> [Float]
  ) {
    (self.name, self.inputs, self.target) = (name, inputs, target)
    (self.variables, self.answer) = (variables, answer)
  }

  /// The rows that the program reads.
  public func rows(of examples: Examples) -> [Row] {
    (0..<examples.count).map { row in
      Row(
        inputs: inputs.reduce(into: [:]) { inputs, name in
          guard let tensor = examples[name], examples.count > 0 else { return }
          let size = tensor.count / examples.count
          inputs[name] = tensor.scalars[row * size..<(row + 1) * size]
        })
    }
  }

  /// What the program answers to every example.
  public func answers(to examples: Examples) -> [[Float]] { rows(of: examples).map(answer) }

  /// The examples with the program's answers for right.
  ///
  /// - Throws: `NetworkError` if an answer has another size than the target.
  public func claimed(_ examples: Examples) throws -> Examples {
    try answering(answers(to: examples), examples)
  }

  /// The examples with some answers for right.
  func answering(_ answers: [[Float]], _ examples: Examples) throws -> Examples {
    guard let target = examples[target],
      answers.allSatisfy({ $0.count * examples.count == target.count })
    else {
      throw NetworkError(
        "'\(name)' answers \(answers.first?.count ?? 0) numbers, which is not what '\(self.target)' holds"
      )
    }
    return try examples.replacing(
      self.target, with: Tensor(answers.flatMap { $0 }, shape: target.shape, kind: target.kind))
  }
}
