import Glibc
import Testing

@testable import Figures

@Suite("Colours")
struct ColourTests {
  /// Ottosson's own values for the corners of sRGB.
  @Test func oklab() {
    let red = OKLab(Colour(0xFF0000))
    #expect(abs(red.lightness - 0.62796) < 1e-4)
    #expect(abs(red.a - 0.22486) < 1e-4)
    #expect(abs(red.b - 0.12585) < 1e-4)
    #expect(abs(Colour.white.lightness - 1) < 1e-4)
  }

  @Test func roundTrip() {
    for colour in Colour.categories {
      let back = OKLab(colour).colour
      #expect(abs(back.red - colour.red) < 1e-3)
      #expect(abs(back.green - colour.green) < 1e-3)
      #expect(abs(back.blue - colour.blue) < 1e-3)
    }
  }

  @Test("Zero is neutral and lighter than anything else on a diverging map")
  func divergingCentre() {
    let centre = OKLab(ColourMap.diverging.colour(at: 0.5))
    #expect(abs(centre.a) < 2e-3 && abs(centre.b) < 2e-3)
    #expect(centre.lightness > 0.97)
    #expect(ColourScale.diverging(limit: 3).colour(0) == ColourMap.diverging.colour(at: 0.5))
  }

  @Test("Equal steps of a number are equal steps of lightness")
  func evenLightness() {
    let sequential = (0...50).map { ColourMap.sequential.colour(at: Double($0) / 50).lightness }
    let up = (0...50).map { ColourMap.diverging.colour(at: 0.5 + Double($0) / 100).lightness }
    let down = (0...50).map { ColourMap.diverging.colour(at: 0.5 - Double($0) / 100).lightness }
    for lightness in [sequential, up, down] {
      let steps = zip(lightness, lightness.dropFirst()).map { $0 - $1 }
      let mean = steps.reduce(0, +) / Double(steps.count)
      #expect(steps.allSatisfy { $0 > 0.8 * mean && $0 < 1.2 * mean })
    }
    #expect(zip(up, down).allSatisfy { abs($0 - $1) < 0.01 })
  }

  @Test("A diverging scale holds its numbers and is centred on zero")
  func scales() {
    let scale = ColourScale(.diverging, holding: [-0.2, 0.7])
    #expect(scale.lower == -0.7 && scale.upper == 0.7)
    let amounts = ColourScale(.sequential, holding: [0.1, 4])
    #expect(amounts.lower == 0 && amounts.upper == 4)
  }

  /// Simulated after Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113.
  @Test("Categories and the ends of the diverging map differ without red or green cones")
  func colourBlindness() {
    let views: [[Double]] = [
      [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
      [
        0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998,
      ],
    ]
    let ends = [0.0, 1.0].map { ColourMap.diverging.colour(at: $0) }
    for view in views {
      let seen = Colour.categories.map { OKLab(simulated($0, view)) }
      for first in seen.indices {
        for second in seen.indices where second > first {
          #expect(distance(seen[first], seen[second]) > 0.07, "\(first) and \(second)")
        }
      }
      #expect(distance(OKLab(simulated(ends[0], view)), OKLab(simulated(ends[1], view))) > 0.2)
    }
  }

  @Test("Text in a category's colour is dark enough to read on white")
  func textColours() {
    for colour in Colour.categories + [.control] { #expect(colour.asText.lightness <= 0.56) }
    #expect(TextStyle(size: 8).size == 11)
  }

  private func simulated(_ colour: Colour, _ view: [Double]) -> Colour {
    func light(_ channel: Double) -> Double {
      channel > 0.04045 ? pow((channel + 0.055) / 1.055, 2.4) : channel / 12.92
    }
    func channel(_ light: Double) -> Double {
      let light = min(max(light, 0), 1)
      return light > 0.0031308 ? 1.055 * pow(light, 1 / 2.4) - 0.055 : light * 12.92
    }
    let rgb = [light(colour.red), light(colour.green), light(colour.blue)]
    let seen = (0..<3).map { row in (0..<3).reduce(0) { $0 + view[3 * row + $1] * rgb[$1] } }
    return Colour(red: channel(seen[0]), green: channel(seen[1]), blue: channel(seen[2]))
  }

  private func distance(_ one: OKLab, _ other: OKLab) -> Double {
    let (l, a, b) = (one.lightness - other.lightness, one.a - other.a, one.b - other.b)
    return (l * l + a * a + b * b).squareRoot()
  }
}
