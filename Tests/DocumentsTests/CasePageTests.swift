import Foundation
import Testing

@testable import Documents

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// The page as an XML parser sees it, which knows nothing of how it was made.
func document(_ html: String) throws -> XMLDocument {
  try XMLDocument(xmlString: html.replacing("<!DOCTYPE html>", with: ""), options: [])
}

private func values(_ document: XMLDocument, _ path: String) throws -> [String] {
  try document.nodes(forXPath: path).compactMap(\.stringValue)
}

@Suite struct CasePageTests {
  @Test func isWellFormedAndWhole() throws {
    let document = try document(page().html())
    #expect(try values(document, "//title") == ["Two neurons survive. · Casebook"])
    #expect(try values(document, "//h1") == ["Two neurons survive."])
    #expect(try values(document, "/html/@lang") == ["en"])
    #expect(try document.nodes(forXPath: "//main[@id='content']").count == 1)
    #expect(try document.nodes(forXPath: "//nav").count == 2)
    #expect(try document.nodes(forXPath: "//figure[figcaption]").count == 2)
    #expect(
      try values(document, "//meta[@name='description']/@content") == ["Two neurons survive."])
    #expect(try values(document, "//meta[@property='og:image']/@content") == ["figures/one.png"])
  }

  @Test func givesPreviewsAWholeAddress() throws {
    let repository = Repository(name: "somebody/casebook", branch: "main")
    var (page, gallery) = (page(), gallery())
    (page.repository, gallery.repository) = (repository, repository)
    for html in [page.html(), gallery.html()] {
      let address = try values(document(html), "//meta[@property='og:image']/@content")
      #expect(
        address == [
          "https://raw.githubusercontent.com/somebody/casebook/main/artifacts/xor/figures/one.png"
        ])
    }
  }

  @Test func asksForNothing() throws {
    let document = try document(page().html())
    #expect(try document.nodes(forXPath: "//script | //iframe | //object | //form").isEmpty)
    let sources = try values(document, "//@src") + values(document, "//link/@href")
    #expect(sources == ["figures/one.png", "figures/two.png", "data:,"])
    #expect(!Template.style.contains("url(") && !Template.style.contains("@import"))
    let policy = try values(document, "//meta[@http-equiv='Content-Security-Policy']/@content")
    #expect(policy.count == 1)
    #expect(policy[0].hasPrefix("default-src 'none';"))
    #expect(!policy[0].contains("http") && !policy[0].contains("script-src"))
    // The one style that is let in is the page's; what stands in an attribute would be kept out.
    let style = try #require(values(document, "//style").first)
    #expect(policy[0].contains("style-src '\(policyName(of: style))';"))
    #expect(try document.nodes(forXPath: "//@style").isEmpty)
  }

  @Test func leadsWithinItselfOnlyToWhatIsThere() throws {
    let document = try document(page().html())
    let ids = try values(document, "//@id")
    #expect(Set(ids).count == ids.count)
    for target in try values(document, "//@href") where target.hasPrefix("#") {
      #expect(ids.contains(String(target.dropFirst())), "\(target)")
    }
    for label in try values(document, "//@aria-labelledby") { #expect(ids.contains(label)) }
    #expect(ids.contains("controls") && ids.contains("controls-2"))
  }

  @Test func describesPicturesAndTables() throws {
    let document = try document(page().html())
    for attribute in ["alt", "width", "height"] {
      #expect(try document.nodes(forXPath: "//img[not(@\(attribute))]").isEmpty)
    }
    #expect(try document.nodes(forXPath: "//table[not(caption)]").isEmpty)
    #expect(try document.nodes(forXPath: "//th[not(@scope)]").isEmpty)
    #expect(try document.nodes(forXPath: "//tbody/tr[contains(@id, 'prediction-')]").count == 3)
  }

  @Test func tellsVerdictsWithoutColour() throws {
    let document = try document(page().html())
    let badges = try values(document, "//td//span[contains(@class, 'badge')]")
    #expect(badges == ["✓ held", "✗ failed", "? inconclusive"])
    #expect(page().html().contains("No intervention: observed only."))
  }

  @Test(arguments: hostileTexts) func showsAnyTextAsItIs(_ text: String) throws {
    let plain = try document(page().html())
    let hostile = try document(page(text).html())
    #expect(
      try hostile.nodes(forXPath: "//*").map(\.name) == plain.nodes(forXPath: "//*").map(\.name))
    #expect(try hostile.nodes(forXPath: "//script").isEmpty)
    let attributes = try hostile.nodes(forXPath: "//@*").compactMap(\.name)
    #expect(attributes.allSatisfy { !$0.hasPrefix("on") })
    #expect(try values(hostile, "//h1") == [text])
    #expect(try values(hostile, "//img/@alt") == [text, text])
    #expect(try values(hostile, "//figcaption") == [text, text])
  }

  @Test func drawsTheShareOnItsStrip() throws {
    let document = try document(page().html())
    #expect(try values(document, "//*[@class='dot']/@cx").first == "92.0")
    #expect(try values(document, "//*[@class='tick']/@x").first == "80.0")
    #expect(try values(document, "//*[@class='band']/@x").first == "84.0")
    #expect(try values(document, "//*[@class='band']/@width").first == "12.0")
  }

  @Test func leavesOutWhatIsNotThere() throws {
    var page = page()
    page.predictions = []
    page.glossary = []
    page.previous = nil
    page.next = nil
    page.cover = nil
    page.facts = []
    page.kicker = nil
    page.reproduction.files = []
    let document = try document(page.html())
    #expect(try document.nodes(forXPath: "//dl | //details | //*[@rel='next']").isEmpty)
    #expect(try document.nodes(forXPath: "//meta[starts-with(@property, 'og:image')]").isEmpty)
  }
}

@Suite struct GalleryPageTests {
  @Test func leadsToEachCase() throws {
    let document = try document(gallery().html())
    #expect(try values(document, "//h3/a/@href") == ["xor/index.html", "parity/index.html"])
    #expect(
      try values(document, "//img/@src") == ["xor/figures/one.png", "parity/figures/one.png"])
    #expect(try document.nodes(forXPath: "//h1").count == 1)
  }

  @Test func saysThatThereIsNoCase() throws {
    let empty = GalleryPage(title: "Casebook", introduction: "Small networks.", cases: [])
    #expect(empty.html().contains("There is no case yet."))
    #expect(GalleryReadme(empty).markdown().contains("There is no case yet."))
    _ = try document(empty.html())
  }

  @Test(arguments: hostileTexts) func showsAnyTextAsItIs(_ text: String) throws {
    let document = try document(gallery(text).html())
    #expect(try document.nodes(forXPath: "//script").isEmpty)
    #expect(try values(document, "//h3") == [text, text])
  }
}
