import Tensors

/// The parameters of a population: for each name a tensor with a row a network.
public struct Weights: Sendable, Hashable {
  /// `[networks, shape of the parameter...]` each.
  public private(set) var tensors: [String: Tensor]
  /// The number of networks.
  public let count: Int

  /// Makes weights from one tensor a parameter.
  ///
  /// - Throws: `ShapeError` if the tensors have different numbers of rows.
  public init(_ tensors: [String: Tensor]) throws {
    let examples = try Examples(tensors)
    self.tensors = tensors
    self.count = examples.count
  }

  init(unchecked tensors: [String: Tensor], count: Int) {
    (self.tensors, self.count) = (tensors, count)
  }

  public subscript(name: String) -> Tensor? { tensors[name] }

  /// A parameter of every network.
  ///
  /// - Shape: `[networks, shape...]`
  public subscript(parameter: Parameter) -> Tensor {
    tensors[parameter.name]
      ?? Tensor(repeating: 0, shape: parameter.shape.prepending(count))
  }

  /// The networks at some places, in that order.
  public func networks(_ indices: some Collection<Int>) -> Weights {
    Weights(unchecked: tensors.mapValues { $0.slices(indices) }, count: indices.count)
  }

  /// The networks of several populations, one after another.
  ///
  /// - Throws: `ShapeError` if they are of different networks.
  public static func stacking(_ populations: [Weights]) throws -> Weights {
    guard let first = populations.first else { return try Weights([:]) }
    return try Weights(
      Dictionary(
        uniqueKeysWithValues: first.tensors.map { name, tensor in
          let all = populations.compactMap { $0[name] }
          return (
            name,
            try Tensor(
              all.flatMap(\.scalars),
              shape: tensor.shape.dropFirst().prepending(populations.reduce(0) { $0 + $1.count }))
          )
        }))
  }

  /// One network, as a population of one.
  public func network(_ index: Int) -> Weights { networks(CollectionOfOne(index)) }

  /// The weights with one tensor replaced.
  public func replacing(_ name: String, with tensor: Tensor) -> Weights {
    var tensors = self.tensors
    tensors[name] = tensor
    return Weights(unchecked: tensors, count: count)
  }
}

extension Network {
  /// The weights that networks of some seeds begin with, each drawn from its own stream.
  public func initialWeights(seeds: [Int]) -> Weights {
    var columns = parameters.map { _ in [Float]() }
    for seed in seeds {
      var generator = Generator(seed: seed, stream: .initialization)
      for (index, parameter) in parameters.enumerated() {
        columns[index] += parameter.initialization.scalars(
          count: parameter.shape.count, using: &generator)
      }
    }
    var tensors: [String: Tensor] = [:]
    for (parameter, scalars) in zip(parameters, columns) {
      let shape = parameter.shape.prepending(seeds.count)
      tensors[parameter.name] = Tensor(shape: shape) { scalars[$0] }
    }
    return Weights(unchecked: tensors, count: seeds.count)
  }

  /// Checks that weights are of this network.
  ///
  /// - Throws: `NetworkError` naming the parameter that is missing, too many, or of another shape.
  public func check(_ weights: Weights) throws {
    for parameter in parameters {
      guard let tensor = weights[parameter.name] else {
        throw NetworkError("the weights have no parameter '\(parameter.name)'")
      }
      guard tensor.shape == parameter.shape.prepending(weights.count) else {
        throw NetworkError(
          "parameter '\(parameter.name)' has shape \(parameter.shape), but the weights of "
            + "\(weights.count) networks have \(tensor.shape)")
      }
    }
    let known = Set(parameters.map(\.name))
    if let extra = weights.tensors.keys.sorted().first(where: { !known.contains($0) }) {
      throw NetworkError("the weights have a parameter '\(extra)' that the network has not")
    }
  }
}
