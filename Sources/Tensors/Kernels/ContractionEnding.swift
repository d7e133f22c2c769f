/// What is done with a contraction's sum before it is written: a number y is joined to it.
public enum ContractionEnding: Hashable, Sendable {
  /// The sum itself.
  case plain
  /// Sum + y.
  case add
  /// The sum + y where it is positive, else 0.
  case addRelu
  /// Sum · y.
  case multiply
  /// The sum where y is positive, else 0 times it.
  case gate
}

/// How sums begin and end as a type, so that every tile is compiled for it.
protocol SumEnding {
  /// Whether they begin with what the result holds, and not with zero.
  static var continues: Bool { get }
  /// Whether anything is joined to them.
  static var joins: Bool { get }
  static func end<L: Lane>(_ sum: L, _ y: L) -> L
}

extension SumEnding {
  @inline(__always) static var continues: Bool { false }
  @inline(__always) static var joins: Bool { true }
}

enum Plain: SumEnding {
  @inline(__always) static var joins: Bool { false }
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L { sum }
}

enum Continued: SumEnding {
  @inline(__always) static var joins: Bool { false }
  @inline(__always) static var continues: Bool { true }
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L { sum }
}

enum Added: SumEnding {
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L {
    sum + y
  }
}

enum AddedAndRectified: SumEnding {
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L {
    L.relu(sum + y)
  }
}

enum Multiplied: SumEnding {
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L {
    sum * y
  }
}

enum Gated: SumEnding {
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L {
    sum * L.step(y)
  }
}

/// Goes on with what the result holds, and ends like another.
enum Continuing<Ending: SumEnding>: SumEnding {
  @inline(__always) static var continues: Bool { true }
  @inline(__always) static func end<L: Lane>(_ sum: L, _ y: L) -> L { Ending.end(sum, y) }
}
