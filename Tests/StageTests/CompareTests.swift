import Artifacts
import Foundation
import Tensors
import Testing

@testable import Figures

@Suite("a gallery and what its sources make")
struct CompareTests {
  /// Damages the gallery, and expects that every text is among what is said, in a line of its own.
  private func expect(
    _ texts: [String], after damage: (TwoGalleries) throws -> Void,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let galleries = try TwoGalleries()
    defer { galleries.remove() }
    try damage(galleries)
    let outcome = try galleries.compared()
    let lines = outcome.errors.split(separator: "\n").map(String.init)
    #expect(
      outcome.status == 1 && outcome.output.isEmpty, "\(outcome)", sourceLocation: sourceLocation)
    for text in texts {
      #expect(
        lines.contains { $0.contains(text) }, "\(text) is not in \(lines)",
        sourceLocation: sourceLocation)
    }
    #expect(lines.last?.hasPrefix("Made again, the gallery is another: ") == true)
  }

  @Test("where all bytes are the same it says so")
  func same() throws {
    let galleries = try TwoGalleries()
    defer { galleries.remove() }
    let outcome = try galleries.compared()
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output == "Made again, every byte of the gallery is the same.\n")
  }

  @Test("a tensor is named with the place and both values, also where its checksum was mended")
  func tensors() throws {
    var changed = TwoGalleries.tensors
    var values = [Float](repeating: 0.25, count: 320)
    for place in [4, 80, 319] { values[place] = 0.5 }
    changed["hidden"] = try Tensor(values, shape: [4, 80])
    let difference =
      "record xor: activations.safetensors, tensor \"hidden\": 3 of 320 values differ,"
      + " first at [0, 4]: 0.25 here, 0.5 in the gallery"
    let edited = "record xor: activations.safetensors was edited after it was made"
    try expect([difference, edited]) {
      try $0.write(TwoGalleries.provenance, changed, in: "artifacts")
    }
    try expect([difference, "its key vouches for activations.safetensors as it is"]) {
      try $0.write(TwoGalleries.provenance, changed, in: "artifacts")
      try $0.writeKeys("artifacts")
    }
    try expect([difference.replacing("3 of", with: "1 of"), edited, "is damaged: its data has"]) {
      let path = "artifacts/xor/activations.safetensors"
      var data = try $0.workshop.read(path)
      // The data of the three tensors, of which `empty` has none and `hidden` is before `only`.
      let place = data.count - 4 * 321 + 16
      data.replaceSubrange(
        place..<place + 4, with: withUnsafeBytes(of: Float(0.5)) { Data($0) })
      try $0.put(data, path)
    }
  }

  @Test("tensors too many, too few, of another shape and of another origin are named")
  func otherTensors() throws {
    var other = TwoGalleries.tensors
    other["empty"] = nil
    other["more\nlines"] = Tensor(repeating: 0, shape: [2])
    other["hidden"] = Tensor(repeating: 0.25, shape: [80, 4])
    var provenance = TwoGalleries.provenance
    provenance.seed = "4"
    try expect([
      "lacks the tensor 'empty'", "has a tensor 'more\\nlines' too many",
      "tensor \"hidden\": real numbers of the shape [4, 80] here,",
      "its __metadata__ says case 'xor', variant 'main', seed '4', step '100', and should say",
    ]) { try $0.write(provenance, other, in: "artifacts") }
  }

  @Test("zeros of either sign and kinds of NaN are told apart")
  func bits() throws {
    try expect(["tensor \"only\": 1 of 1 values differ, first at []: 1.0 here, NaN (0x7fc00000)"]) {
      var other = TwoGalleries.tensors
      other["only"] = Tensor(repeating: .nan, shape: [])
      try $0.write(TwoGalleries.provenance, other, in: "artifacts")
    }
    try expect(["tensor \"zero\": 1 of 1 values differ, first at [0]: 0.0 here, -0.0 in the"]) {
      var tensors = TwoGalleries.tensors
      tensors["zero"] = Tensor(repeating: 0, shape: [1])
      try $0.write(TwoGalleries.provenance, tensors, in: "made")
      tensors["zero"] = Tensor(repeating: -0.0, shape: [1])
      try $0.write(TwoGalleries.provenance, tensors, in: "artifacts")
    }
  }

  @Test(
    "an entry of the findings is named, through the names of what is listed",
    arguments: [
      ("2.5", "2.25", ", entry \"findings.alive.value.1\": 2.5 here, 2.25 in the gallery"),
      ("null", "3", ", entry \"findings.alive.value.2\": null here, 3 in the gallery"),
      (
        "[1, 2.5, null]", "[1]",
        ", entry \"findings.alive.value\": 3 elements here, 1 in the gallery"
      ),
      (
        "held", "failed",
        ", entry \"predictions.two-suffice.verdict\": 'held' here, 'failed' in the gallery"
      ),
      (", \"verdict\": \"held\"", "", " lacks the entry \"predictions.two-suffice.verdict\""),
      ("\"n\"", "\"m\": {}, \"n\"", " has an entry \"findings.alive.m\" too many"),
      ("10,", "10 ,", ": the same entries, written otherwise"),
      ("}]}", "}]", " cannot be read: at its line 3 it ends too early"),
      (TwoGalleries.findings, "", " cannot be read: at its line 1 it ends too early"),
    ])
  func entries(old: String, new: String, complaint: String) throws {
    try expect(["analyze xor: findings.json" + complaint]) {
      try $0.put(
        Data(TwoGalleries.findings.replacing(old, with: new).utf8), "artifacts/xor/findings.json")
    }
  }

  @Test("of a page the line is quoted")
  func text() throws {
    try expect(["assemble xor: index.html, line 2: '<p>survive' here, '<p>survived' in the gal"]) {
      try $0.put(Data("<p>Two neurons\n<p>survived\n".utf8), "artifacts/xor/index.html")
    }
    try expect(["assemble gallery: artifacts/index.html, line 2: the end here, '\\u0000' in the"]) {
      try $0.put(Data("<p>One case\n\0".utf8), "artifacts/index.html")
    }
  }

  @Test("pictures have the same bytes where the toolchain is the recorded one")
  func pictures() throws {
    let path = "artifacts/xor/figures/loss.png"
    func put(_ picture: Picture, _ galleries: TwoGalleries) throws {
      try galleries.put(Data(picture.png()), path)
    }
    try expect([": 2 of 200 pixels differ by up to 1/255, first at column 3, row 1"]) {
      try put(TwoGalleries.picture(changed: 70...72, by: 1), $0)
    }
    try expect([": the texts within say other things"]) {
      try $0.put(Data(TwoGalleries.picture().png(text: [("Case", "xor")])), path)
    }
    try expect([" has 20 × 10 pixels here, 10 × 20 in the gallery"]) {
      try put(Picture(width: 10, height: 20, bytes: TwoGalleries.picture().bytes), $0)
    }
    try expect(["render xor: figures/loss.png cannot be read as a picture in the gallery"]) {
      try $0.put(try $0.workshop.read(path).dropLast(30), path)
    }
  }

  @Test("pictures of another library have the same pixels but for 2/255, and the library is named")
  func redrawn() throws {
    for (amount, isSame) in [(1, true), (2, true), (3, false)] {
      let galleries = try TwoGalleries()
      defer { galleries.remove() }
      let data = try Data(TwoGalleries.picture(changed: 70...72, by: UInt8(amount)).png())
      try galleries.put(data, "made/xor/figures/loss.png")
      try galleries.writeKeys("made")
      try galleries.put(Data("Swift version 6.3\nlibpng 1.6.40\n".utf8), "made/.toolchain")
      let outcome = try galleries.compared()
      #expect(outcome.status == (isSame ? 0 : 1), "\(outcome)")
      let said = isSame ? outcome.output : outcome.errors
      #expect(said.contains("made with libpng 1.6.39") && said.contains("here is libpng 1.6.40"))
      #expect(isSame || said.contains("differ by up to 3/255"))
      // What is drawn within two parts of 255 but tells of something else is another picture.
      let other = TwoGalleries.picture(changed: 70...72, by: UInt8(amount))
      try galleries.put(
        Data(other.png(text: [("Case", "xor")])), "made/xor/figures/loss.png")
      #expect(try galleries.compared().status == 1)
    }
  }

  @Test("where one of the folders is no gallery, or is damaged, it says so and does not crash")
  func noGallery() throws {
    let galleries = try TwoGalleries()
    defer { galleries.remove() }
    for (command, text) in [
      ("mv made/.keys made/keys", "made: has no keys, so it is no gallery"),
      ("mv made/keys made/.keys; rm .toolchain", ".toolchain: is missing"),
      ("rm -r artifacts; mkdir artifacts", ".toolchain: is missing"),
    ] {
      _ = try galleries.workshop.shell(command)
      let outcome = try galleries.compared()
      #expect(outcome.status == 74 && outcome.errors.contains(text), "\(outcome)")
    }
  }

  @Test(
    "files and keys of every kind of damage are compared to the end", arguments: Damage.allCases)
  func damaged(damage: Damage) throws {
    for path in [
      "xor/activations.safetensors", "xor/findings.json", "xor/figures/loss.png",
      "xor/index.html", ".keys/xor/record",
    ] {
      let galleries = try TwoGalleries()
      defer { galleries.remove() }
      let whole = try galleries.workshop.read("artifacts/\(path)")
      let other = damage.applied(to: whole, isJSON: path.hasSuffix(".json"))
      guard other != whole else { continue }
      try galleries.put(other, "artifacts/\(path)")
      let outcome = try galleries.compared()
      #expect(outcome.status == 1, "\(path): \(outcome)")
    }
  }
}
