import Artifacts
import Experiments
import Findings
import Foundation
import Investigations
import Networks
import Tensors

/// A case as small as can be: the sign of the sum of two signs and a half, by one neuron.
struct Tiny: Investigation {
  let output: Site
  let network: Network
  let variants: [Variant]
  let probes: Probes

  init() throws { try self.init(seedCount: 60) }

  /// Makes the case with something changed.
  ///
  /// - Parameters:
  ///   - seedCount: The number of networks of each variant.
  ///   - rate: The learning rate of plain gradient descent.
  ///   - broken: Trains a second variant from weights of the first, with those of these seeds beyond all bounds.
  /// - Throws: `NetworkError` or `ShapeError`, if the network does not fit together.
  init(seedCount: Int, rate: Float = 0.1, broken: [Int]? = nil) throws {
    let x = Input("x", [2], kind: .signs)
    let target = Input("target", [1], kind: .signs)
    let w = Parameter("W", [2, 1], .normal(deviation: 1))
    let b = Parameter("b", [1], .zeros)
    output = Site("output", x • w + b)
    network = try Network(
      output: output, loss: square(output - target), correct: step(output * target))
    let corners: [Float] = [-1, -1, -1, 1, 1, -1, 1, 1]
    let examples = try Examples([
      "x": Tensor(corners, shape: [4, 2]), "target": Tensor([-1, 1, 1, 1], shape: [4, 1]),
    ])
    probes = Probes(examples, isWholeDomain: true)
    let schedule = Schedule(optimizer: .sgd(), learningRate: rate, steps: 40)
    func variant(_ name: String, _ network: Network, _ start: Variant.Start) -> Variant {
      Variant(
        name, network, data: .drawn(from: examples, batch: 3), evaluation: Evaluation(examples),
        schedule: schedule, seedCount: seedCount, start: start)
    }
    var variants = [variant("main", network, .fresh)]
    if let broken {
      variants.append(
        variant(
          "broken", network,
          .from(variant: "main") { initial, _ in
            guard var w = initial["W"] else { return initial }
            for seed in broken { w[seed, 0, 0] = .greatestFiniteMagnitude }
            return initial.replacing("W", with: w)
          }))
    }
    self.variants = variants
  }

  func observe(_ evidence: Evidence, _ notebook: inout Notebook) throws {
    let training = try evidence.training()
    notebook.noteMean("loss", of: training.finalLoss, from: ["main/training.json"])
    notebook.keep("outputs", try evidence.activations().tensor("output"))
  }

  func trials(_ trial: Trial) throws -> [(hypothesis: Hypothesis, outcome: Outcome)] {
    let scores = try network.scores(
      trial.networks(), on: probes.examples, under: [[Intervention(at: output, .zero)]],
      threads: trial.threads)
    let hypothesis = Hypothesis(
      name: "silent", claim: "Without its output the network says nothing.", rival: "It does.",
      intervention: "zero ablation of the output", control: nil, predicted: "no answer is right",
      unit: "share of answers", .atMost(0))
    return [(hypothesis, Outcome(effects: scores[0].map { Double($0.accuracy) }))]
  }
}

/// A new folder for a case's artifacts.
struct TemporaryGallery {
  let gallery: Gallery
  let folder: CaseFolder

  init() throws {
    let root = FileManager.default.temporaryDirectory.appending(
      path: "casebook-\(UUID().uuidString)")
    gallery = Gallery(root.path)
    folder = try gallery.case("tiny")
  }

  func remove() { try? FileManager.default.removeItem(atPath: gallery.root) }

  /// Every file below, by its path, with its bytes.
  func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for path in FileManager.default.enumerator(atPath: gallery.root)?.allObjects ?? [] {
      guard let path = path as? String else { continue }
      contents[path] = FileManager.default.contents(atPath: "\(gallery.root)/\(path)")
    }
    return contents
  }
}
