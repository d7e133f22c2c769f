/// A contraction of one network, vectorised across the columns of the result or, turned, across its rows.
///
/// The sum of each element runs as in `contract`, so the bits are the same. Where the numbers of a panel of columns
/// don't lie as they are needed, they are copied, some hundred terms of the sum at a time, and then serve all rows. An
/// operand that stays the same, as weights do for all examples of a step, is copied once.
///
/// Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication", DOI 10.1145/1356052.1356053.
public final class PackedContraction {
  typealias Offsets = UnsafeBufferPointer<ContractionLayout.Place>
  typealias Terms = UnsafeBufferPointer<(across: Int, down: Int)>

  /// Whether the first operand is the one that the vectors run along.
  public let isTurned: Bool
  private let batch: [(left: Int, right: Int, result: Int, joined: Int)]
  private let across: Offsets
  private let down: Offsets
  /// Where the terms are found in the operands, and where the first operand's lie in a copy of one vector or two.
  private let terms: Terms
  private let copied: (one: Terms, two: Terms)
  private let panels: [Panel]
  /// The copy: of the whole operand if it is kept, else of one panel.
  private let memory: UnsafeMutablePointer<SIMD16<Float>>
  private let keeps: Bool
  private let ending: ContractionEnding
  private var isPacked = false

  /// Plans a contraction, unless one number after the other is as fast.
  ///
  /// - Parameters:
  ///   - layout: Where its numbers are.
  ///   - keeps: Whether the copy of the left or of the right operand may serve the next run too.
  ///   - ending: What is joined to the sums.
  public init?(
    _ layout: ContractionLayout, keeps: (left: Bool, right: Bool),
    ending: ContractionEnding = .plain
  ) {
    let (rows, columns) = (layout.rows, layout.columns)
    // A product is the same with its factors exchanged.
    let straight = layout.inner.map { (across: $0.right, down: $0.left) }
    let turned = layout.inner.map { (across: $0.left, down: $0.right) }
    let (panels, turnedPanels) = (
      Panel.panels(columns, rows: rows.count, straight, keeps: keeps.right),
      Panel.panels(rows, rows: columns.count, turned, keeps: keeps.left)
    )
    func cost(_ panels: [Panel], rows: Int) -> Int {
      panels.reduce(0) { $0 + $1.cost(rows: rows, terms: straight.count) }
    }
    let costs = (
      cost(panels, rows: rows.count), cost(turnedPanels, rows: columns.count)
    )
    let single = rows.count * columns.count * (straight.count + Panel.beginning)
    guard min(costs.0, costs.1) < single else { return nil }
    isTurned = costs.1 < costs.0
    self.panels = isTurned ? turnedPanels : panels
    across = .copy(of: isTurned ? rows : columns)
    down = .copy(of: isTurned ? columns : rows)
    let (terms, count) = (isTurned ? turned : straight, straight.count)
    self.terms = .copy(of: terms)
    copied = (
      .copy(of: zip(0..., terms).map { (across: 16 * $0, down: $1.down) }),
      .copy(of: zip(0..., terms).map { (across: 32 * $0, down: $1.down) })
    )
    batch = layout.batch
    self.keeps = isTurned ? keeps.left : keeps.right
    self.ending = ending
    memory = .zeros(2 * (self.keeps ? count * self.panels.count * batch.count : Panel.depth))
  }

  deinit {
    memory.deallocate()
    across.deallocate()
    down.deallocate()
    for terms in [terms, copied.one, copied.two] { terms.deallocate() }
  }

  /// Contracts.
  ///
  /// - Parameters:
  ///   - left: The first operand.
  ///   - right: The second operand.
  ///   - result: Where the sums are written.
  ///   - joined: What is joined to them.
  ///   - continuing: Whether plain sums begin with what the result holds.
  ///   - isNew: Whether an operand that is kept has changed since the last run.
  public func run(
    _ left: UnsafePointer<Float>, _ right: UnsafePointer<Float>,
    into result: UnsafeMutablePointer<Float>, joined: UnsafePointer<Float>? = nil,
    continuing: Bool = false, isNew: Bool = true
  ) {
    let packs = !(keeps && isPacked && !isNew)
    isPacked = true
    // A plain sum is joined to nothing: any pointer will do.
    let joined = joined ?? left
    var values = memory
    for b in batch {
      let (x, y) = isTurned ? (right + b.right, left + b.left) : (left + b.left, right + b.right)
      var first = 0
      repeat {
        let slice = first..<min(first + Panel.depth, terms.count)
        for panel in panels {
          let columns = Offsets(rebasing: across[panel.columns])
          var (numbers, part) = (y, Terms(rebasing: terms[slice]))
          if panel.isCopied {
            if packs { panel.pack(y, columns, part, into: values) }
            // The places in the copy count from its first term.
            part = Terms(rebasing: (panel.vectors == 1 ? copied.one : copied.two)[slice])
            numbers = UnsafePointer(values.numbers) - first * panel.vectors * 16
            if keeps { values += panel.vectors * slice.count }
          } else {
            numbers += columns[0].operand
          }
          let (out, z) = (result + b.result, joined + b.joined)
          let goesOn = continuing || first > 0
          func multiply<Ending: SumEnding, Later: SumEnding>(_: Ending.Type, _: Later.Type) {
            if goesOn {
              panel.multiply(x, down, numbers, columns, part, into: out, z, Later.self)
            } else {
              panel.multiply(x, down, numbers, columns, part, into: out, z, Ending.self)
            }
          }
          // What is joined comes after the last term.
          switch slice.upperBound == terms.endIndex ? ending : .plain {
          case .plain: multiply(Plain.self, Continued.self)
          case .add: multiply(Added.self, Continuing<Added>.self)
          case .addRelu: multiply(AddedAndRectified.self, Continuing<AddedAndRectified>.self)
          case .multiply: multiply(Multiplied.self, Continuing<Multiplied>.self)
          case .gate: multiply(Gated.self, Continuing<Gated>.self)
          }
        }
        first += Panel.depth
      } while first < terms.count
    }
  }
}

extension UnsafeBufferPointer {
  /// A copy of some numbers in memory of its own, to be deallocated.
  static func copy(of elements: [Element]) -> Self {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return Self(copy)
  }
}
