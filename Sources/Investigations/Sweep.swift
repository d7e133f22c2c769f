import Experiments
import Interpretability
import Networks

/// A case whose networks are trained over a grid of settings, to see how often each algorithm is found.
///
/// It says so in a file `Hypotheses+Sweep.swift`, by which `make sweep` knows it:
///
/// ```swift
/// extension XOR: Sweeping {
///   public func sweep() throws -> Sweep { … }
/// }
/// ```
public protocol Sweeping: Investigation {
  /// The grid, and how its networks are told apart.
  ///
  /// - Throws: `NetworkError` if a network does not fit together.
  func sweep() throws -> Sweep
}

/// A grid of settings × seeds, and how the networks that come of it are told apart.
///
/// A sweep is cut into *shards*, some seeds of one setting each. A shard is a run of a stage: it is trained, classified
/// and forgotten, but for one small file, so that many may run side by side, on many machines. Seed *k* has the same
/// bits in any shard.
///
/// **What a shard costs besides training**, as `make test-slurm` measures it: 0.013 s to start the program and build
/// the case's networks, and 0.039 s through `srun`, on a Slurm of three nodes that one machine plays. A shard of 500
/// networks of XOR trains for 0.15 s of one core, one of 100 of parity for 0.9 s. Its file has some 4 bytes a network.
///
/// **A million networks, on paper.** Shards know nothing of each other, so throughput grows with the processors until
/// something that they share is full. A core trains some 3,500 networks of XOR a second: a million takes it five
/// minutes, and 100 cores three seconds, in 2,000 shards. What breaks first is the launching: each shard is an `srun`
/// of its own that one `make` starts and waits for, and at 0.026 s each one machine starts some 40 a second, which is
/// 50 s. From a dozen cores on, more networks a shard (`seedsPerShard`) gain more than more cores. Next is the file
/// system, where thousands of small files lie in one folder; then the command line of the inner `make`, which names
/// every shard and has room for some 20,000. Memory is no limit: a shard holds its own networks, collecting only counts.
public struct Sweep: Sendable {
  /// One place of the grid.
  public struct Setting: Sendable {
    /// Above which panel of the figure it is shown, as in `penalty 0.01`.
    public let panel: String
    /// What is written below its bar, as in `16`.
    public let label: String
    /// What is trained, and with how many seeds; its name is a slug.
    public var variant: Variant

    public init(panel: String, label: String, _ variant: Variant) {
      (self.panel, self.label, self.variant) = (panel, label, variant)
    }
  }

  /// What may come of training a network.
  public struct Outcome: Hashable, Sendable {
    /// A slug, by which findings name it.
    public let name: String
    /// In words, for the legend.
    public let label: String

    public init(_ name: String, _ label: String) { (self.name, self.label) = (name, label) }
  }

  public var settings: [Setting]
  /// How many seeds one shard trains.
  public var seedsPerShard: Int
  /// The algorithms that are told apart, in the order in which bars are stacked.
  public let algorithms: [Outcome]
  /// What the bars' labels count, as in `hidden neurons`.
  public let axis: String
  /// The finding, above the figure.
  public let title: @Sendable (Tally) -> String
  /// How an algorithm is recognized, below the title.
  public let subtitle: String
  private let algorithm: @Sendable (Weights, Int) -> Int?

  /// Declares a sweep.
  ///
  /// - Parameters:
  ///   - settings: The grid; every variant starts fresh, and is evaluated on all inputs that count.
  ///   - seedsPerShard: How many seeds one shard trains.
  ///   - algorithms: What is told apart.
  ///   - axis: What the bars' labels count.
  ///   - title: Says what was found.
  ///   - subtitle: Says how an algorithm is recognized.
  ///   - algorithm: Which of the algorithms a network runs that answers every input right; nil if it is none of them.
  public init(
    _ settings: [Setting], seedsPerShard: Int, algorithms: [Outcome], axis: String,
    title: @escaping @Sendable (Tally) -> String, subtitle: String,
    algorithm: @escaping @Sendable (_ weights: Weights, _ network: Int) -> Int?
  ) {
    self.settings = settings
    self.seedsPerShard = seedsPerShard
    self.algorithms = algorithms
    self.axis = axis
    self.title = title
    self.subtitle = subtitle
    self.algorithm = algorithm
  }

  /// The algorithms, then what is none of them, then networks that answer an input wrongly.
  public var outcomes: [Outcome] {
    algorithms + [Outcome("other", "none of these"), Outcome("unsolved", "not solved")]
  }

  /// Tells networks of a setting apart.
  ///
  /// - Parameters:
  ///   - weights: The networks after training.
  ///   - setting: What was trained.
  ///   - threads: How many threads compute.
  /// - Returns: For each network the place of what came of it among the `outcomes`.
  /// - Throws: `NetworkError` if the weights are not of the setting's network.
  public func outcomes(of weights: Weights, in setting: Setting, threads: Int = 1) throws -> [Int] {
    let variant = setting.variant
    let scores = try variant.network.scores(
      weights, on: variant.evaluation.examples, threads: threads)[0]
    return weights.indices.map { network in
      guard scores[network].accuracy == 1 else { return algorithms.count + 1 }
      return algorithm(weights, network) ?? algorithms.count
    }
  }
}

extension Sweep {
  /// How many networks of each setting came to what.
  public struct Tally: Hashable, Sendable {
    /// A row a setting, by its name, a column an outcome.
    public let counts: [String: [Int]]

    public init(_ counts: [String: [Int]]) { self.counts = counts }

    /// How many of a setting's networks came to one of some outcomes, in percent.
    ///
    /// - Returns: As in `25.1 %`; the first decimal is left out where all did, or none.
    public func percent(_ outcomes: [Int], of setting: String) -> String {
      let row = counts[setting] ?? []
      let (some, all) = (outcomes.reduce(0) { $0 + row[$1] }, row.reduce(0, +))
      let tenths = all == 0 ? 0 : (2000 * some + all) / (2 * all)
      return tenths % 1000 == 0
        ? "\(tenths / 10)\u{A0}%" : "\(tenths / 10).\(tenths % 10)\u{A0}%"
    }
  }
}
