/// A contraction as loops: one evenly spaced run each of lines, of columns and of terms, begun at several places.
///
/// Axes that lie evenly in every array, one within the other, are one run. Of several runs of rows or columns the
/// longest is walked along, and the others are places to begin at.
final class ContractionLoops: Sendable {
  /// Numbers that are evenly spaced in one operand, in the result, and in what is joined to it.
  struct Run {
    var count = 1
    var operand = 0
    var result = 0
    var joined = 0

    /// So many of them.
    @inline(__always)
    func first(_ count: Int) -> Run {
      Run(count: count, operand: operand, result: result, joined: joined)
    }
  }

  /// Where each term of a sum is found, in the operand that the lines run along and in the one across.
  typealias Terms = UnsafeBufferPointer<(line: Int, across: Int)>

  /// Lines and columns that are made in one go, of each of the starts.
  struct Part {
    var start = Start()
    let lines: Run
    let columns: Run
    /// Whether the lines are columns of the contraction, and the columns rows.
    let isTurned: Bool
    /// Whether there are fewer than four lines and columns.
    let isCorner: Bool
  }

  /// Where a part begins in each array.
  struct Start {
    var left = 0
    var right = 0
    var result = 0
    var joined = 0
  }

  let starts: [Start]
  let parts: [Part]
  /// The terms where lines are rows, and where they are columns.
  nonisolated(unsafe) let terms: Terms
  nonisolated(unsafe) let turned: Terms

  init(_ axes: [ContractionLayout.Axis]) {
    var batch = Self.runs(axes.filter { $0.left != nil && $0.right != nil && $0.result != nil })
    func longest(_ kept: [Strided]) -> Strided {
      var kept = kept
      guard let last = kept.indices.max(by: { kept[$0].size < kept[$1].size }) else {
        return Strided(size: 1)
      }
      let run = kept.remove(at: last)
      batch += kept
      return run
    }
    let row = longest(Self.runs(axes.filter { $0.right == nil }))
    let column = longest(Self.runs(axes.filter { $0.left == nil }))
    starts = Self.places(batch).map {
      Start(left: $0.left, right: $0.right, result: $0.result, joined: $0.joined)
    }
    parts = Self.parts(
      Run(count: row.size, operand: row.left, result: row.result, joined: row.joined),
      Run(count: column.size, operand: column.right, result: column.result, joined: column.joined))
    let inner = Self.places(Self.runs(axes.filter { $0.result == nil }))
    terms = .copy(of: inner.map { ($0.left, $0.right) })
    turned = .copy(of: inner.map { ($0.right, $0.left) })
  }

  deinit {
    terms.deallocate()
    turned.deallocate()
  }

  /// All rows of the columns that fill four; of the columns that are left, the rows that do; and the corner.
  private static func parts(_ rows: Run, _ columns: Run) -> [Part] {
    let (across, down) = (columns.count & ~3, rows.count & ~3)
    let rest = columns.first(columns.count - across)
    var start = Start(
      right: across * columns.operand, result: across * columns.result,
      joined: across * columns.joined)
    var parts = [
      Part(lines: rows, columns: columns.first(across), isTurned: false, isCorner: false),
      Part(start: start, lines: rest, columns: rows.first(down), isTurned: true, isCorner: false),
    ]
    start.left += down * rows.operand
    start.result += down * rows.result
    start.joined += down * rows.joined
    parts.append(
      Part(
        start: start, lines: rows.first(rows.count - down), columns: rest, isTurned: false,
        isCorner: true))
    return parts.filter { $0.lines.count * $0.columns.count > 0 }
  }

  /// The most terms of plain sums that are done before the next line's turn: their numbers of eight columns take a
  /// third of the nearest cache.
  private static func depth<L: Lane>(_: L.Type) -> Int { 2560 / MemoryLayout<L>.stride }

  /// The only part, if there is one start and one part of it.
  func single<L: Lane, Ending: SumEnding>(
    _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
    _ joined: UnsafePointer<L>, _ ending: Ending.Type
  ) -> (tiling: Tiling<LaneSource<L>, Ending>, isCorner: Bool)? {
    guard starts.count == 1, parts.count == 1, terms.count <= Self.depth(L.self) else { return nil }
    let tiling = tiling(left, right, into: result, joined, ending, starts[0], parts[0])
    return (tiling, parts[0].isCorner)
  }

  @inline(__always)
  private func tiling<L: Lane, Ending: SumEnding>(
    _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
    _ joined: UnsafePointer<L>, _: Ending.Type, _ start: Start, _ part: Part,
    _ some: Range<Int>? = nil
  ) -> Tiling<LaneSource<L>, Ending> {
    let all = part.isTurned ? turned : terms
    let x = left + (start.left &+ part.start.left)
    let y = right + (start.right &+ part.start.right)
    return Tiling(
      x: LaneSource(numbers: part.isTurned ? y : x), y: part.isTurned ? x : y,
      result: result + (start.result &+ part.start.result),
      joined: joined + (start.joined &+ part.start.joined), lines: part.lines,
      columns: part.columns, terms: some.map { Terms(rebasing: all[$0]) } ?? all)
  }

  /// Contracts, every sum beginning and ending in one way.
  func run<L: Lane, Ending: SumEnding>(
    _ left: UnsafePointer<L>, _ right: UnsafePointer<L>, into result: UnsafeMutablePointer<L>,
    _ joined: UnsafePointer<L>, _ ending: Ending.Type
  ) {
    // What is joined comes after the last term, and so all of them come at once.
    let depth = Ending.joins ? max(terms.count, 1) : Self.depth(L.self)
    for start in starts.indices {
      for part in parts.indices {
        let (start, part) = (starts[start], parts[part])
        var some = 0..<min(depth, terms.count)
        run(tiling(left, right, into: result, joined, ending, start, part, some), part)
        while some.upperBound < terms.count {
          some = some.upperBound..<min(some.upperBound + depth, terms.count)
          run(tiling(left, right, into: result, joined, Continued.self, start, part, some), part)
        }
      }
    }
  }

  @inline(__always)
  private func run<Ending: SumEnding>(_ tiling: Tiling<LaneSource<some Lane>, Ending>, _ part: Part)
  {
    if part.isCorner { tiling.contractCorner() } else { tiling.contract() }
  }

  /// Contracts where the first operand is the same for all networks, and the columns come in fours.
  func run<L: Lane, Ending: SumEnding>(
    shared left: UnsafePointer<Float>, _ right: UnsafePointer<L>,
    into result: UnsafeMutablePointer<L>, _ joined: UnsafePointer<L>, _: Ending.Type
  ) {
    for start in starts.indices {
      for part in parts.indices {
        let (start, part) = (starts[start], parts[part])
        Tiling<SharedSource<L>, Ending>(
          x: SharedSource(numbers: left + start.left), y: right + start.right,
          result: result + start.result, joined: joined + start.joined, lines: part.lines,
          columns: part.columns, terms: terms
        ).contract()
      }
    }
  }

  /// Some axes as one, with its stride in each array, 0 where the array does not have it.
  private struct Strided {
    var size: Int
    var left = 0
    var right = 0
    var result = 0
    var joined = 0

    func moved(_ index: Int) -> Strided {
      Strided(
        size: 1, left: index * left, right: index * right, result: index * result,
        joined: index * joined)
    }

    static func + (one: Strided, other: Strided) -> Strided {
      Strided(
        size: 1, left: one.left + other.left, right: one.right + other.right,
        result: one.result + other.result, joined: one.joined + other.joined)
    }

    /// Whether this axis goes on where the one within it ends.
    func continues(_ within: Strided) -> Bool {
      left == within.left * within.size && right == within.right * within.size
        && result == within.result * within.size && joined == within.joined * within.size
    }
  }

  /// As few runs as possible, outermost first.
  private static func runs(_ axes: [ContractionLayout.Axis]) -> [Strided] {
    axes.reduce(into: []) { runs, axis in
      let next = Strided(
        size: axis.size, left: axis.left ?? 0, right: axis.right ?? 0, result: axis.result ?? 0,
        joined: axis.joined)
      if next.size == 1 { return }
      if let last = runs.last, last.continues(next) {
        runs[runs.count - 1] = next
        runs[runs.count - 1].size *= last.size
      } else {
        runs.append(next)
      }
    }
  }

  private static func places(_ runs: [Strided]) -> [Strided] {
    runs.reduce([Strided(size: 1)]) { places, run in
      places.flatMap { place in (0..<run.size).map { place + run.moved($0) } }
    }
  }
}
