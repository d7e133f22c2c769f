import InductionTask
import Interpretability
import Networks
import Tensors

/// A tune as the claimed program reads it: what stands in the margins, what stands beside them, and the note of which is
/// asked what comes next.
struct Page {
  /// Where the tune has come to.
  let place: Int
  let notes: [Int]
  var present: Int
  /// What stands in the margin of each place; nil where nothing is written.
  var margins: [Int?]
  /// What stands beside the margins.
  var beside: [Int]

  /// Reads one of the examples that ask for a single note.
  init(_ row: Program.Row) {
    notes = row["tokens"].map { Int($0) }
    place = row["asked"].firstIndex(of: 1) ?? 0
    (present, beside) = (notes[place], notes)
    margins = notes.map { _ in nil }
    for margin in Induction.firstRound { margins[margin] = notes[margin - 1] }
  }

  /// What the program says: what stands beside the last margin, so far, that has the present note.
  var answer: [Float] {
    var answer = [Float](repeating: 0, count: notes.count)
    if let margin = (0...place).last(where: { margins[$0] == present }) {
      answer[place] = Float(beside[margin])
    }
    return answer
  }

  /// What the program says with something taken from another tune of as many and the same notes; with another tune it
  /// might be without an answer, so that nothing is taken.
  static func taking(_ something: @escaping @Sendable (_ base: inout Page, _ source: Page) -> Void)
    -> @Sendable (Program.Row, Program.Row) -> [Float]
  {
    { base, source in
      var (page, other) = (Page(base), Page(source))
      let period = Tunes.period(of: page.notes)
      guard period == Tunes.period(of: other.notes),
        Set(page.notes.prefix(period)) == Set(other.notes.prefix(period))
      else { return page.answer }
      something(&page, other)
      return page.answer
    }
  }
}

extension Tunes {
  /// The tunes with a single question each.
  ///
  /// - Parameters:
  ///   - places: After which note of each tune is asked.
  ///   - answers: What is right there.
  /// - Returns: `tokens`, `next` and `asked`, both 0 but at the place that is asked.
  /// - Throws: `ShapeError` if there are not as many questions as tunes.
  func asking(at places: [Int], answers: [Int]) throws -> Examples {
    func table(_ kind: Tensor.Kind, _ value: (_ tune: Int) -> Int) -> Tensor {
      let length = Induction.length
      return Tensor(shape: [notes.count, length], kind: kind) {
        $0 % length == places[$0 / length] ? Float(value($0 / length)) : 0
      }
    }
    return try examples.replacing("next", with: table(.whole) { answers[$0] })
      .replacing("asked", with: table(.real) { _ in 1 })
  }

  /// The tunes with a single question each, anywhere where the task has one.
  ///
  /// - Throws: `ShapeError` never: each tune has its question.
  func askingOnce(using generator: inout Generator) throws -> Examples {
    var (places, answers) = ([Int](), [Int]())
    for right in right {
      let open = right.indices.filter { right[$0] != nil }
      let place = open[generator.index(below: open.count)]
      places.append(place)
      answers.append(right[place] ?? 0)
    }
    return try asking(at: places, answers: answers)
  }

  /// Some notes over and over.
  static func tune(_ notes: [Int]) -> [Int] {
    (0..<Induction.length).map { notes[$0 % notes.count] }
  }

  /// For each period some notes, and some tunes of them in orders of their own.
  static func orders(
    of periods: ClosedRange<Int>, each count: Int, using generator: inout Generator
  ) throws -> Tunes {
    try Tunes(
      periods.flatMap { period in
        let notes = generator.permutation(of: Induction.vocabulary).prefix(period)
        return (0..<count).map { _ in
          tune(generator.permutation(of: period).map { notes[$0] })
        }
      })
  }

  /// Tunes that change: they begin in one order and, from the last place whose margin is written, go on in another.
  ///
  /// Asked is what comes after a note when it has been heard in both. Right is what followed it the last time, which may
  /// be what followed it in the first order, too.
  static func changing(
    periods: ClosedRange<Int>, count: Int, using generator: inout Generator
  ) throws -> Examples {
    let turn = Induction.lastMargin
    var (tunes, places, answers) = ([[Int]](), [Int](), [Int]())
    for number in 0..<count {
      let period = periods.lowerBound + number % periods.count
      let first = Array(generator.permutation(of: Induction.vocabulary).prefix(period))
      let shared = first[turn % period]
      let others = first.filter { $0 != shared }
      let second = [shared] + generator.permutation(of: others.count).map { others[$0] }
      let old = tune(first)
      let new = tune(second)
      let notes = old.prefix(turn) + new.prefix(Induction.length - turn)
      let open = Array(turn + period..<Induction.length)
      let place = open[generator.index(below: open.count)]
      tunes.append(Array(notes))
      places.append(place)
      answers.append(new[place - turn + 1])
    }
    return try Tunes(tunes).asking(at: places, answers: answers)
  }
}
