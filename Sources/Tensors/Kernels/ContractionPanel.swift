import CVectors

/// Up to 32 columns of a product, as one vector or two: where their numbers come from and go to.
struct Panel {
  typealias Offsets = PackedContraction.Offsets
  typealias Terms = PackedContraction.Terms

  static let width = 32
  /// The most terms of the sums that are done before the next panel's turn.
  static let depth = 256
  /// What a sum costs that is made by itself, beside its terms: in the unit of `cost`.
  static let beginning = 8
  /// The most rows for which columns are read where they lie, and not from a copy without gaps.
  private static let fewRows = 32

  /// How the columns' numbers come into vectors.
  enum Source {
    /// As they lie: the columns fill the vectors and are neighbours.
    case inPlace
    /// Copied: the columns are neighbours.
    case neighbours
    /// Copied: the terms of a column are neighbours.
    case transposed
    /// Copied one by one.
    case scattered
  }

  /// Some columns of one vector in the result.
  struct Landing {
    /// How what is joined to the columns lies.
    enum Joined { case run, few, one, apart }

    let count: Int
    /// Whether they are neighbours.
    let isRun: Bool
    let joined: Joined

    init(_ columns: ArraySlice<ContractionLayout.Place>) {
      func all(apart stride: Int) -> Bool {
        zip(columns, columns.dropFirst()).allSatisfy { $1.joined == $0.joined + stride }
      }
      count = columns.count
      isRun = zip(columns, columns.dropFirst()).allSatisfy { $1.result == $0.result + 1 }
      joined = all(apart: 0) ? .one : all(apart: 1) ? count == 16 ? .run : .few : .apart
    }
  }

  let columns: Range<Int>
  /// How many vectors the columns take.
  let vectors: Int
  let source: Source
  let landings: (Landing, Landing)

  var isCopied: Bool { source != .inPlace }

  /// Deals out columns.
  static func panels(
    _ columns: [ContractionLayout.Place], rows: Int, _ terms: [(across: Int, down: Int)],
    keeps: Bool
  ) -> [Panel] {
    stride(from: 0, to: columns.count, by: width).map {
      Panel($0, columns[$0..<min($0 + width, columns.count)], rows: rows, terms, keeps: keeps)
    }
  }

  private init(
    _ first: Int, _ columns: ArraySlice<ContractionLayout.Place>, rows: Int,
    _ terms: [(across: Int, down: Int)], keeps: Bool
  ) {
    self.columns = first..<first + columns.count
    vectors = columns.count > 16 ? 2 : 1
    landings = (Landing(columns.prefix(16)), Landing(columns.dropFirst(16)))
    let areNeighbours = zip(columns, columns.dropFirst()).allSatisfy {
      $1.operand == $0.operand + 1
    }
    let termsAreNeighbours = zip(terms, terms.dropFirst()).allSatisfy { $1.across == $0.across + 1 }
    if areNeighbours {
      let isFull = columns.count == vectors * 16
      source = isFull && !keeps && rows <= Self.fewRows ? .inPlace : .neighbours
    } else {
      source = termsAreNeighbours && terms.count >= 8 ? .transposed : .scattered
    }
  }

  /// An estimate of what the panel takes, in halves of a processor's cycle.
  func cost(rows: Int, terms: Int) -> Int {
    // A sum can't go on before its last product is there: eight at a time hide that.
    let products = terms * max(vectors * rows, 8)
    let reading =
      switch source {
      case .inPlace: 0
      case .neighbours: 2 * terms * vectors
      case .transposed: 14 * terms * vectors
      case .scattered: 4 * terms * columns.count
      }
    let writing = [landings.0, landings.1].prefix(vectors).reduce(0) {
      $0 + rows * ($1.isRun ? $1.count == 16 ? 2 : 8 : 4 * $1.count)
    }
    return products + reading + writing
  }

  /// Copies the columns next to each other, term by term.
  func pack(
    _ y: UnsafePointer<Float>, _ columns: Offsets, _ terms: Terms,
    into values: UnsafeMutablePointer<SIMD16<Float>>
  ) {
    let out = values.numbers
    let width = vectors * 16
    switch source {
    case .inPlace: return
    case .neighbours:
      let (from, last) = (y + columns[0].operand, columns.count &- 16 &* (vectors &- 1))
      for (k, term) in terms.enumerated() {
        if vectors == 2 { values[2 &* k] = from.sixteen(at: term.across) }
        let rest = from + (term.across &+ 16 &* (vectors &- 1))
        values[(k &+ 1) &* vectors &- 1] = last == 16 ? rest.sixteen(at: 0) : rest.few(last)
      }
    case .transposed:
      for vector in 0..<vectors {
        let part = columns[16 * vector..<min(16 * (vector + 1), columns.count)]
        transpose(y, Offsets(rebasing: part), terms, into: values + vector, apart: vectors)
      }
    case .scattered:
      for j in 0..<width {
        guard j < columns.count else {
          for k in terms.indices { out[k * width + j] = 0 }
          continue
        }
        let from = y + columns[j].operand
        for k in terms.indices { out[k * width + j] = from[terms[k].across] }
      }
    }
  }
}

/// Copies up to sixteen columns, each with its terms next to each other, so that the columns are.
@inline(never)
private func transpose(
  _ y: UnsafePointer<Float>, _ columns: Panel.Offsets, _ terms: Panel.Terms,
  into values: UnsafeMutablePointer<SIMD16<Float>>, apart stride: Int
) {
  guard let start = terms.first?.across else { return }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 256) { square in
    guard let square = square.baseAddress else { return }
    for first in Swift.stride(from: 0, to: terms.count, by: 16) {
      let count = min(16, terms.count - first)
      for j in columns.indices {
        let from = y + (columns[j].operand + start + first)
        square.store(count == 16 ? from.sixteen(at: 0) : from.few(count), at: 16 * j)
      }
      for j in columns.count..<16 { square.store(SIMD16(), at: 16 * j) }
      transpose_16(square)
      for k in 0..<count {
        values[(first + k) * stride] = UnsafePointer(square).sixteen(at: 16 * k)
      }
    }
  }
}
