import Networks
import Tensors

/// What a case trains: a task, and a network for each variant of it.
///
/// It knows nothing of what will be looked for in the networks, of figures or of pages.
public protocol Experiment: Sendable {
  /// Builds the networks.
  ///
  /// - Throws: `NetworkError` if a forward pass does not fit together.
  init() throws

  /// The networks to train: `main`, which the story is about, first; then what its claims need.
  var variants: [Variant] { get }

  /// What the specimen is recorded on.
  var probes: Probes { get }
}

extension Experiment {
  /// The variant of that name.
  ///
  /// - Throws: `NetworkError` listing the variants there are.
  public func variant(_ name: String) throws -> Variant {
    guard let variant = variants.first(where: { $0.name == name }) else {
      let names = variants.map(\.name).joined(separator: ", ")
      throw NetworkError("there is no variant '\(name)'; there are \(names)")
    }
    return variant
  }
}

/// The inputs that a case looks at.
public struct Probes: Sendable {
  public let examples: Examples
  /// Whether these are all the inputs that there are.
  public let isWholeDomain: Bool
  /// The sites that are recorded, the output always; nil for all of the network.
  public let sites: [Site]?

  public init(_ examples: Examples, isWholeDomain: Bool, sites: [Site]? = nil) {
    self.examples = examples
    self.isWholeDomain = isWholeDomain
    self.sites = sites
  }
}

/// One network of a case, how it is trained, and with how many seeds.
public struct Variant: Sendable {
  /// Where training starts.
  public enum Start: Sendable {
    /// From weights drawn for each seed.
    case fresh
    /// From weights made of another variant's, which stands earlier in the list.
    case from(
      variant: String, @Sendable (_ initial: Weights, _ final: Weights) throws -> Weights)
  }

  public let name: String
  public let network: Network
  public let data: TrainingData
  public let evaluation: Evaluation
  public let schedule: Schedule
  /// The number of networks; their seeds count from 0.
  public let seedCount: Int
  public let start: Start

  public init(
    _ name: String, _ network: Network, data: TrainingData, evaluation: Evaluation,
    schedule: Schedule, seedCount: Int, start: Start = .fresh
  ) {
    self.name = name
    self.network = network
    self.data = data
    self.evaluation = evaluation
    self.schedule = schedule
    self.seedCount = seedCount
    self.start = start
  }

  /// The seeds for looking: the first tenth, at least five.
  public var exploreSeeds: Range<Int> { 0..<min(max(5, seedCount / 10), seedCount) }

  /// The seeds that only verdicts use.
  public var trialSeeds: Range<Int> { exploreSeeds.upperBound..<seedCount }

  /// The steps at which all weights are kept: the first and last, and for `main` up to six, spread by equal ratios, as
  /// many as a file of 1.75 MiB holds.
  var storedSteps: [Int] {
    let bytes = network.parameterCount * seedCount * MemoryLayout<Float>.size
    let most = (7 << 18) / max(bytes, 1)
    return schedule.milestones(name == "main" ? min(max(most, 2), 6) : 2)
  }
}
