import Artifacts
import Documents
import Experiments

extension Picture {
  /// A figure, at the size shown: its pixels are twice as fine.
  init(_ entry: FiguresFile.Entry) {
    self.init(
      slug: entry.name, title: entry.title, caption: entry.caption, alt: entry.alt,
      width: entry.width / 2, height: entry.height / 2, path: "figures/\(entry.name).png")
  }
}

extension Fact {
  /// What a case is made of.
  static func facts(of training: TrainingFile, in folder: CaseFolder) throws -> [Fact] {
    func number(_ value: Int) -> String { Wording.number(Double(value)) }
    let trial = training.seedCount - training.exploreCount
    return [
      Fact(
        label: "Networks: \(number(training.exploreCount)) to explore, "
          + "\(number(trial)) for the trial",
        value: number(training.seedCount)),
      Fact(label: "Variants", value: number(try folder.variants().count)),
      Fact(label: "Weights of each", value: number(training.parameterCount)),
      Fact(label: "Training steps", value: number(training.steps)),
      Fact(
        label: "Operations to train one",
        value: Wording.magnitude(Double(training.operationsPerStep) * Double(training.steps))),
    ]
  }
}

extension CasePage.Reproduction {
  /// How a case is made again, and what must come out.
  init(of training: TrainingFile, in folder: CaseFolder) throws {
    let maker = "make \(folder.name)"
    let main = try folder.variant()
    var paths = [main.population, folder.activations, folder.findings]
    if let last = try main.checkpoints().last { paths.insert(last.path, at: 1) }
    let specimen = training.specimen.map { specimen in
      "seed \(specimen.seed), "
        + (specimen.solved
          ? "the first explore seed that solves the task"
          : "the best of the explore seeds, none of which solves the task")
    }
    self.init(
      specimen: specimen ?? "none",
      commands: ["make setup", "rm -r artifacts/\(folder.name)", maker, "git diff artifacts"],
      hashName: "CRC-32",
      files: try paths.map { path in
        File(
          path: String(path.dropFirst(folder.path.count + 1)),
          hash: try InputFile.checksum(path, madeBy: maker))
      })
  }
}
