import Tensors

/// Questions with their answers: for each input of a network, a tensor with a row an example.
public struct Examples: Sendable, Hashable {
  public private(set) var tensors: [String: Tensor]
  /// The number of examples.
  public let count: Int

  /// Makes examples from one tensor an input.
  ///
  /// - Shape: each tensor `[examples, shape of the input...]`.
  /// - Throws: `ShapeError` if the tensors have different numbers of rows.
  public init(_ tensors: [String: Tensor]) throws {
    let counts = Set(tensors.values.map { $0.shape.sizes.first ?? 0 })
    guard counts.count == 1, let count = counts.first else {
      let shapes = tensors.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.shape)" }
      throw ShapeError(
        "examples need equally many rows in every input, not \(shapes.joined(separator: ", "))")
    }
    self.tensors = tensors
    self.count = count
  }

  public subscript(name: String) -> Tensor? { tensors[name] }

  /// The examples at some places, in that order.
  public func rows(_ indices: some Collection<Int>) -> Examples {
    Examples(unchecked: tensors.mapValues { $0.slices(indices) }, count: indices.count)
  }

  /// The examples with one tensor replaced, or added.
  ///
  /// - Throws: `ShapeError` if it has another number of rows.
  public func replacing(_ name: String, with tensor: Tensor) throws -> Examples {
    var tensors = self.tensors
    tensors[name] = tensor
    return try Examples(tensors)
  }

  private init(unchecked tensors: [String: Tensor], count: Int) {
    self.tensors = tensors
    self.count = count
  }

  /// The examples with the rows of some inputs put in another order, the other inputs as they are.
  public func permuting(_ names: [String], by order: [Int]) -> Examples {
    var tensors = self.tensors
    for name in names { tensors[name] = tensors[name]?.slices(order) }
    return Examples(unchecked: tensors, count: count)
  }
}

extension Network {
  /// Checks that examples are ones this network can be given.
  ///
  /// - Throws: `NetworkError` naming the input that is missing, of another shape, or out of its range.
  public func check(_ examples: Examples, forTraining: Bool = false) throws {
    for input in inputs + (forTraining ? targets : []) {
      guard let tensor = examples[input.name] else {
        throw NetworkError("the examples have no input '\(input.name)'")
      }
      guard tensor.shape.dropFirst() == input.shape else {
        throw NetworkError(
          "input '\(input.name)' has shape \(input.shape) for one example, but the examples have "
            + "\(tensor.shape.dropFirst())")
      }
      if input.kind == .lengths, let longestScan,
        let bad = tensor.scalars.first(where: {
          $0 < 0 || $0 > Float(longestScan) || $0 != $0.rounded()
        })
      {
        throw NetworkError(
          "input '\(input.name)' has the length \(bad), but the network has 0 to \(longestScan) steps"
        )
      }
      if case .tokens(let vocabulary) = input.kind,
        let bad = tensor.scalars.first(where: {
          $0 < 0 || $0 >= Float(vocabulary) || $0 != $0.rounded()
        })
      {
        throw NetworkError(
          "input '\(input.name)' has the token \(bad), outside its vocabulary 0 to \(vocabulary - 1)"
        )
      }
    }
  }

  /// Checks that a network of each seed can be trained on data.
  ///
  /// - Throws: `NetworkError` naming the input or the seed whose rows do not fit.
  func check(_ data: TrainingData, seeds: [Int]) throws {
    switch data.source {
    case .table(let examples, let rows, let batch):
      try check(examples, forTraining: true)
      for seed in seeds {
        let own = rows(seed)
        try check(rows: own, of: examples, seed)
        if own.isEmpty { throw NetworkError("seed \(seed) has no rows to train on") }
        if batch == nil, let first = seeds.first, own.count != data.batch(seed: first) {
          throw NetworkError(
            "seed \(seed) trains on \(own.count) rows at once, but seed \(first) on "
              + "\(data.batch(seed: first)): networks side by side need equally many")
        }
      }
    case .maker(let names, _, _):
      let known = (inputs + targets).map(\.name)
      guard names.sorted() == known.sorted() else {
        throw NetworkError(
          "the examples that are made have the inputs \(names), but the network has \(known)")
      }
    }
  }

  /// Checks that the rows chosen for a seed are there.
  func check(rows: [Int], of examples: Examples, _ seed: Int) throws {
    guard let bad = rows.first(where: { $0 < 0 || $0 >= examples.count }) else { return }
    throw NetworkError("seed \(seed) has the row \(bad) of \(examples.count) examples")
  }
}
