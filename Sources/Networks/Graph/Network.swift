import Tensors

/// A network: what it is given, its parameters, its sites, its output and what training minimizes.
///
/// All of that is read off the graph; a case keeps its sites as properties of a type of its own.
///
/// ```swift
/// struct Perceptron {
///   let hidden, output: Site
///   let network: Network
///
///   init(width: Int) throws {
///     let x = Input("x", [2], kind: .signs), target = Input("target", [1], kind: .signs)
///     let w1 = Parameter("W1", [2, width], .normal(deviation: 0.7))
///     let w2 = Parameter("W2", [width, 1], .normal(deviation: 0.3))
///     hidden = Site("hidden", relu(x • w1))
///     output = Site("output", hidden • w2)
///     network = try Network(output: output, loss: square(output - target))
///   }
/// }
/// ```
public struct Network: Sendable {
  /// The inputs that the output depends on, in order of appearance.
  public let inputs: [Input]
  /// The inputs that only the loss or the score depends on.
  public let targets: [Input]
  public let parameters: [Parameter]
  public let output: Site
  /// The named places, in the order in which they are computed; those of a scan's body have a time axis.
  public let sites: [NamedSite]

  /// The most steps of a scan, which no length exceeds; nil without a scan.
  let longestScan: Int?
  let loss: Expression
  let penalty: Expression?
  let correct: Expression?
  /// What its runs planned, which any copy of it may use again.
  let plans = RecentPlans()

  /// A site and the shape that it is recorded with for one example.
  public struct NamedSite: Hashable, Sendable {
    public let name: String
    public let shape: Shape
    public let axes: [String]
  }

  /// Makes a network of the values that its forward pass ends in.
  ///
  /// - Parameters:
  ///   - output: What the network answers.
  ///   - loss: What each example costs; training minimizes its mean over the examples, and over all axes.
  ///   - penalty: What the weights cost by themselves.
  ///   - correct: One where an example is answered rightly, zero elsewhere: a single number.
  /// - Throws: `NetworkError` naming the operation and shapes that do not fit, or a name that stands twice.
  public init(
    output: Site, loss: some Traced, penalty: (any Traced)? = nil, correct: (any Traced)? = nil
  ) throws {
    self.output = output
    self.loss = mean(loss.expression)
    self.penalty = penalty?.expression
    self.correct = correct?.expression
    let roots = [output.expression, self.loss] + [self.penalty, self.correct].compactMap { $0 }
    let order = topological(roots)
    if let problem = roots.lazy.compactMap(\.node.problem).first { throw NetworkError(problem) }
    let forward = Set(topological([output.expression]))
    let allInputs = order.compactMap { Input($0) }
    inputs = allInputs.filter { forward.contains($0.expression.node) }
    targets = allInputs.filter { !forward.contains($0.expression.node) }
    parameters = order.compactMap { Parameter($0) }
    sites = order.flatMap(Self.sites)
    longestScan = order.compactMap { ($0.operation as? Scan)?.steps }.max()
    try check(unique: allInputs.map(\.name) + parameters.map(\.name), "input or parameter")
    try check(unique: sites.map(\.name), "site")
    try check(unique: (parameters.map(\.name) + sites.map(\.name)), "site or parameter")
    for parameter in parameters {
      if case .values(let values) = parameter.initialization, values.count != parameter.shape.count
      {
        throw NetworkError(
          "parameter '\(parameter.name)' of shape \(parameter.shape) is given \(values.count) values"
        )
      }
    }
    let names = allInputs.map(\.name) + parameters.map(\.name) + sites.map(\.name)
    guard names.allSatisfy({ !$0.isEmpty }) else {
      throw NetworkError("an input, parameter or site has no name")
    }
    guard self.penalty?.variesByExample != true else {
      throw NetworkError("the penalty varies by example: put it into the loss")
    }
    guard self.penalty?.shape.count ?? 1 == 1, self.correct?.shape.count ?? 1 == 1 else {
      throw NetworkError("penalty and correct are single numbers for an example")
    }
  }

  private static func sites(_ node: Node) -> [NamedSite] {
    if let site = node.operation as? SiteOperation {
      return [NamedSite(name: site.site, shape: node.results[0].shape, axes: site.axes)]
    }
    guard let scan = node.operation as? Scan else { return [] }
    return topological(scan.next + scan.outputs).flatMap(sites).map {
      NamedSite(name: $0.name, shape: $0.shape.prepending(scan.steps), axes: ["step"] + $0.axes)
    }
  }

  private func check(unique names: [String], _ kind: String) throws {
    var seen: Set<String> = []
    for name in names where !seen.insert(name).inserted {
      throw NetworkError("the name '\(name)' stands for more than one \(kind)")
    }
  }

  /// What training minimizes: the mean loss over examples plus the penalty.
  var objective: Expression {
    let mean = exampleMean(loss)
    return penalty.map { mean + $0.reshaped([]) } ?? mean
  }

  /// The number of weights.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.count } }

  /// Floating-point operations of one answer.
  public var operationsPerExample: Int { graphOperationCount([output.expression], examples: 1) }
}

/// A network that cannot be: shapes that do not fit, names that clash.
public struct NetworkError: Error, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}

extension Network {
  /// The graph from inputs and parameters to the output, as data.
  public var description: GraphDescription { GraphDescription([output.expression]) }

  /// What each operation of the graph does, in words, by its name.
  public var operationDocumentation: [String: String] {
    GraphDescription.documentation([output.expression])
  }
}
