import Artifacts
import Experiments
import Foundation
import Networks
import Tensors
import Testing

/// Files whose form is right, and whose numbers or names no stage could compute with.
@Suite("artifacts that say what cannot be")
struct HostileTests {
  @Test(
    "a training whose counts do not fit is refused",
    arguments: [
      (#""seedCount": 60"#, #""seedCount": -9223372036854775808"#),
      (#""seedCount": 60"#, #""seedCount": 61"#),
      (#""exploreCount": 6"#, #""exploreCount": 61"#),
      (#""exploreCount": 6"#, #""exploreCount": -1"#),
      (#""steps": 40"#, #""steps": -1"#),
      (#""parameterCount": 3"#, #""parameterCount": -3"#),
      (#""measuredSteps": ["#, #""measuredSteps": [0, "#),
      (#""seed": "#, #""seed": 60"#),
    ])
  func training(text: String, other: String) throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    try train(Tiny(), in: place.folder, threads: 2) { _, _, _ in }
    let path = try place.folder.variant().training
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    let damaged = whole.replacing(text, with: other)
    try #require(damaged != whole)
    try damaged.write(toFile: path, atomically: true, encoding: .utf8)
    let error = #expect(throws: StageError.self) {
      let file: TrainingFile = try JSONFile.read(path, madeBy: "make tiny")
      _ = file
    }
    #expect(error?.kind == .malformed)
  }

  @Test(
    "weights under another name than STEP/PARAMETER are refused",
    arguments: ["-00001/W", "40/W", "+00040/W", "1000000/W", "W", "/W"])
  func steps(name: String) throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let tiny = try Tiny()
    try train(tiny, in: place.folder, threads: 2) { _, _, _ in }
    let path = try place.folder.variant().population
    var file = try TensorFile.read(path, madeBy: "make tiny")
    file.tensors[name] = try file.tensor("000040/W")
    try file.write(to: path)
    let error = #expect(throws: StageError.self) {
      try Evidence(tiny, in: place.folder, threads: 1).population()
    }
    #expect(error?.what == "tensor '\(name)' is not named STEP/PARAMETER")
  }

  @Test("a checkpoint without a tensor, or with other parameters, is refused")
  func checkpoints() throws {
    let place = try TemporaryGallery()
    defer { place.remove() }
    let tiny = try Tiny()
    try train(tiny, in: place.folder, threads: 2) { _, _, _ in }
    let path = try place.folder.variant().checkpoint(at: 40)
    let whole = try TensorFile.read(path, madeBy: "make tiny")
    for tensors in [[:], ["W": Tensor([1, 2])], whole.tensors.merging(["x": Tensor([])]) { $1 }] {
      try TensorFile(whole.provenance, tensors).write(to: path)
      let error = #expect(throws: StageError.self) {
        try Evidence(tiny, in: place.folder, threads: 1).checkpoints()
      }
      #expect(error?.kind == .malformed && error?.place == path)
    }
  }
}
