import Networks
import Tensors

/// Some tunes, with what is asked about them.
public struct Tunes: Sendable {
  /// The notes of each tune, as long as a network listens.
  public let notes: [[Int]]
  public let examples: Examples

  /// Asks about notes.
  ///
  /// - Throws: `ShapeError` if they are not all as long as a network listens.
  public init(_ notes: [[Int]]) throws {
    self.notes = notes
    let answers = notes.map(Self.answers)
    func table(_ rows: [[Int]], _ kind: Tensor.Kind) throws -> Tensor {
      try Tensor(
        rows.joined().map(Float.init), shape: [rows.count, Induction.length], kind: kind)
    }
    examples = try Examples([
      "tokens": table(notes, .whole), "next": table(answers.map(\.next), .whole),
      "asked": table(answers.map(\.asked), .real),
    ])
  }

  /// What is asked about notes: at each that was heard before, what followed it then.
  ///
  /// - Returns: What followed each note the last time, and 1 where it was heard before and always followed by the
  ///   same; elsewhere nothing is asked.
  static func answers(to notes: [Int]) -> (next: [Int], asked: [Int]) {
    var last = [Int?](repeating: nil, count: Induction.vocabulary)
    var isTorn = [Bool](repeating: false, count: Induction.vocabulary)
    var (next, asked) = ([Int](), [Int]())
    for (place, note) in notes.enumerated() {
      if place > 0 {
        let before = notes[place - 1]
        if let known = last[before], known != note { isTorn[before] = true }
        last[before] = note
      }
      next.append(last[note] ?? 0)
      asked.append(last[note] != nil && !isTorn[note] ? 1 : 0)
    }
    return (next, asked)
  }

  // MARK: Kinds of tunes

  /// A tune of so many distinct notes, over and over.
  static func tune(of period: Int, using generator: inout Generator) -> [Int] {
    let tune = Array(generator.permutation(of: Induction.vocabulary).prefix(period))
    return (0..<Induction.length).map { tune[$0 % period] }
  }

  /// Some tunes of each period, the shortest first.
  ///
  /// - Throws: `ShapeError` never: all are equally long.
  public static func repeated(
    of periods: ClosedRange<Int>, each count: Int, stream: Generator.Stream
  ) throws -> Tunes {
    var generator = Generator(seed: 0, stream: stream)
    return try Tunes(
      periods.flatMap { period in (0..<count).map { _ in tune(of: period, using: &generator) } })
  }

  /// A tune once, and then pieces of it of two to four notes, each from anywhere.
  ///
  /// - Throws: `ShapeError` never: all are equally long.
  public static func medleys(count: Int, using generator: inout Generator) throws -> Tunes {
    try Tunes(
      (0..<count).map { _ in
        let period = 8 + generator.index(below: 5)
        let tune = Array(generator.permutation(of: Induction.vocabulary).prefix(period))
        var notes = tune
        while notes.count < Induction.length {
          let start = generator.index(below: period)
          let size = 2 + generator.index(below: 3)
          notes += (start..<start + size).map { tune[$0 % period] }
        }
        return Array(notes.prefix(Induction.length))
      })
  }

  /// An opening of eight to twelve notes, heard once, and then a tune of all other notes over and over.
  ///
  /// - Throws: `ShapeError` never: all are equally long.
  public static func withOpening(count: Int, using generator: inout Generator) throws -> Tunes {
    try Tunes(
      (0..<count).map { number in
        let opening = 8 + number % 5
        let all = generator.permutation(of: Induction.vocabulary)
        return (0..<Induction.length).map { place in
          place < opening ? all[place] : all[opening + (place - opening) % (all.count - opening)]
        }
      })
  }

  /// A tune of eight to twelve notes, one of which is heard twice in it, over and over.
  ///
  /// - Throws: `ShapeError` never: all are equally long.
  public static func stuttering(count: Int, using generator: inout Generator) throws -> Tunes {
    try Tunes(
      (0..<count).map { number in
        let period = 8 + number % 5
        var tune = Array(generator.permutation(of: Induction.vocabulary).prefix(period))
        tune[period / 2] = tune[1]
        return (0..<Induction.length).map { tune[$0 % period] }
      })
  }

  /// For each tune one of as many notes and the same ones, in another order.
  ///
  /// - Throws: `ShapeError` never: all are equally long.
  public func reordered(using generator: inout Generator) throws -> Tunes {
    try Tunes(
      notes.map { notes in
        let period = Self.period(of: notes)
        let order = generator.permutation(of: period)
        return notes.indices.map { notes[order[$0 % period]] }
      })
  }

  // MARK: Predicted answers, nil where none is

  /// The number of notes after which the first is heard again.
  public static func period(of notes: [Int]) -> Int {
    notes.dropFirst().firstIndex(of: notes[0]) ?? notes.count
  }

  /// What is right, where something is asked.
  public var right: [[Int?]] {
    notes.map { notes in
      let (next, asked) = Self.answers(to: notes)
      return notes.indices.map { asked[$0] == 1 ? next[$0] : nil }
    }
  }

  /// The note so many places on in the tune, where something is asked.
  public func ahead(_ steps: Int) -> [[Int?]] {
    zip(notes, right).map { notes, right in
      let period = Self.period(of: notes)
      return notes.indices.map { right[$0] == nil ? nil : notes[($0 + steps) % period] }
    }
  }

  /// What a reader would say who looks in another tune's margins: the note beside which the other tune has the
  /// present note as its neighbour on the left; only where this is not what is right.
  public func reading(marginsOf other: Tunes) -> [[Int?]] {
    zip(zip(notes, other.notes), right).map { pair, right in
      let (notes, others) = pair
      let period = Self.period(of: notes)
      return notes.indices.map { place in
        guard let right = right[place],
          let margin = (1...period).first(where: { others[$0 - 1] == notes[place] }),
          notes[margin] != right
        else { return nil }
        return notes[margin]
      }
    }
  }

  /// The first place whose left neighbour is the note heard at a place: whose margin must be read there.
  public static func margin(for place: Int, in notes: [Int]) -> Int {
    (notes.firstIndex(of: notes[place]) ?? place) + 1
  }
}
