import Documents
import Foundation
import Networks
import Tensors
import Testing

@testable import Artifacts
@testable import Stories

/// The artifacts of a specimen with so many weights and checkpoints, in a folder of its own.
private struct Specimen {
  let root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  let folder: CaseFolder

  init(width: Int, checkpoints: Int, examples: Int = 100) throws {
    folder = try Gallery(root.path).case("tiny")
    let x = Input("x", [2], kind: .signs)
    let w = Parameter("W", [2, width], .normal(deviation: 1))
    let output = Site("output", x • w)
    let network = try Network(output: output, loss: sum(output))
    let main = try folder.variant()
    try JSONFile.write(NetworkFile(network, case: "tiny", variant: "main"), to: main.network)
    for step in 0..<checkpoints {
      let weights = Tensor(shape: [2, width]) { Float(step) + Float($0) / 1024 }
      try TensorFile(Provenance(case: "tiny"), ["W": weights]).write(to: main.checkpoint(at: step))
    }
    let inputs = Tensor(shape: [examples, 2]) { Float($0) }
    try TensorFile(Provenance(case: "tiny"), ["inputs": inputs]).write(to: folder.activations)
  }

  func remove() { try? FileManager.default.removeItem(at: root) }
}

@Suite struct LiveNetworkTests {
  @Test func holdsAllOfASmallSpecimen() throws {
    let specimen = try Specimen(width: 3, checkpoints: 30)
    defer { specimen.remove() }
    let live = try #require(try LiveNetwork(in: specimen.folder))
    #expect(live.checkpoints.map(\.step) == Array(0..<30))
    #expect(live.checkpoints[7].weights == (0..<6).map { 7 + Float($0) / 1024 })
    let path = try specimen.folder.variant().network
    #expect(live.network == (try String(contentsOfFile: path, encoding: .utf8)))
    #expect(live.examples.count == 24)
    #expect(live.examples.first == [[0, 1]] && live.examples.last == [[198, 199]])
  }

  @Test func leavesCheckpointsOutWhereThePageWouldGrowTooLarge() throws {
    let specimen = try Specimen(width: 10_000, checkpoints: 12)
    defer { specimen.remove() }
    let live = try #require(try LiveNetwork(in: specimen.folder))
    #expect(live.checkpoints.count == 9)
    #expect(live.checkpoints.first?.step == 0 && live.checkpoints.last?.step == 11)
    let page = try page(live)
    #expect(page.html().utf8.count < 1_500_000)
  }

  @Test func isLeftOutWhereEightCheckpointsDoNotFit() throws {
    let specimen = try Specimen(width: 12_000, checkpoints: 12)
    defer { specimen.remove() }
    #expect(try LiveNetwork(in: specimen.folder) == nil)
  }

  @Test func namesTheCheckpointThatIsNotTheNetworks() throws {
    let specimen = try Specimen(width: 3, checkpoints: 3)
    defer { specimen.remove() }
    let path = try specimen.folder.variant().checkpoint(at: 2)
    try TensorFile(Provenance(case: "tiny"), ["W": Tensor([1, 2])]).write(to: path)
    let error = try #require(throws: StageError.self) { try LiveNetwork(in: specimen.folder) }
    #expect("\(error)".contains(path) && "\(error)".contains("shape"))
  }

  /// Sizes with which a page, its weights or its examples could not be computed.
  @Test(arguments: ["-1", "9223372036854775807", "4294967296, 4294967296", "0, 4294967296, 8"])
  func refusesShapesOfNoTensor(_ sizes: String) throws {
    let specimen = try Specimen(width: 3, checkpoints: 3)
    defer { specimen.remove() }
    let path = try specimen.folder.variant().network
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for part in ["parameters", "inputs"] {
      let start = try #require(text.firstRange(of: "\"\(part)\": [")).upperBound
      let shape = try #require(text[start...].firstRange(of: /"shape": \[[^\]]*/))
      try text.replacingCharacters(in: shape, with: "\"shape\": [\(sizes)")
        .write(toFile: path, atomically: true, encoding: .utf8)
      let error = try #require(throws: StageError.self) { try LiveNetwork(in: specimen.folder) }
      #expect(error.kind == .malformed && "\(error)".contains("network.json: a shape has"))
    }
  }

  @Test(arguments: [(1, 1), (8, 8), (8, 28), (9, 12), (24, 1024)])
  func choosesEvenly(_ count: Int, _ total: Int) {
    let chosen = evenly(count, of: total)
    #expect(chosen.count == count && Set(chosen).count == count && chosen == chosen.sorted())
    #expect(chosen.first == 0 && (count == 1 || chosen.last == total - 1))
    let gaps = zip(chosen.dropFirst(), chosen).map(-)
    #expect((gaps.max() ?? 0) - (gaps.min() ?? 0) <= 1)
  }
}

private func page(_ live: LiveNetwork) throws -> CasePage {
  let story = try Story(
    parsing: sampleStory(), file: "Story.md", findings: sampleFindings(), figures: sampleFigures,
    glossary: sampleTerms)
  var page = story.page(
    slug: "tiny", predictions: [],
    reproduction: CasePage.Reproduction(
      specimen: "seed 0", commands: ["make tiny"], hashName: "CRC-32", files: []))
  page.live = live
  return page
}
