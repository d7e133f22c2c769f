/// A colour in sRGB with opacity, each channel from 0 to 1.
///
/// ```swift
/// Colour(0x0072B2).mixed(with: .white, 0.5)
/// ```
public struct Colour: Hashable, Sendable {
  public var red: Double
  public var green: Double
  public var blue: Double
  public var alpha: Double

  public init(red: Double, green: Double, blue: Double, alpha: Double = 1) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }

  /// Makes a colour from its six hexadecimal digits.
  public init(_ hex: UInt32) {
    self.init(
      red: Double(hex >> 16 & 0xFF) / 255, green: Double(hex >> 8 & 0xFF) / 255,
      blue: Double(hex & 0xFF) / 255)
  }

  /// The colour at another opacity.
  public func opacity(_ alpha: Double) -> Colour {
    Colour(red: red, green: green, blue: blue, alpha: alpha)
  }

  /// The colour with a share of another stirred in.
  public func mixed(with other: Colour, _ share: Double) -> Colour {
    func mix(_ mine: Double, _ theirs: Double) -> Double { mine + (theirs - mine) * share }
    return Colour(
      red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue),
      alpha: mix(alpha, other.alpha))
  }

  /// How light the colour looks: the L of OKLab, 0 for black, 1 for white.
  public var lightness: Double { OKLab(self).lightness }

  /// White or ink, whichever reads better on this colour.
  public var contrasting: Colour { lightness > 0.66 ? .ink : .white }

  /// The colour darkened as far as text of it needs to be legible on white.
  public var asText: Colour {
    var colour = self
    while colour.lightness > 0.56 { colour = colour.mixed(with: .ink, 0.08) }
    return colour
  }
}

extension Colour {
  public static let white = Colour(0xFFFFFF)
  /// Text and everything that must be read first.
  public static let ink = Colour(0x1B2430)
  /// Axis titles, subtitles and other second voices.
  public static let muted = Colour(0x5B6673)
  /// Axis lines and outlines.
  public static let rule = Colour(0xB4BCC6)
  /// Lines of a grid behind the data.
  public static let gridline = Colour(0xE8EBEF)
  /// Controls, placebos, baselines.
  public static let control = Colour(0x9AA3AE)

  public static let blue = Colour(0x0072B2)
  public static let vermilion = Colour(0xD55E00)
  public static let green = Colour(0x009E73)
  public static let purple = Colour(0xCC79A7)
  public static let amber = Colour(0xE69F00)
  public static let sky = Colour(0x56B4E9)

  /// The colours of categories in their order, told apart with any kind of colour vision.
  ///
  /// After Okabe and Ito, "Color Universal Design" (2008), without the yellow that white swallows.
  public static let categories: [Colour] = [.blue, .vermilion, .green, .amber, .purple, .sky]

  /// The colour of the category at an index; they repeat after the sixth.
  public static func category(_ index: Int) -> Colour {
    categories[((index % categories.count) + categories.count) % categories.count]
  }
}
