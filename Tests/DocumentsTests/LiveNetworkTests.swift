import Foundation
import Testing

@testable import Documents

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// A network of one weight, with a text wherever its file takes one.
private func live(_ text: String = "x", weights: [Float] = [0.5]) throws -> LiveNetwork {
  let name = String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
  return LiveNetwork(
    network: #"{"inputs":[{"kind":"signs","name":\#(name),"shape":[1]}],"output":\#(name)}"#,
    checkpoints: [
      LiveNetwork.Checkpoint(step: 0, weights: weights.map { _ in -.infinity }),
      LiveNetwork.Checkpoint(step: 100, weights: weights),
    ],
    examples: [[[1, -0.25]], [[.infinity, 16_777_216]]])
}

private func page(_ live: LiveNetwork) -> CasePage {
  var page = page()
  page.live = live
  return page
}

private func data(_ html: String) throws -> [String: Any] {
  let nodes = try document(html).nodes(forXPath: "//script[@id='live-data']")
  let text = try #require(nodes.first?.stringValue)
  return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
}

@Suite struct LiveNetworkTests {
  @Test func standsBelowTheFirstSectionAndInTheContents() throws {
    let document = try document(page(try live()).html())
    let path = "//section[h2/@id='clues']/following-sibling::*[1]"
    #expect(try document.nodes(forXPath: path + "[@class='live']").count == 1)
    #expect(try document.nodes(forXPath: "//nav//a[@href='#touch']").count == 1)
    #expect(try document.nodes(forXPath: "//noscript//img[@src='figures/one.png']").count == 1)
    let ids = try document.nodes(forXPath: "//@id").compactMap(\.stringValue)
    #expect(Set(ids).count == ids.count)
  }

  @Test func standsBelowTheScene() throws {
    var page = page(try live())
    page.sections[1].id = "scene"
    let path = "//section[h2/@id='scene']/following-sibling::*[1][@class='live']"
    #expect(try document(page.html()).nodes(forXPath: path).count == 1)
  }

  @Test func isTheOnlyScriptThatThePolicyLetsRun() throws {
    let html = page(try live()).html()
    let scripts = html.components(separatedBy: "<script>").dropFirst().map { rest in
      rest.components(separatedBy: "</script>")[0]
    }
    #expect(scripts == [LiveNetwork.script])
    #expect(html.components(separatedBy: "<script").count == 3)
    let digest = Data(sha256(Array(scripts[0].utf8))).base64EncodedString()
    #expect(html.contains("script-src 'sha256-\(digest)';"))
    #expect(!page(try live()).html().contains("unsafe-eval"))
    // The name of SVG is no address that is asked for.
    let script = LiveNetwork.script.replacing("http://www.w3.org/2000/svg", with: "")
    for word in ["</script", "<!--", "innerHTML", "eval(", "fetch(", "import(", "http:", "https:"] {
      #expect(!script.contains(word), "\(word)")
    }
  }

  @Test func holdsWeightsAndExamplesToTheBit() throws {
    let weights: [Float] = [0.1, -0.0, 1e-38, .pi]
    let data = try data(page(try live(weights: weights)).html())
    let checkpoints = try #require(data["checkpoints"] as? [[String: Any]])
    #expect(checkpoints.map { $0["step"] as? Int } == [0, 100])
    let text = try #require(checkpoints[1]["weights"] as? String)
    let bytes = Array(try #require(Data(base64Encoded: text)))
    let words = stride(from: 0, to: bytes.count, by: 4).map { place in
      bytes[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    }
    #expect(words == weights.map(\.bitPattern))
    #expect(text.utf8.count <= LiveNetwork.Checkpoint.size(weights: weights.count))
    let examples = try #require(data["examples"] as? [[[Any]]])
    #expect(examples[0][0].compactMap { $0 as? Double } == [1, -0.25])
    #expect(examples[1][0][0] is NSNull)
    #expect(examples[1][0][1] as? Double == 16_777_216)
  }

  @Test(
    arguments: hostileTexts + [
      "</script><script>alert(1)</script>", "<!--<script>", "\u{2028}", "a\nb\\c\u{1}",
    ])
  func namesCannotEndTheirElement(_ text: String) throws {
    let html = page(try live(text)).html()
    let plain = try document(page(try live()).html()).nodes(forXPath: "//*").map(\.name)
    #expect(try document(html).nodes(forXPath: "//*").map(\.name) == plain)
    let network = try #require(try data(html)["network"] as? [String: Any])
    #expect(network["output"] as? String == text)
  }
}

/// FIPS 180-4's own examples, and lengths about those where the padding needs another block.
@Suite struct SHA256Tests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func examples(_ text: String, _ digest: String) {
    #expect(hexadecimal(sha256(Array(text.utf8))) == digest)
  }

  @Test(arguments: [
    (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
    (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
    (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
    (1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
  ])
  func lengths(_ count: Int, _ digest: String) {
    #expect(hexadecimal(sha256([UInt8](repeating: 97, count: count))) == digest)
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }
}
