/// How a piece of text looks: size in pixels as shown, weight, colour.
public struct TextStyle: Hashable, Sendable {
  /// The weights of Inter that figures use.
  public enum Weight: Hashable, Sendable {
    case regular, medium, semibold, bold
  }

  public var size: Double
  public var weight: Weight
  public var colour: Colour

  public init(size: Double = 12, weight: Weight = .regular, colour: Colour = .ink) {
    self.size = max(size, 11)
    self.weight = weight
    self.colour = colour
  }

  /// The finding, above the figure.
  public static let title = TextStyle(size: 18, weight: .bold)
  public static let subtitle = TextStyle(size: 13.5, colour: .muted)
  /// The title of a panel among small multiples.
  public static let panel = TextStyle(size: 13, weight: .semibold)
  public static let axis = TextStyle(size: 12, weight: .medium, colour: .muted)
  public static let tick = TextStyle(size: 12, colour: .muted)
  public static let label = TextStyle(size: 12)

  /// The style in another colour.
  public func coloured(_ colour: Colour) -> TextStyle {
    TextStyle(size: size, weight: weight, colour: colour)
  }

  /// The style in another weight.
  public func weighted(_ weight: Weight) -> TextStyle {
    TextStyle(size: size, weight: weight, colour: colour)
  }
}

/// The place of a text that lies at the point it is drawn at; it also aligns the lines.
public struct Anchor: Hashable, Sendable {
  var x: Double
  var y: Double

  public static let topLeft = Anchor(x: 0, y: 0)
  public static let top = Anchor(x: 0.5, y: 0)
  public static let topRight = Anchor(x: 1, y: 0)
  public static let left = Anchor(x: 0, y: 0.5)
  public static let centre = Anchor(x: 0.5, y: 0.5)
  public static let right = Anchor(x: 1, y: 0.5)
  public static let bottomLeft = Anchor(x: 0, y: 1)
  public static let bottom = Anchor(x: 0.5, y: 1)
  public static let bottomRight = Anchor(x: 1, y: 1)
}
