import Artifacts
import Networks
import Tensors

/// What training and recording left behind, for analysis to read.
public struct Evidence: Sendable {
  public let experiment: any Experiment
  public let folder: CaseFolder
  public let threads: Int

  public init(_ experiment: any Experiment, in folder: CaseFolder, threads: Int) {
    self.experiment = experiment
    self.folder = folder
    self.threads = threads
  }

  /// How the training of a variant went.
  ///
  /// - Throws: `StageError` if the file is missing or malformed.
  public func training(_ variant: String = "main") throws -> TrainingFile {
    let path = try folder.variant(variant).training
    let file: TrainingFile = try JSONFile.read(path, madeBy: "make \(folder.name)")
    let known = try experiment.variant(variant)
    guard file.case == folder.name, file.variant == variant, file.seedCount == known.seedCount,
      file.solvedAt.count == file.seedCount
    else {
      throw StageError(
        .malformed, "is not of this case, variant and number of seeds", at: path,
        remedy: "make it again with make \(folder.name)")
    }
    return file
  }

  /// All networks of a variant, at every stored step.
  ///
  /// - Throws: `StageError` if the file is missing, malformed or of another network.
  public func population(_ variant: String = "main") throws -> Population {
    let known = try experiment.variant(variant)
    return Population(
      variant: known, file: try PopulationFile(known, in: folder.variant(variant)),
      path: "\(variant)/population.safetensors")
  }

  /// The network that the story is about, as a population of one, and its seed.
  ///
  /// - Throws: `StageError` if training was not recorded or a file is malformed.
  public func specimen() throws -> (seed: Int, weights: Weights) {
    let training = try training()
    guard let specimen = training.specimen, 0..<training.seedCount ~= specimen.seed else {
      throw StageError(
        .malformed, "names no specimen", at: try folder.variant().training,
        remedy: "make it again with make \(folder.name)")
    }
    return (specimen.seed, try population().final.network(specimen.seed))
  }

  /// The specimen at each step that was kept, in order.
  ///
  /// - Throws: `StageError` if a checkpoint is malformed.
  public func checkpoints() throws -> [(step: Int, weights: Weights)] {
    let main = try experiment.variant("main")
    return try folder.variant().checkpoints().map { step, path in
      (step, try readCheckpoint(path, of: main, case: folder.name))
    }
  }

  /// What the specimen's sites held on the probes.
  ///
  /// - Throws: `StageError` if the file is missing or malformed.
  public func activations() throws -> TensorFile {
    try TensorFile.read(
      folder.activations, of: folder.name, madeBy: "make \(folder.name)")
  }
}

/// All networks of a variant.
public struct Population: Sendable {
  public let variant: Variant
  private let file: PopulationFile
  /// Where it was read from, below the case's folder; for provenance.
  public let path: String

  init(variant: Variant, file: PopulationFile, path: String) {
    (self.variant, self.file, self.path) = (variant, file, path)
  }

  public var network: Network { variant.network }
  public var steps: [Int] { file.steps }

  /// The networks after training.
  public var final: Weights { weights(at: steps.last ?? 0) }

  /// The networks before training.
  public var initial: Weights { weights(at: steps.first ?? 0) }

  /// The networks at a stored step.
  ///
  /// - Precondition: The step is one of `steps`.
  public func weights(at step: Int) -> Weights {
    guard let weights = file.snapshots[step] else {
      preconditionFailure("Step \(step) is not stored, only \(steps)")
    }
    return weights
  }
}
