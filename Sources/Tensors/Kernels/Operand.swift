/// Numbers that a kernel reads: those of each network side by side, or one that all networks have alike.
///
/// What all have alike takes a sixteenth of the memory, and is spread over the lanes as it is read.
public enum Operand<L: Lane> {
  case lanes(UnsafePointer<L>)
  case shared(UnsafePointer<Float>)
  /// Shared numbers that lie elsewhere at every run: where, stands at a place that stays.
  case given(UnsafePointer<UnsafePointer<Float>>)

  /// The operand with its numbers where they are at present.
  @inline(__always)
  var present: Operand {
    if case .given(let place) = self { .shared(place.pointee) } else { self }
  }

  /// Whether each of the networks has a zero at a place.
  @inline(__always)
  func isZero(_ place: Int) -> L.Condition {
    switch self {
    case .lanes(let numbers): L.equal(numbers[place], L.zero)
    case .shared(let numbers): L.equal(L(repeating: numbers[place]), L.zero)
    case .given(let given): L.equal(L(repeating: given.pointee[place]), L.zero)
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
    case .given(let given): return Tensors.place(given.pointee[place], below: count)
    }
  }

  /// Whether all networks have the same numbers; one network has.
  var isCommon: Bool { if case .lanes = self { L.width == 1 } else { true } }

  /// The number at a place.
  @inline(__always)
  subscript(place: Int) -> L {
    switch self {
    case .lanes(let numbers): numbers[place]
    case .shared(let numbers): L(repeating: numbers[place])
    case .given(let given): L(repeating: given.pointee[place])
    }
  }

  @inline(__always)
  static func + (operand: Operand, offset: Int) -> Operand {
    switch operand {
    case .lanes(let numbers): .lanes(numbers + offset)
    case .shared(let numbers): .shared(numbers + offset)
    case .given(let given): .shared(given.pointee + offset)
    }
  }
}

/// An operand as a type, so that a loop is compiled for it.
protocol Source {
  associatedtype Element: Lane
  static var isShared: Bool { get }
  subscript(place: Int) -> Element { get }
  static func + (source: Self, offset: Int) -> Self
}

struct LaneSource<L: Lane>: Source {
  @inline(__always) static var isShared: Bool { false }
  let numbers: UnsafePointer<L>
  @inline(__always) subscript(place: Int) -> L { numbers[place] }
  @inline(__always) static func + (source: Self, offset: Int) -> Self {
    Self(numbers: source.numbers + offset)
  }
}

struct SharedSource<L: Lane>: Source {
  @inline(__always) static var isShared: Bool { true }
  let numbers: UnsafePointer<Float>
  @inline(__always) subscript(place: Int) -> L { L(repeating: numbers[place]) }
  @inline(__always) static func + (source: Self, offset: Int) -> Self {
    Self(numbers: source.numbers + offset)
  }
}
