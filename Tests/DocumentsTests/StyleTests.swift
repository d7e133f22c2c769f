import Testing

@testable import Documents

/// The style sheet, read as text: its colours are measured, not believed.
@Suite struct StyleTests {
  @Test func servesEveryReader() {
    for rule in [
      "@media (prefers-color-scheme: dark)", "@media print", ":focus-visible", ".skip:focus",
      "prefers-reduced-motion", "68ch", "position: sticky",
    ] {
      #expect(Template.style.contains(rule), "\(rule)")
    }
  }

  /// WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1.
  @Test(arguments: [
    ("ink", "paper"), ("soft", "paper"), ("accent", "paper"), ("ink", "raised"), ("soft", "raised"),
    ("accent", "raised"), ("held", "held-ground"), ("failed", "failed-ground"),
    ("inconclusive", "inconclusive-ground"), ("paper", "accent"),
  ])
  func hasContrast(_ foreground: String, _ background: String) throws {
    let blocks = Template.style.split(separator: ":root {")
    // Light, dark and print.
    #expect(blocks.count == 3)
    for block in blocks {
      let front = try luminance(foreground, in: block)
      let back = try luminance(background, in: block)
      #expect((max(front, back) + 0.05) / (min(front, back) + 0.05) >= 4.5)
    }
  }

  private func luminance(_ name: String, in block: Substring) throws -> Double {
    let start = try #require(block.firstRange(of: "--\(name): #"))
    let hex = try #require(Int(block[start.upperBound...].prefix(6), radix: 16))
    let channels = [hex >> 16, hex >> 8 & 255, hex & 255].map { channel -> Double in
      let share = Double(channel) / 255
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  /// A number to the power of 2.4, that is of 12/5, by Newton's method for the fifth root.
  private func power(_ base: Double) -> Double {
    let square = base * base
    let target = square * square * square * square * square * square
    var root = 1.0
    for _ in 0..<80 {
      root -= (root * root * root * root * root - target) / (5 * root * root * root * root)
    }
    return root
  }
}
