/// Numbers that a kernel reads: those of each network side by side, or one that all networks have alike.
///
/// What all have alike takes a sixteenth of the memory, and is spread over the lanes as it is read.
public enum Operand<L: Lane> {
  case lanes(UnsafePointer<L>)
  case shared(UnsafePointer<Float>)

  /// Whether each of the networks has a zero at a place.
  @inline(__always)
  func isZero(_ place: Int) -> L.Condition {
    switch self {
    case .lanes(let numbers): L.equal(numbers[place], L.zero)
    case .shared(let numbers): L.equal(L(repeating: numbers[place]), L.zero)
    }
  }

  /// The place that the number names among `count`, if all networks have the same.
  @inline(__always)
  func commonPlace(_ place: Int, below count: Int) -> Int? {
    switch self {
    case .lanes(let numbers):
      let number = numbers[place]
      return number.isUniform ? Tensors.place(number[0], below: count) : nil
    case .shared(let numbers): return Tensors.place(numbers[place], below: count)
    }
  }

  /// The number at a place.
  @inline(__always)
  subscript(place: Int) -> L {
    switch self {
    case .lanes(let numbers): numbers[place]
    case .shared(let numbers): L(repeating: numbers[place])
    }
  }

  @inline(__always)
  static func + (operand: Operand, offset: Int) -> Operand {
    switch operand {
    case .lanes(let numbers): .lanes(numbers + offset)
    case .shared(let numbers): .shared(numbers + offset)
    }
  }
}

/// An operand as a type, so that a loop is compiled for it.
protocol Source {
  associatedtype Element: Lane
  subscript(place: Int) -> Element { get }
  static func + (source: Self, offset: Int) -> Self
}

struct LaneSource<L: Lane>: Source {
  let numbers: UnsafePointer<L>
  @inline(__always) subscript(place: Int) -> L { numbers[place] }
  @inline(__always) static func + (source: Self, offset: Int) -> Self {
    Self(numbers: source.numbers + offset)
  }
}

struct SharedSource<L: Lane>: Source {
  let numbers: UnsafePointer<Float>
  @inline(__always) subscript(place: Int) -> L { L(repeating: numbers[place]) }
  @inline(__always) static func + (source: Self, offset: Int) -> Self {
    Self(numbers: source.numbers + offset)
  }
}
