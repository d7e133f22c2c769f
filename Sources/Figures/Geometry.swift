/// A place on the canvas or in the data: x to the right; y down on a canvas, up in data.
public struct Point: Hashable, Sendable {
  public var x: Double
  public var y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }

  func distance(to other: Point) -> Double {
    ((other.x - x) * (other.x - x) + (other.y - y) * (other.y - y)).squareRoot()
  }

  /// The point a share of the way to another.
  func towards(_ other: Point, _ share: Double) -> Point {
    Point(x + share * (other.x - x), y + share * (other.y - y))
  }

  /// The point some pixels on the way to another; itself if there is no way.
  func stepped(_ length: Double, towards other: Point) -> Point {
    let distance = distance(to: other)
    return distance > 0 ? towards(other, length / distance) : self
  }
}

/// A width and a height in pixels at the size shown.
public struct Size: Hashable, Sendable {
  public var width: Double
  public var height: Double

  public init(_ width: Double, _ height: Double) {
    self.width = width
    self.height = height
  }
}

/// An upright rectangle on the canvas, given by its top left corner and its size.
public struct Rectangle: Hashable, Sendable {
  public var x: Double
  public var y: Double
  public var width: Double
  public var height: Double

  public init(x: Double, y: Double, width: Double, height: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  public var maxX: Double { x + width }
  public var maxY: Double { y + height }
  public var midX: Double { x + width / 2 }
  public var midY: Double { y + height / 2 }

  /// The rectangle with its sides moved inwards.
  public func inset(
    left: Double = 0, top: Double = 0, right: Double = 0, bottom: Double = 0
  ) -> Rectangle {
    Rectangle(
      x: x + left, y: y + top, width: max(width - left - right, 0),
      height: max(height - top - bottom, 0))
  }

  /// Whether a point lies inside or on the edge.
  public func contains(_ point: Point) -> Bool {
    point.x >= x && point.x <= maxX && point.y >= y && point.y <= maxY
  }
}

/// The coordinate moved to the nearest pixel of the drawn (twice as fine) picture.
func snapped(_ coordinate: Double) -> Double { (coordinate * 2).rounded() / 2 }
